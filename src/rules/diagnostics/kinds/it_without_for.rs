//! R213: `it` in a rule that has no `for`.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// `it` in a rule that has no `for`.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R213",
    slug: "it-without-for",
    severity: Severity::Error,
    meaning: Words::new(
        "`it` is een maatregel of een andere klacht, en bestaat alleen in een regel met `for complaint.measures` of `for complaint.duplicates`.",
        "`it` is a measure or another complaint, and is there only in a rule with `for complaint.measures` or `for complaint.duplicates`.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when it.id > 1 then { remark("x"); }"#,
        mended: r#"rule "r" for complaint.measures when it.id > 1 then { remark("x"); }"#,
    },
};

/// Says that there is no `for`.
pub fn report(at: Location) -> Diagnostic {
    let message =
        Text::new("`it` is hier niets: er staat geen `for`", "`it` is nothing here: there is no `for`");
    Diagnostic::new(&KIND, at, message).remedy(
        "schrijf `for complaint.measures` voor `when`, of bedoelt u `complaint`?",
        "write `for complaint.measures` before `when`, or did you mean `complaint`?",
    )
}
