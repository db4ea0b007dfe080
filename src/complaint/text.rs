//! `Text` and `Words`: what is said to people, in Dutch and in English.

use super::Language;
use crate::calendar::CalendarError;
use serde::{Deserialize, Serialize};
use std::fmt;

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
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(from = "Written")]
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

    /// Makes another sentence of each.
    pub fn map(self, change: impl Fn(&str) -> String) -> Self {
        Self { nl: change(&self.nl), en: change(&self.en) }
    }
}

/// Returns words with what stands in braces filled in, once from left to right. A brace that is not closed is none.
pub fn filled(text: &str, values: &[(&str, &str)]) -> String {
    let mut out = String::with_capacity(text.len());
    let mut rest = text;
    while let Some((before, after)) = rest.split_once('{') {
        out.push_str(before);
        match after.split_once('}') {
            Some((name, behind)) => {
                out.push_str(values.iter().find(|(n, _)| *n == name).map_or("", |(_, value)| value));
                rest = behind;
            }
            None => rest = after,
        }
    }
    out.push_str(rest);
    out
}

/// A sentence as documents hold it: English alone is all there was before both were kept.
#[derive(Deserialize)]
#[serde(untagged)]
enum Written {
    Both { nl: String, en: String },
    English(String),
}

impl From<Written> for Text {
    fn from(written: Written) -> Self {
        match written {
            Written::Both { nl, en } => Self { nl, en },
            Written::English(text) => Self::same(text),
        }
    }
}

/// In English, for logs and tests; people read it in their language.
impl fmt::Display for Text {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.en)
    }
}

impl From<CalendarError> for Text {
    fn from(error: CalendarError) -> Self {
        let CalendarError::OutOfRange = error;
        Self::new(
            "de datum ligt buiten de jaren 1970 tot en met 2400; kijk naar de termijn waarmee hij is berekend",
            error.to_string(),
        )
    }
}

impl From<Words> for Text {
    fn from(words: Words) -> Self {
        Self::new(words.nl, words.en)
    }
}

#[cfg(test)]
mod tests {
    use super::filled;

    #[test]
    fn what_stands_in_braces_is_filled_in() {
        assert_eq!(filled("{a} en {b}", &[("a", "1"), ("b", "{a}")]), "1 en {a}");
        assert_eq!(filled("{niets}x{", &[]), "x");
        assert_eq!(filled("x{a en y", &[("a", "1")]), "xa en y");
    }
}
