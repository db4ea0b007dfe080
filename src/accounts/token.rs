//! `Token`: 256 unpredictable bits that stand for a session or a one-time link. Only its digest is kept.

use crate::random;
use sha2::{Digest, Sha256};

const BYTES: usize = 32;

/// A token, known to whoever was given it.
#[derive(Clone, PartialEq, Eq)]
pub struct Token(String);

impl std::fmt::Debug for Token {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Token(…)")
    }
}

impl Token {
    /// Makes a token that nobody knows yet.
    #[expect(clippy::new_without_default, reason = "no two are the same")]
    pub fn new() -> Self {
        Self(random::hex::<BYTES>())
    }

    /// Reads what somebody hands over; none when it cannot be a token.
    pub fn read(text: &str) -> Option<Self> {
        let is_one = text.len() == 2 * BYTES && text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
        is_one.then(|| Self(text.to_owned()))
    }

    /// Returns the token itself, for whom it is meant.
    pub fn expose(&self) -> &str {
        &self.0
    }

    /// Returns the beginning of it, to name something that nobody is to guess.
    pub fn beginning(&self, letters: usize) -> String {
        self.0.chars().take(letters).collect()
    }

    /// Returns the SHA-256 by which it is known, in hexadecimal; the token cannot be told from it.
    pub fn digest(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_read_back_and_nothing_else_is() {
        let token = Token::new();
        assert_eq!(Token::read(token.expose()), Some(token.clone()));
        assert_ne!(token, Token::new());
        assert_ne!(token.digest(), token.expose());
        assert!(!format!("{token:?}").contains(token.expose()));
        for text in ["", "abc", &"A".repeat(64), &"0".repeat(65), &format!("{}\n", "0".repeat(63))] {
            assert_eq!(Token::read(text), None, "{text:?}");
        }
    }
}
