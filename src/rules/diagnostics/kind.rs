//! `DiagnosticKind`: a kind of mistake: its code, how bad it is, what it means, and an example.

use crate::complaint::Words;
use serde::Serialize;
use std::cmp::Ordering;
use std::fmt;

/// A kind of mistake. There is one value of each, in the file of `kinds/` that is named after it.
#[derive(Serialize)]
pub struct DiagnosticKind {
    /// The code, such as `R201`. It never changes its meaning, and is not used again when the kind goes.
    pub code: &'static str,
    /// The name that people can remember, such as `unknown-name`.
    pub slug: &'static str,
    /// The consequence of one of its kind.
    pub severity: Severity,
    /// An explanation: what it means, and how to mend it.
    pub meaning: Words,
    /// An example, which a test plays.
    pub example: Example,
}

/// The consequence of a diagnostic.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Severity {
    /// The ruleset does not load.
    Error,
    /// It loads, and is probably not meant so.
    Warning,
}

impl Severity {
    /// Returns what it is called: "error".
    pub fn word(self) -> Words {
        match self {
            Self::Error => Words::new("fout", "error"),
            Self::Warning => Words::new("waarschuwing", "warning"),
        }
    }
}

/// An example of a mistake: a change of a small sound ruleset, `tests/fixtures/example`.
#[derive(Clone, Copy, Debug, Serialize)]
#[serde(rename_all = "snake_case", tag = "change")]
pub enum Example {
    /// A script with the mistake, and mended.
    Script {
        /// The script with the mistake.
        wrong: &'static str,
        /// The same script without it.
        mended: &'static str,
    },
    /// Another file with the mistake, and mended.
    File {
        /// The path of the file, below the rules folder.
        name: &'static str,
        /// The file with the mistake.
        wrong: &'static str,
        /// The same file without it.
        mended: &'static str,
    },
    /// A part of a file of the sound ruleset.
    Edit {
        /// The path of the file, below the rules folder.
        name: &'static str,
        /// The part with the mistake.
        wrong: &'static str,
        /// The same part without it, as it stands in the sound ruleset.
        mended: &'static str,
    },
    /// A file of the sound ruleset that is not there.
    Missing {
        /// The path of the file, below the rules folder.
        name: &'static str,
    },
    /// The mistake is in the folder itself, and no text shows it.
    Folder,
}

impl fmt::Debug for DiagnosticKind {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.code, self.slug)
    }
}

impl PartialEq for DiagnosticKind {
    fn eq(&self, other: &Self) -> bool {
        self.code == other.code
    }
}

impl Eq for DiagnosticKind {}

impl PartialOrd for DiagnosticKind {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for DiagnosticKind {
    fn cmp(&self, other: &Self) -> Ordering {
        self.code.cmp(other.code)
    }
}
