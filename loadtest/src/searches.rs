//! What shoppers search for.

/// What shoppers type, in the languages and with the carelessness of real ones.
pub const SEARCHES: [&str; 24] = [
    "bol",
    "tasse en grès",
    "bougie parfumée",
    "collier",
    "sac en cuir",
    "lampe",
    "savon",
    "bague argent",
    "coussin lin",
    "carnet",
    "doudou",
    "miel",
    "vase",
    "boucles d'oreilles",
    "echarpe laine",
    "panier",
    "affiche",
    "cadeau naissance",
    "theiere",
    "bracelet perles",
    "bowl",
    "linen dress",
    "soy candle",
    "wooden toy",
];

/// The address of a search.
pub fn address(words: &str) -> String {
    let encoded: String = words.bytes().map(encode).collect();
    format!("/search?q={encoded}")
}

fn encode(byte: u8) -> String {
    match byte {
        b' ' => "+".to_owned(),
        byte if byte.is_ascii_alphanumeric() => char::from(byte).to_string(),
        byte => format!("%{byte:02X}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn words_become_an_address() {
        assert_eq!(address("théière d'été"), "/search?q=th%C3%A9i%C3%A8re+d%27%C3%A9t%C3%A9");
    }
}
