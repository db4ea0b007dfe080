//! R140: an action without a short name of one word.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An action without a short name of one word.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R140",
    slug: "action-id",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een actie heeft een korte naam van één woord, zonder aanhalingstekens, en dan wat mensen zien: action bel_terug "Bel de klager terug" by […]."#,
        r#"An action has a short name of one word, without quotes, and then what people see: action call_back "Call the complainant back" by […]."#,
    ),
    example: Example::Script {
        wrong: r#"action call-back "Call back" by ["clerk"] when complaint.is_open then { remark("x"); }"#,
        mended: r#"action call_back "Call back" by ["clerk"] when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that the short name of an action is missing or is no single word; `written` is how it could be.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message = Text::new(
        "een actie begint met een korte naam van één woord, zonder aanhalingstekens",
        "an action begins with a short name of one word, without quotes",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf bijvoorbeeld `{written}`"), format!("write for example `{written}`"))
}

/// Says that what people see of an action is missing.
pub fn report_label(at: Location) -> Diagnostic {
    let message = Text::new(
        "achter de korte naam van een actie hoort wat mensen zien, tussen aanhalingstekens",
        "what people see follows the short name of an action, in quotes",
    );
    Diagnostic::new(&KIND, at, message).remedy("zet er `\"…\"` achter", "put `\"…\"` after it")
}
