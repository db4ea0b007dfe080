//! R211: a name that is computed where it must be written out.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A name that is computed where it must be written out.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R211",
    slug: "computed-name",
    severity: Severity::Error,
    meaning: Words::new(
        "Op deze plaats moet de naam zelf staan, tussen aanhalingstekens. Alleen dan kan worden nagegaan of hij bestaat.",
        "The name itself must stand here, in quotes. Only then can it be checked.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { let d = "response"; met(d); }"#,
        mended: r#"rule "r" when complaint.is_open then { met("response"); }"#,
    },
};

/// Says that a name must be written out; `what` is what it names.
pub fn report(at: Location, what: Words) -> Diagnostic {
    let message = Text::new(
        format!("schrijf de naam ({}) hier voluit; een berekende naam kan niet worden nagekeken", what.nl),
        format!("write the {} as a text here; a computed name cannot be checked", what.en),
    );
    Diagnostic::new(&KIND, at, message)
}
