//! R143: double quotes inside a text.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Double quotes inside a text.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R143",
    slug: "quotes-in-text",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een tekst loopt van het ene aanhalingsteken tot het volgende. Binnen een tekst gebruikt u enkele: "de 'grote' zaal"."#,
        r#"A text runs from one quote to the next. Inside a text, use single ones: "the 'large' hall"."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark("the "large" hall"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("the 'large' hall"); }"#,
    },
};

/// Says that double quotes stand inside a text; `written` is the text with single ones.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message = Text::new(
        "binnen een tekst kunnen geen dubbele aanhalingstekens staan: de tekst houdt daar op",
        "double quotes cannot stand inside a text: it ends there",
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
