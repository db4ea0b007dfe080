//! R141: words outside every statement.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Words outside every statement.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R141",
    slug: "outside-statement",
    severity: Severity::Error,
    meaning: Words::new(
        "Buiten een regel of actie staat alleen wat met `//` begint. Gewone zinnen zijn opmerkingen.",
        "Outside a rule or action only what begins with `//` can stand. Plain sentences are remarks.",
    ),
    example: Example::Script {
        wrong: "This is how we tell them.\nrule \"r\" when complaint.is_open then { remark(\"x\"); }",
        mended: "// This is how we tell them.\nrule \"r\" when complaint.is_open then { remark(\"x\"); }",
    },
};

/// Says that words stand outside every statement.
pub fn report(at: Location) -> Diagnostic {
    let message =
        Text::new("deze tekst hoort bij geen regel of actie", "these words belong to no rule or action");
    Diagnostic::new(&KIND, at, message)
        .remedy("is het een opmerking, begin dan met `//`", "if it is a remark, begin it with `//`")
}
