//! Words as people recognise them: whole, without regard to case and accents.

use unicode_normalization::UnicodeNormalization;
use unicode_normalization::char::is_combining_mark;

/// Returns the words of a text, folded: small letters without accents.
pub(in crate::rules) fn folded_words(text: &str) -> Vec<String> {
    let (mut folded, mut rest) = (String::with_capacity(text.len()), text);
    while !rest.is_empty() {
        // Most of a text is plain letters, which stand for themselves.
        let plain = rest.bytes().position(|b| !b.is_ascii()).unwrap_or(rest.len());
        let (plain, others) = rest.split_at(plain);
        folded.extend(plain.chars().map(|c| c.to_ascii_lowercase()));
        let other = others.bytes().position(|b| b.is_ascii()).unwrap_or(others.len());
        let (other, behind) = others.split_at(other);
        folded.extend(without_accents(other));
        rest = behind;
    }
    let words = folded.split(|c: char| !c.is_alphanumeric()).filter(|word| !word.is_empty());
    words.map(str::to_owned).collect()
}

fn without_accents(text: &str) -> impl Iterator<Item = char> {
    text.nfkd().filter(|c| !is_combining_mark(*c)).flat_map(char::to_lowercase)
}

/// A word, or several in order, that is looked for; `*` at the end of a word stands for any ending.
pub(in crate::rules) struct Phrase(Vec<(String, Ending)>);

#[derive(Clone, Copy, PartialEq)]
enum Ending {
    AsWritten,
    Any,
}

impl Phrase {
    /// Reads what a rule looks for.
    pub fn new(said: &str) -> Self {
        let parts = said.split_whitespace().flat_map(|part| {
            let words = folded_words(part);
            let last = words.len().saturating_sub(1);
            let is_open = part.ends_with('*');
            let ending = move |i| if is_open && i == last { Ending::Any } else { Ending::AsWritten };
            words.into_iter().enumerate().map(move |(i, word)| (word, ending(i))).collect::<Vec<_>>()
        });
        Self(parts.collect())
    }

    /// Returns whether it stands among folded words; nothing stands nowhere.
    pub fn stands_in(&self, words: &[String]) -> bool {
        let is_here = |found: &[String]| {
            self.0.iter().zip(found).all(|((word, ending), found)| match ending {
                Ending::AsWritten => found == word,
                Ending::Any => found.starts_with(word.as_str()),
            })
        };
        !self.0.is_empty() && words.windows(self.0.len()).any(is_here)
    }
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
    fn whole_words_are_found_in_any_case_and_with_any_accent() {
        for (phrase, text, stands) in [
            ("liable", "He is LIABLE.", true),
            ("liable", "not reliable", false),
            ("de pers", "naar de  pers!", true),
            ("de pers", "de\npers", true),
            ("de pers", "de personeelsafdeling", false),
            ("de pers", "de gehele pers", false),
            ("geeist", "Ik heb geëist", true),
            ("geëist", "GEEIST", true),
            ("klacht*", "mijn klachtbrief", true),
            ("klacht*", "de nacht", false),
            ("klacht", "klachten", false),
            ("press rel*", "a press release", true),
            ("schade-claim", "een schade claim", true),
            ("", "iets", false),
            ("*", "iets", false),
            ("Straße", "STRAßE", true),
        ] {
            assert_eq!(Phrase::new(phrase).stands_in(&folded_words(text)), stands, "{phrase} in {text}");
        }
    }
}
