//! R215: a part of what has no parts.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A part of what has no parts.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R215",
    slug: "no-such-part",
    severity: Severity::Error,
    meaning: Words::new(
        "Een tekst, getal, datum of lijst heeft geen onderdelen met een naam. Van een lijst vraagt u met .some(…) of .find(…) naar wat erin staat.",
        "A text, number, date or list has no parts with names. Of a list, .some(…) or .find(…) asks about what it holds.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.measures.id > 1 then { remark("x"); }"#,
        mended: r#"rule "r" when complaint.measures.some(|m| m.id > 1) then { remark("x"); }"#,
    },
};

/// Says that a value has no parts; `kind` is what it is.
pub fn report(at: Location, name: &str, kind: Words) -> Diagnostic {
    let message =
        Text::new(format!("{} heeft geen `{name}`", kind.nl), format!("{} has no `{name}`", kind.en));
    Diagnostic::new(&KIND, at, message)
}

/// Says that it is the items of a list that have parts.
pub fn of_list(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("een lijst heeft geen `{name}`; wat erin staat wel"),
        format!("a list has no `{name}`; what it holds has"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("vraag ernaar met .some(|m| m.{name} == …)"),
        format!("ask with .some(|m| m.{name} == …)"),
    )
}
