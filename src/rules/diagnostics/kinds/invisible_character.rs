//! R112: a character that nobody sees and that stands in the way.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A character that nobody sees and that stands in the way.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R112",
    slug: "invisible-character",
    severity: Severity::Error,
    meaning: Words::new(
        "Bij plakken uit een tekstverwerker of webpagina komen tekens mee die niemand ziet, zoals een vaste spatie. Buiten een tekst mogen ze niet staan.",
        "Pasting from a word processor or a web page brings characters that nobody sees, such as a non-breaking space. They may not stand outside a text.",
    ),
    example: Example::Script {
        wrong: "rule \"r\" when\u{a0}complaint.is_open then { remark(\"x\"); }",
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says that there is a character that nobody sees, and what it is called.
pub fn report(at: Location, name: Words) -> Diagnostic {
    let message = Text::new(
        format!("hier staat een onzichtbaar teken ({}), zoals dat bij plakken meekomt", name.nl),
        format!("here is an invisible character ({}), as comes along when pasting", name.en),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "haal het teken weg en typ zo nodig een gewone spatie",
        "delete it, and type an ordinary space where one is needed",
    )
}
