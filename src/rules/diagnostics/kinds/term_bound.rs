//! R511: a bound of a term that says nothing of its value.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A bound of a term that says nothing of its value.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R511",
    slug: "term-bound",
    severity: Severity::Error,
    meaning: Words::new(
        "Een grens van een term (`min` of `max`) is van dezelfde soort als de term: een getal, een duur als \"weeks(2)\", een tijd als \"09:00\", of de naam van een andere term. De kleinste is niet meer dan de grootste.",
        "A bound of a term (`min` or `max`) is of the same kind as the term: a number, a span such as \"weeks(2)\", a time such as \"09:00\", or the name of another term. The least is not more than the most.",
    ),
    example: Example::Edit { name: "procedure.toml", wrong: "max = 28", mended: r#"max = "weeks(4)""# },
};

/// Says that a bound is neither an amount nor a term.
pub fn report_unknown<'a>(at: Location, bound: &str, known: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(
        format!("de grens `{bound}` is geen getal, duur, tijd of term van de regels"),
        format!("the bound `{bound}` is no number, span, time or term of the rules"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("schrijf 30, \"weeks(2)\" of \"09:00\"", "write 30, \"weeks(2)\" or \"09:00\"")
        .nearest(bound, known)
}

/// Says that a bound cannot be compared with the value of its term.
pub fn report_unlike(at: Location, name: &str, bound: &str) -> Diagnostic {
    let message = Text::new(
        format!("de grens `{bound}` is een andere soort dan de waarde van `{name}`"),
        format!("the bound `{bound}` is of another kind than the value of `{name}`"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "een getal heeft getallen als grens, een duur duren als \"weeks(2)\", een tijd tijden als \"09:00\"",
        "numbers bound a number, spans such as \"weeks(2)\" a span, times such as \"09:00\" a time",
    )
}

/// Says that nothing lies between the bounds of a term.
pub fn report_crossed(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("de kleinste grens van `{name}` is meer dan de grootste, of kan dat zijn"),
        format!("the least bound of `{name}` is more than the most, or may be"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("kies een kleinere `min` of een grotere `max`", "choose a lesser `min` or a greater `max`")
}
