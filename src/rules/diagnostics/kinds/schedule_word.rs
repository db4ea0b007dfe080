//! R308: a word about the procedure as a whole, outside of a schedule.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word about the procedure as a whole, outside of a schedule.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R308",
    slug: "schedule-word",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit woord gaat over alle klachten samen. Alleen een planning kent het.",
        "This word is about all complaints together. Only a schedule knows it.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { if recommendations_by(complaint.arose_on) > 0 { notify("clerk", "note"); } }"#,
        mended: r#"schedule "s" cron "0 0 9 * * MON" then { if recommendations_by(today) > 0 { notify("clerk", "note"); } }"#,
    },
};

/// Says that a word belongs in a schedule.
pub fn report(at: Location, word: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` gaat over de procedure als geheel; alleen een planning kent het"),
        format!("`{word}` is about the procedure as a whole; only a schedule knows it"),
    );
    Diagnostic::new(&KIND, at, message)
}
