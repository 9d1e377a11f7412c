//! Which properties are worth choosing by, and which of their values.
//!
//! A property is offered when enough of the listings have it and its commonest values hold a good part of them: "colour"
//! is a choice, "dimensions" with a value for each listing is none. What everybody looks for comes first.

use std::cmp::Reverse;
use std::collections::HashMap;

use halles_domain::{Facet, known_attribute};

use super::SearchQuery;
use super::collecting::Collected;
use super::facet_numbers::{FacetNumbers, Numbers, Spelling};
use super::facets::FacetsWanted;
use super::tally::Tally;

/// A property, with how many listings have which of its values.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct PropertyCount {
    /// Its name, folded; the English one of a known property.
    pub name: String,
    /// Its name as most of these listings write it.
    pub written: String,
    /// Its values, the commonest first.
    pub values: Vec<ValueCount>,
    /// How many of its values are not among them.
    pub more: usize,
}

/// A value of a property.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct ValueCount {
    /// The property and the value.
    pub facet: Facet,
    /// The value as most of these listings write it.
    pub written: String,
    /// How many listings it would find.
    pub count: u64,
}

/// A property is offered when one listing in so many has it.
const HAS_IT: u64 = 20;
/// And when those of its values that fit hold one in so many of these.
const IS_HELD: u64 = 5;
/// And when there are so many values to choose from.
const A_CHOICE: usize = 2;

/// Counts properties, and chooses the useful ones.
pub(super) fn count_properties(
    collected: &Collected,
    query: &SearchQuery,
    wanted: &FacetsWanted,
    numbers: &FacetNumbers,
) -> Vec<PropertyCount> {
    if wanted.properties == 0 {
        return Vec::new();
    }
    let mut spellings = Tally::default();
    for tally in &collected.tallies {
        let of_places = numbers.of_segment(tally.segment);
        for (place, count) in tally.facets.counted() {
            if let Some(spelling) = usize::try_from(place).ok().and_then(|place| of_places.get(place)) {
                spellings.add_many(u64::from(*spelling), count);
            }
        }
    }
    let chosen = &query.narrowing.facets;
    let numbers = numbers.read();
    let mut properties = by_property(&spellings, &numbers);
    let is_chosen = |property: &Property<'_>| chosen.iter().any(|facet| facet.name() == property.name);
    properties.retain(|property| is_chosen(property) || property.held.saturating_mul(HAS_IT) >= collected.total);
    properties.sort_by_cached_key(|property| {
        let rank = known_attribute(property.name).map_or(usize::MAX, |known| known.rank);
        (rank, Reverse(property.held), property.name)
    });
    let mut offered = Vec::new();
    let mut left = wanted.properties;
    for property in properties {
        let is_chosen = is_chosen(&property);
        if left == 0 && !is_chosen {
            continue;
        }
        let counted = property.count_values(wanted.values, chosen);
        if is_chosen || property.is_useful(&counted) {
            left = left.saturating_sub(usize::from(!is_chosen));
            offered.push(counted);
        }
    }
    offered.extend(chosen_but_unseen(chosen, &offered));
    offered
}

/// A property while it is counted.
struct Property<'a> {
    name: &'a str,
    /// In how many listings it was seen.
    held: u64,
    /// Its spellings, and how often each was seen.
    spellings: Vec<(Spelling, u32)>,
    numbers: &'a Numbers,
}

fn by_property<'a>(spellings: &Tally, numbers: &'a Numbers) -> Vec<Property<'a>> {
    let mut properties: Vec<Option<Property<'a>>> = Vec::new();
    properties.resize_with(numbers.properties(), || None);
    for (number, count) in spellings.counted() {
        let Ok(number) = Spelling::try_from(number) else { continue };
        let Some(spelled) = numbers.spelled(number) else { continue };
        let Some(place) = properties.get_mut(spelled.property as usize) else { continue };
        if place.is_none() {
            let Some(term) = spelled.term() else { continue };
            *place = Some(Property { name: term.name, held: 0, spellings: Vec::new(), numbers });
        }
        if let Some(property) = place {
            property.held += u64::from(count);
            property.spellings.push((number, count));
        }
    }
    properties.into_iter().flatten().collect()
}

