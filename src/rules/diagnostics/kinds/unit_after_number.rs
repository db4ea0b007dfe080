//! R135: a unit after its number.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A unit after its number.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R135",
    slug: "unit-after-number",
    severity: Severity::Error,
    meaning: Words::new(
        "Een termijn schrijft u met de eenheid voorop en het getal tussen haakjes: days(3), weeks(2), workdays(5).",
        "A span is written with its unit first and the number in parentheses: days(3), weeks(2), workdays(5).",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now >= complaint.received_at + 3 days then { remark("x"); }"#,
        mended: r#"rule "r" when now >= complaint.received_at + days(3) then { remark("x"); }"#,
    },
};

/// Says that a unit stands after its number; `written` is the span as it should be.
pub fn report(at: Location, span: &str, written: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{span}` schrijft u met de eenheid voorop"),
        format!("`{span}` is written with its unit first"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
