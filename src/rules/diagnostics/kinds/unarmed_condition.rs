//! R708: a condition that also holds while its deadline does not run.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A condition that also holds while its deadline does not run.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R708",
    slug: "unarmed-condition",
    severity: Severity::Warning,
    meaning: Words::new(
        "Zolang een termijn niet loopt, is hij ook niet verstreken. Deze voorwaarde geldt dus ook als de termijn nog niet begonnen of al beëindigd is.",
        "While a deadline does not run, it has not passed either. So this condition also holds when the deadline has not begun or is over.",
    ),
    example: Example::Script {
        wrong: r#"rule "a" when complaint.is_open then { deadline("response", now + days(1), "clerk"); }
rule "r" when !overdue("response") then { remark("x"); }"#,
        mended: r#"rule "a" when complaint.is_open then { deadline("response", now + days(1), "clerk"); }
rule "r" when armed("response") && !overdue("response") then { remark("x"); }"#,
    },
};

/// Says that a condition holds without its deadline.
pub fn report(at: Location, deadline: &str) -> Diagnostic {
    let message = Text::new(
        format!("dit geldt ook als termijn `{deadline}` niet loopt"),
        format!("this is also true while deadline `{deadline}` is not armed"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("schrijf er armed(\"{deadline}\") && voor"),
        format!("write armed(\"{deadline}\") && before it"),
    )
}
