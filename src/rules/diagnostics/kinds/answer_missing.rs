//! R331: an answer that a performed action needs.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An answer that a performed action needs.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R331",
    slug: "answer-missing",
    severity: Severity::Error,
    meaning: Words::new(
        "De actie vraagt dit, en zonder antwoord wordt zij niet gedaan. Geef het antwoord mee, of maak de vraag .optional().",
        "The action asks this, and is not done without an answer. Give the answer along, or make the question .optional().",
    ),
    example: Example::Script {
        wrong: r#"action a "A" by ["clerk"] asks #{ reason: text("Waarom?") } when true then { remark(input.reason); }
rule "r" when complaint.is_open then { perform("a", #{}); }"#,
        mended: r#"action a "A" by ["clerk"] asks #{ reason: text("Waarom?") } when true then { remark(input.reason); }
rule "r" when complaint.is_open then { perform("a", #{ reason: "x" }); }"#,
    },
};

/// Says that an answer is not given.
pub fn report(at: Location, action: &str, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("actie `{action}` vraagt `{name}`, en dat wordt hier niet meegegeven"),
        format!("action `{action}` asks `{name}`, which is not given here"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf #{{ {name}: … }}"), format!("write #{{ {name}: … }}"))
}
