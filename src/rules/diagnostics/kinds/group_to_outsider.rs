//! R340: other complaints in a message that leaves the organisation.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Other complaints in a message that leaves the organisation.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R340",
    slug: "group-to-outsider",
    severity: Severity::Error,
    meaning: Words::new(
        "De klachten van een groep zijn van anderen. Een brief aan de klager of aan een los adres mag ze niet noemen; een bericht aan een rol wel. Hoeveel het er zijn mag overal staan.",
        "The complaints of a group are other people's. A letter to the complainant or to a single address may not name them; a message to a role may. How many there are may stand anywhere.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { notify("complainant", "note", #{ alike: group("sender") }); }"#,
        mended: r#"rule "r" when complaint.is_open then { notify("clerk", "note", #{ alike: group("sender") }); }"#,
    },
};

/// Says that other complaints would leave the organisation.
pub fn report(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` noemt klachten van anderen, en dit bericht gaat naar buiten"),
        format!("`{name}` names complaints of others, and this message leaves the organisation"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("geef mee hoeveel het er zijn: .len()", "hand along how many there are: .len()")
}
