//! R123: what happens, without braces.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// What happens, without braces.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R123",
    slug: "bare-then",
    severity: Severity::Error,
    meaning: Words::new(
        "Wat er na `then` gebeurt, staat tussen accolades: then { … }.",
        "What happens after `then` stands in braces: then { … }.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then remark("x");"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that what happens stands without braces.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "wat er na `then` gebeurt, staat tussen accolades: `then { … }`",
        "what happens after `then` stands in braces: `then { … }`",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("zet `{` achter `then` en `}` aan het eind", "put `{` after `then` and `}` at the end")
}
