//! R724: a moment or span that is shown as it is kept.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A moment or span that is shown as it is kept.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R724",
    slug: "unworded",
    severity: Severity::Warning,
    meaning: Words::new(
        "Een tijdstip of duur staat zo in het bericht als het bewaard wordt: 2027-01-04T09:00, \"6 weeks\". Met |date, |moment of |term staat het er in woorden.",
        "A moment or span stands in the message as it is kept: 2027-01-04T09:00, \"6 weeks\". |date, |moment or |term puts it in words.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{{ complaint.received_at }}\n",
        mended: "---\nsubject: s\n---\n{{ complaint.received_at|date }}\n",
    },
};

/// Says that something is not put in words; `kind` is what it is, and `filter` what puts it in words.
pub fn report(at: Location, of: &str, kind: Words, filter: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{of}` is {}, en staat hier niet in woorden", kind.nl),
        format!("`{of}` is {}, and not put in words here", kind.en),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("schrijf `{of}|{filter}`"), format!("write `{of}|{filter}`"))
}
