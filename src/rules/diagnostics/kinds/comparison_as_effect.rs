//! R138: a comparison where something should be filled in.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A comparison where something should be filled in.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R138",
    slug: "comparison-as-effect",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Twee keer `=` vergelijkt alleen. Om in `then` iets in te vullen is er één, zoals in complaint.reasons = "late"."#,
        r#"Two `=` only compare. To fill something in, in `then`, there is one, as in complaint.reasons = "late"."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { complaint.reasons == "late"; }"#,
        mended: r#"rule "r" when complaint.is_open then { complaint.reasons = "late"; }"#,
    },
};

/// Says that a comparison stands where something should be filled in.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "hier gebeurt niets: `==` vergelijkt alleen; invullen gaat met één `=`",
        "this does nothing: `==` only compares; filling in takes one `=`",
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf `=`", "write `=`")
}
