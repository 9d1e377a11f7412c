//! Several rows that make one listing, as when a source knows only what was sold.
//!
//! What is remembered grows with the number of listings, not with the number of rows.

use std::collections::HashMap;

use serde_json::{Map, Value};

use super::mapping::{GroupPrice, GroupTitle, Mapping};
use super::record::{Record, text};
use super::slugs::tidy;

/// The groups that were seen so far.
#[derive(Debug)]
pub struct Groups<'a> {
    mapping: &'a Mapping,
    by_key: HashMap<String, Group>,
}

#[derive(Debug)]
struct Group {
    line: u64,
    /// How often each title occurred, and in which order they came.
    titles: Vec<(String, u64)>,
    price: Option<Value>,
    fields: Map<String, Value>,
}

/// The most titles that one listing is remembered by; real ones have a handful.
const MAX_TITLES: usize = 32;
/// The most listings of a grouped source: what a machine can remember.
const MAX_GROUPS: usize = 2_000_000;

impl<'a> Groups<'a> {
    /// No groups yet.
    pub fn new(mapping: &'a Mapping) -> Self {
        Self { mapping, by_key: HashMap::new() }
    }

    /// Adds a row to its group. A row without a key, or one too many, belongs to none.
    pub fn add(&mut self, record: Record) -> Result<(), &'static str> {
        let Some(rules) = &self.mapping.group else { return Err("the mapping has no groups") };
        let Some(key) = record.get(&rules.by).map(|value| tidy(&text(value))) else { return Err("must not be empty") };
        if self.by_key.len() >= MAX_GROUPS && !self.by_key.contains_key(&key) {
            return Err("is one too many: the source has too many groups");
        }
        let title = record.first(&self.mapping.fields.title).map(|title| tidy(&text(title)));
        let price = record.first(&self.mapping.fields.price).filter(|price| is_positive(price)).cloned();
        let group = self.by_key.entry(key).or_insert_with(|| Group {
            line: record.line,
            titles: Vec::new(),
            price: None,
            fields: record.fields,
        });
        match rules.title {
            GroupTitle::MostFrequent => group.count_title(title),
        }
        match (rules.price, price) {
            (GroupPrice::LastPositive, Some(price)) => group.price = Some(price),
            (GroupPrice::LastPositive, None) => {}
        }
        Ok(())
    }

    /// One row for each group, in the order of their first lines. Groups without any title are left out; how many is
    /// the second answer.
    pub fn into_records(self) -> (Vec<Record>, u64) {
        let mut groups: Vec<Group> = self.by_key.into_values().collect();
        groups.sort_unstable_by_key(|group| group.line);
        let all = groups.len();
        let records: Vec<Record> = groups.into_iter().filter_map(|group| group.into_record(self.mapping)).collect();
        let nameless = (all - records.len()) as u64;
        (records, nameless)
    }
}

impl Group {
    fn count_title(&mut self, title: Option<String>) {
        let Some(title) = title else { return };
        if let Some((_, count)) = self.titles.iter_mut().find(|(known, _)| *known == title) {
            *count += 1;
        } else if self.titles.len() < MAX_TITLES {
            self.titles.push((title, 1));
        }
    }

    fn into_record(mut self, mapping: &Mapping) -> Option<Record> {
        // Of several with the same count the last one would win, so the first one stands last.
        let (title, _) = self.titles.into_iter().rev().max_by_key(|(_, count)| *count)?;
        if let Some(field) = mapping.fields.title.0.first() {
            self.fields.insert(field.clone(), Value::String(title));
        }
        if let Some(field) = mapping.fields.price.0.first() {
            self.fields.insert(field.clone(), self.price.unwrap_or(Value::Null));
        }
        Some(Record { line: self.line, fields: self.fields })
    }
}

fn is_positive(price: &Value) -> bool {
    text(price).trim().parse::<f64>().is_ok_and(|price| price > 0.0)
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn line(number: u64, code: &str, title: &str, price: &str) -> Record {
        let fields = json!({"stock_code": code, "description": title, "unit_price": price});
        Record { line: number, fields: fields.as_object().expect("an object").clone() }
    }

    #[test]
    fn the_most_frequent_title_and_the_last_real_price_count() {
        let mapping = Mapping::bundled("uci-online-retail").expect("bundled");
        let mut groups = Groups::new(&mapping);
        for record in [
            line(2, "85048", "GLASS BALL", "6.95"),
            line(3, "22041", "", "0"),
            line(4, "85048", "damaged", "0"),
            line(5, "85048 ", "GLASS  BALL", "7.50"),
            line(6, "85048", "check", "0"),
            line(7, "20000", "MUG", "0"),
        ] {
            groups.add(record).expect("a key");
        }
        let (records, nameless) = groups.into_records();
        assert_eq!(nameless, 1, "22041 has no title");
        assert_eq!(records.iter().map(|record| record.line).collect::<Vec<_>>(), [2, 7]);
        assert_eq!(records[0].get("description"), Some(&json!("GLASS BALL")));
        assert_eq!(records[0].get("unit_price"), Some(&json!("7.50")));
        assert_eq!(records[1].get("unit_price"), None, "nothing was ever paid for it");
    }
}
