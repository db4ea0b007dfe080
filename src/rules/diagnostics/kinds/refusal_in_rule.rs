//! R304: a refusal in a rule.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A refusal in a rule.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R304",
    slug: "refusal-in-rule",
    severity: Severity::Error,
    meaning: Words::new(
        "Alleen een actie kan worden geweigerd, want daar is iemand die het leest. Een regel kan wel een bericht sturen.",
        "Only an action can be refused, because somebody reads it there. A rule can send a message.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { refuse("nee"); }"#,
        mended: r#"action a "A" by ["clerk"] when true then { refuse("nee"); }"#,
    },
};

/// Says that a rule refuses.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "alleen een actie kan worden geweigerd; bij een regel is er niemand die het leest",
        "only an action can be refused; a rule has nobody to tell",
    );
    Diagnostic::new(&KIND, at, message)
}
