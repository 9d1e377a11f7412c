//! Textiles for the house.

use super::super::trade::{
    Adjective, Aspect, Colour, Group, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp,
    shade, stuff, text,
};

const CLOTHS: &[Stuff] = &[
    stuff("en", "lin lavé", "washed linen", 120),
    stuff("en", "coton bio", "organic cotton", 95),
    stuff("en", "gaze de coton", "cotton gauze", 90),
    stuff("en", "velours côtelé", "corduroy", 105),
    stuff("en", "laine", "wool", 130),
    stuff("en", "chanvre", "hemp", 110),
    stuff("en", "wax", "wax print", 85),
];

const COLOURS: &[Colour] = &[
    shade("vert olive", "olive green"),
    shade("bleu pétrole", "petrol blue"),
    shade("ocre", "ochre"),
    shade("rose thé", "tea rose"),
    shade("moutarde", "mustard"),
    shade("lin naturel", "natural linen"),
    shade("lie-de-vin", "burgundy"),
    colour("écru", "écrue", "ecru"),
    colour("blanc", "blanche", "white"),
    colour("gris", "grise", "grey"),
    colour("rayé", "rayée", "striped"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("brodé", "brodée", "embroidered"),
    adjective("cousu main", "cousue main", "hand-sewn"),
    adjective("tissé", "tissée", "hand-woven"),
    adjective("matelassé", "matelassée", "quilted"),
    adjective("teint", "teinte", "hand-dyed"),
    adjective("imprimé", "imprimée", "block-printed"),
];

const MOTIFS: &[Text] = &[
    text("à fleurs des champs", "with wild flowers"),
    text("à carreaux vichy", "in gingham"),
    text("à franges", "with fringes"),
    text("aux initiales brodées", "with embroidered initials"),
    text("à motif berbère", "with a Berber pattern"),
];

/// Cushions, throws, kitchen and table linen.
pub const TRADE: Trade = Trade {
    slug: "textile",
    name: text("Textile de maison", "Home textiles"),
    groups: &[Group { slug: "linge-de-table", name: text("Linge de table et de cuisine", "Table and kitchen linen") }],
    shelves: &[
        Shelf {
            slug: "coussins",
            name: text("Coussins", "Cushions"),
            group: None,
            stuffs: CLOTHS,
            aspect: Aspect::Material,
            measure: Measure::Flat(30, 60),
            supply: Supply::Few,
            things: &[
                f("housse de coussin", "cushion cover", 18, 48),
                m("coussin", "cushion", 26, 68),
                f("galette de chaise", "chair pad", 16, 34),
                m("coussin de sol", "floor cushion", 48, 110),
            ],
        },
        Shelf {
            slug: "plaids",
            name: text("Plaids et couvertures", "Throws and blankets"),
            group: None,
            stuffs: CLOTHS,
            aspect: Aspect::Material,
            measure: Measure::Flat(90, 160),
            supply: Supply::Unique,
            things: &[
                m("plaid", "throw", 48, 160),
                f("couverture", "blanket", 64, 220),
                m("édredon", "eiderdown", 98, 290),
                m("jeté de lit", "bedspread", 88, 240),
            ],
        },
        Shelf {
            slug: "nappes-serviettes",
            name: text("Nappes et serviettes", "Tablecloths and napkins"),
            group: Some("linge-de-table"),
            stuffs: CLOTHS,
            aspect: Aspect::Material,
            measure: Measure::Flat(40, 180),
            supply: Supply::Few,
            things: &[
                f("nappe", "tablecloth", 42, 128),
                fp("serviettes de table", "table napkins", 24, 58),
                m("chemin de table", "table runner", 28, 62),
                mp("sets de table", "place mats", 22, 54),
            ],
        },
        Shelf {
            slug: "torchons-tabliers",
            name: text("Torchons et tabliers", "Tea towels and aprons"),
            group: Some("linge-de-table"),
            stuffs: CLOTHS,
            aspect: Aspect::Material,
            measure: Measure::Flat(45, 75),
            supply: Supply::Plenty,
            things: &[
                m("torchon", "tea towel", 11, 24),
                m("tablier de cuisine", "kitchen apron", 28, 58),
                fp("maniques", "oven mitts", 16, 29),
                m("sac à pain", "bread bag", 12, 26),
                mp("essuie-tout lavables", "washable kitchen wipes", 16, 32),
            ],
        },
        Shelf {
            slug: "rideaux",
            name: text("Rideaux", "Curtains"),
            group: None,
            stuffs: CLOTHS,
            aspect: Aspect::Material,
            measure: Measure::Flat(110, 180),
            supply: Supply::Unique,
            things: &[
                m("rideau", "curtain", 58, 160),
                m("voilage", "sheer curtain", 42, 110),
                m("store", "blind", 64, 150),
            ],
        },
        Shelf {
            slug: "tapis",
            name: text("Tapis", "Rugs"),
            group: None,
            stuffs: CLOTHS,
            aspect: Aspect::Material,
            measure: Measure::Flat(60, 200),
            supply: Supply::Unique,
            things: &[
                m("tapis", "rug", 78, 420),
                m("tapis de bain", "bath mat", 28, 58),
                f("descente de lit", "bedside rug", 48, 120),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "Le tissu est lavé avant la coupe : {le}{thing} ne {rétrécira|rétréciront} pas.",
            "The cloth is washed before it is cut, so the {thing} will not shrink.",
        ),
        text("Coutures doublées, finitions à l'anglaise.", "Double seams, neatly bound inside."),
        text(
            "Le fil et l'étoffe sont certifiés sans substances nocives.",
            "Thread and cloth are certified free of harmful substances.",
        ),
        text(
            "Les teintures végétales donnent des nuances légèrement différentes d'un bain à l'autre.",
            "Plant dyes give slightly different shades from one bath to the next.",
        ),
    ],
    care: &[
        text("Lavage en machine à 30 °C.", "Machine wash at 30 °C."),
        text("Repassage doux à l'envers.", "Iron gently, inside out."),
        text("Séchage à l'air libre conseillé.", "Best dried in the open air."),
    ],
};
