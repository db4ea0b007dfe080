//! R323: `now` or `today` in a sum within a condition.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// `now` or `today` in a sum within a condition.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R323",
    slug: "only-compared",
    severity: Severity::Error,
    meaning: Words::new(
        "In een voorwaarde kunt u `now` en `today` alleen vergelijken, want alleen dan is bekend wanneer zij weer moet worden bekeken.",
        "In a condition `now` and `today` can only be compared, because only then is it known when to look again.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now + days(3) > due("response") then { remark("x"); }"#,
        mended: r#"rule "r" when now > due("response") - days(3) then { remark("x"); }"#,
    },
};

/// Says that `now` or `today` can only be compared.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` kan in een voorwaarde alleen worden vergeleken"),
        format!("`{name}` can only be compared in a condition"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("zet de som aan de andere kant: {name} >= … - days(3)"),
        format!("put the sum on the other side: {name} >= … - days(3)"),
    )
}
