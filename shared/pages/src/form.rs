//! Form fields with their labels, hints and faults.

use maud::{Markup, html};

/// One line to type into.
#[derive(Debug, Clone, Copy)]
pub struct Field<'a> {
    /// The name it is sent under; also its `id`.
    pub name: &'a str,
    /// What to type, in words.
    pub label: &'a str,
    /// The kind of input: `text`, `email`, `number`…
    pub kind: &'a str,
    /// What stands in it.
    pub value: &'a str,
    /// What the browser may fill in by itself (the HTML `autocomplete` tokens).
    pub autocomplete: &'a str,
    /// Whether it may not be left empty.
    pub required: bool,
    /// The most characters.
    pub max_length: u32,
    /// What is wrong with it.
    pub fault: Option<&'a str>,
}

impl<'a> Field<'a> {
    /// An optional line of text.
    pub const fn text(name: &'a str, label: &'a str, value: &'a str) -> Self {
        Self { name, label, kind: "text", value, autocomplete: "off", required: false, max_length: 200, fault: None }
    }

    /// The field with its label, and its fault said where it is.
    pub fn render(&self) -> Markup {
        let fault_id = format!("{}-fault", self.name);
        html! {
            div.field.field-faulty[self.fault.is_some()] {
                label for=(self.name) { (self.label) }
                input id=(self.name) name=(self.name) type=(self.kind) value=(self.value)
                    autocomplete=(self.autocomplete) maxlength=(self.max_length) required[self.required]
                    aria-invalid=[self.fault.map(|_| "true")]
                    aria-describedby=[self.fault.map(|_| fault_id.as_str())];
                @if let Some(fault) = self.fault { p.fault id=(fault_id) { (fault) } }
            }
        }
    }
}

/// A box that says what to look at again, each entry leading to its field.
pub fn fault_summary(heading: &str, faults: &[(&str, &str)]) -> Markup {
    html! {
        @if !faults.is_empty() {
            div.notice.notice-warning role="alert" {
                p { strong { (heading) } }
                ul {
                    @for (field, reason) in faults {
                        li { a href={ "#" (field) } { (reason) } }
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fault_is_tied_to_its_field() {
        let field = Field { fault: Some("must not be empty"), ..Field::text("town", "Town", "<x>") };
        let html = field.render().into_string();
        assert!(html.contains("aria-invalid=\"true\" aria-describedby=\"town-fault\""));
        assert!(html.contains("id=\"town-fault\"") && html.contains("&lt;x&gt;"));
    }
}
