//! R129: an instruction without its semicolon.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An instruction without its semicolon.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R129",
    slug: "missing-semicolon",
    severity: Severity::Error,
    meaning: Words::new(
        "Elke opdracht in `then`, en elke `const`, eindigt met een puntkomma.",
        "Every instruction in `then`, and every `const`, ends with a semicolon.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark("x") remark("y"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); remark("y"); }"#,
    },
};

/// Says that a semicolon is missing after something.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "hierachter ontbreekt een puntkomma: elke opdracht eindigt met `;`",
        "a semicolon is missing after this: every instruction ends with `;`",
    );
    Diagnostic::new(&KIND, at, message).remedy("zet er `;` achter", "put `;` after it")
}
