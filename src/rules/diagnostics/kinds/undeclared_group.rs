//! R419: a part of digests that is not declared.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of digests that is not declared.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R419",
    slug: "undeclared-group",
    severity: Severity::Error,
    meaning: Words::new(
        "Achter `group:` staat een van de delen van het overzicht die procedure.toml onder [[digest.groups]] noemt.",
        "Behind `group:` stands one of the parts of a digest that procedure.toml declares under [[digest.groups]].",
    ),
    example: Example::File {
        name: "messages/nl/urgent.md",
        wrong: "---\nsubject: Nu\nnow: yes\ngroup: laat\n---\nx\n",
        mended: "---\nsubject: Nu\nnow: yes\n---\nx\n",
    },
};

/// Says that a part is not among those that are declared.
pub fn report<'a>(at: Location, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` is geen deel van het overzicht"),
        format!("`{name}` is no part of a digest"),
    );
    let remedy = "zet het in procedure.toml onder [[digest.groups]]";
    Diagnostic::new(&KIND, at, message)
        .remedy(remedy, "declare it in procedure.toml under [[digest.groups]]")
        .nearest(name, known)
}
