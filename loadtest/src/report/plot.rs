//! Plots as inline SVG that stretch with the page.
//!
//! The drawing itself is stretched in both directions, with lines that keep their width; what is to be read stands around it as
//! ordinary text, so that it is as large on a phone as at a desk. No script: whoever points at a moment is told its figures
//! by the browser.

use std::fmt::Write as _;

use maud::{Markup, PreEscaped, html};

/// The drawing's own coordinates.
const WIDTH: f64 = 1_000.0;
const HEIGHT: f64 = 300.0;

/// One direction of a plot.
#[derive(Debug, Clone)]
pub struct Axis {
    /// Its ends.
    pub range: (f64, f64),
    /// Where lines and words are.
    pub ticks: Vec<(f64, String)>,
    /// Whether each step multiplies.
    pub is_log: bool,
}

/// One line or area.
#[derive(Debug, Clone)]
pub struct Series {
    /// What the legend calls it.
    pub name: &'static str,
    /// The class that gives it its colour: `a` to `f`, `bad`, `quiet`.
    pub colour: &'static str,
    /// How it is drawn.
    pub shape: Shape,
    /// Its points.
    pub points: Vec<(f64, f64)>,
}

/// How a series is drawn.
#[derive(Debug, Clone, PartialEq)]
pub enum Shape {
    /// A line.
    Line,
    /// A line that goes up and down in steps.
    Steps,
    /// An area from the ground.
    Area,
    /// An area between the points and these lower ones.
    Between(Vec<f64>),
    /// Dots.
    Dots,
}

/// A part of the horizontal axis with a name.
#[derive(Debug, Clone)]
pub struct Band {
    /// From where.
    pub from: f64,
    /// Until where.
    pub until: f64,
    /// What it is called.
    pub name: String,
}

/// A moment at which something happened.
#[derive(Debug, Clone)]
pub struct Mark {
    /// When.
    pub at: f64,
    /// What.
    pub name: String,
}

/// A plot.
#[derive(Debug, Clone)]
pub struct Plot {
    /// What it shows, in a few words.
    pub title: String,
    /// The unit of the vertical axis.
    pub unit: &'static str,
    /// Across.
    pub x: Axis,
    /// Upwards.
    pub y: Axis,
    /// From back to front.
    pub series: Vec<Series>,
    /// Behind everything.
    pub bands: Vec<Band>,
    /// In front of everything.
    pub marks: Vec<Mark>,
    /// What is told about a stretch of the horizontal axis: from, until, text.
    pub told: Vec<(f64, f64, String)>,
}

impl Axis {
    /// From nothing to at least `most`, with round numbers.
    pub fn up_to(most: f64) -> Self {
        let most = if most.is_finite() && most > 0.0 { most } else { 1.0 };
        let step = round_step(most / 4.0);
        let count = (most / step).ceil().max(1.0);
        let ticks =
            (0..=8).map(f64::from).take_while(|place| *place <= count).map(|place| (place * step, said(place * step)));
        Self { range: (0.0, count * step), ticks: ticks.collect(), is_log: false }
    }

    /// Powers of ten around these.
    pub fn log(least: f64, most: f64) -> Self {
        let exponents = (least.max(1e-3).log10().floor(), most.max(1e-2).log10().ceil());
        let exponents = (exponents.0, exponents.1.max(exponents.0 + 1.0));
        let ticks = (0..12).map(|step| exponents.0 + f64::from(step)).take_while(|exponent| *exponent <= exponents.1);
        let ticks = ticks.map(|exponent| 10.0_f64.powf(exponent)).map(|value| (value, said(value))).collect();
        Self { range: (10.0_f64.powf(exponents.0), 10.0_f64.powf(exponents.1)), ticks, is_log: true }
    }

    /// Between two ends, with words where the caller wants them.
    pub const fn between(range: (f64, f64), ticks: Vec<(f64, String)>) -> Self {
        Self { range, ticks, is_log: false }
    }

