//! R324: a condition that is neither true nor false.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A condition that is neither true nor false.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R324",
    slug: "neither-true-nor-false",
    severity: Severity::Error,
    meaning: Words::new(
        "Een voorwaarde is waar of niet waar. Vergelijk wat hier staat met iets: == \"…\", > 0, != ().",
        "A condition is true or false. Compare what stands here with something: == \"…\", > 0, != ().",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says what stands in the place of a condition; `name` is what people call it, none when it has no name.
pub fn report(at: Location, name: Option<&str>, kind: Words) -> Diagnostic {
    let message = match name {
        Some(name) => Text::new(
            format!("{name} is {}, en niet waar of onwaar", kind.nl),
            format!("{name} is {}, and neither true nor false", kind.en),
        ),
        None => Text::new(
            format!("{} is niet waar of onwaar", kind.nl),
            format!("{} is neither true nor false", kind.en),
        ),
    };
    Diagnostic::new(&KIND, at, message)
        .remedy("vergelijk het met iets: == …, > …, != ()", "compare it with something: == …, > …, != ()")
}
