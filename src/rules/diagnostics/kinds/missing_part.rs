//! R420: a part of messages that is not there.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of messages that is not there.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R420",
    slug: "missing-part",
    severity: Severity::Error,
    meaning: Words::new(
        "{% include \"groet\" %}, alleen op een regel, zet de tekst van _groet.md uit dezelfde map in het bericht. Dat bestand is er niet.",
        "{% include \"closing\" %}, alone on a line, puts the text of _closing.md of the same folder in the message. That file is not there.",
    ),
    example: Example::File {
        name: "messages/nl/urgent.md",
        wrong: "---\nsubject: Nu\nnow: yes\n---\nDoe dit.\n{% include \"groet\" %}\n",
        mended: "---\nsubject: Nu\nnow: yes\n---\nDoe dit.\n",
    },
};

/// Says that a part is not there; `known` are those that are.
pub fn report<'a>(
    at: Location,
    name: &str,
    file: &str,
    known: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(format!("het deel `{name}` is er niet"), format!("there is no part `{name}`"));
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf {file}"), format!("write {file}"))
        .nearest(name, known)
}
