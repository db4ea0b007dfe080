//! R412: a word behind `{%` that does not exist.

use crate::rules::diagnostics::{Diagnostic, DiagnosticKind, Example, Location, Severity, Text, Words};

/// A word behind `{%` that does not exist.
pub static KIND: DiagnosticKind = DiagnosticKind {
    code: "R412",
    slug: "unknown-block",
    severity: Severity::Error,
    meaning: Words::new(
        "Achter {% staat if, elif, else, endif, for, endfor, set, with of endwith.",
        "Behind {% stands if, elif, else, endif, for, endfor, set, with or endwith.",
    ),
    example: Example::File {
        name: "messages/nl/note.md",
        wrong: "---\nsubject: s\n---\n{% als complaint.subject %}x{% einde %}\n",
        mended: "---\nsubject: s\n---\n{% if complaint.subject %}x{% endif %}\n",
    },
};

/// The words there are.
const KNOWN: [&str; 9] = ["if", "elif", "else", "endif", "for", "endfor", "set", "with", "endwith"];

/// What people write for them.
const WORDS: &[(&str, &str)] = &[
    ("als", "if"),
    ("wanneer", "if"),
    ("when", "if"),
    ("else if", "elif"),
    ("elseif", "elif"),
    ("elsif", "elif"),
    ("andersals", "elif"),
    ("anders", "else"),
    ("end", "endif"),
    ("einde", "endif"),
    ("eindals", "endif"),
    ("fi", "endif"),
    ("voor", "for"),
    ("foreach", "for"),
    ("elke", "for"),
];

/// Says that there is no such word.
pub fn report(at: Location, word: &str) -> Diagnostic {
    let message = Text::new(
        format!("`{word}` is geen woord dat achter {{% kan staan"),
        format!("`{word}` is no word that can stand behind {{%"),
    );
    let told = Diagnostic::new(&KIND, at, message);
    let plain = word.to_lowercase();
    if let Some(meant) = KNOWN.iter().copied().find(|known| *known == plain).or_else(|| meant(&plain)) {
        return told.remedy(format!("schrijf `{meant}`"), format!("write `{meant}`")).replaced_by(meant);
    }
    if plain == "include" {
        return told.remedy(
            "zet {% include \"naam\" %} alleen op een regel; een deel neemt zelf geen deel op",
            "write {% include \"name\" %} alone on a line; a part includes no other part",
        );
    }
    let told = told.nearest(word, KNOWN.iter().copied());
    if told.remedy.is_some() {
        return told;
    }
    let known = KNOWN.join(", ");
    told.remedy(format!("daar kan staan: {known}"), format!("what can stand there is: {known}"))
}

fn meant(word: &str) -> Option<&'static str> {
    WORDS.iter().find(|(written, _)| *written == word).map(|(_, meant)| *meant)
}
