//! R401: a message that is not written in every language.

use crate::complaint::Language;
use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message that is not written in every language.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R401",
    slug: "message-language",
    severity: Severity::Error,
    meaning: Words::new(
        "Elk bericht bestaat in het Nederlands en in het Engels, want wie het krijgt leest een van beide.",
        "Every message exists in Dutch and in English, because whoever gets it reads one of them.",
    ),
    example: Example::Missing { name: "messages/en/note.md" },
};

/// Says in which language a message is missing.
pub fn report(file: &str, message: &str, language: Language) -> Diagnostic {
    let nl = match language {
        Language::Dutch => "in het Nederlands",
        Language::English => "in het Engels",
    };
    let message = Text::new(
        format!("bericht `{message}` bestaat niet {nl}"),
        format!("message `{message}` does not exist in `{language}`"),
    );
    Diagnostic::new(&KIND, Location::file(file), message)
}
