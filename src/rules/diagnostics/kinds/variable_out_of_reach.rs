//! R212: a variable that is not known here.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A variable that is not known here.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R212",
    slug: "variable-out-of-reach",
    severity: Severity::Error,
    meaning: Words::new(
        "Een naam die met `let` is gegeven, geldt vanaf die regel tot het haakje dat eromheen sluit, en in geen andere regel of functie.",
        "A name that `let` gives is known from that line to the brace that closes around it, and in no other rule or function.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { if known("number") { let x = "a"; remark(x); } remark(x); }"#,
        mended: r#"rule "r" when complaint.is_open then { let x = "a"; if known("number") { remark(x); } remark(x); }"#,
    },
};

/// Says that a variable is known, but not here; `of` is the statement or function it belongs to, none for this one.
pub fn report(at: Location, name: &str, of: Option<&str>) -> Diagnostic {
    let message = match of {
        Some(of) => Text::new(
            format!("`{name}` hoort bij {of} en is hier niet bekend"),
            format!("`{name}` belongs to {of} and is not known here"),
        ),
        None => Text::new(
            format!(
                "`{name}` is hier niet bekend: het geldt alleen binnen de haakjes waarin `let` of `for` staat, en daarna"
            ),
            format!(
                "`{name}` is not known here: only within the braces in which `let` or `for` stands, and after it"
            ),
        ),
    };
    Diagnostic::new(&KIND, at, message)
}
