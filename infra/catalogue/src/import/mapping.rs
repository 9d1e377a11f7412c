//! How a source's fields become ours: the mapping files.

use std::collections::BTreeMap;
use std::path::Path;

use halles_domain::{Currency, Language};
use regex::Regex;
use serde::{Deserialize, Deserializer};

use super::ImportError;

/// The mappings that come with the importer, by name. The name of a source's directory chooses one by itself.
const BUNDLED: [(&str, &str); 6] = [
    ("amazon-toys-uk", include_str!("../../mappings/amazon-toys-uk.toml")),
    ("chorus-icecat", include_str!("../../mappings/chorus-icecat.toml")),
    ("flipkart-listings", include_str!("../../mappings/flipkart-listings.toml")),
    ("fr-openfoodfacts", include_str!("../../mappings/fr-openfoodfacts.toml")),
    ("plain", include_str!("../../mappings/plain.toml")),
    ("uci-online-retail", include_str!("../../mappings/uci-online-retail.toml")),
];

/// A source's fields and what they are to us.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The source's name; it stands in addresses of its categories and shops.
    pub source: Option<String>,
    /// The catalogue file in the source's directory.
    pub file: Option<String>,
    /// The shop of listings that name no seller.
    pub shop: String,
    /// The language of the texts.
    pub language: Language,
    /// The currency of the prices.
    #[serde(default)]
    pub currency: Currency,
    /// The stock of listings that do not tell.
    pub default_stock: u32,
    /// Which field is what.
    pub fields: Fields,
    /// How attributes are named.
    #[serde(default)]
    pub attributes: AttributeRules,
    /// How texts are written.
    #[serde(default)]
    pub text: TextRules,
    /// How categories are found.
    pub category: CategoryRules,
    /// Rows that fit none of these are left out; without any rule all stay.
    #[serde(default)]
    pub keep: Vec<RowRule>,
    /// Rows that fit one of these are left out.
    #[serde(default)]
    pub drop: Vec<RowRule>,
    /// Several rows that make one listing.
    pub group: Option<GroupRules>,
}

/// Names of a source's field, a dot between levels; the first one present counts.
#[derive(Debug, Clone, Default)]
pub struct Names(pub Vec<String>);

/// Which of the source's fields is what.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Fields {
    /// The listing's name at the source.
    #[serde(rename = "ref")]
    pub reference: Names,
    /// Its headline.
    pub title: Names,
    /// Its text.
    pub description: Names,
    /// Who sells or makes it.
    pub seller: Names,
    /// Its category path: a list, or a text with separators.
    pub category: Names,
    /// Its price, as a decimal number.
    pub price: Names,
    /// Its price, in cents.
    pub price_cents: Names,
    /// How many there are: a number, or a text that begins with one.
    pub stock: Names,
    /// Its photos: an address or a list of them; all the fields count.
    pub images: Names,
    /// Its attributes: an object.
    pub attributes: Names,
}

/// How attributes are named.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct AttributeRules {
    /// Beginnings that are cut off names.
    pub strip_prefixes: Vec<String>,
    /// Attributes that are fields of their own at the source: our name and theirs.
    pub named: BTreeMap<String, String>,
}

/// How texts are written.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct TextRules {
    /// Titles get a capital at their beginning.
    pub capitalise: bool,
    /// Titles are put in lower case first.
    pub sentence_case: bool,
}

/// How categories are found.
#[derive(Debug, Clone, Default, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CategoryRules {
    /// The French name of the source's own category, above all others; the source's name without.
    pub name_fr: Option<String>,
    /// The English name of it.
    pub name_en: Option<String>,
    /// What separates the levels of a path that is a text.
    pub separator: Option<String>,
    /// How many levels of a path are kept; none without.
    pub max_depth: usize,
    /// The first levels that are taken for real; any without.
    pub tops: Vec<String>,
    /// Categories by words of the title, for listings without a path.
    pub rules: Vec<TitleRule>,
}

