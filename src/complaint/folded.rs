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
        let (mut words, mut rest) = (Words::with_capacity(text.len()), text);
        while !rest.is_empty() {
            // Most of a text is plain letters, which stand for themselves.
            let (plain, others) = split(rest, |byte| byte.is_ascii());
            words.plain(plain);
            let (others, behind) = split(others, |byte| !byte.is_ascii());
            words.others(others);
            rest = behind;
        }
        Self(words.ended())
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

/// Splits a text behind the first of its bytes that are `alike`, which are all that a character has.
fn split(text: &str, alike: impl Fn(u8) -> bool) -> (&str, &str) {
    text.split_at(text.bytes().position(|byte| !alike(byte)).unwrap_or(text.len()))
}

/// Words as far as they are folded, with a blank before and between them.
struct Words {
    text: String,
    /// True while letters that follow belong to the last word.
    goes_on: bool,
}

impl Words {
    fn with_capacity(bytes: usize) -> Self {
        let mut text = String::with_capacity(bytes + 2);
        text.push(' ');
        Self { text, goes_on: false }
    }

    fn plain(&mut self, mut text: &str) {
        while !text.is_empty() {
            let (word, behind) = split(text, |byte| byte.is_ascii_alphanumeric());
            let (gap, behind) = split(behind, |byte| !byte.is_ascii_alphanumeric());
            let from = self.text.len();
            self.text.push_str(word);
            self.text[from..].make_ascii_lowercase();
            self.goes_on |= !word.is_empty();
            if !gap.is_empty() {
                self.end();
            }
            text = behind;
        }
    }

    fn others(&mut self, text: &str) {
        for c in without_accents(text) {
            match c.is_alphanumeric() {
                true => {
                    self.text.push(c);
                    self.goes_on = true;
                }
                false => self.end(),
            }
        }
    }

    fn end(&mut self) {
        if self.goes_on {
            self.text.push(' ');
            self.goes_on = false;
        }
    }

    fn ended(mut self) -> String {
        self.end();
        self.text
    }
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
    use proptest::prelude::*;

    fn folded_whole(text: &str) -> Vec<String> {
        let whole: String = without_accents(text).collect();
        let words = whole.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
        words.map(str::to_owned).collect()
    }

    proptest! {
        #[test]
        fn a_text_is_folded_in_parts_as_it_is_whole(text in "([a-zA-Z0-9 .,@-]|[é\u{301}\u{300}ﬁİſß½日—\u{a0}]){0,30}") {
            prop_assert_eq!(folded_words(&text), folded_whole(&text));
            let folded = FoldedText::of(&text);
            prop_assert_eq!(folded.as_str().trim(), folded_whole(&text).join(" "));
            prop_assert!(folded.as_str().starts_with(' ') && folded.as_str().ends_with(' '));
        }
    }

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
            assert_eq!(folded_words(text), folded_whole(text), "{text}");
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
