//! R316: questions that are not written as a map.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Questions that are not written as a map.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R316",
    slug: "questions-map",
    severity: Severity::Error,
    meaning: Words::new(
        "Achter `asks` staan vragen, elk met een naam, tussen #{ en }.",
        "Questions stand after `asks`, each with a name, between #{ and }.",
    ),
    example: Example::Script {
        wrong: r#"action a "A" by ["clerk"] asks text("Waarom?") when true then { remark("x"); }"#,
        mended: r#"action a "A" by ["clerk"] asks #{ reason: text("Waarom?") } when true then { remark(input.reason); }"#,
    },
};

/// Says how questions are written.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "achter `asks` staan vragen met een naam: asks #{ reason: text(\"…\") }, eventueel met + own_fields()",
        "`asks` takes a map: asks #{ reason: text(\"…\") }, or such a map + own_fields()",
    );
    Diagnostic::new(&KIND, at, message)
}
