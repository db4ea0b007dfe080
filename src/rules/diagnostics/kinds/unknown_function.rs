//! R202: a word that is called and is neither a word of the language nor a function of the scripts.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word that is called and is neither a word of the language nor a function of the scripts.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R202",
    slug: "unknown-function",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit woord bestaat niet. `redress rules reference` toont alle woorden, elk met een voorbeeld.",
        "This word does not exist. `redress rules reference` shows every word, each with an example.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when workday(complaint.received_at, 3) <= now then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.received_at + workdays(3) <= now then { remark("x"); }"#,
    },
};

/// Says that there is no such word.
pub fn report<'a>(at: Location, name: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(format!("het woord `{name}` bestaat niet"), format!("unknown function `{name}`"));
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}
