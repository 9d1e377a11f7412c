//! What an arrival asks for.

use std::sync::Arc;

/// One request.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Ask {
    /// The number of its kind, for the tallies.
    pub kind: usize,
    /// What is asked for.
    pub path: String,
    /// What a right answer is.
    pub wants: Wants,
    /// Who asks.
    pub visitor: Visitor,
}

/// What a right answer is.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Wants {
    /// A page that contains this.
    Page(&'static str),
    /// An order, or the truth about why there is none.
    Order {
        /// The shopper's name for the intent.
        key: String,
        /// The order, as JSON.
        body: String,
    },
}

/// Who asks, as far as a server can tell.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Visitor {
    /// With a phone, or at a desk.
    pub has_phone: bool,
    /// The cookies of somebody with something in the basket; nobody's.
    pub cookies: Option<Arc<str>>,
}

impl Visitor {
    /// What the browser calls itself.
    pub(super) const fn user_agent(&self) -> &'static str {
        if self.has_phone {
            "Mozilla/5.0 (Linux; Android 15) halles-rehearse (Mobile)"
        } else {
            "Mozilla/5.0 (X11; Linux x86_64) halles-rehearse"
        }
    }
}

impl Ask {
    /// A page, asked for by nobody in particular.
    pub fn page(kind: usize, path: impl Into<String>, sign: &'static str) -> Self {
        Self { kind, path: path.into(), wants: Wants::Page(sign), visitor: Visitor::default() }
    }
}
