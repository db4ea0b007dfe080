//! R417: a message that says when it goes, and that is not Redress's to hold back.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message that says when it goes, and that goes at once always.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R417",
    slug: "gathered-letter",
    severity: Severity::Error,
    meaning: Words::new(
        "Brieven aan de klager en waarschuwingen van Redress zelf gaan altijd meteen: `gather:` en `now:` staan alleen in berichten aan de eigen mensen.",
        "Letters to the complainant and Redress's own warnings always go at once: `gather:` and `now:` stand in messages to our own people only.",
    ),
    example: Example::Script {
        wrong: "rule \"x\" when complaint.is_open then { notify(\"complainant\", \"urgent\"); }",
        mended: "rule \"x\" when complaint.is_open then { notify(\"complainant\", \"note\"); notify(\"clerk\", \"urgent\"); }",
    },
};

/// Says that a message goes to the complainant, from a place.
pub fn report(at: Location, sent_from: &str) -> Diagnostic {
    let message = Text::new(
        format!("dit bericht gaat naar de klager ({sent_from}), en gaat dus altijd meteen"),
        format!("this message goes to the complainant ({sent_from}), and so always at once"),
    );
    told(at, message)
}

/// Says that a message stands in the place of one of Redress's own.
pub fn report_own(at: Location) -> Diagnostic {
    let message = Text::new(
        "dit is een bericht van Redress zelf, en dat gaat altijd meteen",
        "this is a message of Redress itself, which always goes at once",
    );
    told(at, message)
}

fn told(at: Location, message: Text) -> Diagnostic {
    Diagnostic::new(&KIND, at, message).remedy("haal deze regel weg", "take this line out")
}
