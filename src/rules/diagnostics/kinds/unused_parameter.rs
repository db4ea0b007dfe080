//! R705: a parameter that nothing uses.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A parameter that nothing uses.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R705",
    slug: "unused-parameter",
    severity: Severity::Warning,
    meaning: Words::new(
        "Deze parameter wordt nergens gebruikt. Wie hem verandert, verandert niets.",
        "This parameter is used nowhere. Changing it changes nothing.",
    ),
    example: Example::Script {
        wrong: r#"const SPARE = days(3); rule "r" when complaint.is_open then { remark("x"); }"#,
        mended: r#"const SPARE = days(3); rule "r" when now >= complaint.received_at + SPARE then { remark("x"); }"#,
    },
};

/// Says that a parameter is not used.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("parameter `{name}` wordt niet gebruikt"),
        format!("parameter `{name}` is not used"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "laat hem weg; wie hem verandert, verandert niets",
        "leave it out; changing it changes nothing",
    )
}
