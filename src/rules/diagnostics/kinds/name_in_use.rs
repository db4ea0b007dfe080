//! R210: a function, parameter or variable with a name that means something already.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A function, parameter or variable with a name that means something already.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R210",
    slug: "name-in-use",
    severity: Severity::Error,
    meaning: Words::new(
        "Deze naam heeft al een betekenis. Kies een andere.",
        "This name means something already. Choose another.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { let today = "x"; remark(today); }"#,
        mended: r#"rule "r" when complaint.is_open then { let words = "x"; remark(words); }"#,
    },
};

/// Says so of a function.
pub fn report_function(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("functie `{name}` heet zoals een woord van Redress; kies een andere naam"),
        format!("function `{name}` takes a name that Redress uses; choose another"),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says so of a parameter of a function.
pub fn report_parameter(at: Location, parameter: &str, function: &str) -> Diagnostic {
    let message = Text::new(
        format!(
            "`{parameter}` van functie `{function}` heet zoals een woord van Redress; kies een andere naam"
        ),
        format!("parameter `{parameter}` of `{function}` takes a name that Redress uses"),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says so of a constant.
pub fn report_constant(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("parameter `{name}` heet zoals een woord van Redress; kies een andere naam"),
        format!("constant `{name}` takes a name that is in use; choose another"),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says so of what stands between the bars of a closure: `|m|`.
pub fn report_closure_parameter(at: Location, parameter: &str) -> Diagnostic {
    let message = Text::new(
        format!("`|{parameter}|` is al de naam van iets anders; kies een andere, zoals |m|"),
        format!("`|{parameter}|` is the name of something else already; choose another, such as |m|"),
    );
    Diagnostic::new(&KIND, at, message)
}

/// Says so of a variable.
pub fn report_variable(at: Location, name: &str) -> Diagnostic {
    let message = Text::new(
        format!("de naam `{name}` is al in gebruik; kies een andere"),
        format!("variable `{name}` takes a name that is in use"),
    );
    Diagnostic::new(&KIND, at, message)
}
