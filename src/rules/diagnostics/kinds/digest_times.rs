//! R508: times of digests that cannot be kept.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Times of digests that cannot be kept.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R508",
    slug: "digest-times",
    severity: Severity::Error,
    meaning: Words::new(
        "Onder [digest] staan tijden als \"09:00\", of de naam van een term uit de regels die zo'n tijd is. Het overzicht gaat binnen de werktijd.",
        "Under [digest] stand times such as \"09:00\", or the name of a term of the rules that is such a time. Digests go in working hours.",
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: "digest.at = \"9 uur\"",
        mended: "digest.at = \"09:00\"",
    },
};

/// Says that a text is no time.
pub fn report_no_time(at: Location, text: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{text}` is geen tijd, en geen term uit de regels die een tijd is"),
        format!("`{text}` is neither a time nor a term of the rules that is one"),
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf \"09:00\"", "write \"09:00\"")
}

/// Says that the working day ends before it begins.
pub fn report_no_hours(at: Location) -> Diagnostic {
    let message = Text::new("de werktijd houdt op voor hij begint", "working hours end before they begin");
    Diagnostic::new(&KIND, at, message).remedy(
        "schrijf working_hours = [\"08:00\", \"18:00\"]",
        "write working_hours = [\"08:00\", \"18:00\"]",
    )
}

/// Says that digests would go outside working hours.
pub fn report_outside(at: Location, text: &str) -> Diagnostic {
    let message = Text::new(
        format!("het overzicht gaat om {text}, en dat is buiten de werktijd"),
        format!("digests go at {text}, which is outside working hours"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("kies een tijd binnen working_hours", "choose a time within working_hours")
}
