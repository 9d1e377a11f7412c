//! Jewellery.

use super::super::trade::{
    Adjective, Aspect, Colour, Group, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp,
    shade, stuff, text,
};

const METALS: &[Stuff] = &[
    stuff("en", "argent 925", "sterling silver", 130),
    stuff("en", "laiton doré", "gilded brass", 85),
    stuff("en", "plaqué or", "gold-plated", 110),
    stuff("en", "acier inoxydable", "stainless steel", 80),
    stuff("en", "bronze", "bronze", 95),
    stuff("en", "or recyclé", "recycled gold", 420),
];

const BEADS: &[Stuff] = &[
    stuff("en", "perles de verre", "glass bead", 80),
    stuff("en", "labradorite", "labradorite", 110),
    stuff("en", "quartz rose", "rose quartz", 105),
    stuff("en", "lapis-lazuli", "lapis lazuli", 120),
    stuff("en", "perles d'eau douce", "freshwater pearl", 130),
    stuff("en", "argent 925", "sterling silver", 140),
    stuff("en", "coton ciré", "waxed cotton", 60),
];

const COLOURS: &[Colour] = &[
    colour("doré", "dorée", "golden"),
    colour("argenté", "argentée", "silvery"),
    shade("vert émeraude", "emerald green"),
    shade("bleu canard", "teal"),
    shade("rose poudré", "powder pink"),
    shade("turquoise", "turquoise"),
    colour("noir", "noire", "black"),
    colour("irisé", "irisée", "iridescent"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("martelé", "martelée", "hammered"),
    adjective("ciselé", "ciselée", "chased"),
    adjective("brossé", "brossée", "brushed"),
    adjective("tissé", "tissée", "woven"),
    adjective("gravé", "gravée", "engraved"),
    adjective("fin", "fine", "delicate"),
];

const MOTIFS: &[Text] = &[
    text("au motif d'hirondelle", "with a swallow"),
    text("à breloque étoile", "with a star charm"),
    text("au motif de feuille de ginkgo", "with a ginkgo leaf"),
    text("à petite lune", "with a small moon"),
    text("à médaille", "with a medallion"),
];

const RING_SIZES: &[Text] = &[
    text("taille 50", "ring size 50"),
    text("taille 52", "ring size 52"),
    text("taille 54", "ring size 54"),
    text("taille 56", "ring size 56"),
    text("taille 58", "ring size 58"),
    text("taille réglable", "adjustable"),
];

/// Jewellery of metal, stone and thread.
pub const TRADE: Trade = Trade {
    slug: "bijoux",
    name: text("Bijoux", "Jewellery"),
    groups: &[Group { slug: "colliers", name: text("Colliers", "Necklaces") }],
    shelves: &[
        Shelf {
            slug: "boucles-d-oreilles",
            name: text("Boucles d'oreilles", "Earrings"),
            group: None,
            stuffs: METALS,
            aspect: Aspect::Material,
            measure: Measure::Length(1, 7),
            supply: Supply::Few,
            things: &[
                fp("boucles d'oreilles", "earrings", 18, 68),
                fp("créoles", "hoop earrings", 19, 62),
                fp("puces d'oreilles", "ear studs", 14, 42),
                fp("boucles pendantes", "drop earrings", 22, 74),
            ],
        },
        Shelf {
            slug: "pendentifs",
            name: text("Pendentifs", "Pendants"),
            group: Some("colliers"),
            stuffs: METALS,
            aspect: Aspect::Material,
            measure: Measure::Length(38, 60),
            supply: Supply::Few,
            things: &[
                m("pendentif", "pendant", 24, 88),
                m("médaillon", "locket", 34, 95),
                m("collier à médaille", "medal necklace", 29, 84),
            ],
        },
        Shelf {
            slug: "sautoirs",
            name: text("Sautoirs et ras-du-cou", "Long necklaces and chokers"),
            group: Some("colliers"),
            stuffs: BEADS,
            aspect: Aspect::Material,
            measure: Measure::Length(35, 90),
            supply: Supply::Unique,
            things: &[
                m("sautoir", "long necklace", 28, 92),
                m("collier ras-du-cou", "choker", 22, 66),
                m("collier", "necklace", 24, 98),
            ],
        },
        Shelf {
            slug: "bracelets",
            name: text("Bracelets", "Bracelets"),
            group: None,
            stuffs: BEADS,
            aspect: Aspect::Material,
            measure: Measure::Length(15, 20),
            supply: Supply::Few,
            things: &[
                m("bracelet", "bracelet", 14, 58),
                m("jonc", "bangle", 24, 78),
                m("bracelet cordon", "cord bracelet", 9, 24),
                f("manchette", "cuff", 34, 98),
            ],
        },
        Shelf {
            slug: "bagues",
            name: text("Bagues", "Rings"),
            group: None,
            stuffs: METALS,
            aspect: Aspect::Material,
            measure: Measure::Named(RING_SIZES),
            supply: Supply::Unique,
            things: &[
                f("bague", "ring", 22, 95),
                f("chevalière", "signet ring", 48, 140),
                f("alliance", "wedding band", 68, 190),
                mp("anneaux à superposer", "stacking rings", 32, 78),
            ],
        },
        Shelf {
            slug: "broches",
            name: text("Broches", "Brooches"),
            group: None,
            stuffs: METALS,
            aspect: Aspect::Material,
            measure: Measure::Length(2, 8),
            supply: Supply::Few,
            things: &[
                f("broche", "brooch", 14, 56),
                f("épingle à foulard", "scarf pin", 16, 44),
                m("pin's", "lapel pin", 7, 16),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "Chaque pièce est soudée, limée et polie à l'établi.",
            "Every piece is soldered, filed and polished at the bench.",
        ),
        text(
            "Les pierres sont choisies une à une et montées à la main.",
            "The stones are chosen one by one and set by hand.",
        ),
        text(
            "Les métaux sont sans nickel et viennent de filières recyclées.",
            "The metals are nickel-free and come from recycled sources.",
        ),
        text(
            "{Le}{thing} {est|sont} {livré|livrée|livrés|livrées} dans un petit pochon de coton.",
            "The {thing} {comes|come} in a small cotton pouch.",
        ),
    ],
    care: &[
        text(
            "À garder loin de l'eau et du parfum pour préserver l'éclat.",
            "Keep away from water and perfume to preserve the shine.",
        ),
        text("Un chiffon doux suffit à l'entretien.", "A soft cloth is all the care needed."),
    ],
};
