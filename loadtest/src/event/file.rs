//! How an event is written down, and the way from there to an [`Event`].

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Duration;

use halles_domain::ListingId;
use jiff::Zoned;
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use serde::Deserialize;
use toml::Spanned;
use toml::value::Datetime;

use super::crowd::{Conversion, Unit};
use super::game_day::FaultFile;
use super::trouble::{Trouble, Troubles};
use super::{
    Curve, Event, Freeze, Mix, OrderPromise, PageClass, Preparation, Promise, Promises, evening, game_day, measured,
};

/// More points than minutes in a month say nothing more.
const MAX_POINTS: usize = 50_000;

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct EventFile {
    name: Spanned<String>,
    air: Spanned<Datetime>,
    time_zone: Spanned<String>,
    crowd: CrowdFile,
    mix: Option<Spanned<MixFile>>,
    #[serde(default)]
    featured: Vec<Spanned<i64>>,
    #[serde(default)]
    promises: BTreeMap<PageClass, PromiseFile>,
    orders: Option<Spanned<OrdersFile>>,
    #[serde(default)]
    game_day: Vec<FaultFile>,
    freeze: Option<Spanned<Freeze>>,
    plan: Option<Spanned<Preparation>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct CrowdFile {
    unit: Spanned<Unit>,
    points: Option<Spanned<Vec<(f64, f64)>>>,
    csv: Option<Spanned<String>>,
    csv_column: Option<Spanned<String>>,
    csv_rows: Option<Spanned<(usize, usize)>>,
    csv_air_row: Option<Spanned<u32>>,
    pages_per_session_minute: Option<Spanned<f64>>,
    requests_per_page: Option<Spanned<f64>>,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct MixFile {
    home: f64,
    category: f64,
    listing: f64,
    search: f64,
    #[serde(default)]
    order: f64,
    featured: f64,
    #[serde(default = "mostly_phones")]
    phone: f64,
    #[serde(default = "mostly_nobody")]
    anonymous: f64,
}

/// Who watches television holds a phone.
const fn mostly_phones() -> f64 {
    DEFAULT_MIX.phone
}

/// Who comes for the first time has nothing in the basket.
const fn mostly_nobody() -> f64 {
    DEFAULT_MIX.anonymous
}

#[derive(Deserialize)]
#[serde(default, deny_unknown_fields)]
struct OrdersFile {
    min_placed_at_once: f64,
    settled_within_s: u64,
}

impl Default for OrdersFile {
    fn default() -> Self {
        let OrderPromise { min_placed_at_once, settled_within } = OrderPromise::default();
        Self { min_placed_at_once, settled_within_s: settled_within.as_secs() }
    }
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct PromiseFile {
    p99_ms: Spanned<u64>,
    max_failed: Spanned<f64>,
}

/// Those who watch a show land on what was shown, look around a little, and search for what they remember.
const DEFAULT_MIX: MixFile = MixFile {
    home: 0.15,
    category: 0.15,
    listing: 0.53,
    search: 0.15,
    order: 0.02,
    featured: 0.8,
    phone: 0.8,
    anonymous: 0.9,
};

/// Reads an event; `directory` is where files that it names lie.
pub(super) fn parse(text: &str, directory: &Path) -> Result<Event, Vec<Trouble>> {
    let mut troubles = Troubles::in_text(text);
    let file: EventFile = match toml::from_str(text) {
        Ok(file) => file,
        Err(error) => {
            let remedy = "see infra/events/README.md for every key";
            troubles.add(error.span().unwrap_or(0..0), "the file", error.message(), remedy);
            return Err(troubles.into_found());
        }
    };
    if file.name.get_ref().trim().is_empty() {
        troubles.add(file.name.span(), "name", "is empty", "say what people call the show");
    }
    let air = air(&file, &mut troubles);
    let curve = curve(&file.crowd, directory, &mut troubles);
    let mix = mix(file.mix.as_ref(), &mut troubles);
    let featured = featured(&file.featured, &mut troubles);
    let promises = promises(&file.promises, &mut troubles);
    let orders = order_promise(file.orders.as_ref(), &mut troubles);
    let faults = game_day::faults(file.game_day, &mut troubles);
    let freeze = evening::freeze(file.freeze.as_ref(), &mut troubles);
    let preparation = evening::preparation(file.plan.as_ref(), &mut troubles);
    let found = troubles.into_found();
    match (air, curve, mix) {
        (Some(air), Some(curve), Some(mix)) if found.is_empty() => {
            let name = file.name.into_inner();
            Ok(Event { name, air, curve, mix, featured, promises, orders, faults, freeze, preparation })
        }
        _ => Err(found),
    }
}

fn order_promise(file: Option<&Spanned<OrdersFile>>, troubles: &mut Troubles<'_>) -> OrderPromise {
    let Some(file) = file else { return OrderPromise::default() };
    let OrdersFile { min_placed_at_once, settled_within_s } = *file.get_ref();
    if !(0.0..=1.0).contains(&min_placed_at_once) || !(1..=3_600).contains(&settled_within_s) {
        let remedy = "min_placed_at_once is a share such as 0.9, settled_within_s lies between 1 and 3600";
        troubles.add(file.span(), "orders", "has a number out of its bounds", remedy);
    }
    OrderPromise { min_placed_at_once, settled_within: Duration::from_secs(settled_within_s) }
}

fn air(file: &EventFile, troubles: &mut Troubles<'_>) -> Option<Zoned> {
    let zone = TimeZone::get(file.time_zone.get_ref());
    if zone.is_err() {
        let what = format!("{:?} is no time zone", file.time_zone.get_ref());
        troubles.add(file.time_zone.span(), "time_zone", what, "write a name such as \"Europe/Paris\"");
    }
    let air: Result<DateTime, _> = file.air.get_ref().to_string().parse();
    let is_local = file.air.get_ref().offset.is_none() && file.air.get_ref().time.is_some();
    let Some(air) = air.ok().filter(|_| is_local) else {
        let remedy = "write date and time of the clock on the wall, such as 2027-01-10T21:05:00";
        troubles.add(file.air.span(), "air", format!("{} is no moment", file.air.get_ref()), remedy);
        return None;
    };
    air.to_zoned(zone.ok()?).ok()
}

fn curve(crowd: &CrowdFile, directory: &Path, troubles: &mut Troubles<'_>) -> Option<Curve> {
    let conversion = Conversion {
        unit: *crowd.unit.get_ref(),
        pages_per_session_minute: positive(crowd.pages_per_session_minute.as_ref(), 2.0)
            .unwrap_or_else(|span| refuse(troubles, span, "crowd.pages_per_session_minute")),
        requests_per_page: positive(crowd.requests_per_page.as_ref(), 1.0)
            .unwrap_or_else(|span| refuse(troubles, span, "crowd.requests_per_page")),
    };
    let (span, key, points) = match (&crowd.points, &crowd.csv) {
        (Some(points), None) => (points.span(), "crowd.points", points.get_ref().clone()),
        (None, Some(csv)) => {
            let part = measured::Part {
                column: crowd.csv_column.as_ref().map(|column| column.get_ref().as_str()),
                rows: crowd.csv_rows.as_ref().map_or((0, usize::MAX), |rows| *rows.get_ref()),
                air_row: crowd.csv_air_row.as_ref().map_or(0, |row| *row.get_ref()),
            };
            match measured::read(&directory.join(csv.get_ref()), part) {
                Ok(points) => (csv.span(), "crowd.csv", points),
                Err(what) => {
                    let remedy = "name a file beside this one with one count for each minute, in the last column or in csv_column";
                    troubles.add(csv.span(), "crowd.csv", what, remedy);
                    return None;
                }
            }
        }
        (points, _) => {
            let what = if points.is_some() { "has both points and a csv" } else { "has neither points nor a csv" };
            troubles.add(crowd.unit.span(), "crowd", what, "give one of them");
            return None;
        }
    };
    let curve = if points.len() > MAX_POINTS { None } else { Curve::through(points.iter().copied()) };
    if curve.is_none() {
        let remedy = "give pairs of a minute from air time and a count, two at least, in the order of their minutes";
        troubles.add(span, key, "is no curve", remedy);
        return None;
    }
    Curve::through(points.into_iter().map(|(minute, count)| (minute, conversion.page_views(count))))
}

/// A number above zero, or where another one stands.
fn positive(number: Option<&Spanned<f64>>, default: f64) -> Result<f64, std::ops::Range<usize>> {
    match number {
        None => Ok(default),
        Some(number) if *number.get_ref() > 0.0 && number.get_ref().is_finite() => Ok(*number.get_ref()),
        Some(number) => Err(number.span()),
    }
}

fn refuse(troubles: &mut Troubles<'_>, span: std::ops::Range<usize>, key: &str) -> f64 {
    troubles.add(span, key, "is not above zero", "write a number above zero, or leave it out");
    1.0
}

fn mix(file: Option<&Spanned<MixFile>>, troubles: &mut Troubles<'_>) -> Option<Mix> {
    let MixFile { home, category, listing, search, order, featured, phone, anonymous } =
        file.map_or(&DEFAULT_MIX, Spanned::get_ref);
    let mix = Mix::new([*home, *category, *listing, *search, *order], *featured);
    let mix = mix.and_then(|mix| mix.with_visitors(*phone, *anonymous));
    if let (None, Some(file)) = (mix, file) {
        let sum = home + category + listing + search + order;
        let what = format!("the shares come to {sum:.3}");
        let remedy = "home, category, listing, search and order are shares of one whole; featured, phone and anonymous are \
                      shares by themselves";
        troubles.add(file.span(), "mix", what, remedy);
    }
    mix
}

fn featured(numbers: &[Spanned<i64>], troubles: &mut Troubles<'_>) -> Vec<ListingId> {
    for number in numbers.iter().filter(|number| *number.get_ref() <= 0) {
        let what = format!("{} is no listing", number.get_ref());
        troubles.add(number.span(), "featured", what, "write the number that stands in the listing's address");
    }
    numbers.iter().map(|number| ListingId::new(*number.get_ref())).collect()
}

fn promises(files: &BTreeMap<PageClass, PromiseFile>, troubles: &mut Troubles<'_>) -> Promises {
    let mut promises = Promises::new();
    for (class, file) in files {
        let (p99_ms, max_failed) = (*file.p99_ms.get_ref(), *file.max_failed.get_ref());
        if !(1..=60_000).contains(&p99_ms) {
            let key = format!("promises.{class}.p99_ms");
            troubles.add(file.p99_ms.span(), &key, format!("{p99_ms} ms"), "write milliseconds between 1 and 60000");
        }
        if !(0.0..1.0).contains(&max_failed) {
            let key = format!("promises.{class}.max_failed");
            troubles.add(file.max_failed.span(), &key, format!("{max_failed}"), "write a share such as 0.001");
        }
        promises.insert(*class, Promise { p99: Duration::from_millis(p99_ms), max_failed });
    }
    promises
}

#[cfg(test)]
mod tests {
    use std::fs;

    use super::*;

    const WHOLE: &str = r#"
name = "A show"
air = 2027-01-10T21:05:00
time_zone = "Europe/Paris"
featured = [1, 2]

[crowd]
unit = "sessions"
points = [[-10, 2000], [0, 2000], [5, 36000], [60, 4000]]

[mix]
home = 0.1
category = 0.2
listing = 0.5
search = 0.2
featured = 0.9

[promises.listing]
p99_ms = 150
max_failed = 0.001
"#;

    fn read(text: &str) -> Result<Event, Vec<Trouble>> {
        parse(text, Path::new("/nowhere"))
    }

    fn trouble_with(from: &str, to: &str) -> String {
        assert!(WHOLE.contains(from), "{from}");
        let troubles = read(&WHOLE.replace(from, to)).expect_err(to);
        assert_eq!(troubles.len(), 1, "{troubles:?}");
        troubles[0].to_string()
    }

    #[test]
    fn a_whole_file_is_an_event() {
        let event = read(WHOLE).expect("an event");
        assert_eq!(event.air.to_string(), "2027-01-10T21:05:00+01:00[Europe/Paris]");
        assert_eq!(event.curve.peak(), (5.0, 72_000.0), "two pages a minute for each session");
        assert_eq!(event.featured, [ListingId::new(1), ListingId::new(2)]);
        assert_eq!(event.promises[&PageClass::Listing].p99, Duration::from_millis(150));
    }

    #[test]
    fn each_fault_is_told_with_line_key_and_remedy() {
        let told = trouble_with("\"Europe/Paris\"", "\"Paris\"");
        assert!(told.starts_with("line 4, time_zone: \"Paris\" is no time zone; write a name such as"), "{told}");
        let told = trouble_with("[5, 36000]", "[-5, 36000]");
        assert!(told.starts_with("line 9, crowd.points: is no curve;"), "{told}");
        let told = trouble_with("home = 0.1", "home = 0.4");
        assert!(told.contains("mix: the shares come to 1.300"), "{told}");
        let told = trouble_with("featured = [1, 2]", "featured = [1, -2]");
        assert!(told.starts_with("line 5, featured: -2 is no listing"), "{told}");
        let told = trouble_with("max_failed = 0.001", "max_failed = 5");
        assert!(told.starts_with("line 20, promises.listing.max_failed: 5;"), "{told}");
        let told = trouble_with("2027-01-10T21:05:00", "2027-01-10");
        assert!(told.starts_with("line 3, air: 2027-01-10 is no moment"), "{told}");
        let told = trouble_with("unit = \"sessions\"", "unit = \"people\"");
        assert!(told.starts_with("line 8, ") && told.contains("people"), "{told}");
        let told = trouble_with("p99_ms = 150", "p99 = 150");
        assert!(told.contains("line 1") && told.contains("p99"), "{told}");
    }

    #[test]
    fn a_game_day_is_read_and_its_faults_are_told() {
        let faults = |text: &str| read(&format!("{WHOLE}\n{text}")).map(|event| event.faults);
        let kill = "[[game_day]]\nminute = 5\ndo = \"kill\"\nwhat = \"listing-1\"\n";
        let hold = "[[game_day]]\nminute = 2\ndo = \"hold\"\nwhat = \"redis-cache\"\nseconds = 3\nmax_failed = 0.01\n";
        let both = faults(&format!("{kill}{hold}")).expect("two faults");
        let told: Vec<String> = both.iter().map(ToString::to_string).collect();
        assert_eq!(told, ["hold redis-cache for 3 s", "kill listing-1"], "in the order of their minutes");
        for (text, start) in [
            (kill.replace("listing-1", "listing 1"), "line 25, game_day.what: \"listing 1\" is no process"),
            (hold.replace("seconds = 3\n", ""), "line 24, game_day.do: hold has no end; say for how many seconds"),
            (hold.replace("seconds = 3", "seconds = -3"), "line 26, game_day.seconds: -3 s"),
            (hold.replace("0.01", "1.5"), "line 27, game_day.max_failed: 1.5"),
        ] {
            let told = faults(&text).expect_err(start)[0].to_string();
            assert!(told.starts_with(start), "{told}");
        }
    }

    #[test]
    fn all_faults_are_told_at_once() {
        let text = WHOLE.replace("Europe/Paris", "Mars").replace("p99_ms = 150", "p99_ms = 0");
        let lines: Vec<usize> = read(&text).expect_err("two faults").iter().map(|trouble| trouble.line).collect();
        assert_eq!(lines, [4, 19]);
    }

    #[test]
    fn counts_may_come_from_a_measured_evening() {
        let directory = tempfile::tempdir().expect("a directory");
        let write = |text: &str| fs::write(directory.path().join("minutes.csv"), text).expect("a file");
        let text = WHOLE.replace(
            "unit = \"sessions\"\npoints = [[-10, 2000], [0, 2000], [5, 36000], [60, 4000]]",
            "unit = \"requests_per_minute\"\ncsv = \"minutes.csv\"\ncsv_air_row = 1\nrequests_per_page = 4",
        );
        write("minute,requests\n0,400\n1,4000\n2,800\n");
        let curve = parse(&text, directory.path()).expect("an event").curve;
        assert_eq!((curve.begins(), curve.ends(), curve.peak()), (-1.0, 1.0, (0.0, 1_000.0)));
        write("minute,requests\n0,400\n1,many\n");
        let told = parse(&text, directory.path()).expect_err("no count")[0].to_string();
        assert!(told.contains("line 3 of") && told.contains("\"many\""), "{told}");
        let told = parse(&text, Path::new("/nowhere")).expect_err("no file")[0].to_string();
        assert!(told.starts_with("line 9, crowd.csv: /nowhere/minutes.csv cannot be read"), "{told}");
    }
}
