//! The words that statements and their clauses begin with, in other languages, in capitals, or misspelt.

/// The words of statements.
const STATEMENTS: &[&str] = &["rule", "action", "schedule", "scenario", "const", "fn"];

/// What people write for the words of statements.
const STATEMENT_WORDS: &[(&str, &str)] = &[
    ("regel", "rule"),
    ("actie", "action"),
    ("handeling", "action"),
    ("rooster", "schedule"),
    ("schema", "schedule"),
    ("verhaal", "scenario"),
    ("constant", "const"),
    ("constante", "const"),
    ("function", "fn"),
    ("functie", "fn"),
    ("func", "fn"),
    ("def", "fn"),
];

/// What people write for the words of clauses.
const CLAUSE_WORDS: &[(&str, &str)] = &[
    ("wanneer", "when"),
    ("als", "when"),
    ("indien", "when"),
    ("if", "when"),
    ("dan", "then"),
    ("doe", "then"),
    ("elke", "every"),
    ("iedere", "every"),
    ("voor", "for"),
    ("door", "by"),
    ("vraagt", "asks"),
    ("vraag", "asks"),
];

/// The likeness from which a word is another one misspelt.
const MISSPELT: f64 = 0.75;

/// Returns the word of a statement that was meant by another word; none for the word itself.
pub(in crate::rules) fn meant(word: &str) -> Option<&'static str> {
    of(word, STATEMENTS, STATEMENT_WORDS)
}

/// Returns whether a word begins statements.
pub(super) fn is_statement(word: &str) -> bool {
    STATEMENTS.contains(&word)
}

/// Returns the word of a clause, one of `known`, that was meant by another word; none for the word itself.
pub(super) fn meant_clause(word: &str, known: &[&'static str]) -> Option<&'static str> {
    of(word, known, CLAUSE_WORDS).filter(|meant| known.contains(meant))
}

fn of(word: &str, known: &[&'static str], words: &[(&str, &'static str)]) -> Option<&'static str> {
    if known.contains(&word) {
        return None;
    }
    let plain = word.to_lowercase();
    let exact = known.iter().find(|k| **k == plain).copied();
    let listed = || words.iter().find(|(other, _)| *other == plain).map(|(_, meant)| *meant);
    let alike = || {
        let near = known
            .iter()
            .filter(|k| k.len() > 2)
            .find(|k| strsim::normalized_damerau_levenshtein(&plain, k) >= MISSPELT);
        near.copied()
    };
    exact.or_else(listed).or_else(alike)
}

/// Returns whether a character is one that nobody sees.
pub(in crate::rules) fn is_invisible(c: char) -> bool {
    matches!(c, '\u{feff}' | '\u{200b}'..='\u{200f}' | '\u{2060}' | '\u{ad}' | '\u{202a}'..='\u{202e}' | '\u{2066}'..='\u{2069}')
}
