//! R501: a file of names that cannot be read.

use super::super::toml_error;
use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Words};

/// A file of names that cannot be read.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R501",
    slug: "declarations",
    severity: Severity::Error,
    meaning: Words::new(
        "Het bestand met namen is niet leesbaar: een sleutel is onbekend of ontbreekt, of de waarde is van de verkeerde soort. De melding noemt de plaats.",
        "The file of names cannot be read: a key is unknown or missing, or a value is of the wrong kind. The message names the place.",
    ),
    example: Example::Edit { name: "procedure.toml", wrong: "opened = true", mended: "open = true" },
};

/// Says why a file in TOML cannot be read.
pub fn report(file: &str, text: &str, error: &toml::de::Error) -> Diagnostic {
    let at = match error.span() {
        Some(span) => Location::part(file, text, span.start, span.end),
        None => Location::file(file),
    };
    let message = toml_error::worded(error.message());
    let mut names = error.message().split('`').skip(1).step_by(2);
    match names.next().filter(|_| error.message().starts_with("unknown field")) {
        Some(unknown) => Diagnostic::new(&KIND, at, message).nearest(unknown, names),
        None => Diagnostic::new(&KIND, at, message),
    }
}
