//! A plot of what is done against what is asked for, as one SVG file without anything from elsewhere.

use std::fmt::Write as _;

const WIDTH: f64 = 640.0;
const HEIGHT: f64 = 360.0;
const LEFT: f64 = 60.0;
const RIGHT: f64 = WIDTH - 30.0;
const BOTTOM: f64 = 300.0;
const TOP: f64 = 40.0;
/// How many times capacity lie at the right edge.
const MOST_TIMES: f64 = 10.0;
/// Shares above this are drawn there.
const MOST: f64 = 1.1;

/// What was seen while so much was asked for.
#[derive(Debug, Clone, Copy, PartialEq)]
pub(super) struct Point {
    /// How many times capacity were really asked for.
    pub(super) times: f64,
    /// Useful answers, as a share of capacity.
    pub(super) useful: f64,
    /// The most of them that the price of refusals leaves room for; not a number where it leaves none.
    pub(super) attainable: f64,
    /// Orders that were taken, of all that were sent.
    pub(super) taken: f64,
    /// Looks that were refused, of all that were sent.
    pub(super) refused: f64,
}

/// A line: its name, its colour, its strokes, and its place above the ground.
type Line = (&'static str, &'static str, &'static str, fn(&Point) -> f64);

const LINES: [Line; 4] = [
    ("useful answers / capacity", "#1b7837", "none", |point| point.useful),
    ("attainable beside refusals", "#7fbf7b", "6 4", |point| point.attainable),
    ("orders taken", "#2166ac", "none", |point| point.taken),
    ("looks refused", "#b2182b", "none", |point| point.refused),
];

/// The shares over how many times `capacity` was really asked for.
pub(super) fn draw(capacity: f64, points: &[Point]) -> String {
    let mut svg = format!(
        "<svg xmlns='http://www.w3.org/2000/svg' viewBox='0 0 {WIDTH} {HEIGHT}' font-family='sans-serif' font-size='12'>\
         <rect width='100%' height='100%' fill='white'/>\
         <text x='{LEFT}' y='20' font-size='14'>One order service under overload (capacity {capacity:.0} answers/s)</text>"
    );
    grid(&mut svg);
    for (number, (name, colour, strokes, share)) in LINES.into_iter().enumerate() {
        let places: Vec<String> = points
            .iter()
            .filter(|point| share(point).is_finite())
            .map(|point| corner(point.times, share(point)))
            .collect();
        let (x, y) = (LEFT + 145.0 * number as f64, HEIGHT - 10.0);
        let _ = write!(
            svg,
            "<polyline points='{}' fill='none' stroke='{colour}' stroke-width='2' stroke-dasharray='{strokes}'/>\
             <text x='{x}' y='{y}' fill='{colour}'>{name}</text>",
            places.join(" "),
        );
    }
    svg.push_str("</svg>\n");
    svg
}

fn grid(svg: &mut String) {
    for share in [0.0, 0.25, 0.5, 0.75, 0.95, 1.0] {
        let (x, y) = (LEFT - 8.0, height(share));
        let _ = write!(
            svg,
            "<path d='M{LEFT} {y}H{RIGHT}' stroke='#ddd'/><text x='{x}' y='{y}' text-anchor='end' dy='4'>{share}</text>"
        );
    }
    for times in [1.0, 2.0, 5.0, 10.0] {
        let (x, y) = (place(times), BOTTOM + 18.0);
        let _ = write!(svg, "<text x='{x}' y='{y}' text-anchor='middle'>{times}x</text>");
    }
}

fn corner(times: f64, share: f64) -> String {
    format!("{:.1},{:.1}", place(times), height(share))
}

fn place(times: f64) -> f64 {
    LEFT + times.clamp(0.0, MOST_TIMES) / MOST_TIMES * (RIGHT - LEFT)
}

fn height(share: f64) -> f64 {
    BOTTOM - share.clamp(0.0, MOST) / MOST * (BOTTOM - TOP)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn more_is_higher_and_to_the_right() {
        assert!(height(1.0) < height(0.5) && place(10.0) > place(1.0));
        let at = |times, useful| Point { times, useful, attainable: 1.0, taken: 1.0, refused: 0.0 };
        let svg = draw(100.0, &[at(1.0, 0.95), at(8.5, 0.5)]);
        assert!(svg.starts_with("<svg ") && svg.ends_with("</svg>\n"));
        let line = format!("points='{} {}'", corner(1.0, 0.95), corner(8.5, 0.5));
        assert!(svg.contains(&line), "{svg}");
    }
}
