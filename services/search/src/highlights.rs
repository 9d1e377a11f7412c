//! Which words of what was found are marked, on the page and in the API.

use std::ops::Range;
use std::sync::Arc;

use halles_api::search::{HitDetails, TextPiece};
use halles_domain::Listing;
use halles_pages::Marked;
use halles_pages::card::Found;
use halles_search_index::{Highlighter, Snippet};

/// Three lines of a card.
const SNIPPET_CHARS: usize = 140;

/// The marks in one listing's texts.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) struct Highlight {
    title_marks: Vec<Range<usize>>,
    /// A piece of the description, where it has words that the title lacks.
    snippet: Option<Snippet>,
}

impl Highlight {
    /// The listing's card in the results.
    pub(crate) fn on_card<'a>(&'a self, listing: &'a Listing, distance_km: Option<f64>) -> Found<'a> {
        Found { listing, title_marks: &self.title_marks, snippet: self.snippet(), distance_km }
    }

    fn snippet(&self) -> Option<Marked<'_>> {
        self.snippet.as_ref().map(|snippet| Marked { text: &snippet.text, marks: &snippet.marks })
    }
}

/// The marks of each listing, by the words that they were found by. Without words there is nothing to mark.
pub(crate) fn highlights(words: &[String], listings: &[Arc<Listing>]) -> Vec<Highlight> {
    let mut highlighter = Highlighter::new(words);
    let mark = |listing: &Arc<Listing>| {
        let (title, language) = (listing.title.as_str(), listing.language);
        Highlight {
            title_marks: highlighter.marks(title, language),
            snippet: highlighter.snippet(listing.description.as_str(), title, language, SNIPPET_CHARS),
        }
    };
    listings.iter().map(mark).collect()
}

/// The same on the wire.
pub(crate) fn to_wire(listing: &Listing, highlight: &Highlight, distance_km: Option<f64>) -> HitDetails {
    let title = Marked { text: listing.title.as_str(), marks: &highlight.title_marks };
    HitDetails {
        id: listing.id.get(),
        title: pieces(title),
        snippet: highlight.snippet().map(pieces),
        // To the kilometre: a town is no point.
        distance_km: distance_km.map(f64::round),
    }
}

fn pieces(marked: Marked<'_>) -> Vec<TextPiece> {
    let pieces = marked.pieces().into_iter();
    pieces.map(|(text, is_match)| TextPiece { text: text.to_owned(), is_match }).collect()
}
