//! Wood and basketry.

use super::super::trade::{
    Adjective, Aspect, Colour, Group, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, m, mp, shade,
    stuff, text,
};

const WOODS: &[Stuff] = &[
    stuff("en", "chêne", "oak", 105),
    stuff("en", "noyer", "walnut", 130),
    stuff("en", "hêtre", "beech", 85),
    stuff("en", "olivier", "olive wood", 125),
    stuff("en", "frêne", "ash", 95),
    stuff("en", "merisier", "cherry wood", 115),
    stuff("en", "bois flotté", "driftwood", 100),
];

const FIBRES: &[Stuff] = &[
    stuff("en", "osier", "willow", 100),
    stuff("en", "rotin", "rattan", 95),
    stuff("en", "paille de seigle", "rye straw", 110),
    stuff("en", "châtaignier", "chestnut", 120),
    stuff("en", "raphia", "raffia", 85),
];

const COLOURS: &[Colour] = &[
    colour("naturel", "naturelle", "natural"),
    colour("brut", "brute", "raw"),
    colour("blanchi", "blanchie", "whitewashed"),
    colour("foncé", "foncée", "dark"),
    colour("clair", "claire", "light"),
    shade("miel", "honey"),
    shade("ébène", "ebony"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("tourné", "tournée", "turned"),
    adjective("sculpté", "sculptée", "carved"),
    adjective("huilé", "huilée", "oiled"),
    adjective("pyrogravé", "pyrogravée", "pyrographed"),
    adjective("poli", "polie", "polished"),
];

const BASKETRY: &[Text] = &[
    text("à anses en cuir", "with leather handles"),
    text("aux bords naturels", "with live edges"),
    text("au veinage marqué", "with a strong grain"),
    text("à poignée", "with a handle"),
];

/// Turned and carved wood, furniture, baskets.
pub const TRADE: Trade = Trade {
    slug: "bois-vannerie",
    name: text("Bois et vannerie", "Wood and basketry"),
    groups: &[Group { slug: "table-cuisine-bois", name: text("Table et cuisine en bois", "Wooden kitchenware") }],
    shelves: &[
        Shelf {
            slug: "planches",
            name: text("Planches et plateaux", "Boards and trays"),
            group: Some("table-cuisine-bois"),
            stuffs: WOODS,
            aspect: Aspect::Material,
            measure: Measure::Flat(18, 50),
            supply: Supply::Few,
            things: &[
                f("planche à découper", "chopping board", 28, 88),
                f("planche apéritif", "serving board", 24, 72),
                m("plateau", "tray", 34, 96),
                mp("dessous-de-verre", "coasters", 16, 34),
            ],
        },
        Shelf {
            slug: "ustensiles-bois",
            name: text("Cuillères et ustensiles", "Spoons and utensils"),
            group: Some("table-cuisine-bois"),
            stuffs: WOODS,
            aspect: Aspect::Material,
            measure: Measure::Length(12, 38),
            supply: Supply::Plenty,
            things: &[
                f("cuillère", "spoon", 9, 28),
                f("spatule", "spatula", 11, 26),
                m("mortier", "mortar", 32, 68),
                mp("couverts à salade", "salad servers", 22, 52),
                m("rouleau à pâtisserie", "rolling pin", 19, 44),
            ],
        },
        Shelf {
            slug: "paniers",
            name: text("Paniers et corbeilles", "Baskets"),
            group: None,
            stuffs: FIBRES,
            aspect: Aspect::Material,
            measure: Measure::Diameter(18, 50),
            supply: Supply::Unique,
            things: &[
                m("panier", "basket", 28, 86),
                f("corbeille à pain", "bread basket", 22, 54),
                f("malle", "trunk", 88, 240),
                m("cabas", "shopping basket", 34, 92),
                f("panière à linge", "laundry basket", 64, 140),
            ],
        },
        Shelf {
            slug: "petit-mobilier",
            name: text("Petit mobilier", "Small furniture"),
            group: None,
            stuffs: WOODS,
            aspect: Aspect::Material,
            measure: Measure::Height(25, 110),
            supply: Supply::Unique,
            things: &[
                m("tabouret", "stool", 78, 240),
                f("étagère", "shelf", 58, 210),
                f("table de chevet", "bedside table", 120, 360),
                m("porte-manteau", "coat rack", 48, 160),
                m("banc", "bench", 140, 420),
            ],
        },
        Shelf {
            slug: "boites-rangements",
            name: text("Boîtes et rangements", "Boxes and storage"),
            group: None,
            stuffs: WOODS,
            aspect: Aspect::Material,
            measure: Measure::Length(10, 42),
            supply: Supply::Few,
            things: &[
                f("boîte", "box", 22, 74),
                m("coffret à bijoux", "jewellery box", 38, 110),
                m("porte-stylos", "pen holder", 16, 38),
                m("vide-poche", "catch-all tray", 19, 48),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: BASKETRY,
    making: &[
        text(
            "Le bois vient de forêts gérées durablement, à moins de cent kilomètres de l'atelier.",
            "The wood comes from well-kept forests less than a hundred kilometres from the workshop.",
        ),
        text(
            "{Le}{thing} {est|sont} {poncé|poncée|poncés|poncées} jusqu'au grain le plus fin, puis \
             {huilé|huilée|huilés|huilées}.",
            "The {thing} {is|are} sanded to the finest grain, then oiled.",
        ),
        text("Le veinage change d'une pièce à l'autre.", "The grain differs from piece to piece."),
        text("Assemblage traditionnel, sans clou ni vis.", "Traditional joints, without nails or screws."),
    ],
    care: &[
        text("Nettoyer avec un chiffon humide, ne pas laisser tremper.", "Wipe with a damp cloth, do not soak."),
        text(
            "Un peu d'huile de temps en temps ravive la matière.",
            "A little oil now and then brings it back to life.",
        ),
    ],
};
