//! The language that somebody writes, from small words; too few of them say nothing.

use crate::complaint::Language;

/// Small words of Dutch.
const NL: &[&str] = &[
    "de", "het", "een", "ik", "niet", "en", "van", "dat", "voor", "met", "klacht", "geachte", "wij", "mijn",
    "zijn", "op", "heb", "maar", "ook", "bij", "u", "graag", "groet",
];
/// Small words of English.
const EN: &[&str] = &[
    "the",
    "and",
    "not",
    "of",
    "that",
    "for",
    "with",
    "complaint",
    "dear",
    "we",
    "was",
    "my",
    "you",
    "have",
    "is",
    "this",
    "would",
    "to",
    "regards",
];
/// The least number of small words that decide.
const ENOUGH: usize = 3;

/// The words that are looked at.
const WORDS: usize = 2_000;
/// The longest of the small words, in bytes.
const SMALL: usize = 9;

/// Guesses the language; none when the text is too short or does not say.
pub(super) fn language_of(text: &str) -> Option<Language> {
    let words = text.split(|c: char| !c.is_alphabetic()).filter(|word| !word.is_empty()).take(WORDS);
    let words: Vec<&str> = words.filter(|word| word.len() <= SMALL).collect();
    let is_in = |list: &[&str], word: &str| list.iter().any(|small| small.eq_ignore_ascii_case(word));
    let count = |list: &[&str]| words.iter().filter(|word| is_in(list, word)).count();
    let (nl, en) = (count(NL), count(EN));
    match nl.cmp(&en) {
        _ if nl.max(en) < ENOUGH => None,
        std::cmp::Ordering::Greater => Some(Language::Dutch),
        std::cmp::Ordering::Less => Some(Language::English),
        std::cmp::Ordering::Equal => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_small_word_is_longer_than_is_looked_at() {
        assert!(NL.iter().chain(EN).all(|word| word.len() <= SMALL && word.is_ascii()));
        assert_eq!(language_of("IK HEB GEEN KLACHT"), Some(Language::Dutch));
    }

    #[test]
    fn small_words_decide_and_few_of_them_do_not() {
        assert_eq!(
            language_of("Dear Sir, I have a complaint about the training and my trainer"),
            Some(Language::English)
        );
        assert_eq!(language_of("Geachte heer, ik heb een klacht over de training"), Some(Language::Dutch));
        assert_eq!(language_of("Klacht"), None);
        assert_eq!(language_of(""), None);
    }
}
