//! R111: a text between single quotes.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A text between single quotes.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R111",
    slug: "single-quotes",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een tekst staat tussen dubbele aanhalingstekens: "zo". Met enkele gaat het niet."#,
        r#"A text stands in double quotes: "so". Single ones do not do."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state == 'arrived' then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that a text stands between single quotes; `written` is the text as it should be.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message = Text::new(
        "rond een tekst staan dubbele aanhalingstekens, geen enkele",
        "a text stands in double quotes, not in single ones",
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
