//! The few drawn signs of the shop; each stands beside words or has a label on its link, so all are hidden from
//! screen readers.

use maud::{Markup, html};

/// A market stall: our mark.
pub fn stall() -> Markup {
    html! {
        svg.mark viewBox="0 0 32 32" width="32" height="32" aria-hidden="true" {
            path.mark-cloth d="M5 5h22l3 8a3.7 3.7 0 0 1-7 1.6A3.7 3.7 0 0 1 16 14.6 3.7 3.7 0 0 1 9 14.6 3.7 3.7 0 0 1 2 13z" {}
            path.mark-frame d="M5 19v9h22v-9M5 23.5h22" {}
        }
    }
}

/// A magnifying glass.
pub fn magnifier() -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            circle cx="10.5" cy="10.5" r="6.5" {}
            path d="M15.5 15.5 21 21" {}
        }
    }
}

/// The shelves of an aisle.
pub fn aisle() -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="22" height="22" aria-hidden="true" {
            path d="M4 4v17M20 4v17M4 10h16M4 17h16" {}
            path d="M8 10V6h3v4m3 7v-3h3v3" {}
        }
    }
}

/// A shopping basket.
pub fn basket() -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="26" height="26" aria-hidden="true" {
            path d="M3 10h18l-2 10H5z" {}
            path d="m8 10 3-6m5 6-3-6M9 13.5v3.5m6-3.5V17m-3-3.5V17" {}
        }
    }
}

/// A pin on a map.
pub fn pin() -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {
            path d="M12 21s-6.5-6-6.5-11a6.5 6.5 0 0 1 13 0c0 5-6.5 11-6.5 11z" {}
            circle cx="12" cy="10" r="2.2" {}
        }
    }
}

/// An arrow to the right.
pub fn onwards() -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="18" height="18" aria-hidden="true" {
            path d="M4 12h15m-6-6 6 6-6 6" {}
        }
    }
}

/// A stall with its shutters down.
pub fn closed_stall() -> Markup {
    html! {
        svg.closed viewBox="0 0 120 90" width="160" height="120" aria-hidden="true" {
            path.closed-frame d="M20 38v46h80V38" {}
            path.closed-slats d="M22 48h76M22 56h76M22 64h76M22 72h76" {}
            path.closed-cloth d="M18 10h84l12 24a10 10 0 0 1-18 4 12 12 0 0 1-18 0 12 12 0 0 1-18 0 12 12 0 0 1-18 0 12 12 0 0 1-18 0A10 10 0 0 1 6 34z" {}
        }
    }
}

/// A tick in a circle: done.
pub fn tick() -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" {
            circle cx="12" cy="12" r="9.5" {}
            path d="m7.5 12.5 3 3 6-6.5" {}
        }
    }
}

/// An hourglass: under way.
pub fn hourglass() -> Markup {
    html! {
        svg.icon viewBox="0 0 24 24" width="28" height="28" aria-hidden="true" {
            path d="M6 3h12M6 21h12M7.5 3v4.5L12 12l4.5-4.5V3M7.5 21v-4.5L12 12l4.5 4.5V21" {}
        }
    }
}
