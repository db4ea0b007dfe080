//! R407: a field of a message that does not exist.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A field of a message that does not exist.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R407",
    slug: "unknown-placeholder",
    severity: Severity::Error,
    meaning: Words::new(
        "Dit gegeven bestaat niet, of het wordt niet meegegeven waar het bericht wordt verstuurd.",
        "This field does not exist, or is not handed along where the message is sent.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.nmber }}\n",
        mended: "---\nsubject: s\n---\n{{ complaint.subject }}\n",
    },
};

/// The most names that are listed.
const LISTED: usize = 12;

/// Says that a name is not there; `of` is what it is looked for in, none at the top, and `known` what is there, with
/// what that holds as `complaint.number`.
pub fn report<'a>(
    at: Location,
    of: Option<&str>,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let path = of.map_or_else(|| name.to_owned(), |of| format!("{of}.{name}"));
    let message = Text::new(format!("`{path}` bestaat hier niet"), format!("`{path}` does not exist here"));
    let known: Vec<&str> = known.into_iter().collect();
    let told = Diagnostic::new(&KIND, at, message).nearest(name, known.iter().copied());
    let here: Vec<String> =
        known.iter().filter(|name| !name.contains('.')).map(|name| format!("`{name}`")).collect();
    if let (Some(of), true) = (of, known.is_empty()) {
        return told.remedy(format!("`{of}` heeft geen onderdelen"), format!("`{of}` has no parts"));
    }
    if told.remedy.is_some() || here.is_empty() || here.len() > LISTED {
        return told;
    }
    let here = here.join(", ");
    told.remedy(format!("wat er wel is: {here}"), format!("what there is: {here}"))
}

/// Says that data is not there; `site` is the place in a script that sends the message, and hands along what it sees as
/// `data`.
pub fn report_data<'a>(
    at: Location,
    name: &str,
    known: impl IntoIterator<Item = &'a str>,
    site: &str,
) -> Diagnostic {
    let told = report(at, Some("data"), name, known);
    if told.fix.is_some() {
        return told;
    }
    told.remedy(
        format!("geef het mee waar het bericht wordt verstuurd, in {site}: #{{ {name}: … }}"),
        format!("hand it along where the message is sent, in {site}: #{{ {name}: … }}"),
    )
}
