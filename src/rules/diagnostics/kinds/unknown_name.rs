//! R201: a name that is not in the list it must come from.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A name that is not in the list it must come from.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R201",
    slug: "unknown-name",
    severity: Severity::Error,
    meaning: Words::new(
        "Deze naam bestaat niet. Vaak is hij verkeerd gespeld. De namen van statussen, rollen, termijnen en dergelijke staan in procedure.toml; die van berichten zijn de bestanden in messages.",
        "This name does not exist. Often it is misspelt. The names of states, roles, deadlines and the like are declared in procedure.toml; those of messages are the files in messages.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state == "arived" then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that there is no such name; `what` is what a name of that list is called.
pub fn report<'a>(
    at: Location,
    what: impl Into<Text>,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let Text { nl, en } = what.into();
    let message = Text::new(format!("{nl} `{name}` bestaat niet"), format!("{en} `{name}` does not exist"));
    Diagnostic::new(&KIND, at, message).nearest(name, known)
}
