//! R411: what closes or goes on with a block of a message that is not open.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// What closes or goes on with a block of a message that is not open.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R411",
    slug: "nothing-open",
    severity: Severity::Error,
    meaning: Words::new(
        "{% endif %}, {% else %} en {% elif … %} horen bij een {% if … %} die ervoor staat, en {% endfor %} bij een {% for … %}.",
        "{% endif %}, {% else %} and {% elif … %} belong to an {% if … %} before them, and {% endfor %} to a {% for … %}.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\nx{% endif %}\n",
        mended: "---\nsubject: s\n---\n{% if complaint.subject %}x{% endif %}\n",
    },
};

/// Says that a word belongs to nothing; `block` is what it would belong to.
pub fn report(at: Location, word: &str, block: &str) -> Diagnostic {
    let message = Text::new(
        format!("bij deze {{% {word} %}} staat geen {{% {block} … %}} open"),
        format!("no {{% {block} … %}} is open for this {{% {word} %}}"),
    );
    let remedy = (
        format!("haal hem weg, of zet {{% {block} … %}} ervoor"),
        format!("take it out, or put {{% {block} … %}} before it"),
    );
    Diagnostic::new(&KIND, at, message).remedy(remedy.0, remedy.1)
}
