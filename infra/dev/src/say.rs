//! What the developer sees on the terminal: short aligned lines, in colour only where a person looks.
//!
//! Every word that the command prints goes through here, so that a log file stays plain and a spinner never tears a line.
//! What to say is the business of the commands.
#![expect(clippy::print_stdout, reason = "this is the one place that writes to the terminal")]
#![expect(clippy::print_stderr, reason = "this is the one place that writes to the terminal")]

use std::fmt::Display;
use std::io::{self, BufRead, IsTerminal, Write};
use std::time::Duration;

use indicatif::{MultiProgress, ProgressBar, ProgressDrawTarget, ProgressStyle};

/// Width of the left column, wide enough for the longest name of a process.
const NAME_WIDTH: usize = 22;
/// Width of the middle column; longer details simply push the time to the right.
const DETAIL_WIDTH: usize = 34;
/// How often a spinner turns.
const TURN: Duration = Duration::from_millis(100);

/// The voice of the command. Cheap to clone; clones share the live lines.
#[derive(Clone)]
pub struct Say {
    live: MultiProgress,
    terminal: bool,
    colour: bool,
}

impl Say {
    /// Looks at the terminal once: live lines only where somebody watches, colour unless `NO_COLOR` is set.
    pub fn new() -> Self {
        let terminal = io::stdout().is_terminal() && std::env::var_os("CI").is_none();
        let colour = terminal && std::env::var_os("NO_COLOR").is_none();
        let target = if terminal { ProgressDrawTarget::stdout() } else { ProgressDrawTarget::hidden() };
        Self { live: MultiProgress::with_draw_target(target), terminal, colour }
    }

    /// Says nothing at all: for tests that start the stack.
    pub fn nothing() -> Self {
        Self { live: MultiProgress::with_draw_target(ProgressDrawTarget::hidden()), terminal: false, colour: false }
    }

    /// Whether a person is likely to be watching and able to answer a question.
    pub fn may_ask(&self) -> bool {
        self.terminal && io::stdin().is_terminal()
    }

    /// A title above what follows.
    pub fn heading(&self, text: &str) {
        self.line(&format!("\n{}", self.paint("1", text)));
    }

    /// One thing that went well, with the time that it took.
    pub fn done(&self, name: &str, detail: &str, took: Duration) {
        let time = self.paint("2", &seconds(took));
        self.line(&format!("  {} {}  {time}", self.paint("32", "✓"), self.columns(name, detail)));
    }

    /// Something worth knowing that needs no action.
    pub fn note(&self, name: &str, detail: &str) {
        self.line(&format!("  {} {}", self.paint("36", "·"), self.columns(name, detail).trim_end()));
    }

    /// Something that went wrong and is being dealt with, or that the developer may want to look at.
    pub fn warn(&self, name: &str, detail: &str) {
        self.line(&format!("  {} {}", self.paint("33", "!"), self.columns(name, detail).trim_end()));
    }

    /// One thing that failed.
    pub fn failed(&self, name: &str, detail: &str) {
        self.line(&format!("  {} {}", self.paint("31", "✗"), self.columns(name, detail).trim_end()));
    }

    /// Plain text: tables, log lines, answers that other programs read.
    pub fn text(&self, text: impl Display) {
        self.line(&text.to_string());
    }

    /// The reason why the command gives up, on standard error.
    pub fn error(&self, error: &anyhow::Error) {
        let red = io::stderr().is_terminal() && std::env::var_os("NO_COLOR").is_none();
        let label = if red { "\x1b[31merror:\x1b[0m" } else { "error:" };
        eprintln!("\n{label} {error:#}");
    }

    /// Asks a yes-or-no question; anything but a clear yes is a no.
    pub fn ask(&self, question: &str) -> bool {
        print!("{question} [y/N] ");
        let mut answer = String::new();
        let read = io::stdout().flush().and_then(|()| io::stdin().lock().read_line(&mut answer));
        read.is_ok() && matches!(answer.trim(), "y" | "Y" | "yes" | "o" | "oui")
    }

