//! R113: a sign that a word processor made.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A sign that a word processor made.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R113",
    slug: "typographic-sign",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een tekstverwerker maakt van een gewoon teken een mooier: een lang streepje, één teken voor "groter dan of gelijk aan". Hier staan alleen de tekens van het toetsenbord."#,
        r#"A word processor turns plain signs into finer ones: a long dash, a single sign for "greater than or equal". Only the signs of the keyboard do here."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now ≥ complaint.received_at + days(3) then { remark("x"); }"#,
        mended: r#"rule "r" when now >= complaint.received_at + days(3) then { remark("x"); }"#,
    },
};

/// Says that a sign is not of the keyboard, and what stands there instead; none when nothing does.
pub fn report(at: Location, sign: char, instead: Option<&str>) -> Diagnostic {
    let message = Text::new(
        format!("het teken `{sign}` komt niet van het toetsenbord en kan buiten een tekst niet staan"),
        format!("the sign `{sign}` is not of the keyboard and cannot stand outside a text"),
    );
    let diagnostic = Diagnostic::new(&KIND, at, message);
    match instead {
        Some(instead) => diagnostic.remedy(format!("schrijf `{instead}`"), format!("write `{instead}`")),
        None => diagnostic.remedy(
            "haal het weg, of zet de hele tekst tussen \"…\"",
            "delete it, or put the whole text in \"…\"",
        ),
    }
}
