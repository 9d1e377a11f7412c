//! What is drawn: found in the words of the title, else in those of the category.

use halles_domain::{Language, Slug};

use super::Seed;

/// A thing that we can draw.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Motif {
    Bag,
    Belt,
    Blanket,
    Board,
    Bottle,
    Bowl,
    Box,
    Brooch,
    Candle,
    Car,
    Card,
    Cubes,
    Cushion,
    Dress,
    Earrings,
    Garland,
    Hat,
    Jar,
    Jumper,
    Lamp,
    Mirror,
    Mug,
    Necklace,
    Notebook,
    Parcel,
    PendantLamp,
    Plate,
    Print,
    Purse,
    Rabbit,
    Ring,
    Rug,
    Screen,
    Shoes,
    Soap,
    Stool,
    Teapot,
    Vase,
    Wicker,
    Wreath,
}

use Motif::*;

impl Motif {
    /// Every motif.
    #[cfg(test)]
    pub(super) const ALL: [Self; 40] = [
        Bag,
        Belt,
        Blanket,
        Board,
        Bottle,
        Bowl,
        Box,
        Brooch,
        Candle,
        Car,
        Card,
        Cubes,
        Cushion,
        Dress,
        Earrings,
        Garland,
        Hat,
        Jar,
        Jumper,
        Lamp,
        Mirror,
        Mug,
        Necklace,
        Notebook,
        Parcel,
        PendantLamp,
        Plate,
        Print,
        Purse,
        Rabbit,
        Ring,
        Rug,
        Screen,
        Shoes,
        Soap,
        Stool,
        Teapot,
        Vase,
        Wicker,
        Wreath,
    ];

    /// The best motif for a title in a category; `slugs` lead from the top of the tree down.
    pub(super) fn choose(title: &str, language: Language, slugs: &[&str], seed: &mut Seed) -> Self {
        let of_title = || {
            let title = Slug::from_text(title)?;
            let mut words = title.as_str().split('-');
            // French names the thing first ("bol bleu en grès"), English last ("blue stoneware bowl").
            match language {
                Language::Fr => words.find_map(|word| drawn_for(&THINGS, word)),
                Language::En => words.rev().find_map(|word| drawn_for(&THINGS, word)),
            }
        };
        let of_category = || {
            let mut words = slugs.iter().rev().flat_map(|slug| slug.split('-'));
            words.find_map(|word| drawn_for(&THINGS, word).or_else(|| drawn_for(&TRADES, word)))
        };
        let motifs = match of_category() {
            // A "notebook" among computers is not made of paper.
            Some([Screen]) => Some(&[Screen] as &[Self]),
            category => of_title().or(category),
        };
        motifs.map_or(Parcel, |motifs| seed.pick(motifs))
    }
}

type Words = (&'static [&'static str], &'static [Motif]);

