//! `DecisionDeclaration`: what waits for somebody's decision, as `[[decisions]]` declares it.

use crate::complaint::{ActionId, Language, State};
use serde::Deserialize;

/// A kind of decision that people are asked for.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DecisionDeclaration {
    /// The words that people read for it, in Dutch.
    pub nl: String,
    /// The same in English.
    pub en: String,
    /// The messages that ask for it: a complaint waits from the time that one of them was sent.
    pub asked_by: Vec<String>,
    /// The actions by which it is taken: a complaint waits while it offers one of them.
    pub actions: Vec<ActionId>,
    /// The only states in which it waits; all when none is named.
    #[serde(default)]
    pub states: Vec<State>,
}

impl DecisionDeclaration {
    /// Returns the words in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.nl,
            Language::English => &self.en,
        }
    }
}
