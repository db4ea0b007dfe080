//! By what people outside are known: their addresses, and their names in full. What names somebody by less is left as it is:
//! a given name is part of other names, and of words.

use crate::complaint::{Complaint, Party};
use std::fmt;

/// Who of the people of a complaint is one of our own: they are not forgotten with it.
#[derive(Clone, Copy)]
pub struct Ours<'o>(pub &'o (dyn Fn(&str) -> bool + Send + Sync));

impl Ours<'_> {
    /// Returns whether an address is of one of them.
    pub(super) fn has(self, address: &str) -> bool {
        (self.0)(address.trim())
    }
}

impl fmt::Debug for Ours<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Ours").finish_non_exhaustive()
    }
}

/// The addresses and full names of the people of a complaint who are not our own.
#[derive(Debug, Default)]
pub(super) struct Names {
    /// In lower case.
    addresses: Vec<String>,
    /// In lower case, their words one blank apart: two words or more.
    full: Vec<String>,
}

impl Names {
    pub fn of(c: &Complaint, ours: Ours<'_>) -> Self {
        let outside = c.addresses().filter(|address| !ours.has(address));
        let addresses = outside.map(|address| address.trim().to_lowercase()).filter(|a| a.contains('@'));
        let outside = c.parties().filter(|party: &&Party| !ours.has(&party.email));
        let full = outside.map(|party| one_blank_apart(&party.name)).filter(|name| is_full(name));
        Self { addresses: addresses.collect(), full: full.collect() }
    }

    pub fn is_empty(&self) -> bool {
        self.addresses.is_empty() && self.full.is_empty()
    }

    /// Returns whether somebody is named in one of some texts.
    pub fn are_in(&self, texts: &[&str]) -> bool {
        texts.iter().any(|text| {
            let text = one_blank_apart(text);
            self.addresses.iter().any(|address| has_address(&text, address))
                || self.full.iter().any(|name| has_words(&text, name))
        })
    }
}

/// Returns whether an address stands in a text that is in lower case, and not as a part of another.
pub(super) fn has_address(text: &str, address: &str) -> bool {
    let is_of_address = |c: char| c.is_alphanumeric() || "._%+-".contains(c);
    between(text, address, |before, after| {
        let mut next = after.chars();
        let ends = match next.next() {
            // A full stop ends a sentence, or goes on with the domain.
            Some('.') => !next.next().is_some_and(char::is_alphanumeric),
            Some(c) => !(c.is_alphanumeric() || c == '-' || c == '_'),
            None => true,
        };
        ends && !before.chars().next_back().is_some_and(is_of_address)
    })
}

/// Returns whether some words stand in a text, both in lower case, and not as a part of others.
fn has_words(text: &str, words: &str) -> bool {
    between(text, words, |before, after| {
        !before.chars().next_back().is_some_and(char::is_alphanumeric)
            && !after.chars().next().is_some_and(char::is_alphanumeric)
    })
}

/// Returns whether something stands in a text between two parts that are as they must be.
fn between(text: &str, sought: &str, is_so: impl Fn(&str, &str) -> bool) -> bool {
    !sought.is_empty()
        && text.match_indices(sought).any(|(at, found)| is_so(&text[..at], &text[at + found.len()..]))
}

/// Returns a text in lower case with one blank between its words, without the signs that Markdown keeps as they are by.
pub(super) fn one_blank_apart(text: &str) -> String {
    text.replace('\\', "").to_lowercase().split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Returns whether a name is of two words or more, each with a letter.
fn is_full(name: &str) -> bool {
    name.split(' ').filter(|word| word.chars().any(char::is_alphabetic)).count() > 1
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaint::{IntakeId, Party, State};

    fn names(name: &str, email: &str) -> Names {
        let party = Party { name: name.to_owned(), email: email.to_owned() };
        let at = crate::calendar::Moment::from_millis(0);
        let c = Complaint::received(IntakeId::new(2026, 1), State::from("new"), String::new(), party, at);
        Names::of(&c, Ours(&|address| address.ends_with("@lagant.nl")))
    }

    #[test]
    fn an_address_is_named_whole_and_by_no_part_of_another() {
        let jan = names("Jan", "Jan@Example.nl");
        for text in [
            "jan@example.nl",
            "<JAN@example.nl>",
            "aan jan@example.nl.",
            "jan@example.nl, en",
            "'jan@example.nl'",
            "mailto:jan@example.nl?x",
            "550 jan@example.nl: onbekend",
            r"jan\@example.nl",
        ] {
            assert!(jan.are_in(&["x", text]), "{text}");
        }
        for text in [
            "januari",
            "Jan",
            "jansen@example.nl",
            "piet.jan@example.nl",
            "jan@example.nl.evil.org",
            "jan@example.nlx",
            "x+jan@example.nl",
            "jan@example.nl-x.org",
            "ejan@example.nl",
            "",
        ] {
            assert!(!jan.are_in(&[text]), "{text}");
        }
    }

    #[test]
    fn a_name_counts_in_full_and_at_the_bounds_of_words() {
        let jan = names("  Jan   de Vries ", "");
        for text in ["JAN DE VRIES", "van Jan\n de  Vries.", "(jan de vries)", "Jan de Vries' klacht"] {
            assert!(jan.are_in(&[text]), "{text}");
        }
        for text in ["Jan de Vriesman", "Arjan de Vries", "de Vries", "Jan", "jan-de-vries"] {
            assert!(!jan.are_in(&[text]), "{text}");
        }
    }

    #[test]
    fn what_stands_where_a_name_was_and_a_single_name_are_none() {
        assert!(names("Kim van Binnen", " kim@lagant.nl").is_empty(), "one of our own");
        for name in ["", "Jan", "(verwijderd)", "(removed)", "Jan -", "Jan 2"] {
            assert!(names(name, "").is_empty(), "{name}");
        }
    }
}
