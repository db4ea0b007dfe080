//! R706: a flag or counter that nothing reads or sets.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A flag or counter that nothing reads or sets.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R706",
    slug: "unused-flag",
    severity: Severity::Warning,
    meaning: Words::new(
        "Geen regel gebruikt deze markering of teller. Laat hem weg uit procedure.toml.",
        "No rule uses this flag or counter. Leave it out of procedure.toml.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open && !complaint.flags.late && complaint.counters.round < 3 then { remark("x"); }"#,
    },
};

/// Says that a flag or counter is not used.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("markering of teller `{name}` wordt nergens gebruikt"),
        format!("flag or counter `{name}` is never read or set"),
    );
    Diagnostic::new(&KIND, at, message)
}
