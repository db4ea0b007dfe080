//! `Diagnostic`: a mistake in a ruleset: the place, the mistake, the remedy.

use rhai::Position;
use serde::Serialize;
use std::fmt;

/// A mistake in a ruleset, or something that is probably not meant.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
pub struct Diagnostic {
    /// The file, relative to the rules folder: `30_treatment.rhai`.
    pub file: String,
    /// The line, from 1; 0 when the whole file is meant.
    pub line: usize,
    /// The column, from 1; 0 when the whole file is meant.
    pub column: usize,
    /// The mistake, in words for whoever edits the rules.
    pub message: String,
    /// The remedy, such as the name that was probably meant; none when there is no obvious one.
    pub help: Option<String>,
}

impl Diagnostic {
    pub(in crate::rules) fn at(file: &str, position: Position, message: impl Into<String>) -> Self {
        Self {
            file: file.to_owned(),
            line: position.line().unwrap_or(0),
            column: position.position().unwrap_or(0),
            message: message.into(),
            help: None,
        }
    }

    pub(in crate::rules) fn file(file: &str, message: impl Into<String>) -> Self {
        Self::at(file, Position::NONE, message)
    }

    pub(in crate::rules) fn help(mut self, help: impl Into<String>) -> Self {
        self.help = Some(help.into());
        self
    }

    /// Adds "did you mean …" when one of `known` resembles `name`.
    pub(in crate::rules) fn suggest<'a>(
        mut self,
        name: &str,
        known: impl IntoIterator<Item = &'a str>,
    ) -> Self {
        self.help = nearest(name, known).map(|n| format!("did you mean `{n}`?"));
        self
    }
}

impl fmt::Display for Diagnostic {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}", self.file)?;
        if self.line > 0 {
            write!(f, ":{}:{}", self.line, self.column)?;
        }
        write!(f, ": {}", self.message)?;
        match &self.help {
            Some(help) => write!(f, "\n  help: {help}"),
            None => Ok(()),
        }
    }
}

/// Returns the known name most like `name`; none when none is like it.
pub fn nearest<'a>(name: &str, known: impl IntoIterator<Item = &'a str>) -> Option<&'a str> {
    known
        .into_iter()
        .map(|k| (strsim::normalized_damerau_levenshtein(name, k), k))
        .filter(|(score, _)| *score >= 0.6)
        .max_by(|a, b| a.0.total_cmp(&b.0))
        .map(|(_, k)| k)
}
