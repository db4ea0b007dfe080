//! R503: a mandatory deadline of whose breach nobody hears.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A mandatory deadline of whose breach nobody hears.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R503",
    slug: "nobody-alarmed",
    severity: Severity::Error,
    meaning: Words::new(
        "Bij een termijn met mandatory = true moet altijd iemand horen dat hij verstreken is. Noem bij alarms wie.",
        "Somebody must always hear when a deadline with mandatory = true has passed. Name them under alarms.",
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: "mandatory = true }",
        mended: r#"mandatory = true, alarms = ["clerk"] }"#,
    },
};

/// Says that nobody hears of a breach; `role` is one that could.
pub fn report(at: Location, deadline: &str, role: &str) -> Diagnostic {
    let message = Text::new(
        format!("termijn `{deadline}` is verplicht, maar niemand hoort het als hij verstrijkt"),
        format!("deadline `{deadline}` is mandatory, but nobody hears of its breach"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("voeg toe: alarms = [\"{role}\"]"), format!("add alarms = [\"{role}\"]"))
}
