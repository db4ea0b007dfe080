//! How names and words of a table are compared.

/// Returns a text as names are compared: small letters and figures alone, without accents.
pub(super) fn folded(text: &str) -> String {
    use unicode_normalization::UnicodeNormalization;
    if text.is_ascii() {
        return text.chars().filter(char::is_ascii_alphanumeric).map(|c| c.to_ascii_lowercase()).collect();
    }
    text.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect()
}

/// Returns whether a text folds to a word, as many are asked of each row.
pub(super) fn folds_to(text: &str, word: &str) -> bool {
    match text.is_ascii() {
        true => {
            text.bytes().filter(u8::is_ascii_alphanumeric).map(|b| b.to_ascii_lowercase()).eq(word.bytes())
        }
        false => folded(text) == word,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use unicode_normalization::UnicodeNormalization;

    #[test]
    fn plain_letters_and_others_are_folded_alike() {
        for text in ["", "Deels  Gegrond-1", "één\u{301}", "ﬁets ½ İ", "日本", "Straße!"] {
            let whole: String =
                text.nfkd().filter(|c| c.is_alphanumeric()).flat_map(char::to_lowercase).collect();
            assert_eq!(folded(text), whole, "{text}");
            assert!(folds_to(text, &whole), "{text}");
            assert!(!folds_to(text, "x"), "{text}");
        }
    }
}
