//! R002: a file or folder that cannot be read.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A file or folder that cannot be read.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R002",
    slug: "unreadable",
    severity: Severity::Error,
    meaning: Words::new(
        "Het bestand of de map kan niet worden gelezen: het bestaat niet, u mag er niet bij, of het is geen tekst in UTF-8.",
        "The file or folder cannot be read: it does not exist, you have no access, or it is no text in UTF-8.",
    ),
    example: Example::Folder,
};

/// Says that a file or folder cannot be read, and why.
pub fn report(file: &str, error: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    let nl = match error.kind() {
        ErrorKind::NotFound => "bestaat niet".to_owned(),
        ErrorKind::PermissionDenied => "mag niet worden gelezen".to_owned(),
        ErrorKind::InvalidData => "is geen tekst in UTF-8".to_owned(),
        _ => format!("kan niet worden gelezen ({error})"),
    };
    Diagnostic::new(&KIND, Location::file(file), Text::new(nl, format!("cannot be read: {error}")))
}
