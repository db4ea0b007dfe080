//! R327: free text in a condition.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Free text in a condition.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R327",
    slug: "free-text-in-condition",
    severity: Severity::Error,
    meaning: Words::new(
        "Een voorwaarde leest geen vrije tekst. Zij kan wel vragen of er iets is ingevuld: known(\"reasons\").",
        "A condition reads no free text. It can ask whether something was filled in: known(\"reasons\").",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.reasons == "x" then { remark("x"); }"#,
        mended: r#"rule "r" when known("reasons") then { remark("x"); }"#,
    },
};

/// Says that a field is free text.
pub fn report(at: Location, field: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{field}` is vrije tekst, en die leest een voorwaarde niet"),
        format!("`{field}` is free text, which no condition reads"),
    );
    let own = field.strip_prefix("extra.");
    match own {
        Some(_) => Diagnostic::new(&KIND, at, message).remedy(
            "maak er in redress.toml een keuze van (type = \"choice\")",
            "make it a choice in redress.toml (type = \"choice\")",
        ),
        None => {
            let known = format!("known(\"{field}\")");
            Diagnostic::new(&KIND, at, message)
                .remedy(format!("vraag of het er is: {known}"), format!("ask whether it is there: {known}"))
        }
    }
}
