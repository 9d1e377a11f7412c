//! Which metrics an expression names. Not a parser: Prometheus has one, and `promtool` asks it.

use std::collections::BTreeSet;

/// Words of the language that stand where a metric could.
const WORDS: [&str; 14] = [
    "and",
    "or",
    "unless",
    "by",
    "on",
    "bool",
    "offset",
    "ignoring",
    "without",
    "group_left",
    "group_right",
    "inf",
    "nan",
    "atan2",
];

/// Words before a list of labels.
const BEFORE_LABELS: [&str; 6] = ["by", "on", "without", "ignoring", "group_left", "group_right"];

/// The names of all metrics in `expression`.
pub fn metrics_in(expression: &str) -> BTreeSet<String> {
    let bare = without_labels(&without_texts(expression));
    let mut names = BTreeSet::new();
    let mut rest = bare.as_str();
    while let Some(start) = rest.find(|character: char| character.is_ascii_alphabetic() || character == '_') {
        let is_part_of_number =
            rest[..start].ends_with(|character: char| character.is_ascii_digit() || character == '.');
        let word_and_on = &rest[start..];
        let end =
            word_and_on.find(|c: char| !c.is_ascii_alphanumeric() && c != '_' && c != ':').unwrap_or(word_and_on.len());
        let (word, after) = word_and_on.split_at(end);
        let is_function = after.trim_start().starts_with('(');
        if !is_function && !is_part_of_number && !WORDS.contains(&word) {
            names.insert(word.to_owned());
        }
        rest = after;
    }
    names
}

/// Texts in quotes, matchers in braces and ranges in brackets name no metrics.
fn without_texts(expression: &str) -> String {
    let (mut kept, mut is_text, mut closing) = (String::new(), false, None);
    for character in expression.chars() {
        match (is_text, closing) {
            (_, _) if character == '"' => is_text = !is_text,
            (true, _) => {}
            (false, Some(awaited)) if character == awaited => closing = None,
            (false, Some(_)) => {}
            (false, None) => match character {
                '{' => closing = Some('}'),
                '[' => closing = Some(']'),
                _ => kept.push(character),
            },
        }
    }
    kept
}

/// Lists of labels, as in `by (job, le)`.
fn without_labels(expression: &str) -> String {
    let mut kept = expression.to_owned();
    for word in BEFORE_LABELS {
        let mut from = 0;
        while let Some(found) = kept[from..].find(word).map(|place| place + from) {
            let after = found + word.len();
            let is_word = !kept[..found].ends_with(|c: char| c.is_ascii_alphanumeric() || c == '_');
            let open = kept[after..].find(|c: char| !c.is_whitespace()).map(|place| place + after);
            let list = open.filter(|open| is_word && kept[*open..].starts_with('('));
            match list.and_then(|open| kept[open..].find(')').map(|close| open + close + 1)) {
                // The word goes, too: what stands behind it is then what it was said of.
                Some(end) => kept.replace_range(found..end, ""),
                None => from = after,
            }
        }
    }
    kept
}

#[test]
fn metrics_are_told_from_functions_labels_and_texts() {
    let found = |expression: &str| metrics_in(expression).into_iter().collect::<Vec<_>>();
    assert_eq!(found("rate(a_total{job=~\"x|y\", le=\"0.5\"}[5m]) / sum by (job) (b_count)"), ["a_total", "b_count"]);
    assert_eq!(found("(sum(leads) or vector(0)) == 0 and on () max(depth) > 1e3"), ["depth", "leads"]);
    assert_eq!(
        found("histogram_quantile(0.9, sum by (le, job) (rate(w_bucket{a=\"}\"}[1m]))) > 14.4 * 0.001"),
        ["w_bucket"]
    );
    assert_eq!(found("halles:bad:ratio_1h > 6 * 0.001"), ["halles:bad:ratio_1h"]);
    assert_eq!(found("label_values(c_count, job)"), ["c_count", "job"], "the label is the caller's to know");
}
