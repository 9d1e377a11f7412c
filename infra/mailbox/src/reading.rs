//! What a mail says, for people: its subject and its text, out of their encodings.

use base64::Engine;
use base64::engine::general_purpose::STANDARD;

/// A mail taken apart.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub(crate) struct Reading {
    pub(crate) message_id: String,
    pub(crate) from: String,
    pub(crate) subject: String,
    pub(crate) text: String,
}

/// Takes a mail apart as far as it can be understood; the rest is shown as it came.
pub(crate) fn read(raw: &str) -> Reading {
    let (head, body) = raw.split_once("\r\n\r\n").unwrap_or((raw, ""));
    // A header goes on where its next line begins with a blank.
    let head = head.replace("\r\n ", " ").replace("\r\n\t", " ");
    let header = |name: &str| {
        let lines = head.split("\r\n").filter_map(|line| line.split_once(':'));
        let value = lines.into_iter().find(|(key, _)| key.eq_ignore_ascii_case(name)).map(|(_, value)| value.trim());
        value.unwrap_or_default().to_owned()
    };
    let text = match header("Content-Transfer-Encoding").to_ascii_lowercase().as_str() {
        "quoted-printable" => text_of(&unquote(body, b'=')),
        "base64" => {
            let bare: String = body.split_whitespace().collect();
            STANDARD.decode(bare).map(|bytes| text_of(&bytes)).unwrap_or_else(|_| body.to_owned())
        }
        _ => body.to_owned(),
    };
    Reading { message_id: header("Message-ID"), from: words(&header("From")), subject: words(&header("Subject")), text }
}

/// Undoes encoded words (`=?utf-8?b?…?=`); blanks between two of them mean nothing.
fn words(header: &str) -> String {
    let mut plain = String::new();
    let mut rest = header;
    let mut after_word = false;
    while let Some(start) = rest.find("=?") {
        let (before, word) = rest.split_at(start);
        let Some((decoded, length)) = encoded_word(word) else { break };
        if !(after_word && before.trim().is_empty()) {
            plain.push_str(before);
        }
        plain.push_str(&decoded);
        rest = &word[length..];
        after_word = true;
    }
    plain.push_str(rest);
    plain
}

/// The encoded word that `text` begins with, and how long it is.
fn encoded_word(text: &str) -> Option<(String, usize)> {
    let mut parts = text.strip_prefix("=?")?.splitn(4, '?');
    let (charset, encoding, content, end) = (parts.next()?, parts.next()?, parts.next()?, parts.next()?);
    if !charset.eq_ignore_ascii_case("utf-8") || !end.starts_with('=') {
        return None;
    }
    let bytes = match encoding {
        "b" | "B" => STANDARD.decode(content).ok()?,
        "q" | "Q" => unquote(&content.replace('_', " "), b'='),
        _ => return None,
    };
    // `=?`, three `?`, and `=`.
    Some((text_of(&bytes), charset.len() + encoding.len() + content.len() + 6))
}

/// Undoes quoted-printable; what is not lawful stays as it is.
fn unquote(text: &str, mark: u8) -> Vec<u8> {
    let bytes = text.as_bytes();
    let mut plain = Vec::with_capacity(bytes.len());
    let mut place = 0;
    while let Some(byte) = bytes.get(place) {
        let rest = &bytes[place..];
        if *byte == mark && rest.starts_with(b"=\r\n") {
            place += 3;
            continue;
        }
        let digits = rest.get(1..3).filter(|_| *byte == mark).and_then(|digits| std::str::from_utf8(digits).ok());
        match digits.and_then(|digits| u8::from_str_radix(digits, 16).ok()) {
            Some(decoded) => {
                plain.push(decoded);
                place += 3;
            }
            None => {
                plain.push(*byte);
                place += 1;
            }
        }
    }
    plain
}

fn text_of(bytes: &[u8]) -> String {
    String::from_utf8_lossy(bytes).into_owned()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn subjects_and_texts_come_out_of_their_encodings() {
        let raw = "Message-ID: <1@halles>\r\nFrom: Halles <a@b.example>\r\n\
                   Subject: =?utf-8?b?Q29tbWFuZGUgcGF5w6ll?=\r\n =?utf-8?q?_:_merci_=C3=A0?= vous\r\n\
                   Content-Transfer-Encoding: quoted-printable\r\n\r\nPay=C3=A9e, la=\r\n semaine = longue\r\n";
        let reading = read(raw);
        assert_eq!(reading.subject, "Commande payée : merci à vous");
        assert_eq!(reading.text, "Payée, la semaine = longue\r\n");
        assert_eq!((reading.message_id.as_str(), reading.from.as_str()), ("<1@halles>", "Halles <a@b.example>"));
        let base64 = read("Content-Transfer-Encoding: base64\r\n\r\nUGF5w6ll\r\n");
        assert_eq!(base64.text, "Payée");
    }

    proptest! {
        #[test]
        fn nothing_that_comes_in_makes_it_panic(head in "[ -~\r\n=?é]{0,80}", body in "\\PC{0,80}") {
            read(&format!("Subject: {head}\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n{body}"));
            read(&format!("Subject: =?utf-8?q?{body}?={head}"));
        }
    }
}
