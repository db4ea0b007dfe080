//! R410: a group or list that is shown as a whole.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A group or list that is shown as a whole.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R410",
    slug: "whole-shown",
    severity: Severity::Error,
    meaning: Words::new(
        "Hier staat een groep of lijst, en geen gegeven daaruit. Schrijf welk: {{ deadline.reply.due|date }}.",
        "A group or list stands here, and no field of it. Say which: {{ deadline.reply.due|date }}.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ organisation }}\n",
        mended: "---\nsubject: s\n---\n{{ organisation.name }}\n",
    },
};

/// Says that something has parts.
pub fn report(at: Location, of: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{of}` heeft onderdelen; schrijf welk er moet staan"),
        format!("`{of}` has parts; say which is to stand here"),
    );
    Diagnostic::new(&KIND, at, message)
}
