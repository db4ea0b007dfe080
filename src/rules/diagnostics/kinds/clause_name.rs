//! R603: a name in `clauses.toml` that does not exist.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A name in `clauses.toml` that does not exist.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R603",
    slug: "clause-name",
    severity: Severity::Error,
    meaning: Words::new(
        "clauses.toml noemt een regel, bericht, termijn of scenario dat niet (meer) bestaat.",
        "clauses.toml names a rule, message, deadline or scenario that does not exist, or no longer.",
    ),
    example: Example::File {
        name: "clauses.toml",
        wrong: "[[clause]]\nrow = 1\ntext = \"x\"\nmessages = [\"notes\"]\n",
        mended: "[[clause]]\nrow = 1\ntext = \"x\"\nmessages = [\"note\"]\n",
    },
};

/// Says that a row names something that there is not; `what` is what it would be.
pub fn report<'a>(
    at: Location,
    row: u32,
    what: Words,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(
        format!("rij {row}: {} \"{name}\" bestaat niet", what.nl),
        format!("row {row}: there is no {} \"{name}\"", what.en),
    );
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}
