//! The parameters of an address, as they came: some may stand there several times.

use halles_domain::Invalid;
use url::form_urlencoded;

/// Names and values, in their order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Parameters(Vec<(String, String)>);

impl Parameters {
    /// More than all choices of a page together; whatever comes behind is not looked at.
    const MOST: usize = 200;

    pub(crate) fn of(query: &str) -> Self {
        let pairs = form_urlencoded::parse(query.as_bytes()).take(Self::MOST);
        Self(pairs.map(|(name, value)| (name.into_owned(), value.into_owned())).collect())
    }

    /// The first value of this name; empty when there is none.
    pub(crate) fn one(&self, name: &str) -> &str {
        let named = self.0.iter().find(|(known, value)| known == name && !value.is_empty());
        named.map_or("", |(_, value)| value)
    }

    /// Every value of this name that is not empty.
    pub(crate) fn all<'a>(&'a self, name: &'a str) -> impl Iterator<Item = &'a str> {
        let named = self.0.iter().filter(move |(known, value)| known == name && !value.is_empty());
        named.map(|(_, value)| value.as_str())
    }

    /// Refuses names that are not among `known`, and a second value of those that may have only one.
    pub(crate) fn check(&self, known: &'static [&'static str], several: &[&str]) -> Result<(), Invalid> {
        for (place, (name, _)) in self.0.iter().enumerate() {
            if !known.contains(&name.as_str()) {
                return Err(Invalid::new("query", format!("must have no parameters but {}", known.join(", "))));
            }
            let is_repeated = self.0[..place].iter().any(|(earlier, _)| earlier == name);
            if is_repeated && !several.contains(&name.as_str()) {
                return Err(Invalid::new("query", "must have each parameter once, but facet and shop"));
            }
        }
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_may_have_several_values() {
        let parameters = Parameters::of("q=bol+bleu&facet=colour%3Ableu&facet=&facet=colour:vert&min=");
        assert_eq!((parameters.one("q"), parameters.one("min"), parameters.one("max")), ("bol bleu", "", ""));
        assert_eq!(parameters.all("facet").collect::<Vec<_>>(), ["colour:bleu", "colour:vert"]);
    }

    #[test]
    fn strangers_and_repetitions_are_refused_where_it_matters() {
        let known = &["q", "facet"];
        assert!(Parameters::of("q=x&facet=a&facet=b").check(known, &["facet"]).is_ok());
        assert!(Parameters::of("q=x&colour=a").check(known, &["facet"]).is_err());
        assert!(Parameters::of("q=x&q=y").check(known, &["facet"]).is_err());
    }
}
