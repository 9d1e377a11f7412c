//! A plot of what is done against what is asked for, as one SVG file without anything from elsewhere.

use std::fmt::Write as _;

use super::crowd::Seen;
use crate::bench::verdict::median;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 60.0;
const BOTTOM: f64 = 310.0;
const TOP: f64 = 40.0;

/// Useful answers as a share of the most, and refused looks as a share of all, over how many times capacity was offered.
pub(super) fn draw(times: &[f64], peaks: &[f64], useful: &[Vec<f64>], phases: &[(f64, Seen)]) -> String {
    let peak = median(peaks.to_vec());
    let goodput: Vec<f64> = useful.iter().map(|useful| median(useful.clone()) / peak).collect();
    let of = |wanted: f64, share: fn(&Seen) -> f64| {
        let of_this = phases.iter().filter(|(times, _)| (times - wanted).abs() < f64::EPSILON);
        median(of_this.map(|(_, seen)| share(seen)).collect())
    };
    let refused: Vec<f64> = times.iter().map(|times| of(*times, Seen::refused_share)).collect();
    let taken: Vec<f64> = times.iter().map(|times| of(*times, Seen::taken_share)).collect();

    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' font-family='sans-serif' font-size='12'>\
         <rect width='100%' height='100%' fill='white'/>\
         <text x='{LEFT}' y='20' font-size='14'>One order service under overload (capacity {peak:.0} answers/s)</text>"
    );
    for share in [0.0, 0.25, 0.5, 0.75, 0.95, 1.0] {
        let y = height(share);
        let _ = write!(
            svg,
            "<path d='M{LEFT} {y}H{right}' stroke='#ddd'/><text x='{text}' y='{y}' text-anchor='end' dy='4'>{share}</text>",
            right = WIDTH - 20.0,
            text = LEFT - 8.0,
        );
    }
    for times in times {
        let (x, y) = (place(*times), BOTTOM + 18.0);
        let _ = write!(svg, "<text x='{x}' y='{y}' text-anchor='middle'>{times}x</text>");
    }
    for (number, (name, colour, values)) in [
        ("useful answers, of the most", "#1b7837", &goodput),
        ("orders taken, of all sent", "#2166ac", &taken),
        ("looks refused, of all", "#b2182b", &refused),
    ]
    .into_iter()
    .enumerate()
    {
        let points: Vec<String> = times
            .iter()
            .zip(values)
            .map(|(times, value)| format!("{:.1},{:.1}", place(*times), height(*value)))
            .collect();
        let (x, y) = (LEFT + 190.0 * number as f64, HEIGHT - 10.0);
        let _ = write!(
            svg,
            "<polyline points='{}' fill='none' stroke='{colour}' stroke-width='2'/><text x='{x}' y='{y}' fill='{colour}'>{name}</text>",
            points.join(" "),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

/// Ten times lies at the right edge.
fn place(times: f64) -> f64 {
    LEFT + times / 10.0 * (WIDTH - LEFT - 30.0)
}

/// Everything lies below 1.1.
fn height(share: f64) -> f64 {
    BOTTOM - share.clamp(0.0, 1.1) / 1.1 * (BOTTOM - TOP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_higher_and_to_the_right() {
        assert!(height(1.0) < height(0.5) && place(10.0) > place(1.0));
        let useful = [vec![95.0], vec![100.0]];
        let svg = draw(&[1.0, 10.0], &[100.0], &useful, &[]);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        let line = format!("points='{:.1},{:.1} {:.1},{:.1}'", place(1.0), height(0.95), place(10.0), height(1.0));
        assert!(svg.contains(&line), "{svg}");
    }
}
