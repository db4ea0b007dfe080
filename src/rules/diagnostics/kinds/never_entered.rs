//! R701: a state that no rule or action enters.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A state that no rule or action enters.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R701",
    slug: "never-entered",
    severity: Severity::Warning,
    meaning: Words::new(
        r#"Geen regel of actie brengt een klacht in deze status. Laat de status weg, of schrijf enter("…") waar hij begint."#,
        r#"No rule or action brings a complaint into this state. Leave it out, or write enter("…") where it begins."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { enter("answered"); }"#,
    },
};

/// Says that a state is never entered.
pub fn report(at: Location, state: &str) -> Diagnostic {
    let message = Text::new(
        format!("in status `{state}` komt nooit een klacht"),
        format!("state `{state}` is never entered"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("schrijf enter(\"{state}\") in een regel of actie, of laat de status weg"),
        format!("enter(\"{state}\") in a rule or action, or leave it out"),
    )
}
