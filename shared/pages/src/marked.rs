//! Texts with marked words: escaped piece by piece, so that no mark can open what a text closes.

use std::ops::Range;

use maud::{Markup, html};

/// A text with the words in it that a search was after. Marks that overlap or lie outside are left out.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Marked<'a> {
    /// The text.
    pub text: &'a str,
    /// The marked ranges of bytes, from left to right.
    pub marks: &'a [Range<usize>],
}

impl Marked<'_> {
    /// The text with its marks.
    pub fn render(&self) -> Markup {
        html! {
            @for (piece, is_marked) in self.pieces() {
                @if is_marked { mark { (piece) } } @else { (piece) }
            }
        }
    }

    /// The text in pieces, each marked or not; together they are the text.
    pub fn pieces(&self) -> Vec<(&str, bool)> {
        let mut pieces = Vec::with_capacity(2 * self.marks.len() + 1);
        let mut at = 0;
        for mark in self.marks {
            let (Some(before), Some(marked)) = (self.text.get(at..mark.start), self.text.get(mark.clone())) else {
                continue;
            };
            pieces.extend(Some((before, false)).filter(|_| !before.is_empty()));
            pieces.push((marked, true));
            at = mark.end;
        }
        let rest = &self.text[at..];
        pieces.extend(Some((rest, false)).filter(|_| !rest.is_empty()));
        pieces
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rendered(text: &str, marks: impl IntoIterator<Item = (usize, usize)>) -> String {
        let marks: Vec<Range<usize>> = marks.into_iter().map(|(start, end)| start..end).collect();
        Marked { text, marks: &marks }.render().into_string()
    }

    #[test]
    fn marks_and_texts_are_escaped() {
        assert_eq!(rendered("<b>Bol</b> & co", [(3, 6)]), "&lt;b&gt;<mark>Bol</mark>&lt;/b&gt; &amp; co");
        assert_eq!(rendered("<i>", [(0, 3)]), "<mark>&lt;i&gt;</mark>");
        assert_eq!(rendered("Bol", []), "Bol");
    }

    #[test]
    fn impossible_marks_are_left_out() {
        assert_eq!(rendered("été", [(0, 1), (0, 2), (1, 3), (9, 12)]), "<mark>é</mark>té");
    }
}
