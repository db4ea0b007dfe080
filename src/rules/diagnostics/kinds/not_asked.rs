//! R206: an answer that an action uses and does not ask for.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An answer that an action uses and does not ask for.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R206",
    slug: "not-asked",
    severity: Severity::Error,
    meaning: Words::new(
        "Een actie kan alleen gebruiken wat zij zelf vraagt. Zet de vraag bij `asks`.",
        "An action can use only what it asks for itself. Put the question under `asks`.",
    ),
    example: Example::Script {
        wrong: r#"action a "A" by ["clerk"] asks #{ reason: text("Waarom?") } when true then { remark(input.raeson); }"#,
        mended: r#"action a "A" by ["clerk"] asks #{ reason: text("Waarom?") } when true then { remark(input.reason); }"#,
    },
};

/// Says that an action does not ask for something.
pub fn report<'a>(at: Location, name: &str, asked: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(
        format!("`input.{name}` wordt door deze actie niet gevraagd"),
        format!("`input.{name}` is not asked by this action"),
    );
    Diagnostic::new(&KIND, at, message).nearest(name, asked)
}

/// Says that an action that is performed does not ask for something.
pub fn performed<'a>(
    at: Location,
    action: &str,
    name: &str,
    asked: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(
        format!("actie `{action}` vraagt geen `{name}`"),
        format!("action `{action}` does not ask `{name}`"),
    );
    Diagnostic::new(&KIND, at, message).nearest(name, asked)
}
