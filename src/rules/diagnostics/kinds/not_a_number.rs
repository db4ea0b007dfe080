//! R416: a message that calculates with what is no number.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message that calculates with what is no number.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R416",
    slug: "not-a-number",
    severity: Severity::Error,
    meaning: Words::new(
        "Rekenen gaat alleen met getallen. Met dagen en termijnen rekent de regel; die geeft de uitkomst mee.",
        "Only numbers can be calculated with. Days and terms are for the rule to calculate, which hands the result along.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ today + 14 }}\n",
        mended: "---\nsubject: s\n---\n{{ today|date }}\n",
    },
};

/// Says that something is no number; `kind` is what it is.
pub fn report(at: Location, of: &str, kind: Words) -> Diagnostic {
    let message = Text::new(
        format!("`{of}` is {}, en rekenen gaat alleen met getallen", kind.nl),
        format!("`{of}` is {}, and only numbers can be calculated with", kind.en),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "reken in de regel, en geef de uitkomst mee: #{ dag: today + days(14) }",
        "calculate in the rule, and hand the result along: #{ day: today + days(14) }",
    )
}
