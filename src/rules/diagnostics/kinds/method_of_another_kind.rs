//! R328: a method of another kind of value.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A method of another kind of value.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R328",
    slug: "method-of-another-kind",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit woord achter de punt hoort bij een ander soort waarde, zoals .some(…) bij een lijst.",
        "This word after the dot belongs to another kind of value, as .some(…) does to a list.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state.some(|s| s == "arrived") then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.measures.some(|m| m.id > 1) then { remark("x"); }"#,
    },
};

/// Says that a word is not for such a value; `takes` is what it is for.
pub fn report(at: Location, word: &str, kind: Words, takes: Words) -> Diagnostic {
    let message = Text::new(
        format!("`.{word}()` hoort niet bij {}", kind.nl),
        format!("`.{word}()` is not for {}", kind.en),
    );
    let found = Diagnostic::new(&KIND, at, message);
    if takes.en == "a value" {
        return found;
    }
    found.remedy(format!("het hoort bij {}", takes.nl), format!("it is for {}", takes.en))
}
