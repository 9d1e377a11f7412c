//! The page about a rehearsal: the verdict first, then its reasons, then everything else.

use maud::{DOCTYPE, Markup, PreEscaped, html};

use super::sections;
use super::{Axis, Band, Mark, Moment, Plot, Report, Series, Shape};
use crate::plan::{self, Plan};
use crate::run::Phase;
use crate::verdict::Verdict;

/// Draws the page, with a plan and an earlier run beside it where there are any.
pub fn page(report: &Report, plan: Option<&Plan>, earlier: Option<&Report>) -> Markup {
    let class = match report.verdict {
        Verdict::Go => "go",
        Verdict::NoGo => "no-go",
        Verdict::Invalid => "invalid",
    };
    html! {
        (DOCTYPE)
        html lang="en" {
            head {
                meta charset="utf-8";
                meta name="viewport" content="width=device-width, initial-scale=1";
                title { (report.verdict.word()) ": " (report.event) }
                style { (PreEscaped(include_str!("style.css"))) }
            }
            body class=(class) {
                (sections::head(report))
                main {
                    (sections::promises(report))
                    section #evening {
                        h2 { "The evening" }
                        p.lead {
                            "Minutes are those of the show. A request counts where it was due, whenever its answer came, and its \
                             time runs from then to the last byte. Point at a moment to read its figures."
                        }
                        (traffic(report)) (latency(report)) (tiers(report)) (queue(report)) (cores(report))
                    }
                    (sections::game_day(report))
                    (sections::classes(report))
                    div.two {
                        (sections::endings(report))
                        (sections::orders(report))
                    }
                    (sections::behind(report))
                    @if let Some(earlier) = earlier { (sections::comparison(report, earlier)) }
                    @if let Some(plan) = plan { (plan::section(plan)) }
                    (sections::method(report))
                }
            }
        }
    }
}

/// Across: the minutes of the show.
fn minutes(report: &Report) -> Axis {
    let (from, until) = report.setting.minutes;
    let step = [0.5, 1.0, 2.0, 5.0, 10.0, 20.0, 30.0, 60.0, 120.0, 240.0]
        .into_iter()
        .find(|step| (until - from) / step <= 8.0)
        .unwrap_or(480.0);
    let first = (from / step).ceil();
    let ticks = (0..20).map(|place| (first + f64::from(place)) * step).take_while(|minute| *minute <= until);
    let said = |minute: f64| if minute == 0.0 { "on air".to_owned() } else { format!("{minute:+}′") };
    Axis::between((from, until), ticks.map(|minute| (minute, said(minute))).collect())
}

fn bands(report: &Report) -> Vec<Band> {
    let ((from, until), phases) = (report.setting.minutes, report.phases);
    let ends = [from, phases.rise.max(from), phases.peak.max(from), phases.after.max(from), until];
    let bands = Phase::ALL.into_iter().zip(ends.windows(2));
    bands.map(|(phase, ends)| Band { from: ends[0], until: ends[1], name: phase.name().to_owned() }).collect()
}

fn marks(report: &Report) -> Vec<Mark> {
    let struck = report.struck.iter();
    struck.map(|one| Mark { at: report.setting.minute_at(one.at_s), name: one.fault.to_string() }).collect()
}

fn told(report: &Report, text: impl Fn(&Moment) -> String) -> Vec<(f64, f64, String)> {
    let moments = &report.evening;
    let width = moments.windows(2).next().map_or(1.0, |pair| pair[1].minute - pair[0].minute);
    let at = |moment: &Moment| format!("{:+.1} min\n{}", moment.minute, text(moment));
    moments.iter().map(|moment| (moment.minute, moment.minute + width, at(moment))).collect()
}

fn line(report: &Report, name: &'static str, colour: &'static str, of: impl Fn(&Moment) -> f64) -> Series {
    let points = report.evening.iter().map(|moment| (moment.minute, of(moment))).collect();
    Series { name, colour, shape: Shape::Line, points }
}

fn most(report: &Report, of: impl Fn(&Moment) -> f64) -> f64 {
    report.evening.iter().map(of).filter(|value| value.is_finite()).fold(0.0, f64::max)
}

fn traffic(report: &Report) -> Markup {
    let lost = Series {
        shape: Shape::Between(report.evening.iter().map(|moment| moment.right).collect()),
        ..line(report, "shed or failed", "bad", |moment| moment.offered)
    };
    let goodput = Series { shape: Shape::Area, ..line(report, "right answers", "a", |moment| moment.right) };
    Plot {
        title: "What came, and what it got".to_owned(),
        unit: "requests a second",
        x: minutes(report),
        y: Axis::up_to(most(report, |moment| moment.offered.max(moment.answered))),
        series: vec![
            lost,
            goodput,
            line(report, "answered", "quiet", |moment| moment.answered),
            line(report, "offered", "ink", |moment| moment.offered),
        ],
        bands: bands(report),
        marks: marks(report),
        told: told(report, |moment| {
            format!(
                "offered {:.0}/s\nright {:.0}/s\nshed {:.0}/s\nfailed {:.0}/s\np50 {:.1} ms\np99 {:.1} ms",
                moment.offered, moment.right, moment.shed, moment.failed, moment.p50_ms, moment.p99_ms
            )
        }),
    }
    .draw()
}

