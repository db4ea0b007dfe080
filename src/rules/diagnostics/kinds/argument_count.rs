//! R301: a word that is called with too few or too many values.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word that is called with too few or too many values.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R301",
    slug: "argument-count",
    severity: Severity::Error,
    meaning: Words::new(
        "Tussen de haakjes staan te weinig of te veel gegevens. `redress rules reference` toont bij elk woord wat het nodig heeft.",
        "Too few or too many values stand between the brackets. `redress rules reference` shows what each word needs.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { met("response", "late"); }"#,
        mended: r#"rule "r" when complaint.is_open then { met("response"); }"#,
    },
};

/// Says how many values a word takes, in one of several ways, and how many it was given.
pub fn report(at: Location, name: &str, takes: &[usize], given: usize) -> Diagnostic {
    let (gegevens, arguments) = match takes {
        [1] => ("gegeven", "argument"),
        _ => ("gegevens", "arguments"),
    };
    let counts: Vec<String> = takes.iter().map(ToString::to_string).collect();
    let message = Text::new(
        format!("`{name}` heeft tussen de haakjes {} {gegevens} nodig en niet {given}", counts.join(" of ")),
        format!("`{name}` takes {} {arguments}, not {given}", counts.join(" or ")),
    );
    Diagnostic::new(&KIND, at, message)
}
