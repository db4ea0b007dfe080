//! R101: a script that the parser does not understand.

use super::super::parse_error;
use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Words};
use rhai::ParseErrorType;

/// A script that the parser does not understand.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R101",
    slug: "syntax",
    severity: Severity::Error,
    meaning: Words::new(
        "De regel is niet leesbaar: er ontbreekt een teken, er staat er een te veel, of een woord staat op de verkeerde plaats. De fout staat op of vlak voor de genoemde plaats.",
        "The rule cannot be read: a sign is missing, there is one too many, or a word stands in the wrong place. The mistake is at the place named or just before it.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark(, "x"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); }"#,
    },
};

/// Says in what way the parser does not understand a script.
pub fn report(at: Location, error: &ParseErrorType) -> Diagnostic {
    Diagnostic::new(&KIND, at, parse_error::worded(error))
}
