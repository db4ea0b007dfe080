//! R404: a message whose head is not as it should be.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message whose head is not as it should be.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R404",
    slug: "front-matter",
    severity: Severity::Error,
    meaning: Words::new(
        "Een bericht begint met een kop tussen twee regels `---`: daarin staat `subject:` met het onderwerp, en zo nodig `calendar:`, of wanneer het gaat: `gather:` met `line:` en `group:`, of `now:`. Daarna volgt de tekst.",
        "A message begins with a head between two lines `---`: in it stands `subject:` with the subject, and where needed `calendar:`, or when it goes: `gather:` with `line:` and `group:`, or `now:`. The text follows it.",
    ),
    example: Example::Edit { name: "messages/nl/note.md", wrong: "onderwerp:", mended: "subject:" },
};

/// The keys of a head, as people write them.
const KEYS: &str = "`subject:`, `calendar:`, `gather:`, `line:`, `group:`, `now:`";

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
        format!("`{key}` is onbekend in de kop van een bericht; daar kan staan: {KEYS}"),
        format!("`{key}` is unknown in the head of a message; there may stand: {KEYS}"),
    );
    let diagnostic = Diagnostic::new(&KIND, at, message);
    match meant {
        Some(meant) => {
            diagnostic.remedy(format!("schrijf `{meant}`"), format!("write `{meant}`")).replaced_by(meant)
        }
        None => diagnostic,
    }
}

/// Says that `gather:` has another value than it can have.
pub fn report_gather(at: Location) -> Diagnostic {
    let message =
        Text::new("achter `gather:` staat daily, weekly of never", "`gather:` is daily, weekly or never");
    Diagnostic::new(&KIND, at, message)
}

/// Says that `now:` has another value than it can have.
pub fn report_now(at: Location) -> Diagnostic {
    let message = Text::new("achter `now:` staat yes", "`now:` is yes");
    Diagnostic::new(&KIND, at, message)
        .remedy("schrijf `now: yes`, of haal de regel weg", "write `now: yes`, or take the line out")
}

/// Says that a message is both gathered and urgent.
pub fn report_gathered_now(at: Location) -> Diagnostic {
    let message = Text::new(
        "dit bericht kan niet worden verzameld en ook meteen gaan",
        "this message cannot be gathered and go at once as well",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("haal `gather:` of `now:` weg", "take out either `gather:` or `now:`")
}

/// Says that a message with an invitation is gathered.
pub fn report_gathered_invitation(at: Location) -> Diagnostic {
    let message = Text::new(
        "in een overzicht kan geen uitnodiging mee, en dit bericht wordt verzameld",
        "a digest carries no invitation, and this message is gathered",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("haal `gather:` of `calendar:` weg", "take out either `gather:` or `calendar:`")
}

/// Says that a gathered message has no line.
pub fn report_no_line(at: Location) -> Diagnostic {
    let message = Text::new(
        "dit bericht wordt verzameld, en heeft geen regel voor het overzicht: `line:`",
        "this message is gathered, and has no line for the digest: `line:`",
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "zet `line:` in de kop, met wat er moet gebeuren en wanneer",
        "write `line:` in the head, with what is to be done and by when",
    )
}

/// Says that `calendar:` has another value than it can have.
pub fn report_calendar(at: Location) -> Diagnostic {
    let message = Text::new("achter `calendar:` staat request of cancel", "`calendar:` is request or cancel");
    Diagnostic::new(&KIND, at, message)
}
