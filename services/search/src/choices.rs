//! What the results page offers to choose from, in the visitor's language.

use halles_domain::{Facet, Language};
use halles_pages::search_results::{Choice, ChoiceGroup};
use halles_pages::texts::attribute_name;
use halles_search_index::{PropertyCount, Respect};

use crate::ask::Ask;
use crate::find_listings::Findings;

/// The parameters of an address that stand for what was chosen.
pub(crate) fn chosen(ask: &Ask) -> Vec<(&'static str, String)> {
    let facets = ask.facets.iter().map(|facet| ("facet", facet.to_string()));
    let shops = ask.shops.iter().map(|shop| ("shop", shop.to_string()));
    let language = ask.written_in.map(|language| ("language", language.code().to_owned()));
    let available = ask.is_orderable.then(|| ("available", "true".to_owned()));
    facets.chain(shops).chain(language).chain(available).collect()
}

/// The groups, in the order in which most people look: what it is like, whether it can be had, who makes it.
pub(crate) fn groups(found: &Findings, ask: &Ask, language: Language) -> Vec<ChoiceGroup> {
    let properties = found.facets.properties.iter().map(|property| of_property(property, found, ask, language));
    let others = [availability(found, ask, language), shops(found, ask, language), languages(found, ask, language)];
    properties.chain(others).filter(is_a_choice).collect()
}

/// One thing that all have narrows nothing; what was chosen can always be let go of.
fn is_a_choice(group: &ChoiceGroup) -> bool {
    let is_chosen = group.choices.iter().any(|choice| choice.is_chosen);
    is_chosen || group.choices.len() > 1 || group.parameter == AVAILABLE
}

const AVAILABLE: &str = "available";

fn of_property(property: &PropertyCount, found: &Findings, ask: &Ask, language: Language) -> ChoiceGroup {
    let is_chosen = |facet: &Facet| ask.facets.contains(facet);
    let choices = property.values.iter().map(|value| Choice {
        value: value.facet.to_string(),
        words: value.written.clone(),
        count: value.count,
        is_chosen: is_chosen(&value.facet),
    });
    ChoiceGroup {
        title: attribute_name(language, &property.written),
        parameter: "facet",
        choices: choices.collect(),
        more: property.more,
        without: found.without(&Respect::Property(property.name.clone())),
    }
}

fn availability(found: &Findings, ask: &Ask, language: Language) -> ChoiceGroup {
    let (title, words) = match language {
        Language::Fr => ("Disponibilité", "Disponible maintenant"),
        Language::En => ("Availability", "Available now"),
    };
    let available = Choice {
        value: "true".to_owned(),
        words: words.to_owned(),
        count: found.facets.orderable,
        is_chosen: ask.is_orderable,
    };
    let is_choice = ask.is_orderable || (1..found.total).contains(&found.facets.orderable);
    ChoiceGroup {
        title: title.to_owned(),
        parameter: AVAILABLE,
        choices: is_choice.then_some(available).into_iter().collect(),
        more: 0,
        without: found.without(&Respect::Availability),
    }
}

fn shops(found: &Findings, ask: &Ask, language: Language) -> ChoiceGroup {
    let title = match language {
        Language::Fr => "Boutique",
        Language::En => "Shop",
    };
    let choices = found.shops.iter().map(|(shop, count)| Choice {
        value: shop.slug.to_string(),
        words: shop.name.clone(),
        count: *count,
        is_chosen: ask.shops.contains(&shop.slug),
    });
    ChoiceGroup {
        title: title.to_owned(),
        parameter: "shop",
        choices: choices.collect(),
        more: 0,
        without: found.without(&Respect::Shop),
    }
}

fn languages(found: &Findings, ask: &Ask, language: Language) -> ChoiceGroup {
    let (title, french, english) = match language {
        Language::Fr => ("Langue de l'annonce", "Français", "Anglais"),
        Language::En => ("Written in", "French", "English"),
    };
    let choices = found.facets.languages.iter().map(|(written_in, count)| Choice {
        value: written_in.code().to_owned(),
        words: match written_in {
            Language::Fr => french.to_owned(),
            Language::En => english.to_owned(),
        },
        count: *count,
        is_chosen: ask.written_in == Some(*written_in),
    });
    ChoiceGroup {
        title: title.to_owned(),
        parameter: "language",
        choices: choices.collect(),
        more: 0,
        without: found.without(&Respect::Language),
    }
}
