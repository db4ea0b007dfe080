//! Writing a term: its value is replaced, and everything else of the text stays as it is.

use super::list::{no_such_term, other_kind};
use super::mistake::TermMistake;
use super::reading::{Written, terms};
use super::value::{TermKind, TermValue, item_written, only_in_file};
use std::collections::BTreeMap;

/// Returns the text of a script in which a term has another value. The remark behind it stays in the column in which those
/// of its neighbours stand, as far as the value leaves room.
///
/// # Errors
/// There is no such term, its value changes only in the file, or the new one is of another kind or cannot be written.
pub fn with_value(text: &str, name: &str, new: &TermValue) -> Result<String, TermMistake> {
    let all = terms(text);
    let term = all.iter().find(|term| term.name == name).ok_or_else(|| no_such_term(name))?;
    if term.value == *new {
        return Ok(text.to_owned());
    }
    match (term.value.kind(), new.kind()) {
        (TermKind::Expression, _) => return Err(only_in_file()),
        (old, new) if old != new => return Err(other_kind()),
        _ => {}
    }
    let written = spread(text, term, new)?;
    let mut changed = String::with_capacity(text.len() + written.len());
    changed.push_str(&text[..term.at.start]);
    changed.push_str(&written);
    let rest = match &term.remark {
        None => &text[term.at.end..],
        Some((_, remark)) => {
            // Between them stand the semicolon and blanks.
            let between = text[term.at.end..*remark].trim_end();
            let end = column(&changed) + width(between);
            changed.push_str(between);
            let blanks = text[term.at.end..*remark].len() - between.len();
            changed.push_str(&" ".repeat(blanks_before(text, &all, term, end, blanks)));
            &text[*remark..]
        }
    };
    changed.push_str(rest);
    Ok(changed)
}

/// Returns the blanks between the end of a statement and its remark: `end` is the column in which it ends now, `blanks`
/// how many there were. A remark that its value had pushed out of the column of the others comes back to it.
fn blanks_before(text: &str, all: &[Written], term: &Written, end: usize, blanks: usize) -> usize {
    let wanted = match (blanks, &term.remark) {
        (0, _) | (_, None) => return blanks,
        (1, _) => common_column(text, all, term).unwrap_or_default(),
        (_, Some((_, at))) => column(&text[..*at]),
    };
    wanted.saturating_sub(end).max(1)
}

/// Returns the column in which most remarks of the other terms stand, apart from their values; none where none does.
fn common_column(text: &str, all: &[Written], term: &Written) -> Option<usize> {
    let mut counts: BTreeMap<usize, usize> = BTreeMap::new();
    for (_, at) in
        all.iter().filter(|other| other.name != term.name).filter_map(|other| other.remark.as_ref())
    {
        if text[..*at].ends_with("  ") {
            *counts.entry(column(&text[..*at])).or_default() += 1;
        }
    }
    counts.into_iter().max_by_key(|(column, count)| (*count, *column)).map(|(column, _)| column)
}

/// Writes a value as the old one stood: one text of a list on each line where the old one had them so.
fn spread(text: &str, term: &Written, new: &TermValue) -> Result<String, TermMistake> {
    let (old, written) = (&text[term.at.clone()], new.written()?);
    let TermValue::Texts(items) = new else { return Ok(written) };
    let (Some(first), Some(last)) = (old.find('\n'), old.rfind('\n')) else { return Ok(written) };
    if items.is_empty() {
        return Ok(written);
    }
    let newline = if old[..first].ends_with('\r') { "\r\n" } else { "\n" };
    let is_blank = |c: char| c == ' ' || c == '\t';
    let inner = &old[first + 1..];
    let indent = &inner[..inner.len() - inner.trim_start_matches(is_blank).len()];
    let closing = Some(&old[last + 1..old.len() - 1]).filter(|c| c.chars().all(is_blank)).unwrap_or_default();
    let comma = if old[..old.len() - 1].trim_end().ends_with(',') { "," } else { "" };
    let items: Result<Vec<String>, _> = items.iter().map(|item| item_written(item)).collect();
    let items = items?.join(&format!(",{newline}{indent}"));
    Ok(format!("[{newline}{indent}{items}{comma}{newline}{closing}]"))
}

/// Returns the column of the end of a text, in characters.
fn column(text: &str) -> usize {
    width(text.rsplit('\n').next().unwrap_or_default())
}

fn width(text: &str) -> usize {
    text.chars().count()
}
