//! R320: a condition that does something else with `now` or `today` than compare it.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A condition that does something else with `now` or `today` than compare it.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R320",
    slug: "opaque-clock",
    severity: Severity::Error,
    meaning: Words::new(
        "Een voorwaarde vergelijkt `now` met een tijdstip en `today` met een datum. Iets anders kan niet, want dan weet Redress niet wanneer er weer gekeken moet worden.",
        "A condition compares `now` with a moment and `today` with a date. Nothing else is possible, because Redress would not know when to look again.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now.to_string() == "x" then { remark("x"); }"#,
        mended: r#"rule "r" when now >= complaint.received_at + hours(1) then { remark("x"); }"#,
    },
};

/// Says so of `now` or `today`.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("een voorwaarde kan `{name}` vergelijken en er verder niets mee doen"),
        format!("a condition can compare `{name}` and do nothing else with it"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "vergelijk now met < <= > >= en een tijdstip of datum, today met een datum",
        "compare now with < <= > >= and a moment or a date, today with a date",
    )
}
