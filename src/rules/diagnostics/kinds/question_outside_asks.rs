//! R307: a question anywhere but in `asks`.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A question anywhere but in `asks`.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R307",
    slug: "question-outside-asks",
    severity: Severity::Error,
    meaning: Words::new(
        "Vragen staan bij `asks` van een actie.",
        "Questions stand under `asks` of an action.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { text("Waarom?"); }"#,
        mended: r#"action a "A" by ["clerk"] asks #{ reason: text("Waarom?") } when true then { remark(input.reason); }"#,
    },
};

/// Says that a question stands in the wrong place.
pub fn report(at: Location, word: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` is een vraag; die staat bij `asks` van een actie"),
        format!("`{word}` asks a question; it stands in `asks` of an action"),
    );
    Diagnostic::new(&KIND, at, message)
}
