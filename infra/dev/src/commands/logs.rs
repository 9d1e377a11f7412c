//! `cargo dev logs`: what the processes wrote, side by side.

use std::fs::{self, File};
use std::io::{self, Read, Seek, SeekFrom};
use std::path::PathBuf;
use std::time::Duration;

use anyhow::{Result, bail};
use tokio::time::sleep;

use super::context::Context;
use crate::cli::LogsArgs;
use crate::stack::process::tail;

/// How often followed logs are looked at.
const LOOK_EVERY: Duration = Duration::from_millis(200);

/// Shows the end of the logs, and goes on when asked to.
pub async fn run(context: &Context, args: &LogsArgs) -> Result<()> {
    let mut logs = list_logs(context, args.name.as_deref())?;
    let width = if logs.len() > 1 { logs.iter().map(|log| log.name.len()).max() } else { None };
    for log in &mut logs {
        log.end = fs::metadata(&log.path)?.len();
        for line in tail(&log.path, args.lines) {
            context.say.text(labelled(&log.name, &line, width));
        }
    }
    if !args.follow {
        return Ok(());
    }
    loop {
        sleep(LOOK_EVERY).await;
        for log in &mut logs {
            for line in log.read_more()? {
                context.say.text(labelled(&log.name, &line, width));
            }
        }
    }
}

struct Log {
    name: String,
    path: PathBuf,
    end: u64,
}

impl Log {
    /// The whole lines added since the last look.
    fn read_more(&mut self) -> io::Result<Vec<String>> {
        let mut file = File::open(&self.path)?;
        if file.metadata()?.len() < self.end {
            // Set aside and begun anew.
            self.end = 0;
        }
        file.seek(SeekFrom::Start(self.end))?;
        let mut added = Vec::new();
        file.read_to_end(&mut added)?;
        let whole = added.iter().rposition(|byte| *byte == b'\n').map_or(0, |last| last + 1);
        added.truncate(whole);
        self.end += added.len() as u64;
        Ok(String::from_utf8_lossy(&added).lines().map(ToOwned::to_owned).collect())
    }
}

fn list_logs(context: &Context, name: Option<&str>) -> Result<Vec<Log>> {
    let state = context.state()?;
    let files = fs::read_dir(state.logs()).into_iter().flatten().flatten();
    let paths = files.map(|file| file.path()).filter(|path| path.extension().is_some_and(|end| end == "log"));
    let all = paths.filter_map(|path| {
        let name = path.file_stem()?.to_str()?.to_owned();
        Some(Log { name, path, end: 0 })
    });
    let mut logs: Vec<Log> = all.collect();
    logs.sort_by(|left, right| left.name.cmp(&right.name));
    let known: Vec<String> = logs.iter().map(|log| log.name.clone()).collect();
    if let Some(name) = name {
        logs.retain(|log| log.name == name);
    }
    match (logs.is_empty(), name) {
        (false, _) => Ok(logs),
        (true, Some(name)) if !known.is_empty() => bail!("there is no log of {name}; there are {}", known.join(", ")),
        _ => bail!("there are no logs yet; they come with `cargo dev up`"),
    }
}

fn labelled(name: &str, line: &str, width: Option<usize>) -> String {
    match width {
        Some(width) => format!("{name:>width$} │ {line}"),
        None => line.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write;

    use super::*;

    #[test]
    fn only_whole_lines_are_shown_and_none_twice() {
        let directory = tempfile::tempdir().expect("a temporary directory");
        let path = directory.path().join("one.log");
        let mut file = File::create(&path).expect("writable");
        let mut log = Log { name: "one".to_owned(), path, end: 0 };
        write!(file, "first\nsec").expect("writable");
        assert_eq!(log.read_more().expect("readable"), ["first"]);
        writeln!(file, "ond").expect("writable");
        assert_eq!(log.read_more().expect("readable"), ["second"]);
        assert!(log.read_more().expect("readable").is_empty());
    }
}
