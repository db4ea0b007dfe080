//! R726: a role that is told something and that nobody has.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A role that is told something and that nobody has.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R726",
    slug: "unfilled-role",
    severity: Severity::Warning,
    meaning: Words::new(
        "Niemand onder [[people]] in redress.toml heeft deze rol, en niemand valt erin in. Berichten aan deze rol bereiken dus niemand.",
        "Nobody under [[people]] in redress.toml has this role, and nobody stands in. So what is sent to it reaches nobody.",
    ),
    example: Example::Folder,
};

/// Says that nobody has a role.
pub fn report(at: Location, role: &str) -> Diagnostic {
    let message = Text::new(
        format!("niemand in redress.toml heeft de rol `{role}`: wat daarheen gaat, bereikt niemand"),
        format!("nobody in redress.toml has the role `{role}`: what is sent to it reaches nobody"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("geef iemand onder [[people]] de rol: roles = [\"{role}\"]"),
        format!("give somebody under [[people]] the role: roles = [\"{role}\"]"),
    )
}
