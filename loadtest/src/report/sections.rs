//! The parts of the page that are words and tables.

use maud::{Markup, html};

use super::{Figures, Report, Row};
use crate::arrivals::Ending;
use crate::event::PageClass;
use crate::verdict::{Verdict, share, words};

/// The verdict, and the figures that one wants first.
pub(super) fn head(report: &Report) -> Markup {
    let broken = report.promises.iter().filter(|promise| !promise.kept).count();
    let reason = match report.verdict {
        Verdict::NoGo => format!("{broken} of {} promises were broken.", report.promises.len()),
        verdict => verdict.meaning().to_owned(),
    };
    let lost = report.orders.as_ref().and_then(|orders| orders.settled.as_ref()).map(|settled| settled.lost.len());
    html! {
        header {
            p.kicker { "Rehearsal · " (report.setting.began.strftime("%-d %B %Y, %H:%M UTC")) }
            div.verdict {
                h1 { (report.event) }
                p.badge { (report.verdict.word()) }
            }
            p.reason { (reason) " On the air " (report.air.strftime("%A %-d %B %Y at %H:%M (%Z)")) "." }
            dl.tiles {
                (tile(&grouped(report.all.offered), "requests, due whether or not the shop kept up"))
                (tile(&format!("{:.0}/s", report.peak_per_second), "right answers in the best second"))
                (tile(&well(1.0 - report.all.failed_share), "of all requests got the right answer"))
                (tile(&milliseconds(report.all.p99_ms), "99 of 100, from the moment they were due"))
                @if let Some(orders) = &report.orders {
                    (tile(&grouped(orders.accepted), &match lost {
                        Some(lost) => format!("orders accepted, {lost} lost"),
                        None => "orders accepted".to_owned(),
                    }))
                }
                @if let Some(saved) = report.counts.and_then(crate::stage::Counts::saved_share) {
                    (tile(&well(saved), "of questions never reached the database"))
                }
            }
        }
    }
}

fn tile(figure: &str, what: &str) -> Markup {
    html! { div { dd { (figure) } dt { (what) } } }
}

/// Each promise with its number, the broken ones first.
pub(super) fn promises(report: &Report) -> Markup {
    let (kept, broken): (Vec<_>, Vec<_>) = report.promises.iter().partition(|promise| promise.kept);
    html! {
        section {
            h2 { "Promises" }
            div.scroll { table.promises {
                thead { tr { th {} th { "promise" } th { "promised" } th { "measured" } } }
                tbody {
                    @for promise in broken.into_iter().chain(kept) {
                        tr.broken[!promise.kept] {
                            td.mark { @if promise.kept { "✓" } @else { "✗" } }
                            th scope="row" { (promise.about) }
                            td { (promise.promised) }
                            td { (promise.measured) }
                        }
                    }
                }
            } }
        }
    }
}

/// What struck, and when it was over.
pub(super) fn game_day(report: &Report) -> Markup {
    if report.struck.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Game day" }
            ol.struck { @for one in &report.struck {
                li {
                    strong { (one.fault) }
                    " at " (format!("{:+.1} min", report.setting.minute_at(one.at_s)))
                    @match (&one.error, one.over_s) {
                        (Some(error), _) => { ": " (error) }
                        (None, Some(over)) => { ", ready again after " (format!("{:.1} s", over - one.at_s)) }
                        (None, None) => { ", not ready again" }
                    }
                }
            } }
        }
    }
}

/// Every kind of page in every phase.
pub(super) fn classes(report: &Report) -> Markup {
    html! {
        section {
            h2 { "By kind of page and phase" }
            div.scroll { table.figures {
                thead { tr {
                    th { "" } th { "offered" } th { "failed" } th { "first byte p99" }
                    th { "p50" } th { "p90" } th { "p99" } th { "p99.9" } th { "max" }
                } }
                tbody { @for row in &report.rows { (class_row(row)) } }
            } }
            p.note { "Milliseconds, from the moment a request was due; of right answers only." }
        }
    }
}

fn class_row(row: &Row) -> Markup {
    let Row { class, phase, figures } = row;
    html! {
        tr.whole[phase.is_none()] {
            th scope="row" { @match phase { Some(phase) => { (phase) } None => { (words(*class)) } } }
            td { (grouped(figures.offered)) }
            td.bad[figures.failed_share > 0.0] { (share(figures.failed_share)) }
            @for value in [figures.first_byte_p99_ms, figures.p50_ms, figures.p90_ms, figures.p99_ms, figures.p999_ms, figures.max_ms] {
                td { (short(value)) }
            }
        }
    }
}

