//! Fine foods.

use super::super::trade::{
    Adjective, Aspect, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, f, fp, m, mp, stuff, text,
};

const FRUITS: &[Stuff] = &[
    stuff("à la", "figue", "fig", 105),
    stuff("à l'", "abricot", "apricot", 100),
    stuff("à la", "fraise", "strawberry", 100),
    stuff("aux", "myrtilles sauvages", "wild blueberry", 120),
    stuff("à la", "châtaigne", "chestnut", 110),
    stuff("à l'", "orange amère", "bitter orange", 100),
    stuff("à la", "framboise", "raspberry", 105),
    stuff("à la", "mirabelle", "mirabelle plum", 105),
];

const FLOWERS: &[Stuff] = &[
    stuff("de", "lavande", "lavender", 110),
    stuff("d'", "acacia", "acacia", 115),
    stuff("de", "châtaignier", "chestnut", 105),
    stuff("de", "montagne", "mountain", 120),
    stuff("de", "tilleul", "linden", 105),
    stuff("de", "garrigue", "garrigue", 110),
];

const HERBS: &[Stuff] = &[
    stuff("au", "thym", "thyme", 95),
    stuff("au", "piment d'Espelette", "Espelette pepper", 115),
    stuff("à la", "truffe", "truffle", 180),
    stuff("au", "basilic", "basil", 95),
    stuff("au", "romarin", "rosemary", 95),
    stuff("à l'", "ail des ours", "wild garlic", 105),
    stuff("au", "citron", "lemon", 100),
];

const SWEETS: &[Stuff] = &[
    stuff("au", "chocolat noir", "dark chocolate", 110),
    stuff("au", "caramel au beurre salé", "salted caramel", 105),
    stuff("aux", "amandes", "almond", 110),
    stuff("aux", "noisettes", "hazelnut", 110),
    stuff("à la", "fleur d'oranger", "orange blossom", 100),
    stuff("au", "citron", "lemon", 95),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("artisanal", "artisanale", "artisan"),
    adjective("bio", "bio", "organic"),
    adjective("traditionnel", "traditionnelle", "traditional"),
    adjective("fermier", "fermière", "farm-made"),
];

const MOTIFS: &[Text] = &[
    text("à l'ancienne", "made the old way"),
    text("en coffret", "in a gift box"),
    text("aux saveurs d'ici", "with local flavours"),
];

/// Jams, honey, biscuits and savoury treats.
pub const TRADE: Trade = Trade {
    slug: "epicerie",
    name: text("Épicerie fine", "Fine foods"),
    groups: &[],
    shelves: &[
        Shelf {
            slug: "confitures",
            name: text("Confitures et pâtes de fruits", "Jams and fruit pastes"),
            group: None,
            stuffs: FRUITS,
            aspect: Aspect::Flavour,
            measure: Measure::Weight(120, 370),
            supply: Supply::Plenty,
            things: &[
                f("confiture", "jam", 5, 10),
                f("gelée", "jelly", 5, 10),
                f("pâte de fruits", "fruit paste", 6, 14),
                m("chutney", "chutney", 6, 11),
            ],
        },
        Shelf {
            slug: "miels",
            name: text("Miels", "Honey"),
            group: None,
            stuffs: FLOWERS,
            aspect: Aspect::Flavour,
            measure: Measure::Weight(250, 1_000),
            supply: Supply::Plenty,
            things: &[m("miel", "honey", 7, 22), m("miel crémeux", "creamed honey", 8, 22)],
        },
        Shelf {
            slug: "biscuits-confiseries",
            name: text("Biscuits et confiseries", "Biscuits and sweets"),
            group: None,
            stuffs: SWEETS,
            aspect: Aspect::Flavour,
            measure: Measure::Weight(100, 400),
            supply: Supply::Plenty,
            things: &[
                mp("sablés", "shortbread biscuits", 5, 12),
                m("nougat", "nougat", 8, 19),
                mp("calissons", "calisson sweets", 9, 24),
                fp("navettes", "navette biscuits", 6, 13),
                f("tablette", "bar", 5, 11),
            ],
        },
        Shelf {
            slug: "sel-epices-huiles",
            name: text("Sels, épices et huiles", "Salt, spices and oils"),
            group: None,
            stuffs: HERBS,
            aspect: Aspect::Flavour,
            measure: Measure::Weight(50, 250),
            supply: Supply::Plenty,
            things: &[
                f("fleur de sel", "sea salt", 6, 14),
                f("huile d'olive", "olive oil", 9, 26),
                f("moutarde", "mustard", 4, 9),
                m("vinaigre", "vinegar", 6, 15),
            ],
        },
        Shelf {
            slug: "terrines-tartinables",
            name: text("Terrines et tartinables", "Pâtés and spreads"),
            group: None,
            stuffs: HERBS,
            aspect: Aspect::Flavour,
            measure: Measure::Weight(90, 200),
            supply: Supply::Plenty,
            things: &[
                f("terrine", "terrine", 6, 14),
                f("tapenade", "tapenade", 5, 11),
                fp("rillettes de truite", "trout rillettes", 6, 12),
                m("caviar d'aubergine", "aubergine caviar", 5, 11),
            ],
        },
    ],
    colours: &[],
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "{Préparé|Préparée|Préparés|Préparées} en petites quantités, au chaudron de cuivre.",
            "Made in small batches in a copper cauldron.",
        ),
        text(
            "Les ingrédients viennent de producteurs voisins que nous connaissons par leur prénom.",
            "The ingredients come from neighbours whom we know by their first names.",
        ),
        text("Sans conservateur ni colorant.", "No preservatives, no colouring."),
        text("Une recette de famille, à peine modernisée.", "A family recipe, hardly modernised."),
    ],
    care: &[
        text("À conserver dans un endroit sec et frais.", "Keep in a cool, dry place."),
        text(
            "Après ouverture, à garder au frais et à déguster sous quinze jours.",
            "Once open, keep cool and enjoy within a fortnight.",
        ),
    ],
};
