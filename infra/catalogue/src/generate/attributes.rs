//! Named properties as JSON, written without building a document first.

/// A JSON object of texts.
#[derive(Debug, Default)]
pub struct AttributeJson {
    text: String,
}

impl AttributeJson {
    /// Starts anew.
    pub fn begin(&mut self) {
        self.text.clear();
        self.text.push('{');
    }

    /// Adds a property. The vocabulary has neither quotes nor backslashes, as a test makes sure, so nothing is escaped.
    pub fn add(&mut self, name: &str, value: &str) {
        if self.text.len() > 1 {
            self.text.push(',');
        }
        for part in ["\"", name, "\":\"", value, "\""] {
            self.text.push_str(part);
        }
    }

    /// Ends the object.
    pub fn end(&mut self) {
        self.text.push('}');
    }

    /// The object's text.
    pub fn as_str(&self) -> &str {
        &self.text
    }
}
