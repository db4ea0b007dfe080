//! R147: questions or data without the signs that belong to them.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Questions or data without the signs that belong to them.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R147",
    slug: "map-sign",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Vragen en gegevens staan tussen #{ en }, elk met een dubbele punt: #{ reden: text("Waarom?") }."#,
        r#"Questions and data stand between #{ and }, each with a colon: #{ reason: text("Why?") }."#,
    ),
    example: Example::Script {
        wrong: r#"action tell "Tell" by ["clerk"] asks { why: text("Why?") } when complaint.is_open then { remark(input.why); }"#,
        mended: r#"action tell "Tell" by ["clerk"] asks #{ why: text("Why?") } when complaint.is_open then { remark(input.why); }"#,
    },
};

/// Says that a `#` is missing before a brace.
pub fn report_hash(at: Location) -> Diagnostic {
    let message = Text::new(
        "een lijst van vragen of gegevens begint met `#{`",
        "a list of questions or data begins with `#{`",
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf `#{`", "write `#{`")
}

/// Says that a colon belongs between a name and its value.
pub fn report_colon(at: Location) -> Diagnostic {
    let message = Text::new(
        "tussen een naam en wat erbij hoort staat hier een dubbele punt",
        "a colon stands here between a name and what belongs to it",
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf `:`", "write `:`")
}
