//! Sentences that fit any trade.

use super::trade::{Text, text};

/// How a description begins.
pub const OPENINGS: &[Text] = &[
    text(
        "{Ce} {thing} {stuff} {est|sont} {fait|faite|faits|faites} à la main dans notre atelier {of_town}.",
        "{This|These} {stuff} {thing} {is|are} made by hand in our workshop in {town}.",
    ),
    text(
        "{Un} {thing} comme on n'en trouve pas en grande surface : {réalisé|réalisée|réalisés|réalisées} {at_town}, \
         en petite série.",
        "{A piece|Pieces} you will not find in a supermarket: made in {town}, in small numbers.",
    ),
    text(
        "{Né|Née|Nés|Nées} dans notre atelier {of_town}, {ce} {thing} {accompagne|accompagnent} les gestes de tous \
         les jours.",
        "Born in our workshop in {town}, {this|these} {thing} {is|are} made for everyday use.",
    ),
    text(
        "{Imaginé|Imaginée|Imaginés|Imaginées} et {fabriqué|fabriquée|fabriqués|fabriquées} {at_town} ({department}).",
        "Designed and made in {town} ({department}, France).",
    ),
    text(
        "Voici {un} {thing} {stuff}, {pensé|pensée|pensés|pensées} pour durer.",
        "Here {is a piece|are pieces} built to last: our {stuff} {thing}.",
    ),
];

/// Sentences for things that have a colour.
pub const COLOURINGS: &[Text] = &[
    text(
        "{Ce} {thing} {colour} {attire|attirent} le regard sans faire de bruit.",
        "The {colour} finish draws the eye gently.",
    ),
    text("Existe dans d'autres couleurs, sur demande.", "Also made in other colours, on request."),
];

/// What it is good for.
pub const USES: &[Text] = &[
    text("Une belle idée de cadeau pour {occasion}.", "A lovely present for {occasion}."),
    text("À offrir ou à s'offrir.", "To give away or to keep."),
    text(
        "{Il} {fera|feront} plaisir pour {occasion}, comme sans raison particulière.",
        "{It|They} will please for {occasion}, or for no reason at all.",
    ),
    text(
        "Beaucoup de nos clients {le|la|les|les} choisissent pour {occasion}.",
        "Many of our customers choose {it|them} for {occasion}.",
    ),
];

/// How it reaches the buyer.
pub const DELIVERIES: &[Text] = &[
    text(
        "Expédition sous 48 heures, dans un emballage sans plastique.",
        "Sent within 48 hours, in plastic-free packaging.",
    ),
    text(
        "Retrait possible à l'atelier, {at_town}, sur rendez-vous.",
        "Collection from the workshop in {town} is possible by appointment.",
    ),
    text(
        "{Fabriqué|Fabriquée|Fabriqués|Fabriquées} à la commande : comptez une dizaine de jours.",
        "Made to order: please allow about ten days.",
    ),
    text("Envoi soigné et suivi depuis {town}.", "Carefully packed and tracked from {town}."),
];

/// How a description ends.
pub const CLOSINGS: &[Text] = &[
    text("Une question, une envie particulière ? Écrivez-nous.", "A question, a special wish? Write to us."),
    text("Merci de soutenir le fait main !", "Thank you for supporting handmade!"),
    text("Autres modèles visibles dans la boutique.", "More designs in the shop."),
];

/// For things of which there is only one.
pub const ONE_OF_A_KIND: Text = text(
    "Pièce unique : vous recevrez exactement ce que montre la photo.",
    "One of a kind: you receive exactly what you see.",
);

/// Measures in a sentence.
pub const MEASURING: Text = text("Format : {measure}.", "Size: {measure}.");

/// Ages in a sentence.
pub const AGEING: Text = text("Âge conseillé : {measure}.", "Recommended age: {measure}.");

/// What one could give it for.
pub const OCCASIONS: &[Text] = &[
    text("un mariage", "a wedding"),
    text("une naissance", "a birth"),
    text("un anniversaire", "a birthday"),
    text("la fête des mères", "Mother's Day"),
    text("la fête des pères", "Father's Day"),
    text("une pendaison de crémaillère", "a house-warming"),
    text("Noël", "Christmas"),
    text("un départ en retraite", "a retirement"),
];

/// Names of collections.
pub const COLLECTIONS: &[&str] = &[
    "Garrigue",
    "Embruns",
    "Aube",
    "Brume",
    "Solstice",
    "Belle-Île",
    "Mistral",
    "Bruyère",
    "Colette",
    "Lichen",
    "Marée",
    "Nuit d'été",
    "Ondine",
    "Pampa",
    "Rivage",
    "Sous-bois",
    "Tramontane",
    "Verger",
    "Zéphyr",
    "Camargue",
    "Cévennes",
    "Dune",
    "Équinoxe",
    "Flora",
];
