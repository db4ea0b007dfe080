//! Texts of mails: how long they may be, and which characters are left out.

use super::charset::windows;
use crate::complaint::{LATER_MAIL, Number, Party};
use mail_parser::{Addr, Address};

/// The longest text that rules and pages see, in characters; the raw mail stays whole.
pub const TEXT_CHARACTERS: usize = 200_000;
/// The same in bytes.
const LONGEST: usize = 4 * TEXT_CHARACTERS;
/// The longest subject, name and message id, in characters.
pub(super) const LINE_CHARACTERS: usize = 500;
/// The longest address, in characters (RFC 3696, erratum 1690).
pub(super) const ADDRESS_CHARACTERS: usize = 320;

/// The most words of headers that are looked at.
pub(super) const WORDS: usize = 50;

/// Cuts a text to its longest and leaves out what may not be stored.
pub(super) fn body(text: &str) -> String {
    let (mut kept, mut left, mut rest) =
        (String::with_capacity(text.len().min(LONGEST)), TEXT_CHARACTERS, text);
    while left > 0 && !rest.is_empty() {
        // Most of a text is plain characters, which stay as they are.
        let plain = rest.bytes().take(left).take_while(|byte| is_plain(*byte)).count();
        kept.push_str(&rest[..plain]);
        left -= plain;
        let mut others = rest[plain..].chars();
        if let Some(other) = others.next().filter(|_| left > 0).map(windows).filter(|c| is_allowed(*c)) {
            kept.push(other);
            left -= 1;
        }
        rest = others.as_str();
    }
    kept
}

fn is_plain(byte: u8) -> bool {
    matches!(byte, b' '..=b'~' | b'\n' | b'\r' | b'\t')
}

/// Makes one line of a text: without control characters and without the marks that stand for a pending
/// number.
pub(super) fn line(text: &str) -> String {
    let text: String = text.chars().map(windows).collect();
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| is_allowed(*c) && !c.is_control()).take(LINE_CHARACTERS).collect()
}

/// Makes a token of a message id, an address or another id, of at most `limit` characters: what folds it or steers is
/// no part of it.
pub(super) fn token(text: &str, limit: usize) -> String {
    let is_part = |c: &char| is_allowed(*c) && !c.is_whitespace() && !c.is_control();
    text.chars().filter(is_part).take(limit).collect()
}

/// Reads who a header names: the address in lower case, empty when there is none.
pub(super) fn party(named: Option<&Addr>) -> Party {
    // What has spaces in it is no address, and not made one by leaving them out.
    let email = named.and_then(|a| a.address()).map(|a| line(a).to_lowercase());
    Party {
        name: named.and_then(|a| a.name()).map(line).unwrap_or_default(),
        email: email.unwrap_or_default(),
    }
}

/// Reads the first sender that a header names. The address in angle brackets counts; what stands before it is
/// the name, with or without a comma that should have been quoted.
pub(super) fn sender(named: Option<&Address>, raw: Option<&str>) -> Party {
    let mut words: Vec<String> = Vec::new();
    for addr in named.into_iter().flat_map(Address::iter) {
        let said = party(Some(addr));
        if is_address(&said.email) {
            if !said.name.is_empty() {
                words.push(said.name);
            }
            return Party { name: line(&words.join(", ")), email: said.email };
        }
        // A word before a comma is read as an address without a host.
        words.extend([addr.name(), addr.address()].into_iter().flatten().map(line).filter(|w| !w.is_empty()));
    }
    let raw = line(raw.unwrap_or_default());
    let looks =
        |word: &&str| is_address(word) && word.rsplit('@').next().is_some_and(|host| host.contains('.'));
    let bare = raw.split([' ', '<', '>', ',', ';', ':', '(', ')', '"', '\'']).rfind(looks);
    let trimmed = bare.map(|word| word.trim_matches(|c: char| !c.is_alphanumeric()).to_lowercase());
    let email = trimmed.filter(|word| is_address(word)).unwrap_or_default();
    Party { name: words.join(", "), email }
}

/// Returns whether a word can be written to. What is none would be written to, and every letter to it would
/// fail.
pub(super) fn is_address(word: &str) -> bool {
    let (local, host) = word.rsplit_once('@').unwrap_or_default();
    !local.is_empty()
        && !host.is_empty()
        && word.chars().count() <= ADDRESS_CHARACTERS
        && !word.contains(|c: char| c.is_whitespace() || c.is_control())
}

fn is_allowed(c: char) -> bool {
    c != '\0' && c != LATER_MAIL && !Number::PENDING.contains(c) && !Number::PENDING_CHECK.contains(c)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn one_by_one(text: &str) -> String {
        text.chars().map(windows).filter(|c| is_allowed(*c)).take(TEXT_CHARACTERS).collect()
    }

    #[test]
    fn the_longest_text_is_counted_in_characters_that_are_kept() {
        for unit in ["a", "é", "a\0", "\u{1e}é", "\u{80}b", "a€\u{f8ff}"] {
            for more in [0, 1, 2] {
                let half = TEXT_CHARACTERS / 2 + more;
                let text = [unit.repeat(half), "b".repeat(half)].concat();
                assert_eq!(body(&text), one_by_one(&text), "{unit:?} {more}");
            }
        }
    }

    proptest! {
        #[test]
        fn runs_of_plain_characters_are_kept_as_others_are(text in "[a-z \n\r\t\0\u{1e}\u{7f}-\u{ff}€\u{f8fe}\u{f8ff}]{0,40}") {
            prop_assert_eq!(body(&text), one_by_one(&text));
        }
    }
}