/// How requests ended that did not end well.
pub(super) fn endings(report: &Report) -> Markup {
    let all = &report.all;
    let bad: Vec<Ending> = Ending::ALL.into_iter().filter(|ending| *ending != Ending::Right).collect();
    html! {
        section {
            h2 { "What went wrong" }
            table.figures { tbody {
                @for ending in bad {
                    tr { th scope="row" { (ending.name()) } td.bad[all.count(ending) > 0] { (grouped(all.count(ending))) }
                        td { (share(all.count(ending) as f64 / all.offered.max(1) as f64)) } }
                }
                tr { th scope="row" { "not sent by the driver" } td.bad[report.dropped > 0] { (grouped(report.dropped)) } td {} }
            } }
        }
    }
}

/// Orders by outcome, and the sum that must come out even.
pub(super) fn orders(report: &Report) -> Markup {
    let Some(orders) = &report.orders else { return html! {} };
    html! {
        section {
            h2 { "Orders" }
            table.figures { tbody {
                @for (state, count) in &orders.placed {
                    tr { th scope="row" { "placed at once: " (plain(state)) } td { (grouped(*count)) } }
                }
                tr { th scope="row" { "noted, placed later" } td { (grouped(orders.noted)) } }
                @for (reason, count) in &orders.refused {
                    tr { th scope="row" { "told at once: " (plain(reason)) } td { (grouped(*count)) } }
                }
            } }
            @if let Some(settled) = &orders.settled {
                @if settled.accepted > 0 { p.sum {
                    strong { (grouped(settled.accepted)) " accepted" } " = "
                    @for (place, (state, count)) in settled.states.iter().enumerate() {
                        @if place > 0 { " + " } (grouped(*count)) " " (plain(state))
                    }
                    @if !settled.lost.is_empty() { " + " span.bad { (settled.lost.len()) " lost" } }
                } }
                p.note {
                    (grouped(settled.looked_up)) " of them were looked up afterwards. "
                    @match settled.settled_after_s {
                        Some(after) => { "None was pending " (format!("{after:.1}")) " s after the last request." }
                        None => { "Some were still pending." }
                    }
                    @if let Some(check) = &settled.check {
                        @if check.violations.is_empty() { " Stock and orders agree in the database." }
                        @else { ul.bad { @for violation in &check.violations { li { (violation) } } } }
                    }
                }
            }
        }
    }
}

/// What the shop itself used.
pub(super) fn behind(report: &Report) -> Markup {
    if report.processes.is_empty() {
        return html! {};
    }
    html! {
        section {
            h2 { "Behind the counter" }
            p.lead {
                "Highest rung " (report.highest_rung) ", longest queue of orders " (format!("{:.0}", report.longest_queue))
                @if report.oldest_in_queue_s > 0.0 { ", the oldest waited " (format!("{:.1} s", report.oldest_in_queue_s)) }
                "."
            }
            div.scroll { table.figures {
                thead { tr { th { "process" } th { "cores, mean" } th { "cores, most" } th { "memory, most" } th { "restarts" } } }
                tbody { @for process in &report.processes {
                    tr {
                        th scope="row" { (process.name) }
                        td { (format!("{:.2}", process.mean_cores)) }
                        td { (format!("{:.2}", process.peak_cores)) }
                        td { (process.peak_memory_bytes >> 20) " MB" }
                        td.bad[process.restarts > 0] { (process.restarts) }
                    }
                } }
            } }
        }
    }
}

