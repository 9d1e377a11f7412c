//! A listing's pictures. The drawing lies below and carries the words; a seller's photo lies on top and is silent, so
//! a photo that does not load leaves a pleasant picture behind, without a script.

use halles_domain::{Listing, Photo};
use maud::{Markup, html};

use crate::address;

/// How soon a picture is wanted.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Loading {
    /// It is what the page is about.
    Eager,
    /// When the visitor scrolls near it.
    Lazy,
}

impl Loading {
    const fn name(self) -> &'static str {
        match self {
            Self::Eager => "eager",
            Self::Lazy => "lazy",
        }
    }
}

/// The listing's main picture.
pub fn main_photo(listing: &Listing, alt: &str, loading: Loading) -> Markup {
    picture(listing, listing.photos.first(), alt, loading)
}

/// The listing's drawing below `photo`, square, `alt` for those who do not see it.
pub fn picture(listing: &Listing, photo: Option<&Photo>, alt: &str, loading: Loading) -> Markup {
    html! {
        span.photo {
            img src=(address::drawn_photo(listing.id)) alt=(alt) width="600" height="600"
                loading=(loading.name()) decoding="async";
            @if let Some(photo) = photo {
                img.photo-real src=(photo.as_str()) alt="" width="600" height="600"
                    loading=(loading.name()) decoding="async" referrerpolicy="no-referrer";
            }
        }
    }
}
