//! R205: a flag, counter or own field that nobody has declared.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A flag, counter or own field that nobody has declared.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R205",
    slug: "undeclared",
    severity: Severity::Error,
    meaning: Words::new(
        "Markeringen en tellers staan in procedure.toml, eigen velden van de organisatie in redress.toml. Deze staat er niet.",
        "Flags and counters are declared in procedure.toml, the organisation's own fields in redress.toml. This one is not.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.flags.lat then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.flags.late then { remark("x"); }"#,
    },
};

/// Says that a name is not declared under a section of a file.
pub fn report<'a>(
    at: Location,
    section: &str,
    file: &str,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` staat niet onder [{section}] in {file}"),
        format!("`{name}` is not declared under [{section}] in {file}"),
    );
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}