/// A category for listings whose title has one of some words.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct TitleRule {
    /// The words, in lower case.
    pub words: Vec<String>,
    /// The category's name in addresses, below the source's.
    pub slug: String,
    /// Its French name.
    pub name_fr: String,
    /// Its English name.
    pub name_en: String,
}

/// A test of a field.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RowRule {
    /// The source's field.
    pub field: String,
    /// What its text, blanks around it cut off, must look like.
    #[serde(deserialize_with = "pattern")]
    pub matches: Regex,
}

/// How several rows make one listing.
#[derive(Debug, Clone, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct GroupRules {
    /// The source's field that rows of one listing share.
    pub by: String,
    /// Which of their titles counts.
    pub title: GroupTitle,
    /// Which of their prices counts.
    pub price: GroupPrice,
}

/// Which title of several rows counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupTitle {
    /// The one that occurs most often, the earliest of them on a tie.
    MostFrequent,
}

/// Which price of several rows counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum GroupPrice {
    /// The last one above zero.
    LastPositive,
}

impl Mapping {
    /// The mapping that comes with the importer under this name.
    pub fn bundled(name: &str) -> Option<Self> {
        let (_, text) = BUNDLED.iter().find(|(known, _)| *known == name)?;
        Some(toml::from_str(text).expect("bundled mappings are well-formed, as a test makes sure"))
    }

    /// The names of the mappings that come with the importer.
    pub fn bundled_names() -> impl Iterator<Item = &'static str> {
        BUNDLED.iter().map(|(name, _)| *name)
    }

    /// The mapping in a file.
    pub fn from_file(path: &Path) -> Result<Self, ImportError> {
        let text = std::fs::read_to_string(path).map_err(|error| ImportError::open(path, error))?;
        toml::from_str(&text).map_err(|error| ImportError::Mapping(format!("{}: {error}", path.display())))
    }
}

impl Fields {
    /// The names of one of our fields, to be set by hand.
    pub fn by_name(&mut self, ours: &str) -> Option<&mut Names> {
        Some(match ours {
            "ref" => &mut self.reference,
            "title" => &mut self.title,
            "description" => &mut self.description,
            "seller" => &mut self.seller,
            "category" => &mut self.category,
            "price" => &mut self.price,
            "price_cents" => &mut self.price_cents,
            "stock" => &mut self.stock,
            "images" => &mut self.images,
            "attributes" => &mut self.attributes,
            _ => return None,
        })
    }
}

impl<'de> Deserialize<'de> for Names {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        #[derive(Deserialize)]
        #[serde(untagged)]
        enum OneOrMany {
            One(String),
            Many(Vec<String>),
        }
        Ok(Self(match OneOrMany::deserialize(deserializer)? {
            OneOrMany::One(name) => vec![name],
            OneOrMany::Many(names) => names,
        }))
    }
}

fn pattern<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Regex, D::Error> {
    Regex::new(&String::deserialize(deserializer)?).map_err(serde::de::Error::custom)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_bundled_mapping_is_well_formed() {
        for (name, text) in BUNDLED {
            let mapping: Mapping = toml::from_str(text).unwrap_or_else(|error| panic!("{name}: {error}"));
            assert!(!mapping.fields.reference.0.is_empty() && !mapping.fields.title.0.is_empty(), "{name}");
            for rule in &mapping.category.rules {
                assert!(rule.words.iter().all(|word| *word == word.to_lowercase()), "{name}: {:?}", rule.words);
                assert!(rule.slug.parse::<halles_domain::Slug>().is_ok(), "{name}: {}", rule.slug);
            }
        }
    }

    #[test]
    fn an_unknown_key_is_an_error() {
        let text = "shop = 'x'\nlanguage = 'fr'\ndefault_stock = 1\ncolour = 'red'\n[fields]\n[category]\n";
        assert!(toml::from_str::<Mapping>(text).is_err());
    }
}
