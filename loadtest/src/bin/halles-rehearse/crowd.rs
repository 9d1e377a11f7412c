//! Which page each arrival asks for.

use anyhow::{Context as _, Result, bail};
use halles_loadtest::arrivals::{Ask, Due};
use halles_loadtest::event::{Event, Mix, PageClass};
use halles_loadtest::html::links;
use halles_loadtest::searches::{SEARCHES, address};

/// What each kind of page shows, whatever else it shows.
const fn sign(class: PageClass) -> &'static str {
    match class {
        PageClass::Home => "href=\"/c/",
        PageClass::Category => "href=\"/l/",
        PageClass::Listing => "application/ld+json",
        PageClass::Search => "name=\"q\"",
    }
}

/// The pages that a crowd looks at.
pub struct Crowd {
    mix: Mix,
    categories: Vec<String>,
    listings: Vec<String>,
    /// The listings of the show; those of the home page when the event names none.
    featured: Vec<String>,
}

impl Crowd {
    /// Looks around in the shop at `host`, as the first visitor would.
    pub async fn look_around(event: &Event, host: &str) -> Result<Self> {
        let host = host.trim_end_matches('/');
        let home = open(&format!("{host}/")).await?.1;
        let categories = links(&home, "/c/");
        let Some(first) = categories.first() else { bail!("the home page of {host} leads to no category") };
        let mut listings = links(&open(&format!("{host}{first}")).await?.1, "/l/");
        let on_home = links(&home, "/l/");
        listings.extend(on_home.iter().cloned());
        let mut featured = Vec::with_capacity(event.featured.len());
        for id in &event.featured {
            // The number alone leads to the listing's true address.
            featured.push(open(&format!("{host}/l/{id}")).await.with_context(|| format!("featured listing {id}"))?.0);
        }
        if featured.is_empty() {
            featured = on_home;
        }
        if listings.is_empty() || featured.is_empty() {
            bail!("the shop at {host} has no listings to look at");
        }
        Ok(Self { mix: event.mix, categories, listings, featured })
    }

    /// What this arrival asks for. Its lot says it all, so that a run can be repeated.
    pub fn ask(&self, due: Due) -> Ask {
        // The digits behind those that chose the kind choose the page.
        let class = self.mix.pick(due.lot);
        let lot = (due.lot * 1e6).fract();
        let path = match class {
            PageClass::Home => "/".to_owned(),
            PageClass::Category => pick(&self.categories, lot).clone(),
            PageClass::Search => address(pick::<&str>(&SEARCHES, lot)),
            PageClass::Listing if lot < self.mix.featured => pick(&self.featured, lot / self.mix.featured).clone(),
            PageClass::Listing => pick(&self.listings, (lot - self.mix.featured) / (1.0 - self.mix.featured)).clone(),
        };
        Ask { kind: class as usize, path, sign: sign(class) }
    }
}

/// A page, and the path where it was found in the end.
async fn open(url: &str) -> Result<(String, String)> {
    let answer = reqwest::get(url).await?.error_for_status()?;
    Ok((answer.url().path().to_owned(), answer.text().await?))
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a place in a short list")]
fn pick<T>(choices: &[T], lot: f64) -> &T {
    let place = (lot.clamp(0.0, 1.0) * choices.len() as f64) as usize;
    &choices[place.min(choices.len() - 1)]
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeMap;
    use std::time::Duration;

    use super::*;

    #[test]
    fn a_crowd_looks_at_what_the_event_says() {
        let list = |start: &str| (0..5).map(|number| format!("{start}{number}")).collect::<Vec<_>>();
        let crowd = Crowd {
            mix: Mix::new([0.1, 0.2, 0.5, 0.2], 0.8).expect("a mix"),
            categories: list("/c/"),
            listings: list("/l/other-"),
            featured: list("/l/shown-"),
        };
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut paths = std::collections::BTreeSet::new();
        for number in 0..10_000 {
            // Steps of the golden ratio spread evenly, in all digits.
            let lot = (f64::from(number) * 0.618_033_988_749_894_9).fract();
            let ask = crowd.ask(Due { at: Duration::ZERO, lot });
            let kind = ["/c/", "/l/shown", "/l/other", "/search"].into_iter().find(|start| ask.path.starts_with(start));
            *counts.entry(kind.unwrap_or("/")).or_default() += 1;
            paths.insert(ask.path);
        }
        for (kind, expected) in
            [("/", 1_000), ("/c/", 2_000), ("/l/shown", 4_000), ("/l/other", 1_000), ("/search", 2_000)]
        {
            assert!(counts[kind].abs_diff(expected) < 200, "{kind}: {}", counts[kind]);
        }
        assert_eq!(paths.len(), 1 + 5 + 5 + 5 + SEARCHES.len(), "every page is asked for");
    }
}
