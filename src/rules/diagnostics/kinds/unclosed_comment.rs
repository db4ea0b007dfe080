//! R116: a remark that never ends.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A remark that never ends.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R116",
    slug: "unclosed-comment",
    severity: Severity::Error,
    meaning: Words::new(
        "Een opmerking die met `/*` begint, eindigt pas bij `*/`. Zonder dat is de rest van het bestand opmerking.",
        "A remark that begins with `/*` ends at `*/` only. Without it the rest of the file is remark.",
    ),
    example: Example::Script {
        wrong: "/* a remark\nrule \"r\" when complaint.is_open then { remark(\"x\"); }",
        mended: "/* a remark */\nrule \"r\" when complaint.is_open then { remark(\"x\"); }",
    },
};

/// Says that a remark never ends.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "deze opmerking houdt nergens op: `*/` ontbreekt, en alles hierna telt niet mee",
        "this remark ends nowhere: `*/` is missing, and nothing after it counts",
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "zet `*/` aan het eind van de opmerking, of begin haar met `//`",
        "put `*/` at the end of the remark, or begin it with `//`",
    )
}
