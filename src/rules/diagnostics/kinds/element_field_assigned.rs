//! R329: an assignment to a field of a measure or another complaint.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An assignment to a field of a measure or another complaint.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R329",
    slug: "element-field-assigned",
    severity: Severity::Error,
    meaning: Words::new(
        "Een maatregel wijzigt u met measure(nummer, …); een andere klacht verandert een regel niet.",
        "A measure is changed with measure(number, …); another complaint is not changed by a rule.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" for complaint.measures when it.id > 1 then { it.due = (); }"#,
        mended: r#"rule "r" for complaint.measures when it.id > 1 then { measure(it.id, #{ due: () }); }"#,
    },
};

/// Says that a field of an element cannot be assigned.
pub fn report(at: Location, field: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{field}` kan hier niet worden gewijzigd"),
        format!("`{field}` cannot be changed here"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("wijzig een maatregel met measure(it.id, #{{ {field}: … }})"),
        format!("change a measure with measure(it.id, #{{ {field}: … }})"),
    )
}
