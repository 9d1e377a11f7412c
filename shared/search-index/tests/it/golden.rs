//! Golden queries: what shoppers type, in French and in English, and what must come first.

use halles_domain::{CategoryId, Language, Listing, ListingId};
use halles_search_index::{SearchIndex, SearchQuery, Synonyms};

use crate::corpus::{english, index_of, listing, query, search};

/// French listings, numbered from 1.
const FRENCH: [&str; 36] = [
    "T-shirt en coton biologique, taille M",
    "Pull d'hiver en laine, taille L",
    "Boucles d'oreilles en argent",
    "Bague en or rose",
    "Collier de perles d'eau douce",
    "Bol émaillé bleu nuit",
    "Assiettes creuses en grès, lot de 4",
    "Table basse en chêne massif",
    "Lampe de chevet en céramique",
    "Abat-jour en lin naturel",
    "Porte-monnaie en cuir",
    "Sac à main en cuir fauve",
    "Sac à dos d'enfant",
    "Écharpe en cachemire",
    "Chapeau de paille",
    "Chaussures de randonnée T42",
    "Manteaux longs en laine bouillie",
    "Cadre photo 18x24 cm",
    "Tableau à l'huile 60 x 80 cm",
    "Vase soliflore en verre soufflé",
    "Œuvre originale sur papier",
    "Bougie parfumée à la lavande",
    "Coussin 45x45 brodé",
    "Jeu d'échecs en noyer",
    "Puzzle en bois pour bébé",
    "Doudou lapin en coton",
    "Mobile musical pour berceau",
    "Gourde isotherme 500 ml",
    "Théière en fonte 1,5 L",
    "Clé à molette 3/4",
    "Réfrigérateur américain",
    "Housse d'ordinateur portable",
    "Ordinateur portable reconditionné",
    "Étagère murale en métal",
    "Ballon de basket-ball",
    "Bijoux fantaisie : broche hibou",
];

/// English listings, numbered from 101.
const ENGLISH: [&str; 16] = [
    "Men's waterproof hiking boots",
    "Knitted mittens for children",
    "Adjustable monitor stand",
    "LCD monitor 22 in.",
    "Laptop sleeve",
    "Silver earrings with pearls",
    "Stoneware mug 350ml",
    "Christmas tree decorations, set of 12",
    "Leather notebook cover",
    "Fluorescent light bulb",
    "Wireless headset with microphone",
    "Memory card 16 GB",
    "Cast-iron skillet 12 in.",
    "Women's summer dress",
    "Basketball hoop",
    "Wrapping paper, brown",
];

/// What is typed, and which listing must come first.
const QUERIES: [(&str, i64); 113] = [
    // Elision, apostrophes, accents and ligatures.
    ("pull d’hiver", 2),
    ("pull hiver", 2),
    ("l'hiver", 2),
    ("boucle d'oreille", 3),
    ("boucles doreilles argent", 3),
    ("perles d eau douce", 5),
    ("bol emaille", 6),
    ("BOL ÉMAILLÉ", 6),
    ("gres", 7),
    ("chene massif", 8),
    ("céramique", 9),
    ("ceramique lampe", 9),
    ("echarpe", 14),
    ("ÉCHARPE CACHEMIRE", 14),
    ("oeuvre originale", 21),
    ("œuvres originales", 21),
    ("tableau huile", 19),
    ("theiere", 29),
    ("etagere murale", 34),
    ("refrigerateur americain", 31),
    ("REFRIGERATEUR AMERICAIN", 31),
    ("jeu echecs", 24),
    ("jeu d'échec", 24),
    // Plural, singular, gender.
    ("t-shirts", 1),
    ("bagues", 4),
    ("colliers de perle", 5),
    ("bols bleus", 6),
    ("assiette creuse", 7),
    ("tables basses", 8),
    ("lampes de chevet", 9),
    ("chaussure de randonnée", 16),
    ("manteau long", 17),
    ("cadres photos", 18),
    ("tableaux", 19),
    ("vases", 20),
    ("bougies parfumées", 22),
    ("coussins brodés", 23),
    ("jeux d'échecs", 24),
    ("puzzles", 25),
    ("ordinateurs portables reconditionnés", 33),
    ("étagères", 34),
    ("bijou", 36),
    ("mitten", 102),
    ("hiking boot", 101),
    ("mens boots", 101),
    ("decoration christmas", 108),
    ("women dresses", 114),
    ("earring silver", 106),
    // Sizes, measures and numbers.
    ("t-shirt M", 1),
    ("pull taille L", 2),
    ("chaussures T42", 16),
    ("cadre 18x24", 18),
    ("cadre 18 x 24", 18),
    ("tableau 60x80", 19),
    ("tableau 60x80cm", 19),
    ("coussin 45 x 45", 23),
    ("gourde 500ml", 28),
    ("gourde 500 ml", 28),
    ("théière 1,5 l", 29),
    ("théière 1.5l", 29),
    ("clé 3/4", 30),
    ("monitor 22in", 104),
    ("mug 350 ml", 107),
    ("memory card 16gb", 112),
    // Compounds, written apart, together or with a hyphen.
    ("tshirt coton", 1),
    ("t shirt coton", 1),
    ("tee shirt", 1),
    ("abat jour", 10),
    ("abatjour lin", 10),
    ("porte monnaie", 11),
    ("portemonnaie", 11),
    ("basket ball", 35),
    ("ballon basketball", 35),
    ("basket-ball hoop", 115),
    ("cast iron skillet", 113),
    ("head set", 111),
    ("lightbulb", 110),
    // Typos: none in short words, one from five letters, two from nine.
    ("boucle d'oreile", 3),
    ("colier perles", 5),
    ("assiete creuse", 7),
    ("lampe de chevte", 9),
    ("porte-monaie", 11),
    ("écharpe cachemir", 14),
    ("echrape", 14),
    ("chapeua de paille", 15),
    ("randonee", 16),
    ("bougie parfummée", 22),
    ("étagére", 34),
    ("refrigirateur", 31),
    ("réfregirateur", 31),
    ("flourescent bulb", 110),
    ("chirstmas", 108),
    ("headest", 111),
    // An unfinished last word.
    ("bou", 3),
    ("lampe de chev", 9),
    ("ordi", 33),
    ("christm", 108),
    ("sac à do", 13),
    ("wirel", 111),
    // The kind of thing before what it goes with.
    ("monitor", 104),
    ("monitor stand", 103),
    ("ordinateur portable", 33),
    ("housse ordinateur", 32),
    ("sac", 13),
    ("laptop sleeve", 105),
    // Words that carry nothing, or that nothing has.
    ("une bague en or", 4),
    ("un vase pour la maison", 20),
    ("le doudou de bébé lapin", 26),
    ("mobile pour le berceau", 27),
    // Two languages in one query, and synonyms.
    ("mug stoneware tasse", 107),
    ("bol bleu bowl", 6),
    ("casque microphone", 111),
    ("frigo", 31),
];

