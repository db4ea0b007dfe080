//! R209: a parameter or function that is defined twice.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A parameter or function that is defined twice.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R209",
    slug: "defined-twice",
    severity: Severity::Error,
    meaning: Words::new(
        "Een parameter of functie staat er twee keer, in dit bestand of in twee bestanden. Laat er een weg of geef hem een andere naam.",
        "A parameter or function is defined twice, in this file or in two. Leave one out, or give it another name.",
    ),
    example: Example::Script {
        wrong: r#"const A = 1; const A = 2; rule "r" when complaint.counters.round > A then { remark("x"); }"#,
        mended: r#"const A = 1; const B = 2; rule "r" when complaint.counters.round > A + B then { remark("x"); }"#,
    },
};

/// Says that a parameter is defined twice.
pub fn report_constant(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("parameter `{name}` staat er twee keer"),
        format!("constant `{name}` is defined twice"),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says that a function is defined twice.
pub fn report_function(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("functie `{name}` staat er twee keer"),
        format!("function `{name}` is defined twice"),
    );
    Diagnostic::new(&KIND, at, message)
}
