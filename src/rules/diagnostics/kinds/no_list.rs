//! R325: a `for` over what is no list.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A `for` over what is no list.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R325",
    slug: "no-list",
    severity: Severity::Error,
    meaning: Words::new(
        "`for` gaat langs een lijst: in een regel langs complaint.measures of complaint.duplicates.",
        "`for` goes through a list: in a rule through complaint.measures or complaint.duplicates.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" for complaint.state when complaint.is_open then { remark("x"); }"#,
        mended: r#"rule "r" for complaint.measures when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that something is no list.
pub fn report(at: Location, kind: Words) -> Diagnostic {
    let message = Text::new(format!("{} is geen lijst", kind.nl), format!("{} is no list", kind.en));
    Diagnostic::new(&KIND, at, message)
}

/// Says that a list holds nothing that a rule could look at one by one.
pub fn without_elements(at: Location) -> Diagnostic {
    let message = Text::new(
        "deze lijst heeft geen maatregelen en geen klachten",
        "this list holds no measures and no complaints",
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "een regel gaat langs complaint.measures of complaint.duplicates",
        "a rule goes through complaint.measures or complaint.duplicates",
    )
}
