//! R502: a name in `procedure.toml` that the same file does not declare.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A name in `procedure.toml` that the same file does not declare.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R502",
    slug: "undeclared-in-procedure",
    severity: Severity::Error,
    meaning: Words::new(
        "procedure.toml noemt een status, rol of termijn die er zelf niet in staat.",
        "procedure.toml names a state, role or deadline that it does not declare.",
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: r#"faults_to = "clerck""#,
        mended: r#"faults_to = "clerk""#,
    },
};

/// Says that the state in which complaints begin is not declared.
pub fn report_initial<'a>(
    at: Location,
    state: &str,
    states: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(
        format!("de beginstatus `{state}` staat niet onder de statussen"),
        format!("initial state `{state}` is not declared"),
    );
    Diagnostic::new(&KIND, at, message).nearest(state, states)
}

/// Says that a state of imported complaints is not declared.
pub fn report_state<'a>(at: Location, state: &str, states: impl IntoIterator<Item = &'a str>) -> Diagnostic {
    let message = Text::new(
        format!("[imports] noemt de status `{state}`, die niet onder de statussen staat"),
        format!("[imports] names the state `{state}`, which is not declared"),
    );
    Diagnostic::new(&KIND, at, message).nearest(state, states)
}

/// Says that the deadline until which a state takes mail is not declared.
pub fn report_deadline<'a>(
    at: Location,
    deadline: &str,
    deadlines: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(
        format!("takes_mail noemt de termijn `{deadline}`, die niet onder de termijnen staat"),
        format!("takes_mail names the deadline `{deadline}`, which is not declared"),
    );
    Diagnostic::new(&KIND, at, message).nearest(deadline, deadlines)
}

/// Says that a role that `key` names is not declared.
pub fn report_role<'a>(
    at: Location,
    key: &str,
    role: &str,
    roles: impl IntoIterator<Item = &'a str>,
) -> Diagnostic {
    let message = Text::new(
        format!("`{key}` noemt de rol `{role}`, die niet onder de rollen staat"),
        format!("`{key}` names the role `{role}`, which is not declared"),
    );
    Diagnostic::new(&KIND, at, message).nearest(role, roles)
}
