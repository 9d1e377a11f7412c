//! On which terms others may keep an answer.

use actix_web::http::header::HeaderValue;
use halles_settings::{Faults, Validate};
use serde::{Deserialize, Serialize};

/// The section `caching`: how long a shared cache in front of us (a CDN) may answer in our place. Browsers ask us, or it,
/// again each time, and usually hear that nothing changed.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct CachingSettings {
    /// How long a shared cache may give out an answer without asking, in seconds (`s-maxage`). It comes on top of the
    /// second within which a change is seen here; 0 makes it ask each time.
    pub shared_max_age_s: u32,
    /// How long after that it may still give out the old answer while it asks (`stale-while-revalidate`), so that no
    /// shopper waits. With the time above it bounds how old a page can be that nobody has asked for in between.
    pub stale_while_revalidate_s: u32,
    /// How long it may give out the old answer when we do not answer at all (`stale-if-error`).
    pub stale_if_error_s: u32,
}

impl Default for CachingSettings {
    fn default() -> Self {
        // A second each: a hot page costs one request per second and edge, and is never two seconds behind.
        Self { shared_max_age_s: 1, stale_while_revalidate_s: 1, stale_if_error_s: 3_600 }
    }
}

impl Validate for CachingSettings {
    fn validate(&self, faults: &mut Faults) {
        let reason = "must be at most 86400: a price that changed yesterday is wrong today";
        let fields = [
            ("shared_max_age_s", self.shared_max_age_s),
            ("stale_while_revalidate_s", self.stale_while_revalidate_s),
            ("stale_if_error_s", self.stale_if_error_s),
        ];
        for (field, seconds) in fields {
            faults.check(seconds <= 86_400, field, reason);
        }
    }
}

/// Who may keep an answer, for how long, and what it depends on beyond its address.
#[derive(Debug, Clone)]
pub struct Terms {
    pub(super) for_everybody: HeaderValue,
    pub(super) vary: HeaderValue,
}

impl Terms {
    /// With a visitor's own part inside, only their browser may keep it, and asks each time.
    pub(super) const FOR_ONE: HeaderValue = HeaderValue::from_static("private, no-cache");

    /// For pages: they depend on the language and, by their hole, on the basket.
    pub fn pages(settings: &CachingSettings) -> Self {
        let vary = HeaderValue::from_static("Accept-Encoding, Accept-Language, Cookie");
        Self { for_everybody: cache_control(settings), vary }
    }

    /// For documents that are the same for everybody, true for as long as pages are.
    pub fn documents(settings: &CachingSettings) -> Self {
        Self { for_everybody: cache_control(settings), vary: HeaderValue::from_static("Accept-Encoding") }
    }

    /// For what is the same for everybody, on terms of its own.
    pub fn fixed(cache_control: &'static str) -> Self {
        let for_everybody = HeaderValue::from_static(cache_control);
        Self { for_everybody, vary: HeaderValue::from_static("Accept-Encoding") }
    }
}

fn cache_control(settings: &CachingSettings) -> HeaderValue {
    let CachingSettings { shared_max_age_s, stale_while_revalidate_s, stale_if_error_s } = settings;
    let text = format!(
        "public, max-age=0, s-maxage={shared_max_age_s}, stale-while-revalidate={stale_while_revalidate_s}, \
         stale-if-error={stale_if_error_s}"
    );
    HeaderValue::try_from(text).expect("words and numbers fit into a header")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_defaults_can_be_used_and_say_what_they_mean() {
        let settings = CachingSettings::default();
        assert_eq!(Faults::of(&settings), []);
        let expected = "public, max-age=0, s-maxage=1, stale-while-revalidate=1, stale-if-error=3600";
        assert_eq!(Terms::pages(&settings).for_everybody, expected);
    }

    #[test]
    fn nobody_may_keep_a_page_for_weeks() {
        assert_eq!(Faults::of(&CachingSettings { stale_if_error_s: 604_800, ..CachingSettings::default() }).len(), 1);
    }
}
