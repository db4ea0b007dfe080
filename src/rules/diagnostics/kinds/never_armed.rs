//! R702: a deadline that no rule or action sets going.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A deadline that no rule or action sets going.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R702",
    slug: "never-armed",
    severity: Severity::Warning,
    meaning: Words::new(
        r#"Geen regel of actie laat deze termijn lopen. Laat hem weg, of schrijf deadline("…", …) waar hij begint."#,
        r#"No rule or action sets this deadline going. Leave it out, or write deadline("…", …) where it begins."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { met("response"); }"#,
        mended: r#"rule "r" when complaint.is_open then { deadline("response", now + days(3), "clerk"); met("response"); }"#,
    },
};

/// Says that a deadline never runs.
pub fn report(at: Location, deadline: &str) -> Diagnostic {
    let message = Text::new(
        format!("termijn `{deadline}` gaat nooit lopen"),
        format!("deadline `{deadline}` is never armed"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("laat hem weg, of begin hem met deadline(…)", "leave it out, or arm it with deadline(…)")
}
