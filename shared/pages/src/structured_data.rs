//! What search engines read: JSON-LD data blocks. They are data, not scripts, and run nowhere.

use maud::{Markup, PreEscaped, html};
use serde::Serialize;

/// A JSON-LD block for the head. `<`, `>` and `&` are written as JSON escapes, so no text of a seller can end the block.
pub fn json_ld(value: &impl Serialize) -> Markup {
    let json = serde_json::to_string(value).unwrap_or_default();
    let escaped = json.replace('<', "\\u003c").replace('>', "\\u003e").replace('&', "\\u0026");
    html! { script type="application/ld+json" { (PreEscaped(escaped)) } }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_text_can_end_the_block() {
        let block = json_ld(&serde_json::json!({"name": "</script><script>alert(1)</script>&"})).into_string();
        assert_eq!(block.matches("</script>").count(), 1);
        assert!(block.contains("\\u003c/script\\u003e") && block.contains("\\u0026"));
    }
}
