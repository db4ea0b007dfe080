//! R134: a percentage.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A percentage.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R134",
    slug: "percent",
    severity: Severity::Error,
    meaning: Words::new(
        "Een percentage kan hier niet staan; schrijf alleen het getal.",
        "No percentage can stand here; write the number alone.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when text_length() > 50% then { remark("x"); }"#,
        mended: r#"rule "r" when text_length() > 50 then { remark("x"); }"#,
    },
};

/// Says that there is a percentage.
pub fn report(at: Location, number: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{number}%`: percentages bestaan hier niet"),
        format!("`{number}%`: there are no percentages here"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("schrijf alleen het getal: `{number}`"),
        format!("write the number alone: `{number}`"),
    )
}