    /// A line that turns while something is being waited for; it vanishes when the returned guard is dropped.
    pub fn waiting(&self, name: &str, detail: &str) -> Waiting {
        let bar = ProgressBar::new_spinner().with_style(style(" {elapsed:.dim}"));
        let bar = self.live.add(bar);
        bar.set_message(self.columns(name, detail));
        if self.terminal {
            bar.enable_steady_tick(TURN);
        }
        Waiting { bar }
    }

    /// A bar over a known number of rows, or a counter where the number is not known.
    pub fn rows(&self, name: &str, total: Option<u64>) -> ProgressBar {
        self.bar(name, total, "{human_pos}/{human_len}  {per_sec:.dim}  {eta:.dim}")
    }

    /// A bar over a file's bytes, with the rows that came out of it so far as its prefix.
    pub fn bytes(&self, name: &str, total: Option<u64>) -> ProgressBar {
        self.bar(name, total, "{bytes}/{total_bytes}  {prefix} rows  {eta:.dim}")
    }

    /// A bar over a few steps of uneven length, which allow no forecast.
    pub fn steps(&self, name: &str, total: Option<u64>) -> ProgressBar {
        self.bar(name, total, "{pos}/{len}  {elapsed:.dim}")
    }

    fn bar(&self, name: &str, total: Option<u64>, counts: &str) -> ProgressBar {
        let bar = match total {
            Some(total) => ProgressBar::new(total).with_style(style(&format!("{{bar:28.cyan/dim}} {counts}"))),
            None => ProgressBar::no_length().with_style(style("{human_pos}  {per_sec:.dim}  {elapsed:.dim}")),
        };
        let bar = self.live.add(bar);
        bar.set_message(format!("{name:<NAME_WIDTH$}"));
        bar
    }

    fn columns(&self, name: &str, detail: &str) -> String {
        format!("{name:<NAME_WIDTH$} {}", self.paint("2", &format!("{detail:<DETAIL_WIDTH$}")))
    }

    fn paint(&self, code: &str, text: &str) -> String {
        if self.colour { format!("\x1b[{code}m{text}\x1b[0m") } else { text.to_owned() }
    }

    /// Prints above the live lines. A terminal that went away is no reason to stop.
    fn line(&self, text: &str) {
        if self.live.is_hidden() {
            let _gone = writeln!(io::stdout(), "{text}");
        } else {
            let _gone = self.live.println(text);
        }
    }
}

impl Default for Say {
    fn default() -> Self {
        Self::new()
    }
}

/// A turning line; dropped, it disappears.
pub struct Waiting {
    bar: ProgressBar,
}

impl Drop for Waiting {
    fn drop(&mut self) {
        self.bar.finish_and_clear();
    }
}

/// A time as a person says it: `0.8 s`, `2 min 05 s`.
pub fn seconds(took: Duration) -> String {
    let whole = took.as_secs();
    if whole < 60 { format!("{:.1} s", took.as_secs_f64()) } else { format!("{} min {:02} s", whole / 60, whole % 60) }
}

/// A size in memory or on disk as a person says it.
pub fn bytes(count: u64) -> String {
    const MEGA: u64 = 1 << 20;
    if count < MEGA { format!("{} kB", count >> 10) } else { format!("{} MB", count / MEGA) }
}

fn style(right: &str) -> ProgressStyle {
    let template = format!("  {{spinner:.cyan}} {{msg}} {right}");
    ProgressStyle::with_template(&template).expect("every template is a constant of this file")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn times_and_sizes_read_like_speech() {
        assert_eq!(seconds(Duration::from_millis(840)), "0.8 s");
        assert_eq!(seconds(Duration::from_secs(125)), "2 min 05 s");
        assert_eq!(bytes(512 << 10), "512 kB");
        assert_eq!(bytes(300 << 20), "300 MB");
    }

    #[test]
    fn a_plain_output_carries_no_escape_codes() {
        assert_eq!(Say::nothing().paint("31", "taken"), "taken");
    }
}
