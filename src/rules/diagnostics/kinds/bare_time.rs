//! R132: a time of day without quotes.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A time of day without quotes.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R132",
    slug: "bare-time",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een tijd op de dag is een tekst van uren en minuten: "09:00"."#,
        r#"A time of day is a text of hours and minutes: "09:00"."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now >= at(complaint.received_at, 9:00) then { remark("x"); }"#,
        mended: r#"rule "r" when now >= at(complaint.received_at, "09:00") then { remark("x"); }"#,
    },
};

/// Says that a time of day stands without quotes; `written` is the time as it should be.
pub fn report(at: Location, time: &str, written: &str) -> Diagnostic {
    let message = Text::new(
        format!("de tijd `{time}` hoort tussen aanhalingstekens, met uren en minuten"),
        format!("the time `{time}` belongs in quotes, with hours and minutes"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
