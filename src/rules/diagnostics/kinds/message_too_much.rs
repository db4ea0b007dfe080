//! R414: a message that is too large, or takes too much.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Words};

/// A message that is too large, or takes too much.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R414",
    slug: "message-too-much",
    severity: Severity::Error,
    meaning: Words::new(
        "Een bericht heeft grenzen, zodat geen enkele brief de rest ophoudt. Maak het korter, of verdeel het over meer regels.",
        "A message has limits, so that no letter holds up the rest. Make it shorter, or write it in more lines.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{% set x = today ~ today ~ today ~ today ~ today ~ today ~ today ~ today ~ today ~ today ~ today %}{{ x }}\n",
        mended: "---\nsubject: s\n---\n{{ today }} {{ today }}\n",
    },
};

/// Says what is too much.
pub fn report(at: Location, what: Words) -> Diagnostic {
    Diagnostic::new(&KIND, at, what.into())
}
