//! Leather goods.

use super::super::trade::{
    Adjective, Aspect, Colour, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp, shade,
    stuff, text,
};

const LEATHERS: &[Stuff] = &[
    stuff("en", "cuir pleine fleur", "full-grain leather", 120),
    stuff("en", "cuir tannage végétal", "vegetable-tanned leather", 125),
    stuff("en", "cuir recyclé", "recycled leather", 85),
    stuff("en", "veau velours", "suede", 110),
    stuff("en", "liège", "cork", 80),
    stuff("en", "cuir d'agneau", "lambskin", 115),
];

const COLOURS: &[Colour] = &[
    shade("cognac", "cognac"),
    shade("marron", "brown"),
    shade("vert bouteille", "bottle green"),
    shade("bleu marine", "navy blue"),
    shade("bordeaux", "burgundy"),
    shade("fauve", "tan"),
    colour("noir", "noire", "black"),
    colour("naturel", "naturelle", "natural"),
    colour("rouge", "rouge", "red"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("cousu main", "cousue main", "hand-stitched"),
    adjective("patiné", "patinée", "patinated"),
    adjective("tressé", "tressée", "braided"),
    adjective("gravé", "gravée", "embossed"),
    adjective("surpiqué", "surpiquée", "topstitched"),
];

const MOTIFS: &[Text] = &[
    text("à initiales", "with initials"),
    text("au fermoir en laiton", "with a brass clasp"),
    text("à rabat", "with a flap"),
    text("à bords francs", "with raw edges"),
];

const BELT_SIZES: &[Text] = &[
    text("80 cm", "80 cm"),
    text("85 cm", "85 cm"),
    text("90 cm", "90 cm"),
    text("95 cm", "95 cm"),
    text("100 cm", "100 cm"),
    text("110 cm", "110 cm"),
];

const SHOE_SIZES: &[Text] = &[
    text("pointure 36", "EU 36"),
    text("pointure 37", "EU 37"),
    text("pointure 38", "EU 38"),
    text("pointure 39", "EU 39"),
    text("pointure 40", "EU 40"),
    text("pointure 41", "EU 41"),
    text("pointure 42", "EU 42"),
    text("pointure 44", "EU 44"),
];

/// Bags, wallets, belts and shoes.
pub const TRADE: Trade = Trade {
    slug: "maroquinerie",
    name: text("Maroquinerie", "Leather goods"),
    groups: &[],
    shelves: &[
        Shelf {
            slug: "sacs-cuir",
            name: text("Sacs", "Bags"),
            group: None,
            stuffs: LEATHERS,
            aspect: Aspect::Material,
            measure: Measure::Flat(22, 42),
            supply: Supply::Unique,
            things: &[
                m("sac à main", "handbag", 110, 340),
                m("sac bandoulière", "shoulder bag", 98, 280),
                f("besace", "messenger bag", 120, 320),
                m("sac à dos", "backpack", 140, 360),
                m("cartable", "satchel", 160, 390),
            ],
        },
        Shelf {
            slug: "portefeuilles",
            name: text("Portefeuilles et porte-cartes", "Wallets and card holders"),
            group: None,
            stuffs: LEATHERS,
            aspect: Aspect::Material,
            measure: Measure::Flat(8, 20),
            supply: Supply::Few,
            things: &[
                m("portefeuille", "wallet", 48, 128),
                m("porte-cartes", "card holder", 24, 58),
                m("porte-monnaie", "coin purse", 22, 54),
                m("étui à passeport", "passport cover", 32, 64),
            ],
        },
        Shelf {
            slug: "ceintures",
            name: text("Ceintures", "Belts"),
            group: None,
            stuffs: LEATHERS,
            aspect: Aspect::Material,
            measure: Measure::Named(BELT_SIZES),
            supply: Supply::Few,
            things: &[f("ceinture", "belt", 42, 96), fp("bretelles", "braces", 48, 98)],
        },
        Shelf {
            slug: "petite-maroquinerie",
            name: text("Petite maroquinerie", "Small leather goods"),
            group: None,
            stuffs: LEATHERS,
            aspect: Aspect::Material,
            measure: Measure::Length(6, 22),
            supply: Supply::Plenty,
            things: &[
                m("porte-clés", "key ring", 9, 24),
                m("étui à lunettes", "glasses case", 26, 58),
                m("bracelet de montre", "watch strap", 34, 72),
                m("marque-page", "bookmark", 8, 18),
                m("collier pour chien", "dog collar", 28, 62),
            ],
        },
        Shelf {
            slug: "chaussures",
            name: text("Chaussures", "Shoes"),
            group: None,
            stuffs: LEATHERS,
            aspect: Aspect::Material,
            measure: Measure::Named(SHOE_SIZES),
            supply: Supply::Few,
            things: &[
                mp("mocassins", "moccasins", 78, 180),
                mp("sabots", "clogs", 68, 140),
                mp("chaussons d'intérieur", "house slippers", 38, 78),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text("Couture au point sellier, au fil de lin poissé.", "Saddle-stitched with waxed linen thread."),
        text(
            "Le cuir provient d'une tannerie française et se patine avec les années.",
            "The leather comes from a French tannery and grows more beautiful with the years.",
        ),
        text(
            "Les tranches sont poncées, teintes et cirées une à une.",
            "The edges are sanded, dyed and waxed one by one.",
        ),
    ],
    care: &[
        text("À nourrir deux fois par an avec une crème incolore.", "Feed with a clear cream twice a year."),
        text("Protégez le cuir de la pluie et du soleil direct.", "Protect the leather from rain and direct sun."),
    ],
};
