//! R146: a second value without what it is compared with.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A second value without what it is compared with.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R146",
    slug: "half-comparison",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Na || of && staat weer een hele voorwaarde: complaint.state == "a" || complaint.state == "b"."#,
        r#"After || or && stands a whole condition again: complaint.state == "a" || complaint.state == "b"."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state == "arrived" || "answered" then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" || complaint.state == "answered" then { remark("x"); }"#,
    },
};

/// Says that a value is not compared with anything; `written` is the whole comparison.
pub fn report(at: Location, value: &str, written: &str) -> Diagnostic {
    let message = Text::new(
        format!("bij `{value}` staat niet waarmee het vergeleken wordt; herhaal dat"),
        format!("what `{value}` is compared with is missing; repeat it"),
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
