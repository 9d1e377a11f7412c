//! Moments and waits as people say them.

use std::time::Duration;

use halles_domain::Language;
use jiff::{Timestamp, tz::TimeZone};

/// The shop's own time, which every time on a page says it is.
const SHOP_TIME_ZONE: &str = "Europe/Paris";

/// A time to wait, rounded up: nobody is kept waiting for longer than they were told.
pub fn about(language: Language, time: Duration) -> String {
    let seconds = time.as_secs() + u64::from(time.subsec_nanos() > 0);
    let minutes = seconds.div_ceil(60);
    match (language, seconds) {
        (Language::Fr, 0..=2) => "quelques secondes".to_owned(),
        (Language::Fr, 3..=90) => format!("environ {} secondes", round_up(seconds)),
        (Language::Fr, _) => format!("environ {minutes} minutes"),
        (Language::En, 0..=2) => "a few seconds".to_owned(),
        (Language::En, 3..=90) => format!("about {} seconds", round_up(seconds)),
        (Language::En, _) => format!("about {minutes} minutes"),
    }
}

/// Seconds that people can take in: every one up to ten, then every fifth.
const fn round_up(seconds: u64) -> u64 {
    if seconds <= 10 { seconds } else { seconds.div_ceil(5) * 5 }
}

/// Until when pieces are held: `jusqu'au 1er juillet à 15 h 04 (heure de Paris)`.
pub fn held_until(language: Language, until: Timestamp) -> String {
    let moment = moment(language, until);
    match language {
        Language::Fr => format!("jusqu'au {moment}"),
        Language::En => format!("until {moment}"),
    }
}

/// How long that still is, rounded down so that nobody counts on a minute that is not there.
pub fn minutes_left(language: Language, until: Timestamp, now: Timestamp) -> String {
    let minutes = until.duration_since(now).as_secs().max(0) / 60;
    match (language, minutes) {
        (Language::Fr, 0) => "encore moins d'une minute".into(),
        (Language::Fr, 1) => "encore une minute".into(),
        (Language::Fr, _) => format!("encore {minutes} minutes"),
        (Language::En, 0) => "less than a minute left".into(),
        (Language::En, 1) => "one minute left".into(),
        (Language::En, _) => format!("{minutes} minutes left"),
    }
}

/// When the order was taken.
pub fn placed_at(language: Language, at: Timestamp) -> String {
    let moment = moment(language, at);
    match language {
        Language::Fr => format!("Reçue le {moment}"),
        Language::En => format!("Taken on {moment}"),
    }
}

/// A moment in the shop's own time; in universal time where the system knows no time zones. Either way it says which.
fn moment(language: Language, at: Timestamp) -> String {
    let (zone, zone_name) = match TimeZone::get(SHOP_TIME_ZONE) {
        Ok(zone) if language == Language::Fr => (zone, "heure de Paris"),
        Ok(zone) => (zone, "Paris time"),
        Err(_) => (TimeZone::UTC, "UTC"),
    };
    let local = at.to_zoned(zone);
    let (day, month) = (local.day(), usize::from(local.month().unsigned_abs()) - 1);
    match language {
        Language::Fr => {
            let day = if day == 1 { "1er".to_owned() } else { day.to_string() };
            format!("{day} {} à {}\u{a0}h\u{a0}{:02} ({zone_name})", MONTHS_FR[month], local.hour(), local.minute())
        }
        Language::En => format!("{day} {}, {:02}:{:02} ({zone_name})", MONTHS_EN[month], local.hour(), local.minute()),
    }
}

const MONTHS_FR: [&str; 12] = [
    "janvier",
    "février",
    "mars",
    "avril",
    "mai",
    "juin",
    "juillet",
    "août",
    "septembre",
    "octobre",
    "novembre",
    "décembre",
];
const MONTHS_EN: [&str; 12] = [
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
];

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_says_whose_time_it_is() {
        let at: Timestamp = "2025-07-01T13:04:00Z".parse().expect("a time");
        let french = moment(Language::Fr, at);
        assert!(
            french == "1er juillet à 15\u{a0}h\u{a0}04 (heure de Paris)"
                || french == "1er juillet à 13\u{a0}h\u{a0}04 (UTC)",
            "{french}"
        );
        assert!(moment(Language::En, at).starts_with("1 July, 1"));
    }

    #[test]
    fn minutes_are_rounded_down() {
        let until: Timestamp = "2025-07-01T13:04:00Z".parse().expect("a time");
        let at = |text: &str| text.parse::<Timestamp>().expect("a time");
        assert_eq!(minutes_left(Language::En, until, at("2025-07-01T12:34:01Z")), "29 minutes left");
        assert_eq!(minutes_left(Language::Fr, until, at("2025-07-01T13:03:01Z")), "encore moins d'une minute");
        assert_eq!(minutes_left(Language::Fr, until, at("2025-07-01T14:00:00Z")), "encore moins d'une minute");
    }

    #[test]
    fn a_wait_is_rounded_up() {
        let english = |seconds| about(Language::En, Duration::from_millis(seconds));
        assert_eq!(english(1_900), "a few seconds");
        assert_eq!(english(4_100), "about 5 seconds");
        assert_eq!(english(31_000), "about 35 seconds");
        assert_eq!(english(121_000), "about 3 minutes");
    }
}
