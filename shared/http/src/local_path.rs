//! An address within this shop.

use std::fmt;
use std::str::FromStr;

use halles_domain::Invalid;

/// Longer ones are no pages of ours.
const MAX_CHARS: usize = 2_000;

/// A path (and query) of this very shop: following it can never lead to somebody else's site.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct LocalPath(String);

impl LocalPath {
    /// The home page.
    pub fn home() -> Self {
        Self("/".to_owned())
    }

    /// The path's text, beginning with a slash.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for LocalPath {
    type Err = Invalid;

    fn from_str(text: &str) -> Result<Self, Invalid> {
        // `//host` and `/\host` lead elsewhere, and a line break would end the header.
        let is_local = text.starts_with('/') && !text.starts_with("//") && !text.contains('\\');
        let is_plain = text.len() <= MAX_CHARS && text.bytes().all(|byte| byte.is_ascii_graphic());
        if is_local && is_plain {
            Ok(Self(text.to_owned()))
        } else {
            Err(Invalid::new("back", "must be a path of this shop"))
        }
    }
}

impl fmt::Display for LocalPath {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn stays_within_the_shop() {
        for good in ["/", "/l/17/a-bowl?x=%C3%A9", "/search?q=a//b"] {
            assert_eq!(good.parse::<LocalPath>().expect("local").as_str(), good);
        }
        for bad in
            ["", "l/17", "//evil.example", "/\\evil.example", "https://evil.example", "/a\r\nb", "/\t/evil", "/é"]
        {
            assert!(bad.parse::<LocalPath>().is_err(), "{bad:?}");
        }
    }
}
