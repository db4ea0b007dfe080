//! R406: a block of a message that is not closed.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A block of a message that is not closed.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R406",
    slug: "block-not-closed",
    severity: Severity::Error,
    meaning: Words::new(
        "Bij elke {% if … %} hoort een {% endif %}, en bij elke {% for … %} een {% endfor %}.",
        "Each {% if … %} needs an {% endif %}, and each {% for … %} an {% endfor %}.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{% if complaint.subject %}x\n",
        mended: "---\nsubject: s\n---\n{% if complaint.subject %}x{% endif %}\n",
    },
};

/// Says that a block is not closed; `block` is `if` or `for`.
pub fn report(at: Location, block: &str) -> Diagnostic {
    let message = Text::new(
        format!("deze {{% {block} … %}} wordt niet gesloten"),
        format!("this {{% {block} … %}} is not closed"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy(format!("zet er {{% end{block} %}} achter"), format!("put {{% end{block} %}} after it"))
}