    /// Where a value is, from 0 to 1.
    fn share(&self, value: f64) -> f64 {
        let (from, to) = self.range;
        let share = if self.is_log {
            (value.max(from).ln() - from.ln()) / (to.ln() - from.ln())
        } else {
            (value - from) / (to - from)
        };
        share.clamp(0.0, 1.0)
    }
}

/// 1, 2 or 5 times a power of ten, not less than `least`.
fn round_step(least: f64) -> f64 {
    let power = 10.0_f64.powf(least.log10().floor());
    [1.0, 2.0, 5.0, 10.0].into_iter().map(|digit| digit * power).find(|step| *step >= least * 0.999).unwrap_or(least)
}

/// A number at an axis.
fn said(value: f64) -> String {
    match value {
        value if value >= 10_000.0 => format!("{}k", value / 1_000.0),
        value if value >= 1.0 || value == 0.0 => format!("{}", (value * 100.0).round() / 100.0),
        value => format!("{value:.3}").trim_end_matches('0').to_owned(),
    }
}

impl Plot {
    /// Draws it.
    pub fn draw(&self) -> Markup {
        html! {
            figure.plot {
                figcaption {
                    strong { (self.title) }
                    span.unit { (self.unit) }
                    @for series in self.series.iter().filter(|series| !series.name.is_empty()) {
                        span.key { i class=(series.colour) {} (series.name) }
                    }
                }
                @if !self.marks.is_empty() {
                    div.marks {
                        @for (place, mark) in self.marks.iter().enumerate() {
                            @let left = self.x.share(mark.at) * 100.0;
                            // On a phone there is room for the number only; the game day below is numbered alike.
                            span.late[left > 60.0] style=(format!("left:{left:.2}%")) { (place + 1) i { " " (mark.name) } }
                        }
                    }
                }
                div.frame {
                    div.y { @for (value, text) in &self.y.ticks {
                        span style=(format!("bottom:{:.2}%", self.y.share(*value) * 100.0)) { (text) }
                    } }
                    (PreEscaped(self.svg()))
                    div.bands { @for band in self.bands.iter().filter(|band| self.has_room(band)) {
                        span style=(format!("left:{:.2}%", self.x.share(band.from) * 100.0)) { (band.name) }
                    } }
                }
                div.x { @for (value, text) in &self.x.ticks {
                    span style=(format!("left:{:.2}%", self.x.share(*value) * 100.0)) { (text) }
                } }
            }
        }
    }

    /// Whether a band is wide enough for its name, also on a phone.
    fn has_room(&self, band: &Band) -> bool {
        self.x.share(band.until) - self.x.share(band.from) >= 0.12
    }

