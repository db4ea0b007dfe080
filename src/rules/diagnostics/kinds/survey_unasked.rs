//! R728: the survey is on, and a letter that should carry its question does not.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A letter that should carry the question of the survey and does not.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R728",
    slug: "survey-unasked",
    severity: Severity::Warning,
    meaning: Words::new(
        "Onder [survey] in procedure.toml staat dat klagers gevraagd wordt hoe tevreden zij zijn, maar een brief kan die vraag niet stellen. De brief moet {{ survey.link }} tonen en naar de klager gaan, en redress.toml moet onder [web] het adres van de pagina noemen.",
        "Under [survey] procedure.toml says that complainants are asked how satisfied they are, but a letter cannot ask it. The letter must show {{ survey.link }} and go to the complainant, and redress.toml must name the address of the page under [web].",
    ),
    example: Example::Edit {
        name: "procedure.toml",
        wrong: r#"digest.at = "09:00"
survey.on = true
survey.letters = ["note"]
survey.question = { nl = "Hoe tevreden bent u?", en = "How satisfied are you?" }
survey.steps = [{ nl = "a", en = "a" }, { nl = "b", en = "b" }, { nl = "c", en = "c" }, { nl = "d", en = "d" }, { nl = "e", en = "e" }]"#,
        mended: r#"digest.at = "09:00""#,
    },
};

/// Says that a letter shows no link.
pub fn report_no_link(at: Location, message: &str, file: &str) -> Diagnostic {
    let said = Text::new(
        format!("de brief `{message}` stelt de vraag niet: in {file} staat geen {{{{ survey.link }}}}"),
        format!("the letter `{message}` does not ask: {file} shows no {{{{ survey.link }}}}"),
    );
    Diagnostic::new(&KIND, at, said).remedy(
        "zet in de brief: {% if survey %} {{ survey.question }} {{ survey.link }} {% endif %}",
        "put in the letter: {% if survey %} {{ survey.question }} {{ survey.link }} {% endif %}",
    )
}

/// Says that a message goes to nobody who is asked.
pub fn report_no_letter(at: Location, message: &str) -> Diagnostic {
    let said = Text::new(
        format!("het bericht `{message}` gaat nooit naar de klager, en stelt de vraag dus niet"),
        format!("the message `{message}` never goes to the complainant, and so does not ask"),
    );
    Diagnostic::new(&KIND, at, said).remedy("noem bij letters een brief", "name a letter under letters")
}

/// Says that no link can be made, because nothing says where the page is.
pub fn report_no_address(at: Location) -> Diagnostic {
    let said = Text::new(
        "de vraag aan klagers staat aan, maar niets zegt waar de pagina is: brieven gaan zonder de vraag",
        "the question to complainants is on, but nothing says where the page is: letters go without the question",
    );
    Diagnostic::new(&KIND, at, said).remedy(
        "zet in redress.toml onder [web]: public_url = \"https://…\"",
        "set in redress.toml under [web]: public_url = \"https://…\"",
    )
}
