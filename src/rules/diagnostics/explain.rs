//! Explanations of kinds, as plain text that is Markdown as well.

use super::kind::{DiagnosticKind, Example};
use crate::complaint::Language;
use crate::complaint::Words;

/// Explains a kind: its code, what it means, and the example, wrong and mended.
pub fn explained(kind: &DiagnosticKind, language: Language) -> String {
    let severity = kind.severity.word().in_language(language);
    let meaning = kind.meaning.in_language(language);
    let text = format!("{} {} ({severity})\n\n{meaning}\n", kind.code, kind.slug);
    match example(kind.example, language) {
        Some(example) => format!("{text}\n{example}"),
        None => text,
    }
}

/// Shows an example, wrong and mended; none where no text shows it.
pub fn example(example: Example, language: Language) -> Option<String> {
    let [wrong, right, missing] = [
        Words::new("Fout", "Wrong"),
        Words::new("Goed", "Right"),
        Words::new("Dit bestand ontbreekt", "This file is missing"),
    ]
    .map(|words| words.in_language(language));
    let indented = |text: &str| {
        text.lines().map(|l| format!("    {l}").trim_end().to_owned() + "\n").collect::<String>()
    };
    let both = |place: &str, before: &str, after: &str| {
        format!("{wrong}{place}:\n\n{}\n{right}:\n\n{}", indented(before), indented(after))
    };
    match example {
        Example::Script { wrong, mended } => Some(both("", wrong, mended)),
        Example::File { name, wrong, mended } | Example::Edit { name, wrong, mended } => {
            Some(both(&format!(" ({name})"), wrong, mended))
        }
        Example::Missing { name } => Some(format!("{missing}: {name}\n")),
        Example::Folder => None,
    }
}
