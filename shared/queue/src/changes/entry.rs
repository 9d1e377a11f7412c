//! One change as an entry of the stream.

use std::collections::HashMap;
use std::fmt;
use std::str::FromStr;

use halles_domain::{Change, ChangePosition, ChangeSubject};
use redis::{Cmd, Value, from_redis_value};

/// The layout of the entries. Whoever meets another one cannot know what changed.
const LAYOUT: &str = "2";

/// An entry's place in the stream, given by Redis: the millisecond of its coming, and a number within it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Default)]
pub(crate) struct EntryId {
    pub(crate) ms: u64,
    pub(crate) number: u64,
}

impl EntryId {
    /// A place some milliseconds before this one.
    pub(crate) const fn earlier_by(self, ms: u64) -> Self {
        Self { ms: self.ms.saturating_sub(ms), number: 0 }
    }
}

impl fmt::Display for EntryId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}-{}", self.ms, self.number)
    }
}

impl FromStr for EntryId {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (ms, number) = text.split_once('-').ok_or(())?;
        Ok(Self { ms: ms.parse().map_err(drop)?, number: number.parse().map_err(drop)? })
    }
}

/// A change as the stream tells it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Link {
    /// The change in front of it. Whoever has not heard that one has missed something, whatever became of the stream.
    pub(crate) after: ChangePosition,
    /// The change itself.
    pub(crate) change: Change,
}

/// Adds a change's fields to an `XADD`.
pub(crate) fn write(command: &mut Cmd, link: &Link) {
    let Link { after, change } = link;
    let subject = serde_json::to_string(&change.subject).expect("a subject is a plain struct, which JSON can hold");
    command.arg("v").arg(LAYOUT).arg("after").arg(after.to_string());
    command.arg("at").arg(change.position.to_string()).arg("subject").arg(subject);
}

/// Reads the change from an entry's fields; none when it is not in our layout.
pub(crate) fn read(fields: &HashMap<String, Value>) -> Option<Link> {
    let field = |name: &str| from_redis_value::<String>(fields.get(name)?.clone()).ok();
    if field("v")? != LAYOUT {
        return None;
    }
    let (after, position) = (field("after")?.parse().ok()?, field("at")?.parse().ok()?);
    let subject: ChangeSubject = serde_json::from_str(&field("subject")?).ok()?;
    Some(Link { after, change: Change { position, subject } })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn places_are_ordered_as_redis_orders_them() {
        let id = |text: &str| text.parse::<EntryId>().expect("an id");
        assert!(id("5-2") < id("5-10"));
        assert!(id("5-10") < id("10-0"));
        assert_eq!(id("1700000000000-3").to_string(), "1700000000000-3");
        assert_eq!(id("5-2").earlier_by(30), EntryId::default());
        for bad in ["", "5", "5-", "-1", "a-b"] {
            assert!(bad.parse::<EntryId>().is_err(), "{bad}");
        }
    }

    #[test]
    fn what_is_not_in_our_layout_is_not_guessed_at() {
        let text = |text: &str| Value::BulkString(text.as_bytes().to_vec());
        let mut fields: HashMap<String, Value> =
            [("v", "2"), ("after", "7.6"), ("at", "7.8"), ("subject", r#"{"kind":"seller","id":3}"#)]
                .map(|(name, value)| (name.to_owned(), text(value)))
                .into();
        let link = read(&fields).expect("a change");
        assert_eq!(link.after, ChangePosition { transaction: 7, row: 6 });
        assert_eq!(link.change.position, ChangePosition { transaction: 7, row: 8 });
        for (name, bad) in [("subject", "{}"), ("at", "7"), ("after", "x.1"), ("v", "1")] {
            fields.insert(name.to_owned(), text(bad));
            assert_eq!(read(&fields), None, "{name}");
        }
    }
}
