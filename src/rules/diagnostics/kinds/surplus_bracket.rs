//! R122: a bracket that closes nothing.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A bracket that closes nothing.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R122",
    slug: "surplus-bracket",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit haakje sluit niets: er staat er een te veel, of het hoort bij een ander soort haakje.",
        "This bracket closes nothing: there is one too many, or it belongs to another kind of bracket.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark("x"); } }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that a bracket closes nothing, or something else than what is open; `expected` is what would close that.
pub fn report(at: Location, close: &str, expected: Option<&str>) -> Diagnostic {
    match expected {
        Some(expected) => {
            let message = Text::new(
                format!("hier staat `{close}`, maar wat openstaat wordt met `{expected}` gesloten"),
                format!("here is `{close}`, but what is open closes with `{expected}`"),
            );
            Diagnostic::new(&KIND, at, message)
                .remedy(format!("schrijf `{expected}`"), format!("write `{expected}`"))
        }
        None => {
            let message = Text::new(
                format!("deze `{close}` is er een te veel: er staat niets meer open"),
                format!("this `{close}` is one too many: nothing is open any more"),
            );
            Diagnostic::new(&KIND, at, message)
                .remedy(format!("haal deze `{close}` weg"), format!("delete this `{close}`"))
        }
    }
}
