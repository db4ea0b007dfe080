//! R418: a message that goes at another time in another language.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message that goes at another time in another language.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R418",
    slug: "unlike-heads",
    severity: Severity::Error,
    meaning: Words::new(
        "Wanneer een bericht gaat (`gather:`, `now:`, `group:`), staat in beide talen hetzelfde in de kop.",
        "When a message goes (`gather:`, `now:`, `group:`) stands in its head alike in both languages.",
    ),
    example: Example::File {
        name: "messages/nl/urgent.md",
        wrong: "---\nsubject: Nu\n---\nx\n",
        mended: "---\nsubject: Nu\nnow: yes\n---\nx\n",
    },
};

/// Says that a message goes otherwise in the other language, whose file is `other`.
pub fn report(at: Location, other: &str) -> Diagnostic {
    let message = Text::new(
        format!("dit bericht gaat op een ander moment dan {other}"),
        format!("this message goes at another time than {other}"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "zet `gather:`, `now:` en `group:` in beide talen gelijk",
        "write `gather:`, `now:` and `group:` alike in both languages",
    )
}
