//! R320: a number where a span is meant.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A number where a span is meant.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R320",
    slug: "unit-missing",
    severity: Severity::Error,
    meaning: Words::new(
        "Bij een datum of tijdstip telt u dagen, werkdagen, weken of uren op. Schrijf erbij welke: days(3), workdays(3), weeks(3), hours(3).",
        "To a date or moment one adds days, working days, weeks or hours. Say which: days(3), workdays(3), weeks(3), hours(3).",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now > due("response") - 3 then { remark("x"); }"#,
        mended: r#"rule "r" when now > due("response") - days(3) then { remark("x"); }"#,
    },
};

/// Says that a number has no unit; `number` is the number where it is written out, `from` what it counts from.
pub fn report(at: Location, number: Option<i64>, from: Words) -> Diagnostic {
    let message = Text::new(
        format!("dit telt vanaf {}, en er staat niet bij waarvan het er zoveel zijn", from.nl),
        format!("this counts from {}, and does not say of what there are so many", from.en),
    );
    let n = number.map_or("n".to_owned(), |n| n.to_string());
    Diagnostic::new(&KIND, at, message).remedy(
        format!("schrijf days({n}), workdays({n}), weeks({n}) of hours({n})"),
        format!("write days({n}), workdays({n}), weeks({n}) or hours({n})"),
    )
}
