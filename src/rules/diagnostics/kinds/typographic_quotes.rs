//! R110: a text between quotes of a word processor.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A text between quotes of a word processor.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R110",
    slug: "typographic-quotes",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een tekstverwerker maakt van rechte aanhalingstekens gekrulde of lage. Rond een tekst horen rechte: "zo"."#,
        r#"A word processor turns straight quotes into curly or low ones. A text stands in straight ones: "so"."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.state == “arrived” then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.state == "arrived" then { remark("x"); }"#,
    },
};

/// Says that a text stands between quotes of a word processor; `written` is the text as it should be.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message = Text::new(
        "deze aanhalingstekens komen uit een tekstverwerker; rond een tekst staan rechte",
        "these quotes are a word processor's; a text stands in straight ones",
    );
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
