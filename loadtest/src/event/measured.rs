//! A measured evening: one count for each minute, from a CSV that somebody's balancer or log wrote, packed (`.gz`) or not.

use std::fs;
use std::io::Read as _;
use std::path::Path;

use flate2::read::GzDecoder;

/// Which part of a file.
#[derive(Debug, Clone, Copy)]
pub(super) struct Part<'a> {
    /// The column with this name; without one, the last.
    pub column: Option<&'a str>,
    /// From which row on, counted from 0 without the line of names, and how many rows.
    pub rows: (usize, usize),
    /// The row of minute 0.
    pub air_row: u32,
}

/// Counts of minutes that follow each other; none of a row is a gap, and the line goes straight across it.
pub(super) fn read(path: &Path, part: Part<'_>) -> Result<Vec<(f64, f64)>, String> {
    let text = unpacked(path).map_err(|error| format!("{} cannot be read ({error})", path.display()))?;
    let mut lines = text.lines().enumerate().filter(|(_, line)| !line.trim().is_empty()).peekable();
    let names =
        lines.next_if(|(_, line)| line.rsplit(',').next().is_some_and(|cell| cell.trim().parse::<f64>().is_err()));
    let place = match (part.column, names) {
        (None, _) => None,
        (Some(column), Some((_, names))) => {
            let place = names.split(',').position(|name| name.trim() == column);
            Some(place.ok_or_else(|| format!("{} has no column {column:?}; it has {names}", path.display()))?)
        }
        (Some(column), None) => return Err(format!("{} has no line of names to find {column:?} in", path.display())),
    };
    let (first, count) = part.rows;
    let mut points = Vec::new();
    for (row, (number, line)) in lines.enumerate().skip(first).take(count) {
        let cell = match place {
            Some(place) => line.split(',').nth(place),
            None => line.rsplit(',').next(),
        };
        let cell = cell.unwrap_or_default().trim();
        match cell.parse::<f64>() {
            Ok(count) => points.push((row as f64 - f64::from(part.air_row), count)),
            Err(_) if cell.is_empty() => {}
            Err(_) => return Err(format!("line {} of {} has no count: {cell:?}", number + 1, path.display())),
        }
    }
    Ok(points)
}

fn unpacked(path: &Path) -> std::io::Result<String> {
    if path.extension().is_none_or(|ending| ending != "gz") {
        return fs::read_to_string(path);
    }
    let mut text = String::new();
    GzDecoder::new(fs::File::open(path)?).read_to_string(&mut text)?;
    Ok(text)
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use flate2::Compression;
    use flate2::write::GzEncoder;

    use super::*;

    const WHOLE: Part<'static> = Part { column: None, rows: (0, usize::MAX), air_row: 0 };

    fn file(name: &str, text: &str) -> (tempfile::TempDir, std::path::PathBuf) {
        let directory = tempfile::tempdir().expect("a directory");
        let path = directory.path().join(name);
        let mut bytes = Vec::new();
        if name.ends_with("gz") {
            let mut encoder = GzEncoder::new(&mut bytes, Compression::fast());
            encoder.write_all(text.as_bytes()).expect("memory");
            encoder.finish().expect("memory");
        } else {
            bytes.extend_from_slice(text.as_bytes());
        }
        fs::write(&path, bytes).expect("a file");
        (directory, path)
    }

    #[test]
    fn an_evening_is_cut_out_of_a_packed_season() {
        let text = "minute,requests,bytes\n21:00,100,7\n21:01,200,\n21:02,,9\n21:03,400,9\n21:04,500,9\n";
        let (_directory, path) = file("season.csv.gz", text);
        let part = Part { column: Some("requests"), rows: (1, 3), air_row: 2 };
        assert_eq!(read(&path, part).expect("counts"), [(-1.0, 200.0), (1.0, 400.0)], "a gap is a straight line");
        let told = read(&path, Part { column: Some("pages"), ..WHOLE }).expect_err("no such column");
        assert!(told.contains("no column \"pages\"; it has minute,requests,bytes"), "{told}");
    }

    #[test]
    fn names_are_needed_only_to_find_a_column() {
        let (_directory, path) = file("plain.csv", "100\n200\n\n300\n");
        assert_eq!(read(&path, WHOLE).expect("counts"), [(0.0, 100.0), (1.0, 200.0), (2.0, 300.0)]);
        assert!(read(&path, Part { column: Some("requests"), ..WHOLE }).is_err());
    }
}
