//! R124: one `=` where something is compared.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// One `=` where something is compared.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R124",
    slug: "one-equals",
    severity: Severity::Error,
    meaning: Words::new(
        "Eén `=` vult iets in en staat alleen in `then`. Vergelijken gaat met twee: `==`.",
        "One `=` fills something in and stands in `then` only. Comparing takes two: `==`.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state = "arrived" then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that something is compared with one `=`.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "\"is gelijk aan\" schrijft u met twee tekens: `==`; één `=` vult iets in",
        "\"is equal to\" takes two signs: `==`; one `=` fills something in",
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf `==`", "write `==`")
}
