//! R505: a declared name with a letter that names do not have.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A declared name with a letter that names do not have.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R505",
    slug: "accented-name",
    severity: Severity::Error,
    meaning: Words::new(
        "Een naam die in procedure.toml wordt ingevoerd, heeft alleen letters zonder accent, cijfers, - en _. Wat mensen lezen, staat achter nl en en, en mag alles hebben.",
        "A name that procedure.toml declares has plain letters, digits, - and _ only. What people read stands after nl and en, and may have anything.",
    ),
    example: Example::Edit { name: "procedure.toml", wrong: "flags.geïnd", mended: "flags.late" },
};

/// Says that a name has a letter that names do not have; `written` is the name without it.
pub fn report(at: Location, name: &str, letter: char, written: &str) -> Diagnostic {
    let message = Text::new(
        format!("de naam `{name}` heeft een letter die hier niet kan: `{letter}`"),
        format!("the name `{name}` has a letter that cannot stand here: `{letter}`"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("noem hem `{written}`; achter nl en en mag de letter wel"),
        format!("call it `{written}`; after nl and en the letter may stand"),
    )
}
