//! R404: a message whose head is not as it should be.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message whose head is not as it should be.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R404",
    slug: "front-matter",
    severity: Severity::Error,
    meaning: Words::new(
        "Een bericht begint met een kop tussen twee regels `---`: daarin staat `subject:` met het onderwerp, en zo nodig `calendar:`. Daarna volgt de tekst.",
        "A message begins with a head between two lines `---`: in it stands `subject:` with the subject, and `calendar:` where needed. The text follows it.",
    ),
    example: Example::Edit { name: "messages/nl/note.md", wrong: "onderwerp:", mended: "subject:" },
};

/// Says that a message does not begin with a head.
pub fn report_missing(at: Location) -> Diagnostic {
    let message = Text::new(
        "een bericht begint met een regel `---`, dan `subject:` met het onderwerp, en weer `---`",
        "a message begins with a line `---`, then `subject:` with the subject, and `---` again",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("zet `---` op een regel ervoor", "put `---` on a line before it")
}

/// Says that the head of a message does not end.
pub fn report_open(at: Location) -> Diagnostic {
    let message = Text::new(
        "de kop van dit bericht houdt niet op: de tweede regel `---` ontbreekt",
        "the head of this message does not end: the second line `---` is missing",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("zet `---` op een regel onder de kop", "put `---` on a line below the head")
}

/// Says that a message has no subject.
pub fn report_no_subject(at: Location) -> Diagnostic {
    let message = Text::new(
        "in de kop van dit bericht ontbreekt het onderwerp: `subject:`",
        "the subject is missing from the head of this message: `subject:`",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("schrijf `subject: …` in de kop", "write `subject: …` in the head")
}

/// Says that the head of a message has a line that it does not know; `meant` is what was probably meant.
pub fn report_unknown(at: Location, key: &str, meant: Option<&'static str>) -> Diagnostic {
    let message = Text::new(
        format!("`{key}` is onbekend in de kop van een bericht; daar staan `subject:` en `calendar:`"),
        format!("`{key}` is unknown in the head of a message; `subject:` and `calendar:` stand there"),
    );
    let diagnostic = Diagnostic::new(&KIND, at, message);
    match meant {
        Some(meant) => {
            diagnostic.remedy(format!("schrijf `{meant}`"), format!("write `{meant}`")).replaced_by(meant)
        }
        None => diagnostic,
    }
}

/// Says that `calendar:` has another value than it can have.
pub fn report_calendar(at: Location) -> Diagnostic {
    let message = Text::new("achter `calendar:` staat request of cancel", "`calendar:` is request or cancel");
    Diagnostic::new(&KIND, at, message)
}