/// Beside an earlier run.
pub(super) fn comparison(report: &Report, earlier: &Report) -> Markup {
    let pairs = PageClass::ALL
        .into_iter()
        .filter_map(|class| Some((words(class), report.whole_evening(class)?, earlier.whole_evening(class)?)));
    let all = std::iter::once(("Everything", &report.all, &earlier.all));
    html! {
        section {
            h2 { "Compared with an earlier run" }
            p.lead {
                (earlier.setting.began.strftime("%-d %B %Y, %H:%M UTC")) ": " strong { (earlier.verdict.word()) }
                @if let Some(commit) = &earlier.setting.commit { ", commit " code { (commit) } }
                "; " (format!("{:.0}/s", earlier.peak_per_second)) " right answers in its best second, here "
                (format!("{:.0}/s", report.peak_per_second)) "."
                @if earlier.setting.machine != report.setting.machine { strong { " It was another machine." } }
            }
            div.scroll { table.figures {
                thead { tr { th {} th { "p50" } th { "then" } th { "p99" } th { "then" } th { "change" } th { "failed" } th { "then" } } }
                tbody { @for (name, now, then) in all.chain(pairs) { (compared(name, now, then)) } }
            } }
        }
    }
}

fn compared(name: &str, now: &Figures, then: &Figures) -> Markup {
    let change = if then.p99_ms > 0.0 { (now.p99_ms / then.p99_ms - 1.0) * 100.0 } else { 0.0 };
    html! {
        tr {
            th scope="row" { (name) }
            td { (short(now.p50_ms)) } td.quiet { (short(then.p50_ms)) }
            td { (short(now.p99_ms)) } td.quiet { (short(then.p99_ms)) }
            td.bad[change > 20.0].good[change < -20.0] { (format!("{change:+.0} %")) }
            td { (share(now.failed_share)) } td.quiet { (share(then.failed_share)) }
        }
    }
}

/// How all this was measured.
pub(super) fn method(report: &Report) -> Markup {
    let setting = &report.setting;
    let length = format!("{:.0} s", report.seconds);
    let bytes = report.body_bytes as f64 / report.all.offered.max(1) as f64 / 1_000.0;
    html! {
        section.method {
            h2 { "How it was measured" }
            dl {
                dt { "Crowd" }
                dd {
                    "minutes " (format!("{:+} to {:+}", setting.minutes.0, setting.minutes.1)) " of the show in " (length) ", "
                    (setting.speed) " times as fast as in life, " (share(setting.scale)) " of the expected crowd, seed "
                    (setting.seed) ", from " (setting.hosts) @if setting.hosts == 1 { " host" } @else { " hosts" }
                }
                dt { "Driver" }
                dd {
                    "sent 99 of 100 requests at most " (format!("{:.3}", report.driver_lag_p99_ms)) " ms late (the latest "
                    (format!("{:.1}", report.driver_lag_max_ms)) " ms), dropped " (report.dropped) ", opened "
                    (grouped(report.connections)) " connections; answers were " (format!("{bytes:.1} kB")) " on average, as they came"
                }
                dt { "Shop" } dd { (setting.host) @if let Some(commit) = &setting.commit { ", commit " code { (commit) } } }
                dt { "Machine" } dd { (setting.machine) }
            }
            p.note {
                "Arrivals are an open model: a request is sent when it is due, also while others wait, and every page is looked \
                 at, not only its status. A run in which the driver sent more than one request of a hundred over "
                (setting.max_lag_ms) " ms late, or left one out, is invalid."
            }
        }
    }
}

/// A code as words.
fn plain(code: &str) -> String {
    code.replace('_', " ")
}

/// A figure in a table.
fn short(value: f64) -> String {
    if value >= 100.0 { format!("{value:.0}") } else { format!("{value:.1}") }
}

fn milliseconds(value: f64) -> String {
    format!("{} ms", short(value))
}

/// A share that should be all, rounded down: it says 100 % only of all.
fn well(share: f64) -> String {
    if share >= 1.0 { "100 %".to_owned() } else { format!("{:.2}\u{202f}%", (share * 10_000.0).floor() / 100.0) }
}

/// A count with its thousands apart.
fn grouped(count: u64) -> String {
    let digits = count.to_string();
    let mut text = String::with_capacity(digits.len() * 2);
    for (place, digit) in digits.chars().enumerate() {
        if place > 0 && (digits.len() - place).is_multiple_of(3) {
            text.push('\u{202f}');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn all_is_only_all() {
        let told = [1.0, 0.999_999, 0.5].map(|share| well(share).replace('\u{202f}', " "));
        assert_eq!(told, ["100 %", "99.99 %", "50.00 %"]);
    }

    #[test]
    fn thousands_stand_apart() {
        assert_eq!([7, 1_234, 1_000_000].map(grouped), ["7", "1\u{202f}234", "1\u{202f}000\u{202f}000"]);
    }
}
