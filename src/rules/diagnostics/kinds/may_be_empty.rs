//! R723: a day that may be empty, and is used without a test.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A day that may be empty, and is used without a test.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R723",
    slug: "may-be-empty",
    severity: Severity::Warning,
    meaning: Words::new(
        "Dit kan leeg zijn, en dan gaat de regel voor deze klacht of maatregel niet door. Vraag eerst of het er is: x != () &&.",
        "This may be empty, and the rule fails then for this complaint or measure. Ask first whether it is there: x != () &&.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now > complaint.promised_by then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.promised_by != () && now > complaint.promised_by then { remark("x"); }"#,
    },
};

/// Says that a value may be empty.
pub fn report(at: Location, what: &str) -> Diagnostic {
    let message = Text::new(format!("{what} kan hier leeg zijn"), format!("{what} may be empty here"));
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf {what} != () && ervoor"), format!("write {what} != () && before it"))
}
