//! R115: a text whose last quote is missing.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A text whose last quote is missing.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R115",
    slug: "unclosed-text",
    severity: Severity::Error,
    meaning: Words::new(
        "Elke tekst begint en eindigt met een aanhalingsteken, in dezelfde regel.",
        "Every text begins and ends with a quote, in the same line.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state == "arrived then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that the last quote of a text is missing; `written` is what the text probably is.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message = Text::new(
        "het aanhalingsteken aan het eind van deze tekst ontbreekt",
        "the quote at the end of this text is missing",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("bedoelt u `{written}`?"), format!("did you mean `{written}`?"))
}
