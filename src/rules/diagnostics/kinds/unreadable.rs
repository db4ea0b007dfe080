//! R002: a file or folder that cannot be read.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A file or folder that cannot be read.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R002",
    slug: "unreadable",
    severity: Severity::Error,
    meaning: Words::new(
        "Het bestand of de map kan niet worden gelezen: het bestaat niet, u mag er niet bij, of het is geen tekst in UTF-8.",
        "The file or folder cannot be read: it does not exist, you have no access, or it is no text in UTF-8.",
    ),
    example: Example::Folder,
};

/// Says that a file or folder cannot be read, and why.
pub fn report(file: &str, error: &std::io::Error) -> Diagnostic {
    use std::io::ErrorKind;
    let nl = match error.kind() {
        ErrorKind::NotFound => "bestaat niet".to_owned(),
        ErrorKind::PermissionDenied => "mag niet worden gelezen".to_owned(),
        ErrorKind::InvalidData => "is geen tekst in UTF-8".to_owned(),
        _ => format!("kan niet worden gelezen ({error})"),
    };
    Diagnostic::new(&KIND, Location::file(file), Text::new(nl, format!("cannot be read: {error}")))
}

/// Says that a file is saved as UTF-16, as some editors on Windows do under the name Unicode.
pub fn report_wide(file: &str) -> Diagnostic {
    in_utf_8(Diagnostic::new(
        &KIND,
        Location::file(file),
        Text::new("is opgeslagen als UTF-16", "is saved as UTF-16"),
    ))
}

/// Says on which line, from 1, a file has the first letter that is not UTF-8.
pub fn report_encoding(file: &str, line: usize) -> Diagnostic {
    let message = Text::new(
        format!("is niet opgeslagen als UTF-8: op regel {line} staat een letter in een andere codering"),
        format!("is not saved as UTF-8: line {line} has a letter in another encoding"),
    );
    in_utf_8(Diagnostic::new(&KIND, Location::file(file), message))
}

fn in_utf_8(found: Diagnostic) -> Diagnostic {
    found.remedy(
        "sla het op als UTF-8: editors vragen naar de codering onder \"opslaan als\"",
        "save it as UTF-8: editors ask for the encoding under \"save as\"",
    )
}
