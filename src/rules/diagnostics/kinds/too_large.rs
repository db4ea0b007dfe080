//! R003: a rules folder or file that is larger than any procedure needs.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A rules folder or file that is larger than any procedure needs.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R003",
    slug: "too-large",
    severity: Severity::Error,
    meaning: Words::new(
        "Een map met regels heeft ten hoogste 1.000 bestanden van 1 MiB. Staat er meer, dan is het waarschijnlijk de verkeerde map.",
        "A rules folder has at most 1,000 files of 1 MiB. More is probably the wrong folder.",
    ),
    example: Example::Folder,
};

/// Says that a file, or the number of files, is too large.
pub fn report(file: &str) -> Diagnostic {
    let message =
        Text::new("te veel: ten hoogste 1.000 bestanden van 1 MiB", "too much: at most 1,000 files of 1 MiB");
    Diagnostic::new(&KIND, Location::file(file), message)
}
