//! The board: how the rehearsal goes, while it goes. Drawn in place where somebody watches, plain lines otherwise.

use std::fmt::Write as _;
use std::io::{self, IsTerminal as _, Write as _};
use std::sync::mpsc::{Receiver, RecvTimeoutError, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use std::time::Duration;

use halles_loadtest::arrivals::{Ending, Glance, Live};
use halles_loadtest::stage::{Looks, Sample, Struck};

/// How often it is drawn, and how often a plain line is said.
const REDRAW: Duration = Duration::from_millis(500);
const PLAIN: Duration = Duration::from_secs(5);
/// How many seconds a small curve remembers.
const REMEMBERED: usize = 48;
/// How long the bar is.
const BAR: usize = 28;

/// What is looked at.
pub struct Sources {
    /// What people call the show.
    pub name: String,
    /// The crowd.
    pub live: Live,
    /// The shop, if anybody watches it.
    pub looks: Option<Looks>,
    /// What struck.
    pub struck: Option<Arc<Mutex<Vec<Struck>>>>,
    /// The minute of the show at a second of the run.
    pub minute_at: Box<dyn Fn(f64) -> f64 + Send>,
}

/// A board that is up until it is dropped.
pub struct Board {
    stop: Option<Sender<()>>,
    thread: Option<JoinHandle<()>>,
}

impl Board {
    /// Puts it up.
    pub fn put_up(sources: Sources) -> Self {
        let (stop, stopped) = channel();
        let is_terminal = io::stdout().is_terminal() && std::env::var_os("CI").is_none();
        let drawing = Drawing {
            sources,
            is_terminal,
            has_colour: is_terminal && std::env::var_os("NO_COLOR").is_none(),
            rates: Vec::new(),
            latencies: Vec::new(),
            lines: 0,
        };
        Self { stop: Some(stop), thread: Some(thread::spawn(move || drawing.keep_drawing(&stopped))) }
    }
}

impl Drop for Board {
    fn drop(&mut self) {
        drop(self.stop.take());
        let _panicked = self.thread.take().map(JoinHandle::join);
    }
}

struct Drawing {
    sources: Sources,
    is_terminal: bool,
    has_colour: bool,
    rates: Vec<f64>,
    latencies: Vec<f64>,
    /// How many lines are on the terminal that the next drawing replaces.
    lines: usize,
}

impl Drawing {
    fn keep_drawing(mut self, stopped: &Receiver<()>) {
        let pause = if self.is_terminal { REDRAW } else { PLAIN };
        let mut last_second = 0;
        while stopped.recv_timeout(pause) == Err(RecvTimeoutError::Timeout) {
            let Some(glance) = self.sources.live.glance() else { continue };
            let second = glance.elapsed.as_secs();
            if second != last_second {
                last_second = second;
                self.remember(&glance);
            }
            if self.is_terminal { self.draw(&glance) } else { self.say(&glance) }
        }
    }

    fn remember(&mut self, glance: &Glance) {
        let Some(slot) = &glance.slot else { return };
        let length = glance.slot_length.as_secs_f64().max(1e-3);
        for (all, value) in [
            (&mut self.rates, slot.offered() as f64 / length),
            (&mut self.latencies, slot.quantile(0.99).as_secs_f64() * 1_000.0),
        ] {
            all.push(value);
            if all.len() > REMEMBERED {
                all.remove(0);
            }
        }
    }

    fn say(&self, glance: &Glance) {
        let minute = (self.sources.minute_at)(glance.elapsed.as_secs_f64());
        let bad: u64 = glance.endings.iter().skip(1).sum();
        let (rate, p99) = (self.rates.last().unwrap_or(&0.0), self.latencies.last().unwrap_or(&0.0));
        // A terminal that went away is no reason to stop.
        let _gone = writeln!(
            io::stdout().lock(),
            "{:>5.0} s  {minute:+6.1} min  {rate:>7.0} requests/s  p99 {p99:>7.1} ms  {bad} not right  {} dropped",
            glance.elapsed.as_secs_f64(),
            glance.dropped
        );
    }

    fn draw(&mut self, glance: &Glance) {
        let text = self.text(glance);
        let mut out = io::stdout().lock();
        let back = if self.lines > 0 { format!("\x1b[{}A", self.lines) } else { String::new() };
        let cleared: String = text.lines().map(|line| format!("\x1b[2K{line}\n")).collect();
        // A line that is too long for the terminal is cut off: a second one would be in the way of the next drawing.
        let _gone = write!(out, "\x1b[?7l{back}{cleared}\x1b[J\x1b[?7h").and_then(|()| out.flush());
        self.lines = text.lines().count();
    }

    fn text(&self, glance: &Glance) -> String {
        let (elapsed, length) = (glance.elapsed.as_secs_f64(), glance.length.as_secs_f64().max(1e-3));
        let minute = (self.sources.minute_at)(elapsed);
        let mut text = format!(
            "\n  {}   {}   {} {:>3.0} of {:.0} s\n\n",
            self.paint("1", &self.sources.name),
            self.paint("1;31", &format!("● {minute:+.1} min")),
            bar(elapsed / length),
            elapsed.min(length),
            length
        );
        let last = |all: &[f64]| all.last().copied().unwrap_or_default();
        // Writing into a string cannot fail.
        let _ = writeln!(
            text,
            "  {:<10}{:>9.0} /s   {}",
            "requests",
            last(&self.rates),
            self.paint("36", &spark(&self.rates))
        );
        let _ = writeln!(
            text,
            "  {:<10}{:>9.1} ms   {}",
            "p99",
            last(&self.latencies),
            self.paint("33", &spark(&self.latencies))
        );
        let _ = writeln!(text, "  {:<10}{}", "so far", self.endings(glance));
        if glance.orders.total_accepted() > 0 || !glance.orders.refused.is_empty() {
            let refused: u64 = glance.orders.refused.values().sum();
            let (placed, noted) = (glance.orders.placed_at_once(), glance.orders.noted);
            let _ =
                writeln!(text, "  {:<10}{placed} placed · {noted} noted · {refused} told at once why not", "orders");
        }
        let latest =
            self.sources.looks.as_ref().and_then(|looks| locked(looks).last().map(|(_, sample)| sample.clone()));
        if let Some(sample) = latest {
            self.behind(&sample, &mut text);
        }
        for struck in self.sources.struck.iter().flat_map(|struck| locked(struck).clone()) {
            let _ = writeln!(text, "  {} {}", self.paint("31", "⚡"), strike(&struck));
        }
        text
    }

    fn endings(&self, glance: &Glance) -> String {
        let mut parts = Vec::new();
        for ending in Ending::ALL {
            let count = glance.endings[ending as usize];
            if ending == Ending::Right {
                parts.push(self.paint("32", &format!("{count} right")));
            } else if count > 0 {
                parts.push(self.paint("31", &format!("{count} {}", ending.name())));
            }
        }
        if glance.dropped > 0 {
            parts.push(self.paint("31", &format!("{} dropped by the driver", glance.dropped)));
        }
        parts.join(" · ")
    }

    fn behind(&self, sample: &Sample, text: &mut String) {
        let counts = sample.counts;
        let parts = [
            ("drawn pages", counts.page_hits),
            ("memory", counts.l1_hits),
            ("Redis", counts.l2_hits),
            ("database", counts.store_reads),
        ];
        let all = parts.iter().map(|(_, count)| count).sum::<f64>().max(1.0);
        let shares: Vec<String> =
            parts.iter().map(|(name, count)| format!("{name} {:.1} %", count / all * 100.0)).collect();
        let _ = writeln!(text, "  {:<10}{}", "cache", shares.join(" · "));
        let _ = writeln!(
            text,
            "  {:<10}{:.0} orders wait, the oldest for {:.1} s",
            "queue",
            sample.queue_depth.unwrap_or_default(),
            sample.queue_age_s.unwrap_or_default()
        );
        let rungs: Vec<String> = sample
            .rungs
            .iter()
            .map(|(name, rung)| self.paint(if *rung == 0 { "2" } else { "31" }, &format!("{name} {rung}")))
            .collect();
        let _ = writeln!(text, "  {:<10}{}", "rungs", rungs.join(" · "));
        let mut busy: Vec<(&String, f64)> = sample.processes.iter().map(|(name, one)| (name, one.cores)).collect();
        busy.sort_by(|one, other| other.1.total_cmp(&one.1));
        let busy: Vec<String> = busy.iter().take(5).map(|(name, cores)| format!("{name} {cores:.2}")).collect();
        let _ = writeln!(text, "  {:<10}{}", "cores", busy.join(" · "));
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.has_colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }
}

fn strike(struck: &Struck) -> String {
    let what = format!("{} at {:.0} s", struck.fault, struck.at_s);
    match (&struck.error, struck.over_s) {
        (Some(error), _) => format!("{what}: {error}"),
        (None, Some(over)) => format!("{what}, ready again after {:.1} s", over - struck.at_s),
        (None, None) => format!("{what} …"),
    }
}

#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "a share of a short bar")]
fn bar(share: f64) -> String {
    let full = (share.clamp(0.0, 1.0) * BAR as f64).round() as usize;
    format!("{}{}", "━".repeat(full), "┄".repeat(BAR - full))
}

/// A small curve: the highest value fills its character.
#[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "one of eight heights")]
fn spark(values: &[f64]) -> String {
    const HEIGHTS: [char; 8] = ['▁', '▂', '▃', '▄', '▅', '▆', '▇', '█'];
    let most = values.iter().copied().fold(f64::MIN_POSITIVE, f64::max);
    values.iter().map(|value| HEIGHTS[((value / most * 7.0).round() as usize).min(7)]).collect()
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn small_curves_and_bars_are_as_high_and_long_as_they_should() {
        assert_eq!(spark(&[0.0, 50.0, 100.0]), "▁▅█");
        assert_eq!(spark(&[]), "");
        assert_eq!(bar(0.5).chars().filter(|sign| *sign == '━').count(), BAR / 2);
        assert_eq!(bar(7.0).chars().count(), BAR);
    }
}
