//! R128: a word without its parentheses.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word without its parentheses.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R128",
    slug: "bare-call",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Wat een woord nodig heeft, staat achter het woord tussen haakjes: enter("answered")."#,
        r#"What a word needs stands after it, in parentheses: enter("answered")."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark "x"; }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that what a word takes stands without parentheses.
pub fn report(at: Location, word: &str, written: &str) -> Diagnostic {
    let message = Text::new(
        format!("wat `{word}` nodig heeft, staat tussen haakjes"),
        format!("what `{word}` takes stands in parentheses"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
