//! R512: a term whose value lies outside its bounds.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A term whose value lies outside its bounds.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R512",
    slug: "term-out-of-bounds",
    severity: Severity::Error,
    meaning: Words::new(
        "De waarde van deze term gaat over een grens die procedure.toml onder [[terms]] noemt. Duren in verschillende eenheden worden vergeleken zoals zij op elke dag kunnen uitvallen: drie maanden kunnen 89 dagen zijn.",
        "The value of this term passes a bound that procedure.toml declares under [[terms]]. Spans in different units are compared as they can turn out from any day: three months can be 89 days.",
    ),
    example: Example::Edit {
        name: "20.rhai",
        wrong: "const PATIENCE = months(1);",
        mended: "const PATIENCE = days(14);",
    },
};

/// Says that a value is less than the least, in words such as "2 weken".
pub fn report_below(at: Location, name: &str, least: &Text) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` is minder dan {}, of kan dat zijn", least.nl),
        format!("`{name}` is less than {}, or may be", least.en),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("kies ten minste {}, of verander de grens in procedure.toml", least.nl),
        format!("choose at least {}, or change the bound in procedure.toml", least.en),
    )
}

/// Says that a value is more than the most.
pub fn report_above(at: Location, name: &str, most: &Text) -> Diagnostic {
    let message = Text::new(
        format!("`{name}` is meer dan {}, of kan dat zijn", most.nl),
        format!("`{name}` is more than {}, or may be", most.en),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        format!("kies ten hoogste {}, of verander de grens in procedure.toml", most.nl),
        format!("choose {} at most, or change the bound in procedure.toml", most.en),
    )
}
