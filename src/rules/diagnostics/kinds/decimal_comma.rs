//! R133: a number with a comma.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A number with a comma.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R133",
    slug: "decimal-comma",
    severity: Severity::Error,
    meaning: Words::new(
        "Een getal heeft een punt, geen komma: 0.5. Een komma begint het volgende onderdeel. Termijnen zijn hele getallen; een halve dag is hours(12).",
        "A number has a point, not a comma: 0.5. A comma begins the next item. Spans are whole numbers; half a day is hours(12).",
    ),
    example: Example::Script {
        wrong: "const LIMIT = 2,5;\nrule \"r\" when text_length() > LIMIT then { remark(\"x\"); }",
        mended: "const LIMIT = 2.5;\nrule \"r\" when text_length() > LIMIT then { remark(\"x\"); }",
    },
};

/// Says that a number has a comma; `written` is the number with a point, none where only a whole number does.
pub fn report(at: Location, number: &str, written: Option<&str>) -> Diagnostic {
    let message = Text::new(
        format!("`{number}` wordt gelezen als twee getallen: een komma in een getal kan niet"),
        format!("`{number}` is read as two numbers: a number has no comma"),
    );
    let diagnostic = Diagnostic::new(&KIND, at, message);
    match written {
        Some(written) => diagnostic.remedy(format!("schrijf `{written}`"), format!("write `{written}`")),
        None => diagnostic.remedy(
            "gebruik een heel getal van een kleinere eenheid, zoals `hours(12)` voor een halve dag",
            "use a whole number of a smaller unit, such as `hours(12)` for half a day",
        ),
    }
}
