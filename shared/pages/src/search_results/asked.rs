//! A search as it stands in an address.

use crate::address;

/// What was asked for, in the words of addresses.
#[derive(Debug, Clone, PartialEq, Eq, Default)]
pub struct Asked<'a> {
    /// What was typed.
    pub text: &'a str,
    /// The category's name in addresses; empty for all.
    pub category: &'a str,
    /// The lowest price in whole units with decimals; empty for none.
    pub min: &'a str,
    /// The highest price; empty for none.
    pub max: &'a str,
    /// The code of the currency that prices are compared in; empty for the default.
    pub currency: &'a str,
    /// The town or postcode that things should be near to; empty for anywhere.
    pub near: &'a str,
    /// How many kilometres away they may be; empty for the default.
    pub radius: &'a str,
    /// What was chosen of the groups: the parameter and its value, as [`super::ChoiceGroup`] has them.
    pub choices: Vec<(&'static str, String)>,
    /// The order's name in addresses; empty for the default, the best match first.
    pub sort: &'a str,
    /// The page, from 1.
    pub page: u32,
    /// Whether each hit should say why it is one.
    pub is_explained: bool,
}

impl Asked<'_> {
    /// The address of this search.
    pub fn address(&self) -> String {
        let page = if self.page > 1 { self.page.to_string() } else { String::new() };
        let fixed = [
            ("q", self.text),
            ("category", self.category),
            ("min", self.min),
            ("max", self.max),
            ("currency", self.currency),
            ("near", self.near),
            ("radius", if self.near.is_empty() { "" } else { self.radius }),
            ("sort", self.sort),
            ("page", page.as_str()),
            ("explain", if self.is_explained { "true" } else { "" }),
        ];
        let choices = self.choices.iter().map(|(parameter, value)| (*parameter, value.as_str()));
        address::with_query("/search", fixed.into_iter().chain(choices))
    }

    /// The same from its first page on, without some of the choices.
    pub(super) fn without(&self, let_go: impl Fn(&str, &str) -> bool) -> Self {
        let mut asked = Self { page: 1, ..self.clone() };
        asked.choices.retain(|(parameter, value)| !let_go(parameter, value));
        asked
    }

    pub(super) fn has_prices(&self) -> bool {
        !self.min.is_empty() || !self.max.is_empty()
    }

    /// In how many ways it is narrowed.
    pub(super) fn narrowings(&self) -> usize {
        usize::from(!self.category.is_empty())
            + usize::from(self.has_prices())
            + usize::from(!self.near.is_empty())
            + self.choices.len()
    }

    pub(super) fn is_narrowed(&self) -> bool {
        self.narrowings() > 0
    }
}
