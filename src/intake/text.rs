//! Texts of mails: how long they may be, and which characters are left out.

use crate::complaint::{Number, Party};
use mail_parser::Addr;

/// The longest text that rules and pages see, in characters; the raw mail stays whole.
pub(super) const TEXT_CHARACTERS: usize = 200_000;
/// The longest subject, name and message id, in characters.
pub(super) const LINE_CHARACTERS: usize = 500;
/// The longest address, in characters (RFC 3696, erratum 1690).
pub(super) const ADDRESS_CHARACTERS: usize = 320;

/// Cuts a text to its longest and leaves out what may not be stored.
pub(super) fn body(text: &str) -> String {
    text.chars().filter(|c| is_allowed(*c)).take(TEXT_CHARACTERS).collect()
}

/// Makes one line of a text: without control characters and without the marks that stand for a pending
/// number.
pub(super) fn line(text: &str) -> String {
    let words: Vec<&str> = text.split_whitespace().collect();
    words.join(" ").chars().filter(|c| is_allowed(*c) && !c.is_control()).take(LINE_CHARACTERS).collect()
}

/// Makes a token of a message id or another id, of at most `limit` characters.
pub(super) fn token(text: &str, limit: usize) -> String {
    text.trim().chars().filter(|c| is_allowed(*c)).take(limit).collect()
}

/// Reads who a header names: the address in lower case, empty when there is none.
pub(super) fn party(named: Option<&Addr>) -> Party {
    let email = named.and_then(|a| a.address()).map(|a| a.trim().to_lowercase());
    Party {
        name: named.and_then(|a| a.name()).map(line).unwrap_or_default(),
        email: email.unwrap_or_default(),
    }
}

fn is_allowed(c: char) -> bool {
    c != '\0' && !Number::PENDING.contains(c) && !Number::PENDING_CHECK.contains(c)
}
