//! R120: parts of a statement in another order.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Parts of a statement in another order.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R120",
    slug: "clause-order",
    severity: Severity::Error,
    meaning: Words::new(
        "De onderdelen hebben een vaste volgorde: rule, for, when, every, then; en action, by, asks, when, then.",
        "The parts have a fixed order: rule, for, when, every, then; and action, by, asks, when, then.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" then { remark("x"); } when complaint.is_open"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a part stands after one that it belongs before, or a second time.
pub fn report(at: Location, word: &str, after: &str, order: &str) -> Diagnostic {
    let message = if word == after {
        Text::new(
            format!("`{word}` staat hier voor de tweede keer"),
            format!("`{word}` stands here a second time"),
        )
    } else {
        Text::new(
            format!("`{word}` staat na `{after}`, maar hoort ervoor"),
            format!("`{word}` stands after `{after}`, and belongs before it"),
        )
    };
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("de volgorde is {order}"), format!("the order is {order}"))
}
