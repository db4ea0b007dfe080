//! R145: an operator without what belongs beside it.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An operator without what belongs beside it.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R145",
    slug: "dangling-operator",
    severity: Severity::Error,
    meaning: Words::new(
        "Aan beide kanten van && en || staat een voorwaarde, en aan beide kanten van == of >= een waarde.",
        "A condition stands on both sides of && and ||, and a value on both sides of == or >=.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open && then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that nothing stands after an operator.
pub fn report(at: Location, sign: &str) -> Diagnostic {
    let message =
        Text::new(format!("achter `{sign}` ontbreekt iets"), format!("something is missing after `{sign}`"));
    Diagnostic::new(&KIND, at, message).remedy(
        format!("vul aan wat er na `{sign}` hoort, of haal het weg"),
        format!("write what belongs after `{sign}`, or delete it"),
    )
}
