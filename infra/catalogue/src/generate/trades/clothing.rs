//! Clothes and what goes with them.

use super::super::trade::{
    Adjective, Aspect, Colour, Group, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp,
    shade, stuff, text,
};

const FABRICS: &[Stuff] = &[
    stuff("en", "lin", "linen", 115),
    stuff("en", "coton bio", "organic cotton", 95),
    stuff("en", "double gaze", "double gauze", 95),
    stuff("en", "denim recyclé", "recycled denim", 105),
    stuff("en", "viscose", "viscose", 85),
    stuff("en", "soie", "silk", 180),
];

const YARNS: &[Stuff] = &[
    stuff("en", "laine mérinos", "merino wool", 110),
    stuff("en", "alpaga", "alpaca", 135),
    stuff("en", "mohair", "mohair", 130),
    stuff("en", "coton recyclé", "recycled cotton", 85),
    stuff("en", "laine des Pyrénées", "Pyrenean wool", 115),
    stuff("en", "cachemire", "cashmere", 210),
];

const COLOURS: &[Colour] = &[
    shade("bleu marine", "navy blue"),
    shade("vert sapin", "fir green"),
    shade("camel", "camel"),
    shade("rouille", "rust"),
    shade("bordeaux", "burgundy"),
    colour("écru", "écrue", "ecru"),
    colour("noir", "noire", "black"),
    colour("rouge", "rouge", "red"),
    colour("violet", "violette", "purple"),
    colour("chiné", "chinée", "flecked"),
    colour("fleuri", "fleurie", "flowery"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("cousu main", "cousue main", "hand-sewn"),
    adjective("brodé", "brodée", "embroidered"),
    adjective("plissé", "plissée", "pleated"),
    adjective("ample", "ample", "loose"),
    adjective("teint", "teinte", "hand-dyed"),
    adjective("doublé", "doublée", "lined"),
];

const MOTIFS: &[Text] = &[
    text("à pois", "with dots"),
    text("à rayures marinières", "with Breton stripes"),
    text("aux torsades", "with cables"),
    text("à petites fleurs", "with small flowers"),
];

const SIZES: &[Text] = &[
    text("XS", "XS"),
    text("S", "S"),
    text("M", "M"),
    text("L", "L"),
    text("XL", "XL"),
    text("taille unique", "one size"),
];

const CHILD_SIZES: &[Text] = &[
    text("naissance", "newborn"),
    text("6 mois", "6 months"),
    text("12 mois", "12 months"),
    text("2 ans", "2 years"),
    text("4 ans", "4 years"),
    text("6 ans", "6 years"),
];

/// Clothes for all ages, bags and accessories.
pub const TRADE: Trade = Trade {
    slug: "mode",
    name: text("Mode et accessoires", "Clothing and accessories"),
    groups: &[Group { slug: "vetements", name: text("Vêtements", "Clothes") }],
    shelves: &[
        Shelf {
            slug: "robes-jupes",
            name: text("Robes et jupes", "Dresses and skirts"),
            group: Some("vetements"),
            stuffs: FABRICS,
            aspect: Aspect::Material,
            measure: Measure::Named(SIZES),
            supply: Supply::Few,
            things: &[
                f("robe", "dress", 68, 180),
                f("jupe", "skirt", 48, 118),
                f("robe chemisier", "shirt dress", 78, 170),
                f("jupe portefeuille", "wrap skirt", 54, 110),
            ],
        },
        Shelf {
            slug: "hauts-vestes",
            name: text("Hauts et vestes", "Tops and jackets"),
            group: Some("vetements"),
            stuffs: FABRICS,
            aspect: Aspect::Material,
            measure: Measure::Named(SIZES),
            supply: Supply::Few,
            things: &[
                f("blouse", "blouse", 48, 98),
                f("chemise", "shirt", 58, 118),
                m("kimono", "kimono jacket", 68, 145),
                f("veste de travail", "work jacket", 88, 190),
            ],
        },
        Shelf {
            slug: "tricots",
            name: text("Tricots", "Knitwear"),
            group: Some("vetements"),
            stuffs: YARNS,
            aspect: Aspect::Material,
            measure: Measure::Named(SIZES),
            supply: Supply::Unique,
            things: &[
                m("pull", "jumper", 78, 195),
                m("gilet", "cardigan", 84, 210),
                m("poncho", "poncho", 72, 160),
                fp("chaussettes", "socks", 16, 34),
            ],
        },
        Shelf {
            slug: "echarpes-bonnets",
            name: text("Écharpes, bonnets et gants", "Scarves, hats and gloves"),
            group: None,
            stuffs: YARNS,
            aspect: Aspect::Material,
            measure: Measure::Named(SIZES),
            supply: Supply::Few,
            things: &[
                f("écharpe", "scarf", 32, 98),
                m("bonnet", "beanie", 22, 54),
                m("snood", "snood", 26, 58),
                mp("gants", "gloves", 28, 62),
                fp("mitaines", "fingerless gloves", 22, 46),
            ],
        },
        Shelf {
            slug: "mode-enfant",
            name: text("Mode enfant", "Children's clothes"),
            group: None,
            stuffs: FABRICS,
            aspect: Aspect::Material,
            measure: Measure::Named(CHILD_SIZES),
            supply: Supply::Few,
            things: &[
                f("barboteuse", "romper", 32, 62),
                m("sarouel", "baby sarouel", 22, 42),
                m("bavoir", "bib", 11, 22),
                f("robe d'enfant", "child's dress", 34, 72),
                mp("chaussons", "slippers", 19, 38),
            ],
        },
        Shelf {
            slug: "sacs-tissu",
            name: text("Sacs et pochettes", "Bags and pouches"),
            group: None,
            stuffs: FABRICS,
            aspect: Aspect::Material,
            measure: Measure::Flat(18, 45),
            supply: Supply::Plenty,
            things: &[
                m("sac cabas", "tote bag", 19, 58),
                f("pochette", "pouch", 12, 32),
                f("trousse", "pencil case", 11, 26),
                m("sac banane", "bum bag", 28, 56),
                m("chouchou", "scrunchie", 4, 9),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "{Le}{thing} {est|sont} {coupé|coupée|coupés|coupées} et {cousu|cousue|cousus|cousues} à la demande, \
             pour ne rien gaspiller.",
            "The {thing} {is|are} cut and sewn to order, so that nothing goes to waste.",
        ),
        text(
            "Les étoffes viennent de fins de rouleaux de grandes maisons.",
            "The fabrics are roll ends from the great fashion houses.",
        ),
        text("Patron maison, essayé sur de vraies morphologies.", "Our own pattern, tried on real people."),
        text("Finitions soignées, à l'intérieur comme à l'extérieur.", "As neat inside as outside."),
    ],
    care: &[
        text("Lavage à froid, programme délicat.", "Cold, delicate wash."),
        text("Lavage à la main, séchage à plat.", "Wash by hand, dry flat."),
    ],
};
