//! `Query`: what somebody typed, as words that are looked for: all of them, those in quotation marks one after the other, the
//! last one also as the beginning of a word. Nothing that was typed reaches an engine but folded words.

use super::access::{Sought, sought};
use super::excerpt::Excerpt;
use super::words::LONGEST;
use crate::complaint::{IntakeId, Number, folded_words, placed_words};
use crate::store::dialect::Engine;
use crate::store::visibility::Viewer;

/// The most words that are looked for; further ones are passed over.
const MOST: usize = 12;
/// The fewest letters of a word that are looked for, and of the beginning of one.
const FEWEST: usize = 2;
const BEGINNING: usize = 3;
/// The signs that people put around words that belong together.
const QUOTES: [char; 8] = ['"', '“', '”', '„', '‟', '«', '»', '＂'];

/// Words that are looked for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Query {
    phrases: Vec<Phrase>,
    direct: Option<Direct>,
    /// True when its last word may go on without anybody having said so.
    is_opened: bool,
}

/// Words that stand one after the other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Phrase {
    words: Vec<String>,
    /// True when the last word may go on.
    is_open: bool,
}

/// What has an index of its own and is looked up there first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Direct {
    /// A complaint by its number or intake id.
    Reference(String),
    /// The complaints of an address.
    Address(String),
}

impl Query {
    /// Reads what somebody typed; none where no word of it is long enough to be looked for.
    pub fn read(typed: &str) -> Option<Self> {
        let mut phrases = Vec::new();
        let parts: Vec<&str> = typed.split(QUOTES).collect();
        let last = parts.len() - 1;
        for (i, part) in parts.into_iter().enumerate() {
            // What stands between two marks; a mark that is not closed is none.
            if i % 2 == 1 && i < last {
                phrases.push(Phrase { words: folded_words(part), is_open: part.trim_end().ends_with('*') });
            } else {
                phrases.extend(part.split_whitespace().map(Phrase::of));
            }
        }
        phrases.retain(|phrase| !phrase.words.is_empty());
        let direct = Direct::read(typed);
        // A number is looked for as it is: its words are those of very many, and what goes on is another number.
        let is_number = matches!(direct, Some(Direct::Reference(_)));
        let mut is_opened = false;
        if !typed.trim_end().ends_with(QUOTES)
            && !is_number
            && let Some(phrase) = phrases.last_mut()
        {
            is_opened = !phrase.is_open;
            phrase.is_open = true;
        }
        let mut left = MOST;
        for phrase in &mut phrases {
            phrase.cut(left);
            left -= phrase.words.len();
        }
        phrases.retain(|phrase| !phrase.words.is_empty());
        let is_enough = phrases.iter().flat_map(|p| &p.words).any(|word| word.chars().count() >= FEWEST);
        is_enough.then_some(Self { phrases, direct, is_opened })
    }

    /// Returns the same with its last word as it was typed, where nobody said that it may go on; none otherwise.
    pub fn of_whole_words(&self) -> Option<Self> {
        let mut whole = Self { is_opened: false, ..self.clone() };
        whole.phrases.last_mut().filter(|_| self.is_opened)?.is_open = false;
        Some(whole)
    }

    pub(super) fn direct(&self) -> Option<&Direct> {
        self.direct.as_ref()
    }

    /// Returns the words that stand one after the other, for each that do.
    pub(super) fn phrases(&self) -> impl Iterator<Item = &[String]> {
        self.phrases.iter().map(|phrase| phrase.words.as_slice())
    }

    /// Returns the last word of a number or intake id, which tells it from others of its year; none of other words.
    pub(super) fn number_within(&self) -> Option<&str> {
        let is_number = matches!(self.direct, Some(Direct::Reference(_)));
        let last = self.phrases.last().filter(|_| is_number)?;
        last.words.last().map(String::as_str)
    }

    /// Returns what an engine is asked for the texts that somebody may see.
    pub(super) fn expression(&self, engine: Engine, viewer: &Viewer) -> String {
        let phrases = self.phrases.iter().map(|p| engine.sought_phrase(&p.words, p.is_open));
        let words = engine.sought_all(&phrases.collect::<Vec<_>>());
        let word = |word: &String| engine.sought_phrase(std::slice::from_ref(word), false);
        let said = |sought: &Sought| match sought {
            Sought::Word(only) => word(only),
            Sought::Without(one, others) if others.is_empty() => word(one),
            Sought::Without(one, others) => {
                let others: Vec<String> = others.iter().map(word).collect();
                engine.sought_without(&word(one), &engine.sought_any(&others))
            }
        };
        let (any, never) = sought(viewer);
        let any: Vec<String> = any.iter().map(said).collect();
        let all = engine.sought_all(&[words, engine.sought_any(&any)]);
        never.iter().fold(all, |all, never| engine.sought_without(&all, &said(never)))
    }

