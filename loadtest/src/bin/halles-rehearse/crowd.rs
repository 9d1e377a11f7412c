//! What each arrival asks for.

use std::sync::Arc;

use anyhow::{Context as _, Result, bail};
use halles_domain::ListingId;
use halles_loadtest::arrivals::{Ask, Due, Visitor, Wants};
use halles_loadtest::event::{Curve, Event, Mix, PageClass};
use halles_loadtest::html::{field, links};
use halles_loadtest::run::{Phases, Setting, kind_of};
use halles_loadtest::searches::{SEARCHES, address};
use reqwest::redirect;

/// What each kind of page shows, whatever else it shows.
const fn sign(class: PageClass) -> &'static str {
    match class {
        PageClass::Home => "href=\"/c/",
        PageClass::Category => "href=\"/l/",
        PageClass::Listing => "application/ld+json",
        PageClass::Search => "name=\"q\"",
        PageClass::Order => "",
    }
}

/// The pages that a crowd looks at.
pub struct Crowd {
    mix: Mix,
    phases: Phases,
    setting: Setting,
    categories: Vec<String>,
    listings: Vec<String>,
    /// The listings of the show; those of the home page when the event names none.
    featured: Vec<String>,
    /// The cookies of somebody with something in the basket.
    basket: Option<Arc<str>>,
}

impl Crowd {
    /// The crowd of an event.
    pub async fn look_around(event: &Event, setting: &Setting) -> Result<Self> {
        Self::of(event.mix, &event.curve, &event.featured, setting).await
    }

    /// Looks around in the shop, as the first visitor would.
    pub async fn of(mix: Mix, curve: &Curve, shown: &[ListingId], setting: &Setting) -> Result<Self> {
        let host = setting.host.trim_end_matches('/');
        let home = open(&format!("{host}/")).await?.1;
        let categories = links(&home, "/c/");
        let Some(first) = categories.first() else { bail!("the home page of {host} leads to no category") };
        let mut listings = links(&open(&format!("{host}{first}")).await?.1, "/l/");
        let on_home = links(&home, "/l/");
        listings.extend(on_home.iter().cloned());
        let mut featured = Vec::with_capacity(shown.len());
        for id in shown {
            // The number alone leads to the listing's true address.
            featured.push(open(&format!("{host}/l/{id}")).await.with_context(|| format!("featured listing {id}"))?.0);
        }
        if featured.is_empty() {
            featured = on_home;
        }
        if listings.is_empty() || featured.is_empty() {
            bail!("the shop at {host} has no listings to look at");
        }
        let basket = fill_basket(host, &listings).await?;
        Ok(Self { mix, phases: Phases::of(curve), setting: setting.clone(), categories, listings, featured, basket })
    }

    /// What this arrival asks for. Its lot says it all, so that a run can be repeated.
    pub fn ask(&self, due: Due) -> Ask {
        // The digits behind those that chose the kind choose the page, and those behind these the visitor.
        let class = self.mix.pick(due.lot);
        let lot = (due.lot * 1e4).fract();
        let minute = self.setting.minute_at(due.at.as_secs_f64());
        let path = match class {
            PageClass::Home => "/".to_owned(),
            PageClass::Category => pick(&self.categories, lot).clone(),
            PageClass::Search => address(pick::<&str>(&SEARCHES, lot)),
            PageClass::Listing => self.listing(lot).to_owned(),
            PageClass::Order => "/api/v1/orders".to_owned(),
        };
        let wants = match class {
            PageClass::Order => self.order(due, self.listing(lot)),
            class => Wants::Page(sign(class)),
        };
        Ask {
            kind: kind_of(class, self.phases.at(minute)),
            path,
            wants,
            visitor: self.visitor((due.lot * 1e8).fract()),
        }
    }

    fn listing(&self, lot: f64) -> &str {
        let featured = self.mix.featured;
        if lot < featured {
            pick::<String>(&self.featured, lot / featured)
        } else {
            pick::<String>(&self.listings, (lot - featured) / (1.0 - featured))
        }
    }

    fn visitor(&self, lot: f64) -> Visitor {
        let is_anonymous = (lot * 1e4).fract() < self.mix.anonymous;
        Visitor { has_phone: lot < self.mix.phone, cookies: self.basket.clone().filter(|_| !is_anonymous) }
    }

    /// Everybody orders one piece, as somebody else: the time of the run is in the key, so that the next one is no repeat.
    fn order(&self, due: Due, listing: &str) -> Wants {
        let began = self.setting.began.as_millisecond();
        let (nanos, lot) = (due.at.as_nanos(), due.lot.to_bits());
        let number = listing.trim_start_matches("/l/").split('/').next().unwrap_or_default();
        let body = format!(
            r#"{{"contact":{{"name":"Camille Essai","email":"essai-{nanos:x}-{lot:x}@example.org","street":"1 place du Marché","postcode":"30700","town":"Uzès","country":"FR"}},"lines":[{{"listing_id":{number},"quantity":1}}],"language":"fr"}}"#
        );
        Wants::Order { key: format!("rehearsal-{began:x}-{nanos:x}-{lot:x}"), body }
    }
}

