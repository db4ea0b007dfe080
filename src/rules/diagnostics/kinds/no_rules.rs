//! R001: a rules folder without rule files.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A rules folder without rule files.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R001",
    slug: "no-rules",
    severity: Severity::Error,
    meaning: Words::new(
        "In deze map staan geen regels. Noem met --rules de map waarin procedure.toml staat.",
        "This folder holds no rules. Name the folder that holds procedure.toml with --rules.",
    ),
    example: Example::Folder,
};

/// Says that a folder holds no rule files.
pub fn report(folder: &str) -> Diagnostic {
    let message = Text::new("hier staan geen regels", "no rule files here");
    Diagnostic::new(&KIND, Location::file(folder), message).remedy(
        "noem met --rules de map waarin procedure.toml staat",
        "name the folder that holds procedure.toml with --rules DIR",
    )
}
