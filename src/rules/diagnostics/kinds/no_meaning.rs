//! R322: a sum that does not exist.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A sum that does not exist.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R322",
    slug: "no-meaning",
    severity: Severity::Error,
    meaning: Words::new(
        "Deze twee dingen kunnen niet zo bij elkaar worden geteld of van elkaar af worden getrokken.",
        "These two things cannot be added or subtracted like this.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when due("response") - complaint.received_at > days(3) then { remark("x"); }"#,
        mended: r#"rule "r" when due("response") > complaint.received_at + days(3) then { remark("x"); }"#,
    },
};

/// Says that an operator makes nothing of what stands around it; `left` is none for a sign before one thing.
pub fn report(at: Location, sign: &str, left: Option<Words>, right: Words) -> Diagnostic {
    let message = match left {
        Some(left) => Text::new(
            format!("{} {sign} {} betekent niets", left.nl, right.nl),
            format!("{} {sign} {} has no meaning", left.en, right.en),
        ),
        None => Text::new(
            format!("{sign} voor {} betekent niets", right.nl),
            format!("{sign} before {} has no meaning", right.en),
        ),
    };
    Diagnostic::new(&KIND, at, message)
}
