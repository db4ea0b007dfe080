//! R144: a text that goes on in the next line.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A text that goes on in the next line.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R144",
    slug: "text-over-lines",
    severity: Severity::Error,
    meaning: Words::new(
        "Een tekst begint en eindigt in dezelfde regel.",
        "A text begins and ends in the same line.",
    ),
    example: Example::Script {
        wrong: "rule \"r\" when complaint.is_open then { remark(\"the hall\nwas cold\"); }",
        mended: r#"rule "r" when complaint.is_open then { remark("the hall was cold"); }"#,
    },
};

/// Says that a text goes on in the next line.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "deze tekst loopt door op de volgende regel; dat kan niet",
        "this text goes on in the next line, which it cannot",
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("zet de hele tekst op één regel", "put the whole text on one line")
}
