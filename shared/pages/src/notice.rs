//! Short messages to the visitor, and what stands where there is nothing to show.

use maud::{Markup, html};

/// Something good or neutral to know.
pub fn info(text: &str) -> Markup {
    html! { p.notice role="status" { (text) } }
}

/// Something that went wrong or needs the visitor.
pub fn warning(text: &str) -> Markup {
    html! { p.notice.notice-warning role="alert" { (text) } }
}

/// A kind word where a list would be, with ways on.
pub fn empty_state(title: &str, text: &str, ways_on: &Markup) -> Markup {
    html! {
        div.empty {
            p.empty-title { (title) }
            p { (text) }
            div.actions { (ways_on) }
        }
    }
}
