//! R314: a comparison that can never hold.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A comparison that can never hold.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R314",
    slug: "never-equal",
    severity: Severity::Error,
    meaning: Words::new(
        "Hier worden twee dingen vergeleken die nooit gelijk zijn, zoals een datum en een tekst.",
        "Two things are compared here that are never equal, such as a date and a text.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.received_at > "2026-12-01" then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.received_at > due("response") then { remark("x"); }"#,
    },
};

/// Says that something is compared with another kind; `name` is what people call it, none when it has no name.
pub fn report(at: Location, name: Option<&str>, kind: Words, other: Words) -> Diagnostic {
    let message = match name {
        Some(name) => Text::new(
            format!("{name} is {} en wordt vergeleken met {}: dat is nooit zo", kind.nl, other.nl),
            format!("{name} is {} and is compared with {}: that is never so", kind.en, other.en),
        ),
        None => Text::new(
            format!("{} wordt vergeleken met {}: dat is nooit zo", kind.nl, other.nl),
            format!("{} is compared with {}: that is never so", kind.en, other.en),
        ),
    };
    Diagnostic::new(&KIND, at, message)
}

/// Says that names of two lists are compared, which have none in common.
pub fn names(at: Location, one: Words, other: Words) -> Diagnostic {
    let message = Text::new(
        format!("een {} wordt vergeleken met een {}: dat is nooit zo", one.nl, other.nl),
        format!("one is a {}, the other a {}: that is never so", one.en, other.en),
    );
    Diagnostic::new(&KIND, at, message)
}
