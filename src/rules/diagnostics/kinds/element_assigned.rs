//! R313: an element of a list or map that is changed in place.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An element of a list or map that is changed in place.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R313",
    slug: "element-assigned",
    severity: Severity::Error,
    meaning: Words::new(
        "Een los onderdeel van een lijst kan niet worden veranderd. Maak een nieuwe lijst.",
        "A single element of a list cannot be changed. Make a new list.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { let l = [1]; l[0] = 2; remark(`${l}`); }"#,
        mended: r#"rule "r" when complaint.is_open then { let l = [2]; remark(`${l}`); }"#,
    },
};

/// Says that an element cannot be assigned.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "een los onderdeel kan niet worden veranderd; maak een nieuwe lijst: [ … ] of #{ … }",
        "an element cannot be assigned; make a new list or map: [ … ], #{ … }",
    );
    Diagnostic::new(&KIND, at, message)
}
