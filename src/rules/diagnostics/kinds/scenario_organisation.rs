//! R509: an organisation of scenarios that cannot be read.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An organisation of scenarios that cannot be read.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R509",
    slug: "scenario-organisation",
    severity: Severity::Error,
    meaning: Words::new(
        "tests/organisation.toml noemt de organisatie waarin de scenario's spelen: haar mensen, domeinen en vrije dagen. Het is geschreven als redress.toml.",
        "tests/organisation.toml names the organisation in which the scenarios play: its people, domains and closing days. It is written as redress.toml is.",
    ),
    example: Example::File {
        name: "tests/organisation.toml",
        wrong: "[organisation]\nnaam = \"Vaart\"\n",
        mended: "[organisation]\nname = \"Vaart\"\n",
    },
};

/// Says why the file cannot be read, and what is to be done.
pub fn report(at: Location, why: &str, remedy: &str) -> Diagnostic {
    let message = Text::new(
        format!("de organisatie van de scenario's is niet te lezen: {why}"),
        format!("the organisation of the scenarios cannot be read: {why}"),
    );
    Diagnostic::new(&KIND, at, message).remedy(remedy, remedy)
}
