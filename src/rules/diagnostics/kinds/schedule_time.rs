//! R105: a time of a schedule that cannot be read.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A time of a schedule that cannot be read.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R105",
    slug: "schedule-time",
    severity: Severity::Error,
    meaning: Words::new(
        r#"Een planning loopt op zes gegevens: seconde, minuut, uur, dag van de maand, maand, dag van de week. "0 0 9 * * MON" is elke maandag om 9 uur. De seconde is altijd 0, en dagen van de week staan er bij hun Engelse afkorting."#,
        r#"A schedule has six fields: second, minute, hour, day of the month, month, day of the week. "0 0 9 * * MON" is every Monday at 9. The second is always 0, and days of the week are named in short: MON, TUE, WED."#,
    ),
    example: Example::Script {
        wrong: r#"schedule "s" cron "0 0 9 * * 1" then { notify("clerk", "note"); }"#,
        mended: r#"schedule "s" cron "0 0 9 * * MON" then { notify("clerk", "note"); }"#,
    },
};

/// Says that the text has not six fields.
pub fn report_fields(at: Location, cron: &str, fields: usize) -> Diagnostic {
    let message = Text::new(
        format!("\"{cron}\" heeft {fields} gegevens en niet zes"),
        format!("cron \"{cron}\" has {fields} fields, not six"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "schrijf seconde, minuut, uur, dag van de maand, maand, dag van de week: \"0 0 9 15 1,4,7,10 *\"",
        "write second, minute, hour, day of month, month, day of week: \"0 0 9 15 1,4,7,10 *\"",
    )
}

/// Says that the schedule would run more than once a minute.
pub fn report_seconds(at: Location, cron: &str) -> Diagnostic {
    let message = Text::new(
        format!("\"{cron}\" loopt vaker dan eens per minuut"),
        format!("cron \"{cron}\" runs more than once a minute"),
    );
    Diagnostic::new(&KIND, at, message).remedy("begin met 0, de seconde", "begin with 0, the second")
}

/// Says that the day of the week has a number, which people read in two ways.
pub fn report_weekday(at: Location, cron: &str) -> Diagnostic {
    let message = Text::new(
        format!("\"{cron}\" noemt de dag van de week met een nummer"),
        format!("cron \"{cron}\" numbers the day of the week"),
    );
    Diagnostic::new(&KIND, at, message).remedy("schrijf MON, TUE, WED…", "write MON, TUE, WED…")
}

/// Says that no day is like that, such as 31 February.
pub fn report_never(at: Location, cron: &str) -> Diagnostic {
    let message = Text::new(
        format!("\"{cron}\" komt nooit: zo'n dag is er niet"),
        format!("cron \"{cron}\" never comes: there is no such day"),
    );
    Diagnostic::new(&KIND, at, message).remedy(
        "noem een dag die de maand heeft: \"0 0 9 28 2 *\"",
        "name a day that the month has: \"0 0 9 28 2 *\"",
    )
}

/// Says that the text is no time, for any other reason.
pub fn report_unreadable(at: Location, cron: &str, error: &cron::error::Error) -> Diagnostic {
    let message = Text::new(
        format!("\"{cron}\" is geen tijd waarop iets kan lopen"),
        format!("cron \"{cron}\": {error}"),
    );
    Diagnostic::new(&KIND, at, message)
}
