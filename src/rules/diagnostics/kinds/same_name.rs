//! R208: two statements with one name.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// Two statements with one name.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R208",
    slug: "same-name",
    severity: Severity::Error,
    meaning: Words::new(
        "Elke regel, actie, planning en elk scenario heeft een eigen naam, omdat het logboek ze zo noemt. Geef een van beide een andere naam.",
        "Every rule, action, schedule and scenario has a name of its own, because the record calls it so. Give one of them another name.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark("x"); } rule "r" when complaint.is_open then { remark("y"); }"#,
        mended: r#"rule "r" when complaint.is_open then { remark("x"); } rule "s" when complaint.is_open then { remark("y"); }"#,
    },
};

/// Says that a statement has the name of an earlier one of its kind; `first` is the place of that one.
pub fn report_twice(at: Location, keyword: &str, name: &str, first: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{keyword}` \"{name}\" staat er twee keer; de eerste staat in {first}"),
        format!("{keyword} \"{name}\" is defined twice; the first is at {first}"),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says that a statement has the name of one of another kind, whose keyword and place are given.
pub fn report_shared(at: Location, keyword: &str, name: &str, (other, first): (&str, &str)) -> Diagnostic {
    let message = Text::new(
        format!("`{keyword}` \"{name}\" heet net zo als de `{other}` in {first}"),
        format!("{keyword} \"{name}\" has the name of the {other} at {first}"),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("geef een van beide een andere naam", "give one of them another name")
}

/// Says that a name differs from one of an earlier statement in capitals or spaces only; keyword, name and place of
/// that one are given.
pub fn report_alike(
    at: Location,
    keyword: &str,
    name: &str,
    (other, earlier, first): (&str, &str, &str),
) -> Diagnostic {
    let message = Text::new(
        format!(
            "`{keyword}` \"{name}\" en `{other}` \"{earlier}\" in {first} verschillen alleen in hoofdletters of spaties"
        ),
        format!(
            "{keyword} \"{name}\" and {other} \"{earlier}\" at {first} differ in capitals or spaces only"
        ),
    );
    Diagnostic::new(&KIND, at, message)
        .remedy("geef een van beide een andere naam", "give one of them another name")
}
