//! R139: a name of a rule without quotes.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A name of a rule without quotes.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R139",
    slug: "unquoted-name",
    severity: Severity::Error,
    meaning: Words::new(
        r#"De naam van een regel staat tussen aanhalingstekens: rule "Zo heet hij"."#,
        r#"The name of a rule stands in quotes: rule "What it is called"."#,
    ),
    example: Example::Script {
        wrong: r#"rule Tell them when complaint.is_open then { remark("x"); }"#,
        mended: r#"rule "Tell them" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a name stands without quotes; `written` is the name as it should be.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message = Text::new("deze naam hoort tussen aanhalingstekens", "this name belongs in quotes");
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}

/// Says that a statement has no name.
pub fn report_missing(at: Location, statement: &str) -> Diagnostic {
    let message =
        Text::new(format!("deze `{statement}` heeft geen naam"), format!("this `{statement}` has no name"));
    Diagnostic::new(&KIND, at, message).remedy(
        format!("zet er een naam achter: `{statement} \"…\"`"),
        format!("put a name after it: `{statement} \"…\"`"),
    )
}
