//! R310: a field that is given a value of another kind.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A field that is given a value of another kind.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R310",
    slug: "assigned-kind",
    severity: Severity::Error,
    meaning: Words::new(
        "Het gegeven kan deze waarde niet bevatten. Een datum krijgt een datum, een markering true of false, een teller een getal.",
        "The field cannot hold this value. A date takes a date, a flag true or false, a counter a number.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { complaint.flags.late = "ja"; }"#,
        mended: r#"rule "r" when complaint.is_open then { complaint.flags.late = true; }"#,
    },
};

/// Says what a field is, and what it is given.
pub fn report(at: Location, field: &str, held: Words, given: Words) -> Diagnostic {
    let message = Text::new(
        format!("`{field}` bevat {} en krijgt {}", held.nl, given.nl),
        format!("{field} is {} and is given {}", held.en, given.en),
    );
    Diagnostic::new(&KIND, at, message)
}
