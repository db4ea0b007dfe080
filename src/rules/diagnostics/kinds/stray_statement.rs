//! R102: a statement at the top of a rule file that no rule file has.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A statement at the top of a rule file that no rule file has.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R102",
    slug: "stray-statement",
    severity: Severity::Error,
    meaning: Words::new(
        "In een bestand met regels staan alleen rule, action, schedule, const en fn los. Al het andere hoort binnen de accolades van een regel of actie.",
        "Only rule, action, schedule, const and fn stand on their own in a rule file. Everything else belongs within the braces of a rule or action.",
    ),
    example: Example::Script {
        wrong: r#"remark("x");"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a statement cannot stand on its own in a rule file.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "dit kan niet los in een bestand met regels staan; dat kunnen alleen const, fn, rule, action en schedule",
        "only const, fn, rule, action and schedule stand at the top level of a rule file",
    );
    Diagnostic::new(&KIND, at, message)
}
