//! Reading `procedure.toml` as far as it goes: with the slips put right that are plain, so that one hides
//! nothing of the others.

use super::slips;
use crate::rules::diagnostics::kinds::declarations;
use crate::rules::diagnostics::{Diagnostic, Lines, Location, offset};
use crate::rules::language::draft::{Draft, Edit};
use crate::rules::language::recovery::{located, moved};
use serde::de::DeserializeOwned;

/// How many mistakes are told at once.
const MISTAKES: usize = 50;

/// Reads declarations: what they declare, none when they cannot be read, and the mistakes. What is found in
/// them later has its place in the draft.
pub(super) fn read<T: DeserializeOwned>(file: &str, text: &str) -> (Option<T>, Draft, Vec<Diagnostic>) {
    let mut draft = Draft::of(text, 0);
    let mut found = Vec::new();
    while found.len() < MISTAKES {
        let error = match toml::from_str::<T>(&draft.text) {
            Ok(read) => return (Some(read), draft, found),
            Err(error) => error,
        };
        if let Some(slip) = slips::find(&draft.text, &error) {
            found.push(located(&slip, file, &Lines::from(text), &draft));
            draft.apply(slip.repair);
            continue;
        }
        let mut told = declarations::report(file, &draft.text, &error);
        let edit = told.fix.as_ref().map(|fix| {
            let at = |line, column| offset(&draft.text, line, column);
            let (start, end) =
                (at(fix.span.line, fix.span.column), at(fix.span.end_line, fix.span.end_column));
            Edit::replace(start, end, fix.replacement.clone())
        });
        moved([&mut told], &draft, text);
        if told.at.span.is_none() {
            told.at = Location::file(file);
        }
        found.push(told);
        let Some(edit) = edit else { break };
        draft.apply(vec![edit]);
    }
    (None, draft, found)
}
