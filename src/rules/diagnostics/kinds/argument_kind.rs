//! R302: a word that is given a value of the wrong kind.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word that is given a value of the wrong kind.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R302",
    slug: "argument-kind",
    severity: Severity::Error,
    meaning: Words::new(
        "Het woord verwacht iets anders dan wat er staat, bijvoorbeeld een duur in plaats van een getal.",
        "The word expects something else than what stands there, such as a span instead of a number.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { deadline("response", now + days("14"), "clerk"); }"#,
        mended: r#"rule "r" when complaint.is_open then { deadline("response", now + days(14), "clerk"); }"#,
    },
};

/// Says what a word takes as its parameter, and what it was given.
pub fn report(at: Location, word: &str, (parameter, taken): (&str, Words), given: Words) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` verwacht hier {} ({parameter}) en geen {}", taken.nl, without_article(given.nl)),
        format!("`{word}` takes {} as {parameter}, not {}", taken.en, given.en),
    );
    Diagnostic::new(&KIND, at, message)
}

fn without_article(kind: &'static str) -> &'static str {
    kind.strip_prefix("een ").unwrap_or(kind)
}
