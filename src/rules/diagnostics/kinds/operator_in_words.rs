//! R126: a sign that is written as a word.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A sign that is written as a word.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R126",
    slug: "operator-in-words",
    severity: Severity::Error,
    meaning: Words::new(
        r#""En" schrijft u als &&, "of" als ||, "niet" als ! en "is" als ==."#,
        r#""And" is written &&, "or" is ||, "not" is ! and "is" is ==."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open and armed("response") then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open && armed("response") then { remark("x"); }"#,
    },
};

/// Says which sign stands for a word.
pub fn report(at: Location, word: &str, sign: &str) -> Diagnostic {
    let message = Text::new(
        format!("\"{word}\" schrijft u hier als `{sign}`"),
        format!("\"{word}\" is written `{sign}` here"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{sign}`"), format!("write `{sign}`"))
}
