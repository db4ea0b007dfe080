//! `Label`: the same words in both languages that people read.

use crate::complaint::Language;
use serde::Deserialize;

/// The words that people read for a declared name, in Dutch and English.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Label {
    /// The words in Dutch.
    pub nl: String,
    /// The words in English.
    pub en: String,
}

impl Label {
    /// Returns the words in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.nl,
            Language::English => &self.en,
        }
    }
}
