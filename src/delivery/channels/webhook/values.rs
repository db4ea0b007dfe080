//! `Values`: the secrets of a plugin for one request: revealed for the wire, or hidden for people; and `Mask`,
//! which takes them out of what a target answers.

use crate::credentials::{Readings, Revealed, Secret};
use std::collections::BTreeMap;

/// The text that is shown in place of a secret.
pub(super) const HIDDEN: &str = "(secret)";

/// Shorter secrets hide nothing by being hidden.
const SHORTEST: usize = 4;

/// The secrets that a request needs.
#[derive(Clone, Copy, Debug)]
pub(super) struct Values<'s> {
    named: &'s BTreeMap<String, Secret>,
    showing: Showing<'s>,
}

#[derive(Clone, Copy, Debug)]
enum Showing<'s> {
    /// As they go over the wire.
    Revealed(&'s Readings),
    Hidden,
}

impl<'s> Values<'s> {
    /// Makes the values for the wire.
    pub fn revealed(named: &'s BTreeMap<String, Secret>, secrets: &'s Readings) -> Self {
        Self { named, showing: Showing::Revealed(secrets) }
    }

    /// Makes the values for people: each is [`HIDDEN`].
    pub fn hidden(named: &'s BTreeMap<String, Secret>) -> Self {
        Self { named, showing: Showing::Hidden }
    }

    /// Returns a secret.
    ///
    /// # Errors
    /// In words that name its place and never its value.
    pub fn of(&self, secret: &Secret) -> Result<Revealed, String> {
        match self.showing {
            Showing::Revealed(secrets) => secrets.of(secret),
            Showing::Hidden => Ok(Revealed::new(HIDDEN)),
        }
    }

    /// Returns the secret of a name under `[webhook.secrets]`.
    pub fn named(&self, name: &str) -> Result<Revealed, String> {
        let secret = self.named.get(name);
        self.of(secret.ok_or_else(|| format!("[webhook.secrets] has no `{name}`; {}", declared(self.named)))?)
    }
}

/// Lists the names of secrets, for the remedy of a mistake.
pub(super) fn declared(named: &BTreeMap<String, Secret>) -> String {
    match named.is_empty() {
        true => "it is empty".to_owned(),
        false => format!("it has {}", named.keys().map(String::as_str).collect::<Vec<_>>().join(", ")),
    }
}

/// The secrets of a request, as they may come back in an answer.
#[derive(Clone, Debug, Default)]
pub(super) struct Mask(Vec<Revealed>);

impl Mask {
    /// Adds a secret, in any form in which it was sent.
    pub fn add(&mut self, secret: impl Into<String>) {
        let secret = secret.into();
        if secret.len() >= SHORTEST {
            self.0.push(Revealed::new(secret));
        }
    }

    /// Returns a text without the secrets, also without the beginning of one where the text was cut off.
    pub fn apply(&self, text: &str) -> String {
        let mut text = text.to_owned();
        for secret in self.0.iter().map(Revealed::expose) {
            text = text.replace(secret, HIDDEN);
            let ends = secret.char_indices().map(|(i, _)| i).filter(|i| *i >= SHORTEST);
            if let Some(cut) = ends.rev().find(|i| text.ends_with(&secret[..*i])) {
                text.truncate(text.len() - cut);
                text.push_str(HIDDEN);
            }
        }
        text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_that_comes_back_is_not_kept() {
        let mut mask = Mask::default();
        mask.add("hunter22");
        mask.add("abc");
        assert_eq!(mask.apply("no such token: hunter22!"), "no such token: (secret)!");
        assert_eq!(mask.apply("cut off at hunte"), "cut off at (secret)");
        assert_eq!(mask.apply("hunt the abc"), "hunt the abc", "too little to be one");
    }
}
