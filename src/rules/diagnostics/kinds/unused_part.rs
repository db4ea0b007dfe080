//! R727: a part of messages that no message includes.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of messages that no message includes.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R727",
    slug: "unused-part",
    severity: Severity::Warning,
    meaning: Words::new(
        "Dit bestand begint met een liggend streepje: het is een deel van berichten, en geen bericht neemt het op. Laat het weg, of schrijf {% include \"naam\" %} waar het hoort.",
        "This file begins with an underscore: it is a part of messages, and no message includes it. Leave it out, or write {% include \"name\" %} where it belongs.",
    ),
    example: Example::Edit {
        name: "messages/nl/note.md",
        wrong: "Groet",
        mended: r#"{% include "closing" %}"#,
    },
};

/// Says that no message includes the part of a file.
pub fn report(file: &str) -> Diagnostic {
    let message = Text::new("geen bericht neemt dit deel op", "no message includes this part");
    Diagnostic::new(&KIND, Location::file(file), message)
}