async fn market() -> (crate::corpus::Place, SearchIndex) {
    let elsewhere = |listing: Listing| Listing { category_id: CategoryId::new(99), ..listing };
    let french = (1..).zip(FRENCH).map(|(id, title)| listing(id, title));
    let english = (101..).zip(ENGLISH).map(|(id, title)| english(id, title));
    let listings: Vec<Listing> = french.chain(english).map(elsewhere).collect();
    index_of(&listings).await
}

fn synonyms() -> Synonyms {
    Synonyms::parse("t-shirt, tee shirt\nfrigo, réfrigérateur\ncasque => headset\nmug, tasse").expect("a good list")
}

#[tokio::test]
async fn golden_queries_find_what_is_meant() {
    let (_place, index) = market().await;
    let synonyms = synonyms();
    let mut wrong = Vec::new();
    for (text, expected) in QUERIES {
        let hits = search(&index, &SearchQuery { synonyms: synonyms.clone(), ..query(text) });
        if hits.ids.first() != Some(&ListingId::new(expected)) {
            wrong.push(format!("{text:?} should find {expected} first, not {:?}", hits.ids));
        }
    }
    assert!(wrong.is_empty(), "{} of {}:\n{}", wrong.len(), QUERIES.len(), wrong.join("\n"));
}

#[tokio::test]
async fn short_words_and_codes_have_no_typos() {
    let (_place, index) = market().await;
    for text in ["bo1", "vaze", "T43", "3/5"] {
        assert_eq!(search(&index, &query(text)).ids, [], "{text:?}");
    }
}

#[tokio::test]
async fn what_was_probably_meant_is_said() {
    let (_place, index) = market().await;
    let correction = |text: &str| search(&index, &query(text)).correction;
    assert_eq!(correction("assiete en grès").as_deref(), Some("assiettes en grès"));
    assert_eq!(correction("ballonbasketball").as_deref(), Some("ballon basketball"));
    assert_eq!(correction("assiettes en grès"), None);
    assert_eq!(correction("licorne"), None);
}

#[tokio::test]
async fn an_exact_word_stands_before_a_guess() {
    let french = |id, title| Listing { language: Language::Fr, ..listing(id, title) };
    let (_place, index) =
        index_of(&[french(1, "Carafes"), french(2, "Carafe"), french(3, "Girafe en bois"), french(4, "Carafon")]).await;
    let ids: Vec<i64> = search(&index, &query("caraf")).ids.into_iter().map(ListingId::get).collect();
    assert_eq!(ids.first(), Some(&2), "{ids:?}");
    assert!(!ids.contains(&3), "two typos are too many for five letters: {ids:?}");
}
