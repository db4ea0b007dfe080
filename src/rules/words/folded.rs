//! Words that a rule looks for in a text, without regard to case and accents.

use crate::complaint::{FoldedText, folded_words};

/// A word, or several in order, that is looked for; `*` at the end of a word stands for any ending.
pub(in crate::rules) struct Phrase(Vec<(String, Ending)>);

#[derive(Clone, Copy, PartialEq)]
enum Ending {
    AsWritten,
    Any,
}

/// Returns whether a phrase of the rules, such as `klacht*`, stands in a text.
pub fn phrase_stands_in(phrase: &str, text: &FoldedText) -> bool {
    Phrase::new(phrase).stands_in(text)
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

    /// Returns whether it stands in a text; nothing stands nowhere.
    pub fn stands_in(&self, text: &FoldedText) -> bool {
        let words = text.as_str();
        let open = self.0.iter().position(|(_, ending)| *ending == Ending::Any);
        let (beginning, others) = self.0.split_at(open.map_or(self.0.len(), |open| open + 1));
        let mut sought: String = beginning.iter().flat_map(|(word, _)| [" ", word.as_str()]).collect();
        if open.is_none() {
            sought.push(' ');
        }
        if others.is_empty() {
            return !beginning.is_empty() && words.contains(&sought);
        }
        let mut rest = words;
        while let Some(at) = rest.find(&sought) {
            if follow(others, &rest[at + sought.len()..]) {
                return true;
            }
            rest = &rest[at + 1..];
        }
        false
    }
}

/// Returns whether words follow behind the one that `text` begins within.
fn follow(sought: &[(String, Ending)], text: &str) -> bool {
    let mut words = text.split(' ').skip(1);
    sought.iter().all(|(word, ending)| {
        words.next().is_some_and(|found| match ending {
            Ending::AsWritten => found == word,
            Ending::Any => found.starts_with(word.as_str()),
        })
    })
}

#[cfg(test)]
mod tests {
    use super::*;

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
            ("klacht* over*", "mijn klachten overal", true),
            ("klacht* over", "klachten en klachten over", true),
            ("klacht* over", "klachten overal", false),
            ("klacht* over", "over klachten", false),
            ("klacht* over de*", "klachten over", false),
            ("pers", "pers", true),
            ("na na* nu", "na na na nu", true),
            ("schade-claim", "een schade claim", true),
            ("", "iets", false),
            ("*", "iets", false),
            ("Straße", "STRAßE", true),
        ] {
            assert_eq!(Phrase::new(phrase).stands_in(&FoldedText::of(text)), stands, "{phrase} in {text}");
        }
    }
}
