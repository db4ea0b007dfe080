//! R305: a rule that takes over answers.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A rule that takes over answers.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R305",
    slug: "answers-in-rule",
    severity: Severity::Error,
    meaning: Words::new(
        "Alleen een actie stelt vragen, en kan dus antwoorden overnemen.",
        "Only an action asks questions, and can take over answers.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { record_own_fields(); }"#,
        mended: r#"action a "A" by ["clerk"] asks #{ } + own_fields() when true then { record_own_fields(); }"#,
    },
};

/// Says that a rule has no answers to take over.
pub fn report(at: Location, word: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` neemt over wat een actie gevraagd heeft; een regel vraagt niets"),
        format!("`{word}` takes over what an action asked; a rule asks nothing"),
    );
    Diagnostic::new(&KIND, at, message)
}
