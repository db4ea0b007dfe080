//! R119: a part of a statement whose first word is missing.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of a statement whose first word is missing.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R119",
    slug: "missing-clause",
    severity: Severity::Error,
    meaning: Words::new(
        "Elk onderdeel begint met zijn eigen woord: when voor de voorwaarde, then voor wat er gebeurt, by voor wie het mag.",
        "Each part begins with its own word: when before the condition, then before what happens, by before who may.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that the word of a part is missing before a place; `statement` is what it is a part of.
pub fn report(at: Location, word: &str, statement: &str) -> Diagnostic {
    let message = Text::new(
        format!("in deze `{statement}` ontbreekt het woord `{word}`"),
        format!("the word `{word}` is missing from this `{statement}`"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("zet hier `{word}` voor"), format!("put `{word}` before this"))
}
