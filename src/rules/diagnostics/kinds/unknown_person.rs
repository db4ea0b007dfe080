//! R709: an address that belongs to nobody in `redress.toml`.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An address that belongs to nobody in `redress.toml`.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R709",
    slug: "unknown-person",
    severity: Severity::Warning,
    meaning: Words::new(
        "Dit adres hoort bij niemand onder [[people]] in redress.toml. Die persoon kan dus niet inloggen of vervangen worden.",
        "This address belongs to nobody under [[people]] in redress.toml. So that person can neither act nor be stood in for.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { notify("behandelar@lagant.nl", "note"); }"#,
        mended: r#"rule "r" when complaint.is_open then { notify("behandelaar@lagant.nl", "note"); }"#,
    },
};

/// Says that nobody has an address; `known` are the addresses there are.
pub fn report<'a>(at: Location, address: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(
        format!("`{address}` is niemand van de mensen in redress.toml"),
        format!("`{address}` is nobody among the people in redress.toml"),
    );
    Diagnostic::new(&KIND, at, message).nearest(address, known)
}
