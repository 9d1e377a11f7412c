//! Pottery.

use super::super::trade::{
    Adjective, Aspect, Colour, Group, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp,
    shade, stuff, text,
};

const CLAYS: &[Stuff] = &[
    stuff("en", "grès", "stoneware", 100),
    stuff("en", "porcelaine", "porcelain", 135),
    stuff("en", "faïence", "earthenware", 90),
    stuff("en", "terre cuite", "terracotta", 80),
    stuff("en", "grès chamotté", "grogged stoneware", 110),
    stuff("en", "argile noire", "black clay", 120),
];

const COLOURS: &[Colour] = &[
    shade("bleu nuit", "midnight blue"),
    shade("vert sauge", "sage green"),
    shade("blanc cassé", "off-white"),
    shade("bleu lagon", "lagoon blue"),
    shade("jaune safran", "saffron yellow"),
    shade("terracotta", "terracotta"),
    shade("vert céladon", "celadon"),
    colour("blanc", "blanche", "white"),
    colour("noir", "noire", "black"),
    colour("gris", "grise", "grey"),
    colour("moucheté", "mouchetée", "speckled"),
    colour("rose", "rose", "pink"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("tourné", "tournée", "hand-thrown"),
    adjective("émaillé", "émaillée", "glazed"),
    adjective("modelé", "modelée", "hand-built"),
    adjective("estampé", "estampée", "stamped"),
    adjective("engobé", "engobée", "slip-painted"),
    adjective("gravé", "gravée", "carved"),
];

const MOTIFS: &[Text] = &[
    text("à motif de fougères", "with a fern pattern"),
    text("aux empreintes de feuilles", "with leaf imprints"),
    text("à rayures", "with stripes"),
    text("à pois", "with dots"),
    text("au décor de vagues", "with a wave pattern"),
    text("à bord brut", "with a raw rim"),
];

/// Pottery and porcelain.
pub const TRADE: Trade = Trade {
    slug: "ceramique",
    name: text("Céramique", "Ceramics"),
    groups: &[Group { slug: "vaisselle", name: text("Vaisselle", "Tableware") }],
    shelves: &[
        Shelf {
            slug: "bols",
            name: text("Bols et saladiers", "Bowls"),
            group: Some("vaisselle"),
            stuffs: CLAYS,
            aspect: Aspect::Material,
            measure: Measure::Diameter(10, 28),
            supply: Supply::Few,
            things: &[
                m("bol", "bowl", 14, 36),
                m("bol à thé", "tea bowl", 18, 42),
                m("saladier", "salad bowl", 38, 92),
                f("coupelle", "small dish", 8, 19),
                mp("petits bols apéritif", "snack bowls", 24, 48),
            ],
        },
        Shelf {
            slug: "tasses",
            name: text("Tasses et mugs", "Cups and mugs"),
            group: Some("vaisselle"),
            stuffs: CLAYS,
            aspect: Aspect::Material,
            measure: Measure::Volume(80, 400),
            supply: Supply::Few,
            things: &[
                f("tasse", "cup", 14, 32),
                m("mug", "mug", 18, 36),
                m("gobelet", "tumbler", 12, 26),
                fp("tasses à café", "espresso cups", 28, 58),
                f("chope", "tankard", 22, 39),
            ],
        },
        Shelf {
            slug: "assiettes-plats",
            name: text("Assiettes et plats", "Plates and platters"),
            group: Some("vaisselle"),
            stuffs: CLAYS,
            aspect: Aspect::Material,
            measure: Measure::Diameter(16, 36),
            supply: Supply::Few,
            things: &[
                f("assiette", "plate", 16, 38),
                f("assiette creuse", "soup plate", 18, 39),
                m("plat à tarte", "pie dish", 34, 68),
                m("plat de service", "serving platter", 42, 98),
                fp("assiettes à dessert", "dessert plates", 48, 96),
            ],
        },
        Shelf {
            slug: "theieres-pichets",
            name: text("Théières et pichets", "Teapots and jugs"),
            group: None,
            stuffs: CLAYS,
            aspect: Aspect::Material,
            measure: Measure::Volume(300, 1_500),
            supply: Supply::Unique,
            things: &[
                f("théière", "teapot", 48, 128),
                m("pichet", "jug", 28, 64),
                f("carafe", "carafe", 32, 72),
                m("pot à lait", "milk jug", 16, 32),
            ],
        },
        Shelf {
            slug: "vases",
            name: text("Vases et soliflores", "Vases"),
            group: None,
            stuffs: CLAYS,
            aspect: Aspect::Material,
            measure: Measure::Height(8, 45),
            supply: Supply::Unique,
            things: &[
                m("vase", "vase", 32, 140),
                m("soliflore", "bud vase", 16, 42),
                m("vase bouteille", "bottle vase", 36, 110),
                f("jarre", "jar", 58, 180),
            ],
        },
        Shelf {
            slug: "cache-pots",
            name: text("Cache-pots et jardin", "Planters"),
            group: None,
            stuffs: CLAYS,
            aspect: Aspect::Material,
            measure: Measure::Diameter(9, 32),
            supply: Supply::Few,
            things: &[
                m("cache-pot", "planter", 18, 64),
                f("suspension pour plante", "hanging planter", 26, 58),
                m("pot à herbes", "herb pot", 16, 34),
                f("mangeoire à oiseaux", "bird feeder", 28, 52),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "Après un premier séchage, {le}{thing} {est|sont} {émaillé|émaillée|émaillés|émaillées} puis \
             {cuit|cuite|cuits|cuites} à 1 250 °C.",
            "After slow drying, the {thing} {is|are} glazed and fired at 1,250 °C.",
        ),
        text(
            "La terre vient d'une carrière française et l'émail est préparé à l'atelier.",
            "The clay comes from a French quarry and the glaze is mixed in the workshop.",
        ),
        text(
            "Les petites variations de l'émail sont la signature du four : deux pièces ne se ressemblent jamais.",
            "Small variations in the glaze are the kiln's signature: no two pieces are ever alike.",
        ),
        text(
            "{Le}{thing} {est|sont} {façonné|façonnée|façonnés|façonnées} sur un tour à pied, comme autrefois.",
            "The {thing} {is|are} thrown on a kick wheel, the old way.",
        ),
    ],
    care: &[
        text("Passe au lave-vaisselle et au micro-ondes.", "Safe in the dishwasher and the microwave."),
        text("Émail sans plomb, apte au contact alimentaire.", "Lead-free glaze, suitable for food."),
        text("Nous conseillons un lavage à la main.", "We recommend washing by hand."),
    ],
};
