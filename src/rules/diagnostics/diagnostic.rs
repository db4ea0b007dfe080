//! `Diagnostic`: one mistake in a ruleset, and the edit that mends it.

use super::kind::DiagnosticKind;
use super::location::{Location, Span};
use super::nearest::{misspelt, nearest};
use crate::complaint::Language;
use crate::complaint::Text;
use serde::{Serialize, Serializer};
use serde_json::json;
use std::fmt;

/// A mistake in a ruleset, or something that is probably not meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Diagnostic {
    /// The place.
    pub at: Location,
    /// The kind of mistake.
    pub kind: &'static DiagnosticKind,
    /// The mistake, in words for whoever edits the rules.
    pub message: Text,
    /// The remedy, such as the name that was probably meant; none when there is no obvious one.
    pub remedy: Option<Text>,
    /// The edit that mends it; none where that is not certain.
    pub fix: Option<Fix>,
}

/// An edit of the file that a diagnostic is about.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Fix {
    /// The part that is replaced.
    pub span: Span,
    /// The text that comes in its place.
    pub replacement: String,
}

impl Diagnostic {
    /// Makes a diagnostic without a remedy of its own.
    pub fn new(kind: &'static DiagnosticKind, at: Location, message: Text) -> Self {
        Self { at, kind, message, remedy: None, fix: None }
    }

    /// Adds the remedy.
    pub fn remedy(self, nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self { remedy: Some(Text::new(nl, en)), ..self }
    }

    /// Adds "did you mean …" when one of `known` resembles `name`, and the edit when it can be nothing else.
    pub fn nearest<'a>(self, name: &str, known: impl IntoIterator<Item = &'a str>) -> Self {
        let known: Vec<&str> = known.into_iter().collect();
        let Some(meant) = nearest(name, known.iter().copied()) else { return self };
        let fix = misspelt(name, known)
            .and_then(|meant| Some(Fix { span: self.at.within(name)?, replacement: meant.to_owned() }));
        Self { fix, ..self.remedy(format!("bedoelt u `{meant}`?"), format!("did you mean `{meant}`?")) }
    }

    /// Adds an edit that is certain to mend it: `replacement` in the place of the whole location.
    pub fn replaced_by(self, replacement: impl Into<String>) -> Self {
        let fix = self.at.span.map(|span| Fix { span, replacement: replacement.into() });
        Self { fix, ..self }
    }

    /// Returns the place as people read it: `30_treatment.rhai:12:7`.
    pub fn place(&self) -> String {
        match self.at.span {
            Some(span) => format!("{}:{}:{}", self.at.file, span.line, span.column),
            None => self.at.file.clone(),
        }
    }

    /// Returns it in words: the place, the code and the mistake, and the remedy on a line of its own.
    pub fn in_language(&self, language: Language) -> String {
        let message = self.message.in_language(language);
        let text = format!("{}: {} {message}", self.place(), self.kind.code);
        match &self.remedy {
            Some(remedy) => format!("{text}\n  {}: {}", remedy_word(language), remedy.in_language(language)),
            None => text,
        }
    }
}

/// Returns the word before a remedy.
pub(super) fn remedy_word(language: Language) -> &'static str {
    match language {
        Language::Dutch => "oplossing",
        Language::English => "help",
    }
}

/// In English, for logs and tests; people read it in their language.
impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.in_language(Language::English))
    }
}

impl Serialize for Diagnostic {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        json!({
            "file": self.at.file, "span": self.at.span, "code": self.kind.code, "slug": self.kind.slug,
            "severity": self.kind.severity, "message": self.message, "remedy": self.remedy, "fix": self.fix,
        })
        .serialize(serializer)
    }
}
