//! Words as people recognise them: whole, without regard to case and accents.

use std::ops::Range;
use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// The words of a text in small letters without accents, with a blank before, between and behind them.
#[derive(Clone, Debug)]
pub struct FoldedText(String);

impl FoldedText {
    /// Folds a text.
    pub fn of(text: &str) -> Self {
        let folded = folded(text);
        let mut words = String::with_capacity(folded.len() + 2);
        words.push(' ');
        for word in folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty()) {
            words.push_str(word);
            words.push(' ');
        }
        Self(words)
    }

    /// Returns its words in their order.
    pub fn words(&self) -> impl Iterator<Item = &str> {
        self.0.split(' ').filter(|word| !word.is_empty())
    }

    /// Returns its words, with a blank before, between and behind them.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Returns the words of a text, folded: small letters without accents.
pub fn folded_words(text: &str) -> Vec<String> {
    FoldedText::of(text).words().map(str::to_owned).collect()
}

fn folded(text: &str) -> String {
    let (mut folded, mut rest) = (String::with_capacity(text.len()), text);
    while !rest.is_empty() {
        // Most of a text is plain letters, which stand for themselves.
        let plain = rest.bytes().position(|b| !b.is_ascii()).unwrap_or(rest.len());
        let (plain, others) = rest.split_at(plain);
        let from = folded.len();
        folded.push_str(plain);
        folded[from..].make_ascii_lowercase();
        let other = others.bytes().position(|b| b.is_ascii()).unwrap_or(others.len());
        let (other, behind) = others.split_at(other);
        folded.extend(without_accents(other));
        rest = behind;
    }
    folded
}

fn without_accents(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
}

/// Returns the folded words of a text, each with the place in the text where it stands, in bytes.
pub fn placed_words(text: &str) -> Vec<(String, Range<usize>)> {
    let (mut found, mut from) = (Vec::new(), None);
    let ends = text.char_indices().chain([(text.len(), ' ')]);
    for (at, c) in ends {
        let is_within = c.is_alphanumeric() || (from.is_some() && is_combining_mark(c));
        match (is_within, from) {
            (true, None) => from = Some(at),
            (false, Some(start)) => {
                found.extend(folded_words(&text[start..at]).into_iter().map(|word| (word, start..at)));
                from = None;
            }
            _ => {}
        }
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn plain_letters_and_others_are_folded_alike() {
        for text in [
            "",
            "Ik heb GEËIST",
            "e\u{301}e\u{301}n",
            "ﬁets ½ ſ K İstanbul Straße",
            "ä\u{300}b c\u{327}",
            "日本 klacht 日",
        ] {
            let whole: String = without_accents(text).collect();
            let words = whole.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
            assert_eq!(folded_words(text), words.collect::<Vec<_>>(), "{text}");
        }
    }

    #[test]
    fn placed_words_are_the_folded_words_where_they_stand() {
        for text in
            ["Geëist: één K-2026-0001!", "e\u{301}e\u{301}n", "ﬁets ½ İstanbul", "日本 klacht", "", "  "]
        {
            let placed = placed_words(text);
            let words: Vec<String> = placed.iter().map(|(word, _)| word.clone()).collect();
            assert_eq!(words, folded_words(text), "{text}");
            for (word, at) in placed {
                assert!(folded_words(&text[at]).contains(&word), "{text}");
            }
        }
    }
}
