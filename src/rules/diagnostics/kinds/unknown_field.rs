//! R204: a field that its owner does not have.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A field that its owner does not have.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R204",
    slug: "unknown-field",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit gegeven bestaat niet. `redress rules reference` toont alle gegevens van een klacht.",
        "This field does not exist. `redress rules reference` shows all fields of a complaint.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.stat == "arrived" then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that `owner` ("a complaint") has no such field.
pub fn report<'a>(
    at: Location,
    owner: Words,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(
        format!("{} heeft geen gegeven `{name}`", owner.nl),
        format!("{} has no field `{name}`", owner.en),
    );
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}
