//! R214: `input` where nothing was asked.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// `input` where nothing was asked.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R214",
    slug: "nothing-asked",
    severity: Severity::Error,
    meaning: Words::new(
        "`input` is wat iemand bij een actie invult. Een regel vraagt niets, en een voorwaarde geldt voordat er iets gevraagd is.",
        "`input` is what somebody fills in for an action. A rule asks nothing, and a condition comes before the questions.",
    ),
    example: Example::Script {
        wrong: r#"rule "r" when complaint.is_open then { remark(input.reason); }"#,
        mended: r#"action a "A" by ["clerk"] asks #{ reason: text("Waarom?") } when complaint.is_open then { remark(input.reason); }"#,
    },
};

/// Says that nothing was asked.
pub fn report(at: Location) -> Diagnostic {
    let message = Text::new(
        "hier is niets gevraagd, dus er is geen `input`",
        "nothing was asked here, so there is no `input`",
    );
    Diagnostic::new(&KIND, at, message)
}
