//! Toys and childhood.

use super::super::trade::{
    Adjective, Aspect, Colour, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp, shade,
    stuff, text,
};

const SOFT: &[Stuff] = &[
    stuff("en", "coton bio", "organic cotton", 100),
    stuff("en", "laine bouillie", "boiled wool", 115),
    stuff("en", "velours", "velvet", 105),
    stuff("en", "double gaze", "double gauze", 95),
    stuff("en", "feutrine", "felt", 80),
];

const HARD: &[Stuff] = &[
    stuff("en", "hêtre", "beech", 95),
    stuff("en", "érable", "maple", 105),
    stuff("en", "tilleul", "lime wood", 95),
    stuff("en", "noyer", "walnut", 125),
    stuff("en", "bois recyclé", "reclaimed wood", 85),
];

const COLOURS: &[Colour] = &[
    shade("arc-en-ciel", "rainbow"),
    shade("bleu ciel", "sky blue"),
    shade("vert menthe", "mint green"),
    shade("jaune citron", "lemon yellow"),
    shade("rose bonbon", "candy pink"),
    colour("naturel", "naturelle", "natural"),
    colour("blanc", "blanche", "white"),
    colour("rouge", "rouge", "red"),
    colour("gris", "grise", "grey"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("peint à la main", "peinte à la main", "hand-painted"),
    adjective("cousu main", "cousue main", "hand-sewn"),
    adjective("personnalisé", "personnalisée", "personalised"),
    adjective("doux", "douce", "soft"),
    adjective("poli", "polie", "smooth"),
];

const MOTIFS: &[Text] = &[
    text("au motif de renard", "with a fox"),
    text("à motif de nuages", "with clouds"),
    text("au prénom de l'enfant", "with the child's name"),
    text("aux animaux de la forêt", "with forest animals"),
    text("au motif d'ours", "with a bear"),
];

const AGES: &[Text] = &[
    text("dès la naissance", "from birth"),
    text("dès 10 mois", "from 10 months"),
    text("dès 18 mois", "from 18 months"),
    text("dès 3 ans", "from 3 years"),
    text("dès 5 ans", "from 5 years"),
];

/// Toys, cuddly animals and nursery things.
pub const TRADE: Trade = Trade {
    slug: "jouets",
    name: text("Jouets et enfance", "Toys and childhood"),
    groups: &[],
    shelves: &[
        Shelf {
            slug: "doudous",
            name: text("Doudous et peluches", "Cuddly toys"),
            group: None,
            stuffs: SOFT,
            aspect: Aspect::Material,
            measure: Measure::Height(12, 45),
            supply: Supply::Few,
            things: &[
                m("doudou", "comforter", 16, 38),
                m("lapin en peluche", "cuddly rabbit", 22, 48),
                m("ours en peluche", "teddy bear", 28, 68),
                f("poupée de chiffon", "rag doll", 32, 78),
                f("marionnette", "hand puppet", 18, 42),
            ],
        },
        Shelf {
            slug: "jouets-bois",
            name: text("Jouets en bois", "Wooden toys"),
            group: None,
            stuffs: HARD,
            aspect: Aspect::Material,
            measure: Measure::Length(8, 45),
            supply: Supply::Plenty,
            things: &[
                f("voiture", "toy car", 12, 34),
                m("jeu de quilles", "skittles set", 28, 58),
                m("train", "toy train", 32, 88),
                mp("cubes", "building blocks", 24, 62),
                f("toupie", "spinning top", 6, 14),
            ],
        },
        Shelf {
            slug: "eveil",
            name: text("Éveil et hochets", "Baby toys"),
            group: None,
            stuffs: HARD,
            aspect: Aspect::Material,
            measure: Measure::Age(AGES),
            supply: Supply::Plenty,
            things: &[
                m("hochet", "rattle", 11, 26),
                m("anneau de dentition", "teething ring", 9, 19),
                m("mobile pour lit", "cot mobile", 34, 82),
                f("attache-tétine", "dummy clip", 9, 18),
            ],
        },
        Shelf {
            slug: "jeux",
            name: text("Jeux et puzzles", "Games and puzzles"),
            group: None,
            stuffs: HARD,
            aspect: Aspect::Material,
            measure: Measure::Age(AGES),
            supply: Supply::Plenty,
            things: &[
                m("puzzle", "puzzle", 14, 38),
                m("jeu de mémoire", "memory game", 16, 36),
                m("jeu d'échecs", "chess set", 58, 160),
                mp("dominos", "dominoes", 18, 39),
            ],
        },
        Shelf {
            slug: "chambre-enfant",
            name: text("Chambre d'enfant", "Children's room"),
            group: None,
            stuffs: SOFT,
            aspect: Aspect::Material,
            measure: Measure::Flat(35, 110),
            supply: Supply::Few,
            things: &[
                f("gigoteuse", "sleeping bag", 48, 98),
                m("tour de lit", "cot bumper", 52, 110),
                m("tapis d'éveil", "play mat", 48, 120),
                fp("lettres décoratives", "decorative letters", 12, 42),
                m("protège-carnet de santé", "health record cover", 19, 34),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "Conforme à la norme européenne de sécurité des jouets EN 71.",
            "Meets the European toy safety standard EN 71.",
        ),
        text(
            "Peintures à l'eau et vernis alimentaire, sans danger pour les petites bouches.",
            "Water-based paints and food-safe varnish, safe for small mouths.",
        ),
        text(
            "{Le}{thing} {peut|peuvent} porter le prénom de l'enfant : indiquez-le à la commande.",
            "The {thing} can carry the child's name: tell us when you order.",
        ),
        text("Rembourrage en ouate recyclée.", "Filled with recycled wadding."),
    ],
    care: &[
        text("Se nettoie avec un linge humide.", "Wipes clean with a damp cloth."),
        text("Surveillance d'un adulte recommandée.", "Adult supervision recommended."),
    ],
};