impl Property<'_> {
    fn count_values(&self, most: usize, chosen: &[Facet]) -> PropertyCount {
        let mut values: HashMap<u32, Value<'_>> = HashMap::new();
        let mut names: HashMap<&str, u64> = HashMap::new();
        for (number, count) in &self.spellings {
            let Some(spelled) = self.numbers.spelled(*number) else { continue };
            let Some(term) = spelled.term() else { continue };
            *names.entry(term.written_name).or_default() += u64::from(*count);
            values.entry(spelled.value).or_insert_with(|| Value::of(term.value)).add(term.written_value, *count);
        }
        let all = values.len();
        let mut counted: Vec<Value<'_>> = values.into_values().collect();
        counted.sort_unstable_by_key(|value| (Reverse(value.count), value.folded));
        let mut shown = Vec::with_capacity(most.min(all));
        let ours = || chosen.iter().filter(|facet| facet.name() == self.name);
        for (place, value) in counted.into_iter().enumerate() {
            if place < most || ours().any(|facet| facet.value() == value.folded) {
                shown.extend(value.to_count(self.name));
            }
        }
        let more = all.saturating_sub(shown.len());
        let unseen: Vec<ValueCount> = ours().filter_map(|facet| unseen(facet, &shown)).collect();
        shown.extend(unseen);
        let written = names.into_iter().max_by_key(|(name, count)| (*count, Reverse(*name)));
        let written = written.map_or(self.name, |(name, _)| name).to_owned();
        PropertyCount { name: self.name.to_owned(), written, values: shown, more }
    }

    fn is_useful(&self, counted: &PropertyCount) -> bool {
        let held: u64 = counted.values.iter().map(|value| value.count).sum();
        counted.values.len() >= A_CHOICE && held.saturating_mul(IS_HELD) >= self.held
    }
}

/// A value while it is counted.
struct Value<'a> {
    folded: &'a str,
    count: u64,
    /// Its commonest spelling, and how often that was seen. Of equally common ones it is whatever comes first in the
    /// alphabet, so that all instances say the same.
    written: (u32, Reverse<&'a str>),
}

impl<'a> Value<'a> {
    const fn of(folded: &'a str) -> Self {
        Self { folded, count: 0, written: (0, Reverse(folded)) }
    }

    fn add(&mut self, spelling: &'a str, count: u32) {
        self.count += u64::from(count);
        self.written = self.written.max((count, Reverse(spelling)));
    }

    fn to_count(&self, property: &str) -> Option<ValueCount> {
        let (_, Reverse(written)) = self.written;
        let facet = Facet::of(property, self.folded)?;
        Some(ValueCount { facet, written: written.to_owned(), count: self.count })
    }
}

/// A value that was chosen stays in sight even when no listing has it, so that it can be let go of.
fn unseen(facet: &Facet, seen: &[ValueCount]) -> Option<ValueCount> {
    let is_seen = seen.iter().any(|value| value.facet == *facet);
    (!is_seen).then(|| ValueCount { facet: facet.clone(), written: facet.value().to_owned(), count: 0 })
}

fn chosen_but_unseen(chosen: &[Facet], offered: &[PropertyCount]) -> Vec<PropertyCount> {
    let mut missing: Vec<PropertyCount> = Vec::new();
    for facet in chosen {
        if offered.iter().any(|property| property.name == facet.name()) {
            continue;
        }
        let value = ValueCount { facet: facet.clone(), written: facet.value().to_owned(), count: 0 };
        match missing.iter_mut().find(|property| property.name == facet.name()) {
            Some(property) => property.values.push(value),
            None => missing.push(PropertyCount {
                name: facet.name().to_owned(),
                written: facet.name().to_owned(),
                values: vec![value],
                more: 0,
            }),
        }
    }
    missing
}
