//! What is drawn: found in the words of the title, else in those of the category.

use halles_domain::Slug;

use super::Seed;

/// A thing that we can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motif {
    Bowl,
    Mug,
    Vase,
    Plate,
    Ring,
    Necklace,
    Earrings,
    Cushion,
    Blanket,
    Bag,
    Purse,
    Candle,
    Soap,
    Rabbit,
    Car,
    Lamp,
    Print,
    Notebook,
    Jumper,
    Hat,
    Jar,
    Wicker,
    Board,
    Wreath,
    Screen,
    Parcel,
}

use Motif::*;

impl Motif {
    /// Every motif.
    #[cfg(test)]
    pub(super) const ALL: [Self; 26] = [
        Bowl, Mug, Vase, Plate, Ring, Necklace, Earrings, Cushion, Blanket, Bag, Purse, Candle, Soap, Rabbit, Car,
        Lamp, Print, Notebook, Jumper, Hat, Jar, Wicker, Board, Wreath, Screen, Parcel,
    ];

    /// The best motif for a title in a category; `slugs` lead from the top of the tree down.
    pub(super) fn choose(title: &str, slugs: &[&str], seed: &mut Seed) -> Self {
        let title = Slug::from_text(title);
        let texts = title.iter().map(Slug::as_str).chain(slugs.iter().rev().copied());
        let mut candidates = texts.filter_map(|text| text.split('-').find_map(|word| drawn_for(word)));
        candidates.next().map_or(Parcel, |motifs| seed.pick(motifs))
    }
}

/// The motifs for a word, if it says what a thing is.
fn drawn_for(word: &str) -> Option<&'static [Motif]> {
    let known = WORDS.iter().find(|(starts, _)| starts.iter().any(|start| word.starts_with(start)));
    known.map(|(_, motifs)| *motifs)
}

/// Beginnings of folded words, French and English, with what may be drawn for them. Earlier lines win, so what a thing
/// is stands before what it is made of.
const WORDS: [(&[&str], &[Motif]); 36] = [
    (&["bougeoir", "bougie", "candle", "fondant", "photophore"], &[Candle]),
    (&["savon", "soap", "shampo", "cosmeti"], &[Soap]),
    (&["mug", "tasse", "cup", "gobelet", "theiere", "teapot", "pichet"], &[Mug]),
    (&["bol", "bowl", "saladier", "ramequin", "coupelle"], &[Bowl]),
    (&["vase", "soliflore", "pot", "planter"], &[Vase]),
    (&["assiette", "plate", "plat", "dish"], &[Plate]),
    (&["bague", "ring", "alliance", "bracelet", "jonc", "bangle"], &[Ring]),
    (&["collier", "necklace", "pendentif", "pendant", "sautoir", "medaill"], &[Necklace]),
    (&["boucle", "earring", "creole", "puce"], &[Earrings]),
    (&["coussin", "cushion", "pillow", "oreiller"], &[Cushion]),
    (
        &[
            "plaid",
            "couverture",
            "blanket",
            "throw",
            "nappe",
            "torchon",
            "serviette",
            "towel",
            "drap",
            "rideau",
            "quilt",
        ],
        &[Blanket],
    ),
    (&["bonnet", "beanie", "chapeau", "hat", "casquette", "beret"], &[Hat]),
    (
        &[
            "pull", "gilet", "jumper", "sweater", "cardigan", "robe", "dress", "chemise", "shirt", "blouse", "tunique",
            "veste", "jacket", "top", "tshirt", "jupe", "kimono", "manteau",
        ],
        &[Jumper],
    ),
    (&["echarpe", "scarf", "snood", "chale", "foulard", "etole"], &[Blanket]),
    (&["portefeuille", "wallet", "porte", "pochette", "purse", "trousse", "etui", "ceinture"], &[Purse]),
    (&["sac", "cabas", "tote", "bag", "besace", "cartable"], &[Bag]),
    (&["lampe", "lamp", "suspension", "abat", "applique", "lustre", "guirlande"], &[Lamp]),
    (&["doudou", "peluche", "lapin", "plush", "soft", "poupee", "doll", "bebe", "ourson"], &[Rabbit]),
    (&["voiture", "car", "camion", "train", "puzzle", "cube", "toupie", "vehicle", "mobile"], &[Car]),
    (&["carnet", "notebook", "cahier", "agenda", "journal", "marque", "livre"], &[Notebook]),
    (
        &[
            "affiche",
            "poster",
            "print",
            "gravure",
            "linogravure",
            "illustration",
            "aquarelle",
            "tableau",
            "cadre",
            "carte",
            "serigraphie",
            "photo",
        ],
        &[Print],
    ),
    (
        &[
            "confiture",
            "miel",
            "honey",
            "jam",
            "chutney",
            "caramel",
            "sel",
            "tisane",
            "pesto",
            "moutarde",
            "huile",
            "sirop",
            "biscuit",
            "chocolat",
            "epice",
        ],
        &[Jar],
    ),
    (&["panier", "corbeille", "osier", "vannerie", "basket", "wicker"], &[Wicker]),
    (&["planche", "board", "cuillere", "spoon", "spatule", "couvert", "tabouret"], &[Board]),
    (&["couronne", "wreath", "fleur", "flower", "bouquet", "macrame", "attrape"], &[Wreath]),
    (
        &["ceram", "poter", "potter", "gres", "porcelain", "faience", "vaisselle", "tableware"],
        &[Bowl, Mug, Vase, Plate],
    ),
    (&["bijou", "jewel"], &[Ring, Necklace, Earrings]),
    (&["textile", "linge", "fabric"], &[Cushion, Blanket]),
    (&["mode", "vetement", "cloth", "fashion", "flipkart"], &[Jumper, Hat]),
    (&["maroquin", "cuir", "leather"], &[Bag, Purse]),
    (&["bois", "wood"], &[Board, Wicker]),
    (&["lumi", "light"], &[Lamp]),
    (&["papet", "papier", "paper", "stationery"], &[Notebook, Print]),
    (&["jouet", "toy", "jeu", "game", "amazon"], &[Rabbit, Car]),
    (&["icecat", "electron", "comput", "laptop", "phone", "smart"], &[Screen]),
    (&["epicerie", "food", "grocer", "openfood", "gourm", "alimen"], &[Jar]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(title: &str, slugs: &[&str]) -> Motif {
        Motif::choose(title, slugs, &mut Seed::new(1))
    }

    #[test]
    fn what_a_thing_is_comes_before_where_it_hangs() {
        assert_eq!(chosen("Grand saladier en grès", &["ceramique"]), Bowl);
        assert_eq!(chosen("Bougie parfumée au miel", &["bougies-savons"]), Candle);
        assert_eq!(chosen("Créoles martelées", &["bijoux"]), Earrings);
        assert_eq!(chosen("Zoé", &["bijoux", "bagues"]), Ring);
    }

    #[test]
    fn the_unknown_comes_in_a_parcel() {
        assert_eq!(chosen("????", &["divers"]), Parcel);
        assert_eq!(chosen("", &[]), Parcel);
    }
}
