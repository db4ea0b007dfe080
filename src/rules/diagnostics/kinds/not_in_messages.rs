//! R413: something that the template language has and messages have not.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Something that the template language has and messages have not.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R413",
    slug: "not-in-messages",
    severity: Severity::Error,
    meaning: Words::new(
        "Een bericht kan gegevens invullen, vragen of ze er zijn ({% if … %}), een lijst langsgaan ({% for … %}) en iets een naam geven ({% set … %}). De rest hoort in een regel.",
        "A message can fill in fields, ask whether they are there ({% if … %}), go through a list ({% for … %}) and give something a name ({% set … %}). The rest belongs in a rule.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.subject.upper() }}\n",
        mended: "---\nsubject: s\n---\n{{ complaint.subject|upper }}\n",
    },
};

/// Says what messages do not have.
pub fn report(at: Location, what: &Text) -> Diagnostic {
    let message = Text::new(
        format!("{} kan niet in een bericht", what.nl),
        format!("{} cannot stand in a message", what.en),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says that a filter is written as a call.
pub fn report_method(at: Location, filter: &str) -> Diagnostic {
    let call = format!(".{filter}(…)");
    let message =
        Text::new(format!("`{call}` kan niet in een bericht"), format!("`{call}` cannot stand in a message"));
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `|{filter}`"), format!("write `|{filter}`"))
}

/// Says that something is multiplied that need not be a number.
pub fn report_product(at: Location) -> Diagnostic {
    let message = Text::new("`*` gaat alleen met getallen", "`*` goes with numbers only");
    Diagnostic::new(&KIND, at, message).remedy(
        "schrijf de getallen uit, of zet `|int` achter het gegeven",
        "write the numbers out, or put `|int` behind the field",
    )
}
