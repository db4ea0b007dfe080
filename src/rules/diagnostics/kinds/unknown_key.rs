//! R207: a part of a measure or meeting that it does not have.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of a measure or meeting that it does not have.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R207",
    slug: "unknown-key",
    severity: Severity::Error,
    meaning: Words::new(
        "Een maatregel of gesprek heeft dit onderdeel niet. De melding noemt wat het wel heeft.",
        "A measure or meeting has no such part. The message names the ones it has.",
    ),
    example: Example::Script {
        wrong: r#"action a "A" by ["clerk"] when true then { measure(#{ descripton: "x", owner: "clerk" }); }"#,
        mended: r#"action a "A" by ["clerk"] when true then { measure(#{ description: "x", owner: "clerk" }); }"#,
    },
};

/// Says that `what` ("a measure") has no such part.
pub fn report(at: Location, what: Words, key: &str, known: &[&str]) -> Diagnostic {
    let list = known.join(", ");
    let message = Text::new(
        format!("{} heeft geen `{key}`, maar wel {list}", what.nl),
        format!("{} has no `{key}`; it has {list}", what.en),
    );
    Diagnostic::new(&KIND, at, message).nearest(key, known.iter().copied())
}
