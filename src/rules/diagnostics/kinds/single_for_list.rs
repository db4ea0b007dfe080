//! R507: one value where a list of them stands.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// One value where a list of them stands.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R507",
    slug: "single-for-list",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een lijst staat tussen vierkante haken, ook als er maar één in staat: ["clerk"]."#,
        r#"A list stands in square brackets, even when there is only one in it: ["clerk"]."#,
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: r#"alarms = "clerk""#,
        mended: r#"alarms = ["clerk"]"#,
    },
};

/// Says that one value stands where a list does; `written` is the list.
pub fn report(at: Location, written: &str) -> Diagnostic {
    let message =
        Text::new("hier hoort een lijst, tussen vierkante haken", "a list belongs here, in square brackets");
    Diagnostic::new(&KIND, at, message).remedy(format!("schrijf `{written}`"), format!("write `{written}`"))
}
