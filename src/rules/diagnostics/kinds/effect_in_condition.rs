//! R303: a word that does something, where a rule only looks.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word that does something, where a rule only looks.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R303",
    slug: "effect-in-condition",
    severity: Severity::Error,
    meaning: Words::new(
        "Een voorwaarde kijkt alleen. Wat er moet gebeuren, staat tussen de accolades achter `then`.",
        "A condition only looks. What is to happen stands between the braces after `then`.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when notify("clerk", "note") == () then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { notify("clerk", "note"); }"#,
    },
};

/// Says that a word has an effect.
pub fn report(at: Location, word: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` doet iets; een voorwaarde kijkt alleen"),
        format!("`{word}` has an effect; a condition may only look"),
    );
    Diagnostic::new(&KIND, at, message)
}
