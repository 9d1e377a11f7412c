//! One row of a source, whatever its format.

use std::borrow::Cow;

use serde_json::{Map, Value};

use super::mapping::Names;

/// A row: fields by name, possibly nested.
#[derive(Debug)]
pub struct Record {
    /// Its line in the file, from 1.
    pub line: u64,
    /// Its fields.
    pub fields: Map<String, Value>,
}

impl Record {
    /// The first of the named fields that is there and says something.
    pub fn first(&self, names: &Names) -> Option<&Value> {
        names.0.iter().find_map(|name| self.get(name))
    }

    /// The field with this name, if it says something. A dot goes one level down, unless a field has that very name.
    pub fn get(&self, name: &str) -> Option<&Value> {
        let found = self.fields.get(name).or_else(|| {
            let (outer, inner) = name.split_once('.')?;
            self.fields.get(outer)?.get(inner)
        })?;
        (!is_blank(found)).then_some(found)
    }

    /// All of the named fields that say something.
    pub fn all<'a>(&'a self, names: &'a Names) -> impl Iterator<Item = &'a Value> {
        names.0.iter().filter_map(|name| self.get(name))
    }
}

/// A value as a person would write it: texts and numbers as they are, yes and no, lists with commas.
pub fn text(value: &Value) -> Cow<'_, str> {
    match value {
        Value::String(text) => Cow::Borrowed(text.as_str()),
        Value::Number(number) => {
            let digits = number.to_string();
            Cow::Owned(digits.strip_suffix(".0").map(str::to_owned).unwrap_or(digits))
        }
        Value::Bool(answer) => Cow::Borrowed(if *answer { "yes" } else { "no" }),
        Value::Array(items) => Cow::Owned(items.iter().map(text).collect::<Vec<_>>().join(", ")),
        Value::Object(_) => Cow::Owned(value.to_string()),
        Value::Null => Cow::Borrowed(""),
    }
}

fn is_blank(value: &Value) -> bool {
    match value {
        Value::Null => true,
        Value::String(text) => text.trim().is_empty(),
        Value::Array(items) => items.is_empty(),
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    fn record(fields: &Value) -> Record {
        Record { line: 1, fields: fields.as_object().expect("an object").clone() }
    }

    #[test]
    fn blank_fields_are_not_there_and_dots_go_down() {
        let record = record(&json!({"a": " ", "b": {"c": 1.0}, "d.e": "x", "f": []}));
        assert_eq!(record.get("a"), None);
        assert_eq!(record.get("f"), None);
        assert_eq!(record.get("b.c").map(text), Some("1".into()));
        assert_eq!(record.get("d.e").map(text), Some("x".into()));
        assert_eq!(record.first(&Names(vec!["a".into(), "d.e".into()])).map(text), Some("x".into()));
    }

    #[test]
    fn values_read_as_people_write_them() {
        assert_eq!(text(&json!(["a", 2, true])), "a, 2, yes");
        assert_eq!(text(&json!(16.99)), "16.99");
    }
}