fn latency(report: &Report) -> Markup {
    let seen = || report.evening.iter().filter(|moment| moment.right > 0.0);
    let least = seen().map(|moment| moment.p50_ms).fold(f64::INFINITY, f64::min);
    let most = seen().map(|moment| moment.p99_ms).fold(1.0, f64::max);
    let through = |name, colour, of: &dyn Fn(&Moment) -> f64| Series {
        name,
        colour,
        shape: Shape::Line,
        points: seen().map(|moment| (moment.minute, of(moment))).collect(),
    };
    Plot {
        title: "How long it took".to_owned(),
        unit: "milliseconds, each line ten times the last",
        x: minutes(report),
        y: Axis::log(if least.is_finite() { least.max(0.1) } else { 1.0 }, most),
        series: vec![
            through("half of all", "b", &|moment| moment.p50_ms),
            through("99 of 100", "a", &|moment| moment.p99_ms),
        ],
        bands: bands(report),
        marks: Vec::new(),
        told: told(report, |moment| format!("p50 {:.1} ms\np99 {:.1} ms", moment.p50_ms, moment.p99_ms)),
    }
    .draw()
}

/// Where answers came from, as shares of all questions of a moment.
fn tiers(report: &Report) -> Markup {
    let seen: Vec<(f64, [f64; 4])> = report
        .evening
        .iter()
        .filter_map(|moment| {
            let counts = moment.counts?;
            let parts = [counts.page_hits, counts.l1_hits, counts.l2_hits, counts.store_reads];
            let all: f64 = parts.iter().sum();
            (all > 0.0).then(|| (moment.minute, parts.map(|part| part / all * 100.0)))
        })
        .collect();
    if seen.len() < 2 {
        return html! {};
    }
    let names = [("drawn pages", "a"), ("memory", "b"), ("cache Redis", "c"), ("database", "bad")];
    let mut series = Vec::new();
    let mut ground = vec![0.0; seen.len()];
    for (part, (name, colour)) in names.into_iter().enumerate() {
        let top: Vec<f64> = seen.iter().zip(&ground).map(|((_, parts), low)| low + parts[part]).collect();
        let points = seen.iter().zip(&top).map(|((minute, _), top)| (*minute, *top)).collect();
        series.push(Series { name, colour, shape: Shape::Between(ground), points });
        ground = top;
    }
    Plot {
        title: "Where answers came from".to_owned(),
        unit: "% of questions to the cache",
        x: minutes(report),
        y: Axis::between((0.0, 100.0), [0, 25, 50, 75, 100].map(|tick| (f64::from(tick), tick.to_string())).to_vec()),
        series,
        bands: Vec::new(),
        marks: marks(report),
        told: told(report, |moment| {
            let counts = moment.counts.unwrap_or_default();
            format!(
                "drawn pages {:.0}\nmemory {:.0}\nRedis {:.0}\ndatabase {:.0}",
                counts.page_hits, counts.l1_hits, counts.l2_hits, counts.store_reads
            )
        }),
    }
    .draw()
}

/// Orders that wait, and what the services give up.
fn queue(report: &Report) -> Markup {
    if report.counts.is_none() {
        return html! {};
    }
    let depth = most(report, |moment| moment.queue_depth.unwrap_or_default());
    let points = |of: &dyn Fn(&Moment) -> Option<f64>| -> Vec<(f64, f64)> {
        report.evening.iter().filter_map(|moment| Some((moment.minute, of(moment)?))).collect()
    };
    let rungs = Series {
        name: "rung of the ladder",
        colour: "bad",
        shape: Shape::Steps,
        points: points(&|moment| moment.rung.map(f64::from)),
    };
    let waiting = Series {
        name: "orders waiting",
        colour: "b",
        shape: Shape::Area,
        points: points(&|moment| moment.queue_depth),
    };
    Plot {
        title: "Orders that waited, and what was given up".to_owned(),
        unit: "requests to buy; rungs 0 to 6",
        x: minutes(report),
        y: Axis::up_to(depth.max(6.0)),
        series: vec![waiting, rungs],
        bands: bands(report),
        marks: Vec::new(),
        told: told(report, |moment| {
            format!(
                "{:.0} waiting, the oldest for {:.1} s\nrung {}",
                moment.queue_depth.unwrap_or_default(),
                moment.queue_age_s.unwrap_or_default(),
                moment.rung.unwrap_or_default()
            )
        }),
    }
    .draw()
}

fn cores(report: &Report) -> Markup {
    let points: Vec<(f64, f64)> =
        report.evening.iter().filter_map(|moment| Some((moment.minute, moment.cores?))).collect();
    if points.len() < 2 {
        return html! {};
    }
    Plot {
        title: "Processors".to_owned(),
        unit: "cores that all processes of the shop used",
        x: minutes(report),
        y: Axis::up_to(points.iter().map(|(_, cores)| *cores).fold(0.0, f64::max)),
        series: vec![Series { name: "", colour: "c", shape: Shape::Area, points }],
        bands: bands(report),
        marks: Vec::new(),
        told: told(report, |moment| format!("{:.2} cores", moment.cores.unwrap_or_default())),
    }
    .draw()
}
