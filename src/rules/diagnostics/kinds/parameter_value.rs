//! R317: a parameter whose value cannot be computed.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A parameter whose value cannot be computed.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R317",
    slug: "parameter-value",
    severity: Severity::Error,
    meaning: Words::new(
        "De waarde van deze parameter kan niet worden berekend. Een parameter is een getal, tekst, datum of duur, of is gemaakt van parameters die erboven staan.",
        "The value of this parameter cannot be computed. A parameter is a number, text, date or span, or is made of parameters above it.",
    ),
    example: Example::Script {
        wrong: r#"const A = 1 / 0; rule "r" when complaint.counters.round > A then { remark("x"); }"#,
        mended: r#"const A = 1; rule "r" when complaint.counters.round > A then { remark("x"); }"#,
    },
};

/// Says why a parameter has no value.
pub fn report(at: Location, name: &str, why: &Text) -> Diagnostic {
    let message = Text::new(
        format!("parameter `{name}` heeft geen waarde: {}", why.nl),
        format!("constant `{name}`: {}", why.en),
    );
    Diagnostic::new(&KIND, at, message)
}
