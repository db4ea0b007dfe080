//! R326: an `every` without a span.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An `every` without a span.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R326",
    slug: "no-span",
    severity: Severity::Error,
    meaning: Words::new(
        "Achter `every` staat om de hoeveel tijd: weeks(1), days(2), workdays(5).",
        "After `every` stands how often: weeks(1), days(2), workdays(5).",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open every 7 then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.is_open every days(7) then { remark("x"); }"#,
    },
};

/// Says what stands where a span should.
pub fn report(at: Location, kind: Words) -> Diagnostic {
    let message = Text::new(
        format!("achter `every` hoort een duur, niet {}", kind.nl),
        format!("`every` takes a span, not {}", kind.en),
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf every weeks(1)", "write every weeks(1)")
}
