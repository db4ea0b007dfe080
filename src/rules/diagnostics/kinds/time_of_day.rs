//! R309: a text that is no time of day.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A text that is no time of day.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R309",
    slug: "time-of-day",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een tijd op de dag bestaat uit uren en minuten: "09:00"."#,
        r#"A time of day is hours and minutes: "09:00"."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now >= at(complaint.received_at, "9 uur") then { remark("x"); }"#,
        mended: r#"rule "r" when now >= at(complaint.received_at, "09:00") then { remark("x"); }"#,
    },
};

/// Says that a text is no time of day.
pub fn report(at: Location, text: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{text}` is geen tijd; schrijf bijvoorbeeld \"09:00\""),
        format!("`{text}` is not a time of day; write it as \"09:00\""),
    );
    Diagnostic::new(&KIND, at, message)
}
