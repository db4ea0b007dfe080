//! R703: a deadline that runs and that nothing ends or looks at.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A deadline that runs and that nothing ends or looks at.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R703",
    slug: "never-met",
    severity: Severity::Warning,
    meaning: Words::new(
        r#"Deze termijn gaat lopen, maar niets beëindigt hem en niets kijkt of hij verstreken is. Schrijf met("…") waar eraan voldaan is."#,
        r#"This deadline is set going, but nothing ends it or looks whether it has passed. Write met("…") where the duty is done."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { deadline("response", now + days(3), "clerk"); }"#,
        mended: r#"rule "r" when complaint.is_open then { deadline("response", now + days(3), "clerk"); } rule "s" when armed("response") && complaint.state == "answered" then { met("response"); }"#,
    },
};

/// Says that nothing meets, cancels or reads a deadline.
pub fn report(at: Location, deadline: &str) -> Diagnostic {
    let message = Text::new(
        format!("termijn `{deadline}` gaat lopen, maar niets beëindigt hem of kijkt ernaar"),
        format!("deadline `{deadline}` is armed, and nothing meets it, cancels it or looks at its end"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("schrijf met(\"{deadline}\") waar eraan voldaan is"),
        format!("met(\"{deadline}\") where the duty is done"),
    )
}
