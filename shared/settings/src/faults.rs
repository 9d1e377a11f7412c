//! What is wrong with settings, collected so that one failed start names everything.

use std::fmt;

/// One setting that cannot be used.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Fault {
    /// Which setting, as `section.field`.
    pub setting: String,
    /// What it must be, without repeating its value.
    pub reason: String,
}

impl fmt::Display for Fault {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.setting, self.reason)
    }
}

/// The faults found so far, and the section being looked at.
#[derive(Debug, Default)]
pub struct Faults {
    path: String,
    found: Vec<Fault>,
}

/// Settings that can tell whether they make sense, each by itself and all together.
pub trait Validate {
    /// Adds a fault for every setting that cannot be used.
    fn validate(&self, faults: &mut Faults);
}

impl Faults {
    /// Everything wrong with `settings`.
    pub fn of(settings: &impl Validate) -> Vec<Fault> {
        let mut faults = Self::default();
        settings.validate(&mut faults);
        faults.found
    }

    /// Looks at a section of the settings being validated.
    pub fn section(&mut self, name: &str, settings: &impl Validate) {
        let outer_length = self.path.len();
        self.path.push_str(name);
        self.path.push('.');
        settings.validate(self);
        self.path.truncate(outer_length);
    }

    /// Refuses `field` of the current section.
    pub fn refuse(&mut self, field: &str, reason: impl fmt::Display) {
        self.found.push(Fault { setting: format!("{}{field}", self.path), reason: reason.to_string() });
    }

    /// Refuses `field` unless `holds`.
    pub fn check(&mut self, holds: bool, field: &str, reason: impl fmt::Display) {
        if !holds {
            self.refuse(field, reason);
        }
    }

    /// Refuses `field` when it is zero, for limits and times where zero would mean "never".
    pub fn check_positive(&mut self, field: &str, value: impl Into<u64>) {
        self.check(value.into() > 0, field, "must be greater than 0");
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    struct Inner;
    struct Outer;

    impl Validate for Inner {
        fn validate(&self, faults: &mut Faults) {
            faults.check_positive("limit", 0_u32);
            faults.check(true, "fine", "never seen");
        }
    }

    impl Validate for Outer {
        fn validate(&self, faults: &mut Faults) {
            faults.section("inner", &Inner);
            faults.refuse("name", "must not be empty");
        }
    }

    #[test]
    fn every_fault_is_named_with_its_section() {
        let found: Vec<String> = Faults::of(&Outer).iter().map(ToString::to_string).collect();
        assert_eq!(found, ["inner.limit: must be greater than 0", "name: must not be empty"]);
    }
}
