//! R510: words in `procedure.toml` for a term that is not there, or that has words already.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Words for a term that is not there, or that has words already.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R510",
    slug: "unknown-term",
    severity: Severity::Error,
    meaning: Words::new(
        "Onder [[terms]] in procedure.toml staat hoe een term van de regels heet voor wie hem leest. Elke naam daar is die van een `const` in een bestand met regels, en staat er één keer.",
        "Under [[terms]] procedure.toml says what people read for a term of the rules. Each name there is that of a `const` in a file of rules, and stands there once.",
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: "of = { PATIENSE =",
        mended: "of = { PATIENCE =",
    },
};

/// Says that no script has such a term.
pub fn report<'a>(at: Location, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` is geen term van de regels"),
        format!("`{name}` is no term of the rules"),
    );
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}

/// Says that a term has words twice.
pub fn report_twice(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("de term `{name}` staat twee keer onder [[terms]]"),
        format!("the term `{name}` stands twice under [[terms]]"),
    );
    Diagnostic::new(&KIND, at, message).remedy("laat er één staan", "leave one of them")
}
