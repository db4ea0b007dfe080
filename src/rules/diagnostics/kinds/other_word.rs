//! R136: a word that is called otherwise here.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word that is called otherwise here.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R136",
    slug: "other-word",
    severity: Severity::Error,
    meaning: Words::new(
        r#"De woorden van de regels zijn Engels: true is "waar" of "ja", false is "onwaar" of "nee", () is "leeg", days is "dagen"."#,
        "Some words have another name here: true and false for yes and no, () for nothing.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.promised_by == null then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.promised_by == () then { remark("x"); }"#,
    },
};

/// Says how something is called here.
pub fn report(at: Location, word: &str, meant: &str) -> Diagnostic {
    let message =
        Text::new(format!("\"{word}\" heet hier `{meant}`"), format!("\"{word}\" is called `{meant}` here"));
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{meant}`"), format!("write `{meant}`"))
}
