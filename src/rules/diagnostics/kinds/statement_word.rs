//! R117: a statement that begins with a misspelt word, or with one of another language.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A statement that begins with a misspelt word, or with one of another language.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R117",
    slug: "statement-word",
    severity: Severity::Error,
    meaning: Words::new(
        "Een bestand met regels bestaat uit rule, action, schedule, const en fn, in kleine letters en in het Engels.",
        "A rule file consists of rule, action, schedule, const and fn, in small letters.",
    ),
    example: Example::Script {
        wrong: r#"regel "r" when complaint.is_open then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says which word was meant by another.
pub fn report(at: Location, word: &str, meant: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` is geen woord waarmee een regel begint; dat is `{meant}`"),
        format!("`{word}` is no word that a statement begins with; that is `{meant}`"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{meant}`"), format!("write `{meant}`"))
}
