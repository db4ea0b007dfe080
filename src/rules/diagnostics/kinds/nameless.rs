//! R104: a rule, action or schedule without a name.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A rule, action or schedule without a name.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R104",
    slug: "nameless",
    severity: Severity::Error,
    meaning: Words::new(
        "Elke regel en elke planning heeft een naam tussen aanhalingstekens. Het logboek noemt hem zo.",
        "Every rule and schedule has a name in quotes. The record calls it by that name.",
    ),
    example: Example::Script {
        wrong: r#"rule "" when complaint.is_open then { remark("x"); }"#,
        mended: r#"rule "Een opmerking" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a statement needs a name; `keyword` is the word that it begins with.
pub fn report(at: Location, keyword: &str) -> Diagnostic {
    let message =
        Text::new(format!("deze `{keyword}` heeft geen naam"), format!("this {keyword} needs a name"));
    Diagnostic::new(&KIND, at, message)
}
