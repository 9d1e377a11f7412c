//! Lamps and shades.

use super::super::trade::{
    Adjective, Aspect, Colour, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, m, shade, stuff, text,
};

const STUFFS: &[Stuff] = &[
    stuff("en", "laiton", "brass", 120),
    stuff("en", "verre soufflé", "blown glass", 135),
    stuff("en", "rotin", "rattan", 95),
    stuff("en", "lin", "linen", 90),
    stuff("en", "papier washi", "washi paper", 85),
    stuff("en", "bois de frêne", "ash wood", 105),
    stuff("en", "béton ciré", "polished concrete", 100),
];

const COLOURS: &[Colour] = &[
    shade("ambre", "amber"),
    shade("vert amande", "almond green"),
    shade("terracotta", "terracotta"),
    shade("bleu orage", "storm blue"),
    colour("blanc", "blanche", "white"),
    colour("noir", "noire", "black"),
    colour("doré", "dorée", "golden"),
    colour("fumé", "fumée", "smoked"),
    colour("cuivré", "cuivrée", "coppery"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("soufflé", "soufflée", "mouth-blown"),
    adjective("plissé", "plissée", "pleated"),
    adjective("tressé", "tressée", "woven"),
    adjective("ajouré", "ajourée", "openwork"),
    adjective("articulé", "articulée", "adjustable"),
];

const MOTIFS: &[Text] = &[
    text("au câble textile torsadé", "with a twisted fabric cable"),
    text("à motif botanique", "with a botanical pattern"),
    text("au pied en chêne", "with an oak base"),
    text("au style Art déco", "in Art Deco style"),
];

/// Light for every room.
pub const TRADE: Trade = Trade {
    slug: "luminaires",
    name: text("Luminaires", "Lighting"),
    groups: &[],
    shelves: &[
        Shelf {
            slug: "lampes-a-poser",
            name: text("Lampes à poser", "Table lamps"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Height(18, 60),
            supply: Supply::Few,
            things: &[
                f("lampe à poser", "table lamp", 58, 220),
                f("lampe de chevet", "bedside lamp", 48, 150),
                f("veilleuse", "night light", 24, 58),
                f("lampe de bureau", "desk lamp", 68, 210),
            ],
        },
        Shelf {
            slug: "suspensions",
            name: text("Suspensions", "Pendant lights"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Diameter(18, 70),
            supply: Supply::Unique,
            things: &[
                f("suspension", "pendant light", 68, 290),
                m("lustre", "chandelier", 140, 480),
                f("suspension dôme", "dome pendant", 88, 260),
            ],
        },
        Shelf {
            slug: "appliques",
            name: text("Appliques", "Wall lights"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Height(12, 45),
            supply: Supply::Few,
            things: &[f("applique murale", "wall light", 52, 180), f("liseuse", "reading light", 58, 145)],
        },
        Shelf {
            slug: "abat-jour",
            name: text("Abat-jour", "Lampshades"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Diameter(15, 50),
            supply: Supply::Few,
            things: &[m("abat-jour", "lampshade", 28, 98), f("lanterne", "lantern", 32, 92)],
        },
        Shelf {
            slug: "guirlandes-lumineuses",
            name: text("Guirlandes lumineuses", "String lights"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Length(150, 500),
            supply: Supply::Plenty,
            things: &[f("guirlande lumineuse", "string of lights", 24, 62), m("photophore", "tealight holder", 12, 36)],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "Câblage aux normes européennes, interrupteur et fiche inclus.",
            "Wired to European standards, with switch and plug.",
        ),
        text(
            "{Le}{thing} {diffuse|diffusent} une lumière chaude qui ne fatigue pas les yeux.",
            "The {thing} {gives|give} a warm light that is easy on the eyes.",
        ),
        text(
            "{Monté|Montée|Montés|Montées} et {testé|testée|testés|testées} à l'atelier avant l'envoi.",
            "Assembled and tested in the workshop before it is sent.",
        ),
    ],
    care: &[
        text("Ampoule LED conseillée, culot E27.", "LED bulb recommended, E27 base."),
        text("Dépoussiérer avec un plumeau.", "Dust with a feather duster."),
    ],
};
