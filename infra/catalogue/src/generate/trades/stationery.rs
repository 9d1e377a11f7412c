//! Paper, prints and notebooks.

use super::super::trade::{
    Adjective, Aspect, Colour, Measure, Shelf, Stuff, Supply, Text, Trade, adjective, colour, f, fp, m, mp, shade,
    stuff, text,
};

const PAPERS: &[Stuff] = &[
    stuff("en", "papier recyclé", "recycled paper", 90),
    stuff("en", "papier coton", "cotton paper", 120),
    stuff("en", "papier vergé", "laid paper", 105),
    stuff("en", "papier ensemencé", "seed paper", 110),
    stuff("en", "papier japonais", "Japanese paper", 125),
];

const COLOURS: &[Colour] = &[
    shade("bleu indigo", "indigo"),
    shade("vert forêt", "forest green"),
    shade("rose corail", "coral pink"),
    shade("jaune soleil", "sunny yellow"),
    shade("kraft", "kraft"),
    colour("blanc", "blanche", "white"),
    colour("noir", "noire", "black"),
    colour("multicolore", "multicolore", "multicoloured"),
];

const TECHNIQUES: &[Adjective] = &[
    adjective("sérigraphié", "sérigraphiée", "screen-printed"),
    adjective("relié main", "reliée main", "hand-bound"),
    adjective("imprimé", "imprimée", "letterpress"),
    adjective("illustré", "illustrée", "illustrated"),
    adjective("doré à chaud", "dorée à chaud", "foil-stamped"),
    adjective("linogravé", "linogravée", "linocut"),
];

const MOTIFS: &[Text] = &[
    text("à motif d'oiseaux", "with birds"),
    text("aux fleurs de montagne", "with mountain flowers"),
    text("au motif de vagues", "with waves"),
    text("à motif de chats", "with cats"),
    text("à message personnalisé", "with your own message"),
    text("aux phases de la lune", "with the phases of the moon"),
];

const FORMATS: &[Text] =
    &[text("format A6", "A6"), text("format A5", "A5"), text("format A4", "A4"), text("30 × 40 cm", "30 × 40 cm")];

const PRINT_FORMATS: &[Text] = &[
    text("format A4", "A4"),
    text("format A3", "A3"),
    text("30 × 40 cm", "30 × 40 cm"),
    text("50 × 70 cm", "50 × 70 cm"),
];

/// Notebooks, cards, prints and posters.
pub const TRADE: Trade = Trade {
    slug: "papeterie",
    name: text("Papeterie et affiches", "Stationery and prints"),
    groups: &[],
    shelves: &[
        Shelf {
            slug: "carnets",
            name: text("Carnets et agendas", "Notebooks and diaries"),
            group: None,
            stuffs: PAPERS,
            aspect: Aspect::Material,
            measure: Measure::Named(FORMATS),
            supply: Supply::Plenty,
            things: &[
                m("carnet", "notebook", 9, 28),
                m("agenda", "diary", 16, 34),
                m("album photo", "photo album", 28, 68),
                m("livre d'or", "guest book", 32, 74),
            ],
        },
        Shelf {
            slug: "cartes",
            name: text("Cartes et faire-part", "Cards and invitations"),
            group: None,
            stuffs: PAPERS,
            aspect: Aspect::Material,
            measure: Measure::Named(FORMATS),
            supply: Supply::Plenty,
            things: &[
                f("carte de vœux", "greeting card", 3, 7),
                f("carte postale", "postcard", 2, 4),
                mp("faire-part de naissance", "birth announcements", 24, 78),
                fp("étiquettes cadeau", "gift tags", 4, 9),
            ],
        },
        Shelf {
            slug: "affiches",
            name: text("Affiches et estampes", "Posters and prints"),
            group: None,
            stuffs: PAPERS,
            aspect: Aspect::Material,
            measure: Measure::Named(PRINT_FORMATS),
            supply: Supply::Few,
            things: &[
                f("affiche", "poster", 18, 48),
                f("linogravure", "linocut print", 32, 98),
                f("sérigraphie", "screen print", 38, 140),
                f("aquarelle", "watercolour", 42, 190),
            ],
        },
        Shelf {
            slug: "calendriers",
            name: text("Calendriers et organisation", "Calendars and planners"),
            group: None,
            stuffs: PAPERS,
            aspect: Aspect::Material,
            measure: Measure::Named(FORMATS),
            supply: Supply::Plenty,
            things: &[
                m("calendrier perpétuel", "perpetual calendar", 16, 34),
                m("bloc-notes", "notepad", 6, 14),
                m("semainier", "weekly planner", 9, 19),
            ],
        },
        Shelf {
            slug: "emballages",
            name: text("Emballages cadeau", "Gift wrapping"),
            group: None,
            stuffs: PAPERS,
            aspect: Aspect::Material,
            measure: Measure::Flat(30, 70),
            supply: Supply::Plenty,
            things: &[
                m("papier cadeau", "gift wrap", 4, 11),
                f("enveloppe cadeau", "gift envelope", 3, 8),
                f("guirlande de fanions", "bunting", 9, 22),
            ],
        },
    ],
    colours: COLOURS,
    techniques: TECHNIQUES,
    motifs: MOTIFS,
    making: &[
        text(
            "{Imprimé|Imprimée|Imprimés|Imprimées} à l'atelier sur une presse de 1952.",
            "Printed in the workshop on a press from 1952.",
        ),
        text(
            "Encres végétales, papier issu de forêts bien gérées.",
            "Plant-based inks, paper from well-managed forests.",
        ),
        text(
            "Le dessin original est fait à la plume puis gravé.",
            "The original is drawn with pen and ink, then engraved.",
        ),
    ],
    care: &[
        text("Envoi à plat dans une pochette cartonnée.", "Sent flat in a stiff envelope."),
        text("À protéger du soleil direct.", "Keep out of direct sun."),
    ],
};
