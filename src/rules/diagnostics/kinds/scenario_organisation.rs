//! R509: an organisation of scenarios that cannot be read.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An organisation of scenarios that cannot be read.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R509",
    slug: "scenario-organisation",
    severity: Severity::Error,
    meaning: Words::new(
        "tests/organisation.toml noemt de organisatie waarin de scenario's spelen: haar mensen, domeinen en vrije dagen. Het is geschreven als redress.toml; onder [terms], onderaan, staat hoe de scenario's noemen wie u met een term aanwijst.",
        "tests/organisation.toml names the organisation in which the scenarios play: its people, domains and closing days. It is written as redress.toml is; under [terms], at the end, stands what the scenarios call whom you name with a term.",
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

/// Says that what the file calls a term holds nobody's address.
pub fn report_term(at: Location, term: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{term}` is geen term met een adres"),
        format!("`{term}` is not a term that holds an address"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "noem een term uit 00_terms.rhai waarin een adres staat",
        "name a term of 00_terms.rhai that holds an address",
    )
}
