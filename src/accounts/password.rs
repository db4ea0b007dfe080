//! Passwords: which are fit, and what is kept of them: an argon2id hash.

use crate::random;
use argon2::password_hash::{PasswordHasher, PasswordVerifier, SaltString};
use argon2::{Argon2, PasswordHash as Parsed};
use std::sync::LazyLock;
use unicode_normalization::UnicodeNormalization;

/// The passwords that are looked at at once: each takes 19 MiB and a core.
pub const HASHING: usize = 2;
const SHORTEST: usize = 12;
const LONGEST: usize = 200;
/// What people choose who must choose something long.
const COMMON: &[&str] =
    &["123456789012", "wachtwoord", "password", "qwertyuiop", "welkom", "geheim", "klachten"];

/// A reason why a password is not taken.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum UnfitPassword {
    /// It has fewer than 12 characters.
    #[error("the password is too short: at least 12 characters are needed")]
    Short,
    /// It has more than 200 characters.
    #[error("the password is too long: at most 200 characters are taken")]
    Long,
    /// Anybody would guess it: one character, a common word, or the address itself.
    #[error("the password is too easy to guess")]
    Guessable,
}

/// Checks whether a password is fit for the account of an address.
pub fn check_password(password: &str, address: &str) -> Result<(), UnfitPassword> {
    let lower = normalised(password).to_lowercase();
    let length = lower.chars().count();
    if length < SHORTEST {
        return Err(UnfitPassword::Short);
    }
    if length > LONGEST {
        return Err(UnfitPassword::Long);
    }
    let mut characters: Vec<char> = lower.chars().collect();
    characters.sort_unstable();
    characters.dedup();
    let name = address.split('@').next().unwrap_or_default();
    // What is left beside a word that anybody guesses must be enough by itself.
    let is_padded =
        |word: &&str| !word.is_empty() && lower.contains(*word) && length < word.len() + SHORTEST / 2;
    let is_guessable = COMMON.iter().any(is_padded) || is_padded(&name);
    match characters.len() < 4 || is_guessable {
        true => Err(UnfitPassword::Guessable),
        false => Ok(()),
    }
}

/// The hash of a password, in the text form that names its method, salt and cost.
#[derive(Clone, PartialEq, Eq)]
pub struct PasswordHash(String);

impl std::fmt::Debug for PasswordHash {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("PasswordHash(…)")
    }
}

/// Does the work of an account that there is not.
static NOBODYS: LazyLock<PasswordHash> = LazyLock::new(|| PasswordHash::of(&random::hex::<16>()));

impl PasswordHash {
    /// Hashes a password. This takes 19 MiB and tens of milliseconds, and belongs on no thread that answers.
    pub fn of(password: &str) -> Self {
        let salt = SaltString::encode_b64(&random::bytes::<16>()).expect("16 bytes are a salt");
        let hash = Argon2::default().hash_password(normalised(password).as_bytes(), &salt);
        Self(hash.expect("the default cost of argon2id is valid").to_string())
    }

    /// Returns a hash that no password has, so that an account that is not there takes the same work.
    pub fn nobodys() -> Self {
        NOBODYS.clone()
    }

    /// Takes over what was kept.
    pub fn kept(text: String) -> Self {
        Self(text)
    }

    /// Returns the text form.
    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// Returns whether it is that of this password; it takes as long as making it.
    pub fn is_of(&self, password: &str) -> bool {
        let parsed = Parsed::new(&self.0);
        parsed.is_ok_and(|hash| {
            Argon2::default().verify_password(normalised(password).as_bytes(), &hash).is_ok()
        })
    }
}

/// Returns a password as it is compared: an accent is the same however a keyboard makes it.
fn normalised(password: &str) -> String {
    password.nfc().collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_password_is_known_again_and_no_other() {
        let hash = PasswordHash::of("vier losse woorden é");
        assert!(hash.as_str().starts_with("$argon2id$"), "{}", hash.as_str());
        assert!(hash.is_of("vier losse woorden e\u{301}"), "however the accent was typed");
        assert!(!hash.is_of("vier losse woorden e"));
        assert!(!PasswordHash::nobodys().is_of(""));
        assert!(!PasswordHash::kept("$argon2id$nonsense".to_owned()).is_of("x"));
        assert_ne!(hash, PasswordHash::of("vier losse woorden é"), "each has a salt of its own");
    }

    #[test]
    fn what_anybody_guesses_is_not_taken() {
        let check = |password: &str| check_password(password, "behandelaar@lagant.nl");
        for (password, why) in [
            ("elf tekens!", UnfitPassword::Short),
            ("aaaaaaaaaaaaaa", UnfitPassword::Guessable),
            ("Wachtwoord2026", UnfitPassword::Guessable),
            ("Behandelaar01", UnfitPassword::Guessable),
        ] {
            assert_eq!(check(password), Err(why), "{password}");
        }
        assert_eq!(check(&"ab1 ".repeat(51)), Err(UnfitPassword::Long));
        assert_eq!(check("paard accu nietje juist"), Ok(()));
        assert_eq!(check("mijn wachtwoord is een boot"), Ok(()));
    }
}
