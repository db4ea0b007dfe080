//! Slips of the pen in `procedure.toml`: what people write where the file has something else.

use crate::rules::diagnostics::kinds::{
    accented_name, colon_for_equals, other_word, single_for_list, typographic_quotes, unclosed_text,
    unquoted_value,
};
use crate::rules::language::draft::Edit;
use crate::rules::language::slips::{Slip, meant};
use crate::rules::language::tokens::{Quotes, TokenKind, Tokens};

/// Letters with an accent, and the plain ones.
const PLAIN: &[(&str, char)] = &[
    ("àáâãäå", 'a'),
    ("èéêë", 'e'),
    ("ìíîï", 'i'),
    ("òóôõö", 'o'),
    ("ùúûü", 'u'),
    ("ç", 'c'),
    ("ñ", 'n'),
    ("ýÿ", 'y'),
];

/// Finds the slip that explains why the file cannot be read.
pub(super) fn find(text: &str, error: &toml::de::Error) -> Option<Slip> {
    let span = error.span()?;
    let line = Line::at(text, span.start);
    let message = error.message();
    if let Some(colon) = line.colon() {
        return Some(Slip::new((colon, colon + 1), colon_for_equals::report).replaced(" ="));
    }
    if let Some(slip) = line.accent() {
        return Some(slip);
    }
    let written = text.get(span.start..span.end).unwrap_or_default();
    if message.starts_with("invalid type: string") {
        return of_kind(message, written, span.start);
    }
    // Of a value that can be read, the reader itself says what is wrong.
    let is_read = ["unknown", "missing", "duplicate", "invalid type", "invalid value"];
    if is_read.iter().any(|known| message.starts_with(known)) { None } else { line.value(span.start) }
}

/// Finds a text where a list, or yes or no, stands.
fn of_kind(message: &str, written: &str, start: usize) -> Option<Slip> {
    let place = (start, start + written.len());
    if message.contains("expected a sequence") {
        let list = format!("[{written}]");
        let told = list.clone();
        return Some(Slip::new(place, move |at| single_for_list::report(at, &told)).replaced(list));
    }
    let word = written.trim_matches('"').to_owned();
    let meant = meant::value(&word).unwrap_or_else(|| word.clone());
    let is_yes_no = message.contains("expected a boolean") && (meant == "true" || meant == "false");
    let told = meant.clone();
    is_yes_no.then(|| Slip::new(place, move |at| other_word::report(at, &word, &told)).replaced(meant))
}

/// A line of the file, and where it begins.
struct Line<'t> {
    text: &'t str,
    start: usize,
}

impl<'t> Line<'t> {
    fn at(text: &'t str, at: usize) -> Self {
        let before = text.get(..at).unwrap_or(text);
        let start = before.rfind('\n').map_or(0, |i| i + 1);
        Self { text: text.get(start..).unwrap_or_default().split('\n').next().unwrap_or_default(), start }
    }

    /// Returns what stands before the value: the key, or all of a head.
    fn key(&self) -> &'t str {
        self.text.split('=').next().unwrap_or_default()
    }

    /// Returns the place of a colon between a key and a value.
    fn colon(&self) -> Option<usize> {
        let (key, _) = self.text.split_once(':')?;
        let is_key = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-' | '.' | ' ' | '\t');
        (!key.trim().is_empty() && key.chars().all(is_key)).then(|| self.start + key.len())
    }

    /// Finds a name with a letter that names do not have.
    fn accent(&self) -> Option<Slip> {
        let key = self.key().split('#').next().unwrap_or_default();
        let (at, letter) = key.char_indices().find(|(_, c)| c.is_alphabetic() && !c.is_ascii())?;
        if key.contains('"') {
            return None;
        }
        let is_name = |c: char| c.is_alphanumeric() || matches!(c, '_' | '-');
        let begin = key.get(..at)?.rfind(|c| !is_name(c)).map_or(0, |i| i + 1);
        let end = key.get(at..)?.find(|c| !is_name(c)).map_or(key.len(), |i| at + i);
        let name = key.get(begin..end)?.to_owned();
        let plain: String = name.chars().map(plain).collect();
        let told = plain.clone();
        let place = (self.start + begin, self.start + end);
        let slip = Slip::new(place, move |at| accented_name::report(at, &name, letter, &told));
        Some(slip.repaired(Edit::replace(place.0, place.1, plain)))
    }

    /// Finds what is wrong with the value that stands at or after a place.
    fn value(&self, at: usize) -> Option<Slip> {
        let start = at.max(self.start + self.text.find('=')? + 1);
        let rest = self.text.get(start - self.start..)?;
        let start = start + rest.len() - rest.trim_start().len();
        let rest = rest.trim_start();
        let tokens = Tokens::of(rest);
        let first = tokens.all().first()?;
        match first.kind {
            TokenKind::Text(Quotes::Typographic) => {
                let quoted =
                    format!("\"{}\"", tokens.says(first).trim_matches(|c: char| !c.is_alphanumeric()));
                let told = quoted.clone();
                let place = (start, start + first.end);
                Some(Slip::new(place, move |at| typographic_quotes::report(at, &told)).replaced(quoted))
            }
            TokenKind::Text(Quotes::Open) => {
                let text = format!("{}\"", tokens.says(first));
                let end = start + first.end;
                let slip = Slip::new((start, end), move |at| unclosed_text::report(at, &text));
                Some(slip.repaired(Edit::insert(end, "\"")))
            }
            TokenKind::Word => {
                let end = rest.find([',', '}', ']', '#', '\r']).unwrap_or(rest.len());
                Some(unquoted(rest.get(..end)?.trim_end(), start))
            }
            _ => None,
        }
    }
}

/// Tells a value of words without quotes.
fn unquoted(words: &str, start: usize) -> Slip {
    let place = (start, start + words.len());
    match meant::value(words).filter(|meant| meant == "true" || meant == "false") {
        Some(meant) => {
            let (word, told) = (words.to_owned(), meant.clone());
            Slip::new(place, move |at| other_word::report(at, &word, &told)).replaced(meant)
        }
        None => {
            let quoted = format!("\"{words}\"");
            let told = quoted.clone();
            Slip::new(place, move |at| unquoted_value::report(at, &told)).replaced(quoted)
        }
    }
}

fn plain(letter: char) -> char {
    PLAIN.iter().find(|(accented, _)| accented.contains(letter)).map_or(letter, |(_, plain)| *plain)
}
