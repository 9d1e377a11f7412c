//! Texts as people compare them: without accents, in lower case.

/// Plain letters for an accented one of the western European languages; nothing for other characters. Expects lower
/// case.
pub const fn plain_letters(letter: char) -> Option<&'static str> {
    Some(match letter {
        'à' | 'á' | 'â' | 'ã' | 'ä' | 'å' => "a",
        'ç' => "c",
        'è' | 'é' | 'ê' | 'ë' => "e",
        'ì' | 'í' | 'î' | 'ï' => "i",
        'ñ' => "n",
        'ò' | 'ó' | 'ô' | 'õ' | 'ö' | 'ø' => "o",
        'ù' | 'ú' | 'û' | 'ü' => "u",
        'ý' | 'ÿ' => "y",
        'œ' => "oe",
        'æ' => "ae",
        'ß' => "ss",
        _ => return None,
    })
}

/// `text` in lower case, without accents, blanks collapsed; everything else stays as it is.
pub fn folded(text: &str) -> String {
    let mut folded = String::with_capacity(text.len());
    for letter in text.chars() {
        if letter.is_ascii() {
            push_folded(&mut folded, letter.to_ascii_lowercase());
        } else {
            letter.to_lowercase().for_each(|letter| push_folded(&mut folded, letter));
        }
    }
    folded.truncate(folded.trim_end().len());
    folded
}

fn push_folded(folded: &mut String, letter: char) {
    match plain_letters(letter) {
        Some(plain) => folded.push_str(plain),
        None if letter.is_whitespace() || letter.is_control() => {
            if !folded.is_empty() && !folded.ends_with(' ') {
                folded.push(' ');
            }
        }
        None => folded.push(letter),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn accents_case_and_blanks_do_not_matter() {
        assert_eq!(folded("  Bleu\tNUIT \n"), "bleu nuit");
        assert_eq!(folded("Grès émaillé, Œuvre"), "gres emaille, oeuvre");
        assert_eq!(folded("+5 °C"), "+5 °c");
    }

    proptest! {
        #[test]
        fn what_is_folded_stays(text in "\\PC{0,40}") {
            let once = folded(&text);
            prop_assert_eq!(folded(&once), once);
        }
    }
}
