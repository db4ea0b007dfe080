//! R712: a block that enters a state or step and goes on to another, so that no rule sees the first.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A block that enters a state or step and goes on to another, so that no rule sees the first.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R712",
    slug: "unseen-state",
    severity: Severity::Warning,
    meaning: Words::new(
        "Regels kijken pas als een blok klaar is. Wat het blok onderweg inging, ziet geen regel. Laat dat weg, of laat een eigen regel naar het volgende gaan.",
        "Rules look when a block is done. No rule sees what the block entered on the way. Leave that out, or let a rule of its own go on to the next.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { enter("arrived"); enter("answered"); }"#,
        mended: r#"rule "r" when complaint.is_open then { enter("answered"); }"#,
    },
};

/// Says so of a call of `enter` or `escalate`.
pub fn report(at: Location, word: &str) -> Diagnostic {
    let message = Text::new(
        format!("geen regel ziet wat deze `{word}` ingaat: het blok gaat door naar iets anders"),
        format!("no rule sees what this `{word}` enters: the block goes on to another"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "laat het weg, of laat een eigen regel verder gaan",
        "leave it out, or let a rule of its own go on",
    )
}
