//! R125: an operator of another language.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// An operator of another language.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R125",
    slug: "other-operator",
    severity: Severity::Error,
    meaning: Words::new(
        r#"De tekens om te vergelijken zijn ==, !=, <, <=, > en >=, zonder spatie ertussen. "En" is &&, "of" is ||."#,
        r#"The signs that compare are ==, !=, <, <=, > and >=, without a space inside. "And" is &&, "or" is ||."#,
    ),
    example: Example::Script {
        wrong: r#"rule "r" when now => complaint.received_at + days(3) then { remark("x"); }"#,
        mended: r#"rule "r" when now >= complaint.received_at + days(3) then { remark("x"); }"#,
    },
};

/// What signs mean.
const MEANINGS: &[(&str, Words)] = &[
    (">=", Words::new("groter dan of gelijk aan", "greater than or equal to")),
    ("<=", Words::new("kleiner dan of gelijk aan", "less than or equal to")),
    ("==", Words::new("is gelijk aan", "is equal to")),
    ("!=", Words::new("is niet gelijk aan", "is not equal to")),
    ("&&", Words::new("en", "and")),
    ("||", Words::new("of", "or")),
];

/// Says which sign was meant by another.
pub fn report(at: Location, written: &str, meant: &str) -> Diagnostic {
    let words = MEANINGS.iter().find(|(sign, _)| *sign == meant).map(|(_, words)| words);
    let message = match words {
        Some(words) => Text::new(
            format!("\"{}\" schrijft u als `{meant}`, niet als `{written}`", words.nl),
            format!("\"{}\" is written `{meant}`, not `{written}`", words.en),
        ),
        None => Text::new(
            format!("`{written}` bestaat hier niet; bedoeld is `{meant}`"),
            format!("`{written}` is no sign here; `{meant}` is meant"),
        ),
    };
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{meant}`"), format!("write `{meant}`"))
}