    fn svg(&self) -> String {
        let mut svg = format!(
            r#"<svg viewBox="0 0 {WIDTH} {HEIGHT}" preserveAspectRatio="none" role="img" aria-label="{}">"#,
            escaped(&self.title)
        );
        // Writing into a string cannot fail.
        for (place, band) in self.bands.iter().enumerate() {
            let (from, until) = (self.across(band.from), self.across(band.until));
            let name = escaped(&band.name);
            let _ = write!(
                svg,
                r#"<rect class="band{}" x="{from:.1}" y="0" width="{:.1}" height="{HEIGHT}"><title>{name}</title></rect>"#,
                place % 2,
                (until - from).max(0.0)
            );
        }
        for (value, _) in &self.y.ticks {
            let y = self.up(*value);
            let _ = write!(svg, r#"<line class="grid" x1="0" x2="{WIDTH}" y1="{y:.1}" y2="{y:.1}"/>"#);
        }
        for series in &self.series {
            self.draw_series(series, &mut svg);
        }
        for mark in &self.marks {
            let x = self.across(mark.at);
            let _ = write!(svg, r#"<line class="mark" x1="{x:.1}" x2="{x:.1}" y1="0" y2="{HEIGHT}"/>"#);
        }
        for (from, until, text) in &self.told {
            let (from, until) = (self.across(*from), self.across(*until));
            let _ = write!(
                svg,
                r#"<rect class="told" x="{from:.1}" y="0" width="{:.1}" height="{HEIGHT}"><title>{}</title></rect>"#,
                (until - from).max(0.5),
                escaped(text)
            );
        }
        svg + "</svg>"
    }

    fn draw_series(&self, series: &Series, svg: &mut String) {
        let Series { colour, shape, points, .. } = series;
        if points.is_empty() {
            return;
        }
        let placed: Vec<(f64, f64)> = points.iter().map(|(x, y)| (self.across(*x), self.up(*y))).collect();
        let _ = match shape {
            Shape::Line => write!(svg, r#"<path class="line {colour}" d="{}"/>"#, path(&placed)),
            Shape::Steps => write!(svg, r#"<path class="line {colour}" d="{}"/>"#, path(&stepped(&placed))),
            Shape::Area => {
                let ground = vec![self.y.range.0; points.len()];
                write!(svg, r#"<path class="area {colour}" d="{}"/>"#, self.between(points, &ground))
            }
            Shape::Between(lower) => {
                write!(svg, r#"<path class="area {colour}" d="{}"/>"#, self.between(points, lower))
            }
            // A line of no length with round ends is a dot that no stretching can squeeze.
            Shape::Dots => {
                let dots = placed.iter().map(|(x, y)| format!("M{x:.1} {y:.1}h0"));
                write!(svg, r#"<path class="dots {colour}" d="{}"/>"#, dots.collect::<String>())
            }
        };
    }

    fn between(&self, points: &[(f64, f64)], lower: &[f64]) -> String {
        let up = points.iter().map(|(x, y)| (self.across(*x), self.up(*y)));
        let back = points.iter().zip(lower).rev().map(|((x, _), low)| (self.across(*x), self.up(*low)));
        path(&up.chain(back).collect::<Vec<_>>()) + "Z"
    }

    fn across(&self, value: f64) -> f64 {
        self.x.share(value) * WIDTH
    }

    fn up(&self, value: f64) -> f64 {
        (1.0 - self.y.share(value)) * HEIGHT
    }
}

fn path(points: &[(f64, f64)]) -> String {
    let mut text = String::with_capacity(points.len() * 12);
    for (place, (x, y)) in points.iter().enumerate() {
        let _ = write!(text, "{}{x:.1} {y:.1}", if place == 0 { "M" } else { "L" });
    }
    text
}

fn stepped(points: &[(f64, f64)]) -> Vec<(f64, f64)> {
    let mut corners: Vec<(f64, f64)> = Vec::with_capacity(points.len() * 2);
    for (x, y) in points {
        corners.extend(corners.last().copied().map(|(_, before)| (*x, before)));
        corners.push((*x, *y));
    }
    corners
}

fn escaped(text: &str) -> String {
    text.replace('&', "&amp;").replace('<', "&lt;").replace('>', "&gt;").replace('"', "&quot;")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn axes_end_at_round_numbers() {
        let ticks = |axis: &Axis| axis.ticks.iter().map(|(_, text)| text.clone()).collect::<Vec<_>>();
        assert_eq!(ticks(&Axis::up_to(870.0)), ["0", "500", "1000"]);
        assert_eq!(ticks(&Axis::up_to(0.3)), ["0", "0.1", "0.2", "0.3"]);
        assert_eq!(ticks(&Axis::up_to(0.0)).first().map(String::as_str), Some("0"));
        assert_eq!(ticks(&Axis::log(2.0, 340.0)), ["1", "10", "100", "1000"]);
    }

    #[test]
    fn what_is_higher_is_drawn_higher_and_nothing_leaves_the_frame() {
        let plot = Plot {
            title: "a <plot>".to_owned(),
            unit: "ms",
            x: Axis::between((0.0, 10.0), Vec::new()),
            y: Axis::up_to(100.0),
            series: Vec::new(),
            bands: Vec::new(),
            marks: Vec::new(),
            told: Vec::new(),
        };
        assert!(plot.up(80.0) < plot.up(20.0));
        assert_eq!([plot.up(1e9), plot.up(-5.0)], [0.0, HEIGHT]);
        assert!(plot.svg().contains("a &lt;plot&gt;"));
    }
}
