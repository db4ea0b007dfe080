//! `DigestDeclaration`: when our own people are written to, and the parts of their digests, as `[digest]` declares it.

use crate::complaint::{Language, Name};
use serde::Deserialize;

/// The times at which notices go to our own people, and the parts of a digest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields, default)]
pub struct DigestDeclaration {
    /// The time of day at which digests go: `"09:00"`, or the parameter of the rules that holds it.
    pub at: String,
    /// The times of day between which notices go: each as `at`.
    pub working_hours: [String; 2],
    /// The parts of a digest, in order.
    pub groups: Vec<DigestGroup>,
}

/// A part of a digest.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct DigestGroup {
    /// The name by which messages say that they stand in it.
    pub name: Name,
    /// The heading in Dutch.
    pub nl: String,
    /// The heading in English.
    pub en: String,
}

impl DigestGroup {
    /// Returns the heading in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.nl,
            Language::English => &self.en,
        }
    }
}

impl Default for DigestDeclaration {
    fn default() -> Self {
        Self {
            at: "09:00".to_owned(),
            working_hours: ["08:00".to_owned(), "18:00".to_owned()],
            groups: Vec::new(),
        }
    }
}