    /// Cuts out of a text the part in which its words stand, with those marked.
    pub fn excerpt(&self, text: &str) -> Excerpt {
        let words = placed_words(text);
        let mut marked = Vec::new();
        for phrase in &self.phrases {
            let found = words.windows(phrase.words.len()).filter(|found| phrase.stands_as(found));
            marked.extend(found.map(|found| found[0].1.start..found[found.len() - 1].1.end));
        }
        Excerpt::of(text, marked)
    }
}

impl Phrase {
    fn of(part: &str) -> Self {
        Self { words: folded_words(part), is_open: part.ends_with('*') }
    }

    /// Leaves so many words, none of them longer than it is in the index; a beginning that is too short is a word.
    fn cut(&mut self, words: usize) {
        self.words.truncate(words);
        for word in &mut self.words {
            let end = word.char_indices().nth(LONGEST).map_or(word.len(), |(at, _)| at);
            word.truncate(end);
        }
        self.is_open &= self.words.last().is_some_and(|word| word.chars().count() >= BEGINNING);
    }

    fn stands_as(&self, found: &[(String, std::ops::Range<usize>)]) -> bool {
        let last = self.words.len() - 1;
        self.words.iter().zip(found).enumerate().all(|(i, (word, (found, _)))| {
            let is_cut = word.chars().count() == LONGEST;
            if (self.is_open && i == last) || is_cut {
                found.starts_with(word.as_str())
            } else {
                found == word
            }
        })
    }
}

impl Direct {
    /// Recognises a number (`K-2026-0001`, `2026-1`), an intake id or an address.
    fn read(typed: &str) -> Option<Self> {
        let typed = typed.trim().to_lowercase();
        if let Some((before, after)) = typed.split_once('@') {
            let is_one = !before.is_empty() && after.contains('.') && !typed.contains(char::is_whitespace);
            return is_one.then_some(Self::Address(typed));
        }
        let mut parts: Vec<&str> = typed.split(['-', ' ', '/']).filter(|part| !part.is_empty()).collect();
        let letter = parts.first().copied().filter(|part| ["k", "i"].contains(part));
        if letter.is_some() {
            parts.remove(0);
        }
        let [year, sequence] = parts[..] else { return None };
        let year = year.parse::<i32>().ok().filter(|_| year.len() == 4)?;
        let sequence = sequence.parse::<i64>().ok().filter(|n| *n > 0)?;
        Some(Self::Reference(match letter {
            Some("i") => IntakeId::new(year, sequence).to_string(),
            _ => Number::new(year, sequence).to_string(),
        }))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn words(typed: &str) -> Vec<String> {
        let query = Query::read(typed).map(|q| q.phrases).unwrap_or_default();
        query.iter().map(|p| format!("{}{}", p.words.join(" "), if p.is_open { "*" } else { "" })).collect()
    }

    #[test]
    fn what_is_typed_is_read_as_words() {
        for (typed, read) in [
            ("Cursus", &["cursus*"][..]),
            ("cursus jansen", &["cursus", "jansen*"]),
            ("curs* Jánsen ", &["curs*", "jansen*"]),
            ("\"niet op tijd\"", &["niet op tijd"]),
            ("„niet op tijd” Jan", &["niet op tijd", "jan*"]),
            ("\"niet op", &["niet", "op"]),
            ("a b", &[]),
            ("*", &[]),
            ("", &[]),
            ("j jansen", &["j", "jansen*"]),
            ("2026-1", &["2026 1"]),
            ("AND OR NEAR(x)", &["and", "or", "near x"]),
        ] {
            assert_eq!(words(typed), read, "{typed}");
        }
        assert_eq!(words(&"woord ".repeat(50)).len(), MOST);
    }

    #[test]
    fn numbers_and_addresses_are_recognised() {
        let number = |n: &str| Some(Direct::Reference(n.to_owned()));
        for (typed, read) in [
            ("K-2026-0001", number("K-2026-0001")),
            (" k-2026-1", number("K-2026-0001")),
            ("2026-1", number("K-2026-0001")),
            ("K 2026 12345", number("K-2026-12345")),
            ("i-2026-7", number("I-2026-000007")),
            ("2026", None),
            ("26-1", None),
            ("K-2026-1 jansen", None),
            ("Jan@Example.nl", Some(Direct::Address("jan@example.nl".to_owned()))),
            ("jan@", None),
            ("@example.nl", None),
            ("jan@example.nl x", None),
        ] {
            assert_eq!(Direct::read(typed), read, "{typed}");
        }
    }
}
