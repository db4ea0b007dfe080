//! R321: a day that is written as a sum.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A day that is written as a sum.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R321",
    slug: "day-as-sum",
    severity: Severity::Error,
    meaning: Words::new(
        "2026-12-01 is een rekensom, en geen datum. Een regel telt vanaf een dag die bekend is, zoals die van ontvangst.",
        "2026-12-01 is a sum and no date. A rule counts from a day that is known, such as that of receipt.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now >= 2026 - 12 - 1 then { remark("x"); }"#,
        mended: r#"rule "r" when now >= complaint.received_at + days(14) then { remark("x"); }"#,
    },
};

/// Says that a sum was meant as a day, and what it comes to.
pub fn report(at: Location, (year, month, day): (i64, i64, i64)) -> Diagnostic {
    let message = Text::new(
        format!("{year}-{month:02}-{day:02} is hier een rekensom en geen datum"),
        format!("{year}-{month:02}-{day:02} is a sum here and no date"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "tel vanaf een dag die bekend is: complaint.received_at + days(14)",
        "count from a day that is known: complaint.received_at + days(14)",
    )
}
