//! A fault in a few characters.

use std::time::Duration;

use halles_loadtest::event::{Deed, Fault};

/// `MINUTE:DEED:PROCESS[:SECONDS]`.
pub fn parse_strike(text: &str) -> Result<Fault, String> {
    let form = || "write MINUTE:DEED:PROCESS[:SECONDS], such as 6:kill:listing-1".to_owned();
    let parts: Vec<&str> = text.split(':').collect();
    let (minute, deed, what, seconds) = match parts[..] {
        [minute, deed, what] => (minute, deed, what, None),
        [minute, deed, what, seconds] => (minute, deed, what, Some(seconds)),
        _ => return Err(form()),
    };
    let deeds = [Deed::Kill, Deed::Restart, Deed::Hold, Deed::Pause, Deed::Lag];
    let Some(deed) = deeds.into_iter().find(|known| known.name() == deed) else {
        return Err(format!("{deed} is no deed: kill, restart, hold, pause or lag"));
    };
    let minute: f64 = minute.parse().map_err(|_| form())?;
    let lasts = match seconds.map(str::parse::<f64>) {
        None if deed.lasts() => return Err(format!("for how many seconds? {}:{what}:5", deed.name())),
        None => Duration::ZERO,
        Some(Ok(seconds)) => Duration::try_from_secs_f64(seconds).map_err(|_| form())?,
        Some(Err(_)) => return Err(form()),
    };
    let back_within = Duration::from_secs(30);
    Ok(Fault { minute, deed, what: what.to_owned(), lasts, max_failed: 0.0, back_within })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn faults_are_read_or_refused_with_the_remedy() {
        let said = |text: &str| parse_strike(text).map(|fault| format!("{} at {}", fault, fault.minute));
        assert_eq!(said("6:kill:listing-1").as_deref(), Ok("kill listing-1 at 6"));
        assert_eq!(said("-0.5:hold:redis-cache:5").as_deref(), Ok("hold redis-cache for 5 s at -0.5"));
        for (bad, told) in [
            ("6:kill", "write MINUTE"),
            ("6:tickle:listing-1", "tickle is no deed"),
            ("6:hold:redis-cache", "for how many seconds?"),
            ("soon:kill:listing-1", "write MINUTE"),
        ] {
            assert!(said(bad).expect_err(bad).starts_with(told), "{bad}");
        }
    }
}
