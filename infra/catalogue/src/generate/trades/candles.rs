//! Candles, soaps and what smells good.

use super::super::trade::{
    Adjective, Aspect, Colour, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, m, mp, shade, stuff,
    text,
};

const SCENTS: &[Stuff] = &[
    stuff("à la", "lavande", "lavender", 100),
    stuff("à la", "fleur d'oranger", "orange blossom", 105),
    stuff("au", "figuier", "fig tree", 105),
    stuff("à la", "verveine", "verbena", 100),
    stuff("au", "bois de cèdre", "cedarwood", 110),
    stuff("à la", "rose ancienne", "old rose", 115),
    stuff("au", "miel", "honey", 100),
    stuff("à la", "bergamote", "bergamot", 105),
    stuff("au", "jasmin", "jasmine", 115),
    stuff("à l'", "eucalyptus", "eucalyptus", 95),
];

const COLOURS: &[Colour] = &[
    shade("ivoire", "ivory"),
    shade("vert tilleul", "lime green"),
    shade("rose pâle", "pale pink"),
    shade("miel", "honey"),
    shade("bleu ciel", "sky blue"),
    colour("blanc", "blanche", "white"),
    colour("marbré", "marbrée", "marbled"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("coulé main", "coulée main", "hand-poured"),
    adjective("parfumé", "parfumée", "scented"),
    adjective("végétal", "végétale", "plant-based"),
    adjective("surgras", "surgrasse", "superfatted"),
    adjective("moulé", "moulée", "moulded"),
];

const MOTIFS: &[Text] = &[
    text("aux fleurs séchées", "with dried flowers"),
    text("à mèche en bois", "with a wooden wick"),
    text("à l'étiquette personnalisable", "with a label of your own"),
];

/// Candles, soaps, bath and home fragrance.
pub const TRADE: Trade = Trade {
    slug: "bougies-savons",
    name: text("Bougies et savons", "Candles and soaps"),
    groups: &[],
    shelves: &[
        Shelf {
            slug: "bougies",
            name: text("Bougies", "Candles"),
            group: None,
            stuffs: SCENTS,
            aspect: Aspect::Scent,
            measure: Measure::Weight(80, 420),
            supply: Supply::Plenty,
            things: &[
                f("bougie", "candle", 12, 38),
                f("bougie sculptée", "sculpted candle", 9, 26),
                f("bougie de massage", "massage candle", 18, 34),
                mp("fondants", "wax melts", 6, 14),
            ],
        },
        Shelf {
            slug: "savons",
            name: text("Savons", "Soaps"),
            group: None,
            stuffs: SCENTS,
            aspect: Aspect::Scent,
            measure: Measure::Weight(70, 200),
            supply: Supply::Plenty,
            things: &[
                m("savon", "soap", 5, 12),
                m("savon à barbe", "shaving soap", 9, 18),
                m("savon au lait d'ânesse", "donkey's milk soap", 6, 13),
                m("galet de savon", "soap pebble", 7, 15),
            ],
        },
        Shelf {
            slug: "soins-solides",
            name: text("Soins solides", "Solid cosmetics"),
            group: None,
            stuffs: SCENTS,
            aspect: Aspect::Scent,
            measure: Measure::Weight(30, 110),
            supply: Supply::Plenty,
            things: &[
                m("shampoing solide", "shampoo bar", 8, 16),
                m("baume à lèvres", "lip balm", 5, 10),
                f("crème pour les mains", "hand cream", 9, 19),
                mp("sels de bain", "bath salts", 8, 19),
            ],
        },
        Shelf {
            slug: "parfums-de-maison",
            name: text("Parfums de maison", "Home fragrance"),
            group: None,
            stuffs: SCENTS,
            aspect: Aspect::Scent,
            measure: Measure::Volume(50, 250),
            supply: Supply::Plenty,
            things: &[
                m("diffuseur à bâtonnets", "reed diffuser", 18, 42),
                f("brume d'oreiller", "pillow mist", 11, 24),
                m("parfum d'ambiance", "room spray", 12, 28),
                m("sachet parfumé", "scented sachet", 5, 12),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "Cire de soja et colza, mèche en coton, parfum de Grasse sans CMR.",
            "Soy and rapeseed wax, cotton wick, fragrance from Grasse.",
        ),
        text(
            "Saponification à froid : la glycérine naturelle reste dans la pâte.",
            "Cold-process: the natural glycerine stays inside.",
        ),
        text(
            "{Le}{thing} {repose|reposent} quatre semaines avant d'être {vendu|vendue|vendus|vendues}.",
            "The {thing} {rests|rest} for four weeks before sale.",
        ),
        text("Sans colorant de synthèse, sans huile de palme.", "No synthetic dye, no palm oil."),
    ],
    care: &[
        text("À conserver à l'abri de la lumière et de l'humidité.", "Keep away from light and damp."),
        text("Ne jamais laisser une flamme sans surveillance.", "Never leave a flame unattended."),
    ],
};
