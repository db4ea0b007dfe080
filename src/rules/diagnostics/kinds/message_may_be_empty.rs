//! R403: a message that fails when something is not filled in.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message that fails when something is not filled in.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R403",
    slug: "message-may-be-empty",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit gegeven kan leeg zijn als het bericht wordt verstuurd. Zet er {% if … %} en {% endif %} omheen.",
        "This field may be empty when the message is sent. Put {% if … %} and {% endif %} around it.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.arose_on|date }}\n",
        mended: "---\nsubject: s\n---\n{% if complaint.arose_on %}{{ complaint.arose_on|date }}{% endif %}\n",
    },
};

/// Says that what is shown may be empty.
pub fn report_shown(at: Location, of: &str) -> Diagnostic {
    let message = Text::new(format!("`{of}` kan hier leeg zijn"), format!("`{of}` may be empty here"));
    Diagnostic::new(&KIND, at, message).remedy(
        format!("zet {{% if {of} %}} ervoor en {{% endif %}} erachter"),
        format!("put {{% if {of} %}} before it and {{% endif %}} behind it"),
    )
}

/// Says what goes wrong while something is empty.
pub fn report(at: Location, why: &Text) -> Diagnostic {
    let message = Text::new(
        format!("{}; het kan hier leeg zijn: zet er {{% if … %}} omheen", why.nl),
        format!("{}; it may be empty here: put {{% if … %}} around it", why.en),
    );
    Diagnostic::new(&KIND, at, message)
}
