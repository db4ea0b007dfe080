//! R330: a text where somebody's address is meant.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A text where somebody's address is meant.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R330",
    slug: "no-address",
    severity: Severity::Error,
    meaning: Words::new(
        "Een persoon wordt met een e-mailadres aangeduid. Een rol zegt wie iets mag, en niet wie het is.",
        "A person is named by an email address. A role says who may do something, and not who it is.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { complaint.responsible = "clerk"; }"#,
        mended: r#"rule "r" when complaint.is_open then { complaint.responsible = (); }"#,
    },
};

/// Says that a text is no address.
pub fn report(at: Location, text: &str) -> Diagnostic {
    let message = Text::new(format!("`{text}` is geen e-mailadres"), format!("`{text}` is no email address"));
    Diagnostic::new(&KIND, at, message)
}

/// Says that a text is a role, which is nobody.
pub fn role(at: Location, role: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{role}` is een rol; hier hoort het e-mailadres van iemand"),
        format!("`{role}` is a role; here stands somebody's email address"),
    );
    Diagnostic::new(&KIND, at, message)
}