/// The cookies of a shopper who put the first listing that can be ordered into the basket; none when none of a few can.
async fn fill_basket(host: &str, listings: &[String]) -> Result<Option<Arc<str>>> {
    let client = reqwest::Client::builder().redirect(redirect::Policy::none()).build()?;
    for path in listings.iter().take(5) {
        let Some(id) = field(&open(&format!("{host}{path}")).await?.1, "listing_id") else { continue };
        let form = format!("listing_id={id}&quantity=1");
        let request =
            client.post(format!("{host}/basket/lines")).header("Content-Type", "application/x-www-form-urlencoded");
        let answer = request.header("Origin", host).body(form).send().await?;
        let cookies = answer.headers().get_all("set-cookie").iter().filter_map(|cookie| cookie.to_str().ok());
        let pairs: Vec<&str> = cookies.filter_map(|cookie| cookie.split(';').next()).collect();
        if !pairs.is_empty() {
            return Ok(Some(pairs.join("; ").into()));
        }
    }
    Ok(None)
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
    use std::collections::{BTreeMap, BTreeSet};
    use std::time::Duration;

    use halles_loadtest::event::Curve;

    use super::*;

    fn crowd() -> Crowd {
        let list = |start: &str| (0..5).map(|number| format!("{start}{number}")).collect::<Vec<_>>();
        let curve = Curve::through([(0.0, 1.0), (10.0, 1.0)]).expect("a curve");
        Crowd {
            mix: Mix::new([0.1, 0.2, 0.4, 0.2, 0.1], 0.8).expect("a mix"),
            phases: Phases::of(&curve),
            setting: Setting {
                began: jiff::Timestamp::UNIX_EPOCH,
                host: String::new(),
                machine: String::new(),
                commit: None,
                speed: 1.0,
                scale: 1.0,
                seed: 1,
                hosts: 1,
                minutes: (0.0, 10.0),
                max_lag_ms: 1.0,
            },
            categories: list("/c/"),
            listings: list("/l/2"),
            featured: list("/l/1"),
            basket: Some("basket=1".into()),
        }
    }

    fn asks() -> impl Iterator<Item = Ask> {
        let crowd = crowd();
        // Steps of the golden ratio spread evenly, in all digits.
        let lots = (0..20_000).map(|number| (f64::from(number) * 0.618_033_988_749_894_9).fract());
        lots.map(move |lot| crowd.ask(Due { at: Duration::from_secs(1), lot }))
    }

    #[test]
    fn a_crowd_looks_at_what_the_event_says() {
        let mut counts: BTreeMap<&str, u32> = BTreeMap::new();
        let mut paths = BTreeSet::new();
        for ask in asks() {
            let starts = ["/c/", "/l/1", "/l/2", "/search", "/api"];
            *counts.entry(starts.into_iter().find(|start| ask.path.starts_with(start)).unwrap_or("/")).or_default() +=
                1;
            paths.insert(ask.path);
        }
        for (kind, expected) in
            [("/", 2_000), ("/c/", 4_000), ("/l/1", 6_400), ("/l/2", 1_600), ("/search", 4_000), ("/api", 2_000)]
        {
            assert!(counts[kind].abs_diff(expected) < 400, "{kind}: {}", counts[kind]);
        }
        assert_eq!(paths.len(), 1 + 5 + 5 + 5 + SEARCHES.len() + 1, "every page is asked for");
    }

    #[test]
    fn visitors_are_as_many_on_phones_and_with_baskets_as_the_event_says() {
        let (mut phones, mut baskets) = (0_u32, 0_u32);
        asks().for_each(|ask| {
            phones += u32::from(ask.visitor.has_phone);
            baskets += u32::from(ask.visitor.cookies.is_some());
        });
        assert!(phones.abs_diff(16_000) < 600 && baskets.abs_diff(2_000) < 600, "{phones} {baskets}");
    }

    #[test]
    fn everybody_orders_under_a_key_of_their_own_what_the_shop_understands() {
        let mut keys = BTreeSet::new();
        for ask in asks() {
            let Wants::Order { key, body } = ask.wants else { continue };
            let order: serde_json::Value = serde_json::from_str(&body).expect("JSON");
            assert!(order["lines"][0]["listing_id"].as_i64().is_some_and(|id| (10..30).contains(&id)), "{body}");
            assert!((8..=200).contains(&key.len()) && keys.insert(key));
        }
        assert!(keys.len() > 1_500);
    }
}
