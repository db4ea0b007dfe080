//! R602: a row of the company's text that stands twice in `clauses.toml`.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A row of the company's text that stands twice in `clauses.toml`.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R602",
    slug: "clause-twice",
    severity: Severity::Error,
    meaning: Words::new(
        "Elke zin van de tekst van de organisatie staat een keer in clauses.toml.",
        "Every sentence of the company's text stands once in clauses.toml.",
    ),
    example: Example::File {
        name: "clauses.toml",
        wrong: "[[clause]]\nrow = 1\ntext = \"x\"\nno_rule = \"y\"\n\n[[clause]]\nrow = 1\ntext = \"z\"\nno_rule = \"y\"\n",
        mended: "[[clause]]\nrow = 1\ntext = \"x\"\nno_rule = \"y\"\n\n[[clause]]\nrow = 2\ntext = \"z\"\nno_rule = \"y\"\n",
    },
};

/// Says that a row stands there twice.
pub fn report(at: Location, row: u32) -> Diagnostic {
    let message = Text::new(format!("rij {row} staat er twee keer"), format!("row {row} stands there twice"));
    Diagnostic::new(&KIND, at, message)
}
