//! R131: a date that is no date here.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A date that is no date here.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R131",
    slug: "bare-date",
    severity: Severity::Error,
    meaning: Words::new(
        "Een datum als 2026-12-01 wordt hier gelezen als een som: 2026 min 12 min 1. Vaste dagen staan niet in regels; reken vanaf een dag die Redress kent, zoals complaint.received_at + weeks(6).",
        "A date such as 2026-12-01 is read as a sum here: 2026 minus 12 minus 1. Rules hold no fixed days; count from a day that Redress knows, such as complaint.received_at + weeks(6).",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now >= 2026-12-01 then { remark("x"); }"#,
        mended: r#"rule "r" when now >= complaint.received_at + weeks(6) then { remark("x"); }"#,
    },
};

/// Says that a date stands here that is read as something else.
pub fn report(at: Location, date: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{date}` is hier geen datum: een vaste dag kan niet in een regel staan"),
        format!("`{date}` is no date here: a fixed day cannot stand in a rule"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "reken vanaf een dag die Redress kent, zoals `complaint.received_at + weeks(6)`",
        "count from a day that Redress knows, such as `complaint.received_at + weeks(6)`",
    )
}
