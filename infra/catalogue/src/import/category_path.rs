//! Where an imported listing hangs: below its source's own top category, in as many levels as the mapping keeps.

use halles_domain::Slug;
use halles_store::bulk::NewCategory;
use serde_json::Value;

use super::mapping::{CategoryRules, Mapping};
use super::record::{Record, text};
use super::slugs::{joined_slug, tidy};

/// Imported sources stand behind the house's own categories.
const TOP_POSITION: i32 = 1_000;
/// Names that stand in menus must be short.
const MAX_NAME_CHARS: usize = 80;

/// The source's own category, above all its others.
pub fn top(source: &Slug, rules: &CategoryRules) -> NewCategory {
    let name = |name: &Option<String>| name.clone().unwrap_or_else(|| capitalised(source.as_str()));
    NewCategory {
        slug: source.clone(),
        parent: None,
        name_fr: name(&rules.name_fr),
        name_en: name(&rules.name_en),
        position: TOP_POSITION,
    }
}

/// The categories from below the top down to the listing's own; none when it hangs in the top itself.
pub fn below_top(source: &Slug, mapping: &Mapping, record: &Record, title: &str) -> Vec<NewCategory> {
    let rules = &mapping.category;
    let names = record.first(&mapping.fields.category).map(|path| levels(path, rules)).unwrap_or_default();
    let path = from_names(source, rules, names, title);
    if path.is_empty() { by_title(source, rules, title) } else { path }
}

fn levels(path: &Value, rules: &CategoryRules) -> Vec<String> {
    match path {
        Value::Array(levels) => levels.iter().map(|level| tidy(&text(level))).collect(),
        other => match &rules.separator {
            Some(separator) => text(other).split(separator.as_str()).map(tidy).collect(),
            None => vec![tidy(&text(other))],
        },
    }
}

fn from_names(source: &Slug, rules: &CategoryRules, names: Vec<String>, title: &str) -> Vec<NewCategory> {
    let known = names.first().is_some_and(|first| rules.tops.is_empty() || rules.tops.contains(first));
    if !known {
        return Vec::new();
    }
    let mut path: Vec<NewCategory> = Vec::new();
    for name in names.into_iter().take(rules.max_depth) {
        // Some sources end a path with the title, cut or not: that is no category.
        if name.is_empty() || name.ends_with("...") || name == title || name.chars().count() > MAX_NAME_CHARS {
            break;
        }
        let above = path.last().map_or(source, |category| &category.slug).clone();
        let Some(slug) = joined_slug(&above, &name) else { break };
        let name = capitalised(&name);
        path.push(NewCategory { slug, parent: Some(above), name_fr: name.clone(), name_en: name, position: 0 });
    }
    path
}

fn by_title(source: &Slug, rules: &CategoryRules, title: &str) -> Vec<NewCategory> {
    if rules.rules.is_empty() {
        return Vec::new();
    }
    // Whole words only: "ring" is not in "string". Blanks on both sides make the ends like the middle.
    let letters = |letter: char| if letter.is_alphanumeric() || "-'".contains(letter) { letter } else { ' ' };
    let title = format!(" {} ", title.to_lowercase().chars().map(letters).collect::<String>());
    let fits = |word: &String| {
        title
            .match_indices(word.as_str())
            .any(|(start, _)| title[..start].ends_with(' ') && title[start + word.len()..].starts_with([' ', 's']))
    };
    let rule = (1..).zip(&rules.rules).find(|(_, rule)| rule.words.iter().any(fits));
    rule.and_then(|(position, rule)| {
        Some(NewCategory {
            slug: joined_slug(source, &rule.slug)?,
            parent: Some(source.clone()),
            name_fr: rule.name_fr.clone(),
            name_en: rule.name_en.clone(),
            position,
        })
    })
    .into_iter()
    .collect()
}

fn capitalised(text: &str) -> String {
    let mut letters = text.chars();
    letters.next().map_or_else(String::new, |first| first.to_uppercase().chain(letters).collect())
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn slugs(mapping: &Mapping, category: &Value, title: &str) -> Vec<String> {
        let source: Slug = "toys".parse().expect("a slug");
        let fields = json!({"category_path": category}).as_object().expect("an object").clone();
        let path = below_top(&source, mapping, &Record { line: 1, fields }, title);
        path.into_iter().map(|category| String::from(category.slug)).collect()
    }

    #[test]
    fn a_path_hangs_below_its_source_and_stops_where_the_mapping_says() {
        let mapping = Mapping::bundled("amazon-toys-uk").expect("bundled");
        assert_eq!(
            slugs(&mapping, &json!(["Hobbies", "Model Trains", "Trains"]), "x"),
            ["toys-hobbies", "toys-hobbies-model-trains"]
        );
        assert!(slugs(&mapping, &json!([]), "x").is_empty());
        assert!(slugs(&mapping, &json!(["A title cut sho..."]), "x").is_empty());
    }

    #[test]
    fn first_levels_that_are_no_departments_do_not_count() {
        let mapping = Mapping::bundled("flipkart-listings").expect("bundled");
        assert!(slugs(&mapping, &json!(["Olvin Aviator Sunglasses"]), "x").is_empty());
        assert_eq!(slugs(&mapping, &json!(["Watches", "Fossil A"]), "Fossil A"), ["toys-watches"]);
    }

    #[test]
    fn whole_words_of_the_title_choose_where_there_is_no_path() {
        let mapping = Mapping::bundled("uci-online-retail").expect("bundled");
        assert_eq!(slugs(&mapping, &json!(null), "Set of 6 tea towels"), ["toys-table-cuisine"]);
        assert_eq!(slugs(&mapping, &json!(null), "String of pearls").len(), 0, "a ring is not in a string");
    }
}
