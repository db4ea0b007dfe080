//! R704: a message that nobody sends.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A message that nobody sends.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R704",
    slug: "never-sent",
    severity: Severity::Warning,
    meaning: Words::new(
        "Geen regel, actie of planning verstuurt dit bericht. Laat het weg, of schrijf notify(…) waar het verstuurd wordt.",
        "No rule, action or schedule sends this message. Leave it out, or write notify(…) where it is sent.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { notify("clerk", "urgent"); }"#,
        mended: r#"rule "r" when complaint.is_open then { notify("clerk", "urgent"); notify("clerk", "note"); }"#,
    },
};

/// Says that nobody sends the message of a file.
pub fn report(file: &str) -> Diagnostic {
    let message = Text::new("dit bericht wordt nooit verstuurd", "nobody sends this message");
    Diagnostic::new(&KIND, Location::file(file), message)
}
