//! Things to look at.

use super::super::trade::{
    Adjective, Aspect, Colour, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp, shade,
    stuff, text,
};

const STUFFS: &[Stuff] = &[
    stuff("en", "macramé de coton", "cotton macramé", 95),
    stuff("en", "bois flotté", "driftwood", 100),
    stuff("en", "fleurs séchées", "dried flower", 95),
    stuff("en", "laiton", "brass", 110),
    stuff("en", "plâtre", "plaster", 80),
    stuff("en", "verre", "glass", 105),
    stuff("en", "papier mâché", "papier mâché", 85),
    stuff("en", "fil de fer", "wire", 80),
];

const COLOURS: &[Colour] = &[
    shade("vert eucalyptus", "eucalyptus green"),
    shade("terracotta", "terracotta"),
    shade("rose poudré", "powder pink"),
    shade("ocre", "ochre"),
    shade("bleu canard", "teal"),
    colour("blanc", "blanche", "white"),
    colour("doré", "dorée", "golden"),
    colour("naturel", "naturelle", "natural"),
    colour("noir", "noire", "black"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("tressé", "tressée", "braided"),
    adjective("peint", "peinte", "painted"),
    adjective("noué main", "nouée main", "hand-knotted"),
    adjective("sculpté", "sculptée", "sculpted"),
    adjective("bohème", "bohème", "bohemian"),
];

const MOTIFS: &[Text] = &[
    text("au motif de feuillage", "with a leaf pattern"),
    text("à plumes", "with feathers"),
    text("au style bohème", "in a bohemian style"),
    text("à suspendre", "to hang up"),
    text("aux prénoms gravés", "with engraved names"),
];

/// Wall pieces, wreaths, mirrors, sculptures and seasonal decoration.
pub const TRADE: Trade = Trade {
    slug: "decoration",
    name: text("Décoration et art", "Decoration and art"),
    groups: &[],
    shelves: &[
        Shelf {
            slug: "deco-murale",
            name: text("Décoration murale", "Wall decoration"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Flat(20, 90),
            supply: Supply::Unique,
            things: &[
                f("suspension murale", "wall hanging", 32, 140),
                m("attrape-rêves", "dreamcatcher", 22, 68),
                m("cadre", "frame", 24, 88),
                m("trophée", "wall trophy", 34, 96),
            ],
        },
        Shelf {
            slug: "miroirs",
            name: text("Miroirs", "Mirrors"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Diameter(20, 80),
            supply: Supply::Unique,
            things: &[m("miroir", "mirror", 48, 210), m("miroir soleil", "sunburst mirror", 58, 180)],
        },
        Shelf {
            slug: "couronnes-fleurs",
            name: text("Couronnes et fleurs", "Wreaths and flowers"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Diameter(18, 55),
            supply: Supply::Few,
            things: &[
                f("couronne", "wreath", 26, 78),
                m("bouquet", "bouquet", 22, 64),
                f("cloche", "cloche", 32, 86),
                m("centre de table", "centrepiece", 28, 72),
            ],
        },
        Shelf {
            slug: "sculptures",
            name: text("Sculptures et figurines", "Sculptures and figurines"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Height(8, 60),
            supply: Supply::Unique,
            things: &[
                f("sculpture", "sculpture", 68, 420),
                f("figurine", "figurine", 18, 74),
                m("mobile", "mobile", 32, 110),
                m("oiseau", "bird", 16, 58),
            ],
        },
        Shelf {
            slug: "fetes",
            name: text("Noël et fêtes", "Christmas and celebrations"),
            group: None,
            stuffs: STUFFS,
            aspect: Aspect::Material,
            measure: Measure::Length(5, 60),
            supply: Supply::Plenty,
            things: &[
                fp("boules de Noël", "Christmas baubles", 12, 38),
                m("calendrier de l'Avent", "Advent calendar", 28, 78),
                f("guirlande", "garland", 14, 42),
                mp("marque-places", "place cards", 12, 32),
                f("étoile", "star", 9, 32),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "{Composé|Composée|Composés|Composées} à la main, {le}{thing} {demande|demandent} plusieurs jours de travail.",
            "Put together by hand, the {thing} {takes|take} several days of work.",
        ),
        text(
            "Les matières sont glanées ou récupérées dans les environs de l'atelier.",
            "The materials are gleaned or salvaged around the workshop.",
        ),
        text("Pièce signée et accompagnée d'un certificat.", "Signed and sent with a certificate."),
    ],
    care: &[
        text("Accroche fournie.", "Hook included."),
        text("Dépoussiérer au pinceau sec.", "Dust with a dry brush."),
    ],
};
