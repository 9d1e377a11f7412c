//! What an event expects, on a terminal.

use std::fmt::Write as _;
use std::io::{self, Write as _};

use halles_loadtest::event::{Curve, Event, PageClass};

/// How wide and how high the curve is drawn, in characters.
const WIDTH: u32 = 72;
const HEIGHT: u32 = 8;

/// Eighths of a character, from nothing to a whole one.
const EIGHTHS: [char; 9] = [' ', '▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];

/// Prints an event.
pub fn say(event: &Event) -> io::Result<()> {
    io::stdout().lock().write_all(describe(event).as_bytes())
}

fn describe(event: &Event) -> String {
    let Event { name, air, curve, mix, featured, promises, faults, .. } = event;
    let (peak_minute, peak) = curve.peak();
    let mut text = format!("{name}\non the air {}\n\n{}\n", air.strftime("%A %-d %B %Y, %H:%M (%Z)"), draw(curve));
    // Writing into a string cannot fail.
    let _ = writeln!(
        text,
        "{:.0} page views in {:.0} minutes; {:.0} a minute ({:.0} a second) at the peak, {peak_minute:+.0} min; {:.1} times what was before\n",
        curve.total(),
        curve.ends() - curve.begins(),
        peak,
        peak / 60.0,
        peak / curve.at(curve.begins()).max(1.0),
    );
    for class in PageClass::ALL {
        let promise = promises.get(&class).map_or("nothing promised".to_owned(), |promise| {
            format!("99 of 100 within {} ms, at most {} % fail", promise.p99.as_millis(), promise.max_failed * 100.0)
        });
        let _ = writeln!(text, "  {class:<9} {:>3.0} % of page views; {promise}", mix.share(class) * 100.0);
    }
    let numbers: Vec<String> = featured.iter().map(ToString::to_string).collect();
    let shown = if numbers.is_empty() { "those of the home page".to_owned() } else { numbers.join(", ") };
    let _ = writeln!(text, "\n  featured listings: {shown}; {:.0} % of listing pages and orders", mix.featured * 100.0);
    let (phones, baskets) = (mix.phone * 100.0, (1.0 - mix.anonymous) * 100.0);
    let _ = writeln!(text, "  {phones:.0} % on phones, {baskets:.0} % with something in the basket");
    for fault in faults {
        let failed = fault.max_failed * 100.0;
        let _ = writeln!(text, "  game day, {:+.1} min: {fault}; at most {failed} % may fail then", fault.minute);
    }
    text
}

/// The curve as columns of blocks, the peak as high as the drawing.
fn draw(curve: &Curve) -> String {
    let width = curve.ends() - curve.begins();
    let (_, peak) = curve.peak();
    let heights: Vec<u32> = (0..WIDTH)
        .map(|column| {
            let minute = curve.begins() + (f64::from(column) + 0.5) / f64::from(WIDTH) * width;
            eighths(curve.at(minute) / peak.max(f64::MIN_POSITIVE))
        })
        .collect();
    let mut text = String::new();
    for row in (0..HEIGHT).rev() {
        text.push_str("  ");
        text.extend(heights.iter().map(|height| EIGHTHS[height.saturating_sub(row * 8).min(8) as usize]));
        text.push('\n');
    }
    let _ =
        writeln!(text, "  {:<36}{:>36}", format!("{:+.0} min", curve.begins()), format!("{:+.0} min", curve.ends()));
    text
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a small number")]
fn eighths(share: f64) -> u32 {
    (share.clamp(0.0, 1.0) * f64::from(HEIGHT * 8)).round() as u32
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_drawing_has_the_shape_of_the_curve() {
        let curve = Curve::through([(0.0, 0.0), (36.0, 100.0), (72.0, 0.0)]).expect("a curve");
        let drawn = draw(&curve);
        let rows: Vec<&str> = drawn.lines().collect();
        let filled = |row: &str| row.chars().filter(|sign| *sign != ' ').count();
        assert_eq!(rows.len(), 9);
        assert!(filled(rows[0]) < filled(rows[3]) && filled(rows[3]) < filled(rows[7]));
        assert!(rows[8].contains("+0 min") && rows[8].ends_with("+72 min"));
    }
}
