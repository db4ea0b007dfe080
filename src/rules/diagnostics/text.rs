//! `Text` and `Words`: what is said to people, in Dutch and in English.

use crate::complaint::Language;
use serde::Serialize;

/// Words that are always the same: what something is called.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Words {
    /// The words in Dutch.
    pub nl: &'static str,
    /// The words in English.
    pub en: &'static str,
}

impl Words {
    /// Makes words of Dutch and English ones.
    pub const fn new(nl: &'static str, en: &'static str) -> Self {
        Self { nl, en }
    }

    /// Returns the words in a language.
    pub fn in_language(self, language: Language) -> &'static str {
        match language {
            Language::Dutch => self.nl,
            Language::English => self.en,
        }
    }
}

/// A sentence in both languages.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Text {
    /// The sentence in Dutch.
    pub nl: String,
    /// The sentence in English.
    pub en: String,
}

impl Text {
    /// Makes a sentence of its Dutch and its English words.
    pub fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self { nl: nl.into(), en: en.into() }
    }

    /// Makes a sentence that is the same in both languages, such as a name.
    pub fn same(text: impl Into<String>) -> Self {
        let text = text.into();
        Self { nl: text.clone(), en: text }
    }

    /// Returns the sentence in a language.
    pub fn in_language(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.nl,
            Language::English => &self.en,
        }
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self::new(words.nl, words.en)
    }
}
