//! R118: a clause that begins with a misspelt word, or with one of another language.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A clause that begins with a misspelt word, or with one of another language.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R118",
    slug: "clause-word",
    severity: Severity::Error,
    meaning: Words::new(
        "De delen van een regel beginnen met for, when, every en then, in kleine letters en in het Engels; die van een actie met by, asks, when en then.",
        "The parts of a rule begin with for, when, every and then, in small letters; those of an action with by, asks, when and then.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" wanneer complaint.is_open then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says which word was meant by another.
pub fn report(at: Location, word: &str, meant: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` is geen woord waarmee een onderdeel begint; dat is `{meant}`"),
        format!("`{word}` is no word that a part begins with; that is `{meant}`"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{meant}`"), format!("write `{meant}`"))
}