/// The motifs for a word, in the singular or the plural.
fn drawn_for(table: &'static [Words], word: &str) -> Option<&'static [Motif]> {
    let singular = word.strip_suffix(['s', 'x']).unwrap_or(word);
    let known = table.iter().find(|(words, _)| words.contains(&word) || words.contains(&singular));
    known.map(|(_, motifs)| *motifs)
}

/// What things are called, folded to plain letters, in French and English.
const THINGS: [Words; 40] = [
    (
        &["bougie", "bougeoir", "candle", "candlestick", "fondant", "photophore", "lanterne", "lantern", "tealight"],
        &[Candle],
    ),
    (&["savon", "soap", "shampoing", "shampoo", "galet", "deodorant", "dentifrice"], &[Soap]),
    (&["mug", "tasse", "cup", "gobelet", "tumbler"], &[Mug]),
    (&["theiere", "teapot", "pichet", "jug", "carafe", "cafetiere", "pitcher"], &[Teapot]),
    (&["bol", "bowl", "saladier", "ramequin", "coupelle", "mortier", "mortar"], &[Bowl]),
    (&["vase", "soliflore", "pot", "planter", "jardiniere", "amphore"], &[Vase]),
    (&["assiette", "plate", "plat", "dish", "platter", "plateau", "tray"], &[Plate]),
    (&["bague", "ring", "alliance", "bracelet", "jonc", "bangle", "anneau", "manchette", "cuff"], &[Ring]),
    (&["collier", "necklace", "pendentif", "pendant", "sautoir", "medaillon", "chaine", "locket"], &[Necklace]),
    (&["boucle", "earring", "creole", "puce", "stud", "hoop"], &[Earrings]),
    (&["broche", "brooch", "pin", "epingle"], &[Brooch]),
    (&["coussin", "cushion", "pillow", "oreiller", "housse"], &[Cushion]),
    (
        &[
            "plaid",
            "couverture",
            "blanket",
            "throw",
            "nappe",
            "tablecloth",
            "torchon",
            "serviette",
            "towel",
            "napkin",
            "drap",
            "rideau",
            "curtain",
            "quilt",
            "edredon",
            "jete",
            "voilage",
            "store",
            "essuie",
            "echarpe",
            "scarf",
            "snood",
            "chale",
            "foulard",
            "etole",
        ],
        &[Blanket],
    ),
    (&["tapis", "rug", "descente", "mat"], &[Rug]),
    (&["bonnet", "beanie", "chapeau", "hat", "casquette", "beret"], &[Hat]),
    (
        &[
            "pull",
            "gilet",
            "jumper",
            "sweater",
            "cardigan",
            "chemise",
            "shirt",
            "blouse",
            "veste",
            "jacket",
            "tshirt",
            "manteau",
            "coat",
            "poncho",
            "tricot",
            "mariniere",
        ],
        &[Jumper],
    ),
    (&["robe", "dress", "jupe", "skirt", "tunique", "tunic", "kimono", "tablier", "apron"], &[Dress]),
    (
        &["portefeuille", "wallet", "pochette", "purse", "trousse", "etui", "case", "clutch", "porte", "cardholder"],
        &[Purse],
    ),
    (&["ceinture", "belt", "bretelle", "braces"], &[Belt]),
    (
        &[
            "chaussure",
            "shoe",
            "chausson",
            "slipper",
            "sabot",
            "clog",
            "mocassin",
            "sandale",
            "sandal",
            "boot",
            "moccasin",
        ],
        &[Shoes],
    ),
    (&["sac", "cabas", "tote", "bag", "besace", "cartable", "satchel", "backpack"], &[Bag]),
    (&["lampe", "lamp", "liseuse", "veilleuse", "nightlight"], &[Lamp]),
    (&["suspension", "lustre", "chandelier", "abat", "lampshade", "plafonnier"], &[PendantLamp]),
    (&["applique", "sconce"], &[Lamp]),
    (&["guirlande", "garland", "bunting", "fanion", "lights"], &[Garland]),
    (
        &["doudou", "peluche", "lapin", "rabbit", "plush", "poupee", "doll", "ourson", "bear", "comforter", "bavoir"],
        &[Rabbit],
    ),
    (&["voiture", "car", "camion", "lorry", "train", "tracteur", "tractor"], &[Car]),
    (
        &[
            "cube", "puzzle", "domino", "toupie", "hochet", "rattle", "jeu", "game", "blocks", "quilles", "memory",
            "tour",
        ],
        &[Cubes],
    ),
    (
        &[
            "carnet",
            "notebook",
            "cahier",
            "agenda",
            "diary",
            "bloc",
            "album",
            "livre",
            "book",
            "semainier",
            "planner",
            "marque",
            "bookmark",
            "calendrier",
            "calendar",
        ],
        &[Notebook],
    ),
    (
        &[
            "affiche",
            "poster",
            "print",
            "gravure",
            "linogravure",
            "linocut",
            "illustration",
            "aquarelle",
            "watercolour",
            "tableau",
            "cadre",
            "frame",
            "serigraphie",
            "screenprint",
            "calligraphie",
        ],
        &[Print],
    ),
    (
        &["carte", "card", "enveloppe", "envelope", "faire", "invitation", "etiquette", "label", "tag", "papier"],
        &[Card],
    ),
    (
        &[
            "confiture",
            "jam",
            "miel",
            "honey",
            "chutney",
            "gelee",
            "caviar",
            "tapenade",
            "rillettes",
            "terrine",
            "pate",
            "tartinade",
            "moutarde",
            "mustard",
            "sel",
            "salt",
            "confit",
            "caramel",
            "jar",
            "tartare",
            "creme",
            "balm",
            "baume",
        ],
        &[Jar],
    ),
    (
        &[
            "huile",
            "oil",
            "vinaigre",
            "vinegar",
            "sirop",
            "syrup",
            "brume",
            "mist",
            "diffuseur",
            "diffuser",
            "parfum",
            "bottle",
            "flacon",
            "spray",
        ],
        &[Bottle],
    ),
    (&["biscuit", "sable", "shortbread", "galette", "nougat", "navette", "cookie", "chocolat", "chocolate"], &[Box]),
    (&["panier", "corbeille", "basket", "hamper"], &[Wicker]),
    (&["planche", "board", "cuillere", "spoon", "spatule", "spatula", "rouleau", "fourchette"], &[Board]),
    (&["tabouret", "stool", "banc", "bench", "etagere", "shelf", "table", "chaise", "chair"], &[Stool]),
    (&["boite", "box", "coffret", "rangement", "casier", "crate", "caisse"], &[Box]),
    (&["miroir", "mirror"], &[Mirror]),
    (&["couronne", "wreath", "fleur", "flower", "bouquet", "macrame", "attrape"], &[Wreath]),
];

/// What categories are called that hold many kinds of things.
const TRADES: [Words; 19] = [
    (&["ceramique", "vaisselle", "poterie", "pottery", "ceramic", "tableware"], &[Bowl, Mug, Vase, Plate, Teapot]),
    (&["bijou", "jewellery", "jewelry"], &[Ring, Necklace, Earrings]),
    (&["textile", "linge", "linen"], &[Cushion, Blanket]),
    (&["mode", "vetement", "clothing", "fashion"], &[Jumper, Dress, Hat]),
    (&["haut"], &[Jumper]),
    (&["maroquinerie", "cuir", "leather"], &[Bag, Purse]),
    (&["bois", "wood", "ustensile"], &[Board]),
    (&["mobilier", "furniture"], &[Stool]),
    (&["vannerie", "osier"], &[Wicker]),
    (&["luminaire", "lighting"], &[Lamp, PendantLamp]),
    (&["soin", "cosmetique"], &[Soap]),
    (&["papeterie", "stationery", "emballage"], &[Notebook, Card]),
    (&["jouet", "toy", "eveil"], &[Rabbit, Car, Cubes]),
    (&["chambre", "enfant"], &[Rabbit]),
    (&["epicerie", "food", "openfoodfacts", "epice"], &[Jar]),
    (&["decoration", "sculpture"], &[Vase, Wreath]),
    (&["mural"], &[Print]),
    (&["fete"], &[Garland]),
    (&["portable", "ecran", "laptop", "computer", "ordinateur"], &[Screen]),
];

#[cfg(test)]
mod tests {
    use super::*;

    fn chosen(title: &str, language: Language, slugs: &[&str]) -> Motif {
        Motif::choose(title, language, slugs, &mut Seed::new(1))
    }

    #[test]
    fn what_a_thing_is_comes_before_where_it_hangs() {
        assert_eq!(chosen("Grand saladier en grès", Language::Fr, &["ceramique"]), Bowl);
        assert_eq!(chosen("Bougie parfumée au miel", Language::Fr, &["bougies-savons"]), Candle);
        assert_eq!(chosen("Créoles martelées", Language::Fr, &["bijoux"]), Earrings);
        assert_eq!(chosen("Zoé", Language::Fr, &["bijoux", "bagues"]), Ring);
        assert_eq!(chosen("Cup-shaped honey jar", Language::En, &["jouets"]), Jar);
    }

    #[test]
    fn a_word_is_not_taken_for_its_beginning() {
        assert_eq!(chosen("Carte postale", Language::Fr, &[]), Card);
        assert_eq!(chosen("Carnet relié", Language::Fr, &[]), Notebook);
        assert_eq!(chosen("15 inch Notebook", Language::En, &["icecat", "icecat-portables"]), Screen);
    }

    #[test]
    fn the_unknown_comes_in_a_parcel() {
        assert_eq!(chosen("????", Language::Fr, &["divers"]), Parcel);
        assert_eq!(chosen("", Language::En, &[]), Parcel);
    }

    #[test]
    fn every_word_is_folded_and_stands_in_one_place() {
        let mut words: Vec<&str> = THINGS.iter().chain(&TRADES).flat_map(|(words, _)| *words).copied().collect();
        assert!(words.iter().all(|word| word.bytes().all(|byte| byte.is_ascii_lowercase())));
        let count = words.len();
        words.sort_unstable();
        words.dedup();
        assert_eq!(words.len(), count);
    }
}
