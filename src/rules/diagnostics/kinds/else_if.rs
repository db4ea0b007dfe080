//! R137: an `else if` or `else` that is written otherwise.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An `else if` or `else` that is written otherwise.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R137",
    slug: "else-if",
    severity: Severity::Error,
    meaning: Words::new(
        "Na een `if` volgt `else if voorwaarde { … }` of `else { … }`, in het Engels en met accolades.",
        "After an `if` comes `else if condition { … }` or `else { … }`, with braces.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { if known("verdict") { remark("x"); } elif armed("response") { remark("y"); } }"#,
        mended: r#"rule "r" when complaint.is_open then { if known("verdict") { remark("x"); } else if armed("response") { remark("y"); } }"#,
    },
};

/// Says what was meant by another word.
pub fn report(at: Location, word: &str, meant: &str) -> Diagnostic {
    let message =
        Text::new(format!("`{word}` schrijft u als `{meant}`"), format!("`{word}` is written `{meant}`"));
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{meant}`"), format!("write `{meant}`"))
}
