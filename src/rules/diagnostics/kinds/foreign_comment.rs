//! R114: a remark that does not begin with `//`.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A remark that does not begin with `//`.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R114",
    slug: "foreign-comment",
    severity: Severity::Error,
    meaning: Words::new(
        "Een opmerking, die alleen mensen lezen, begint met `//`. Een `#`, `--` of `<!--` doet dat niet.",
        "A remark, which only people read, begins with `//`. A `#`, `--` or `<!--` does not begin one.",
    ),
    example: Example::Script {
        wrong: "# a remark\nrule \"r\" when complaint.is_open then { remark(\"x\"); }",
        mended: "// a remark\nrule \"r\" when complaint.is_open then { remark(\"x\"); }",
    },
};

/// Says that a remark begins with the sign of another language.
pub fn report(at: Location, sign: &str) -> Diagnostic {
    let message = Text::new(
        format!("een opmerking begint hier met `//`, niet met `{sign}`"),
        format!("a remark begins with `//` here, not with `{sign}`"),
    );
    Diagnostic::new(&KIND, at, message).remedy("begin de opmerking met `//`", "begin the remark with `//`")
}
