//! Who may see a complaint, as words within the index: so that who sees few of many does not wait for all that are passed
//! over. They only narrow; the one condition (`visibility.rs`) decides beside them.

use crate::complaint::{Complaint, GroupBy, GroupKey};
use crate::store::tables::group_keys::digest;
use crate::store::visibility::{Sight, Viewer};
use sha2::{Digest, Sha256};

/// What stands before such a word, and in no word of a text.
const MARK: char = '§';

/// A word within the index, or one without others.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) enum Sought {
    Word(String),
    Without(String, Vec<String>),
}

/// Returns the word that every complaint has.
fn every() -> String {
    format!("{MARK}x")
}

fn of_responsible(email: &str) -> String {
    format!("{MARK}r{:.16x}", Sha256::digest(email))
}

fn about(email: &str) -> Option<String> {
    GroupKey::of_value(&GroupBy::About, email).map(|key| format!("{MARK}a{}", digest(&key)))
}

/// Returns the words of a complaint.
pub(super) fn tokens(c: &Complaint) -> String {
    let responsible = c.responsible.as_deref().map(of_responsible);
    let about = c.about.as_deref().and_then(about);
    let words = [Some(every()), responsible, about];
    words.into_iter().flatten().collect::<Vec<_>>().join(" ")
}

/// Returns what the texts that somebody may see are found by: a choice of words, and the words that none of them has.
pub(super) fn sought(viewer: &Viewer) -> (Vec<Sought>, Vec<Sought>) {
    let never = about(&viewer.person).map(Sought::Word).into_iter().collect();
    let Sight::Some(part) = &viewer.sight else { return (vec![Sought::Word(every())], never) };
    let mut any: Vec<Sought> = part.of_responsible.iter().map(|p| Sought::Word(of_responsible(p))).collect();
    any.extend(part.about.iter().filter_map(|p| about(p)).map(Sought::Word));
    any.extend(
        part.of_nobody_among
            .as_ref()
            .map(|everybody| Sought::Without(every(), everybody.iter().map(|p| of_responsible(p)).collect())),
    );
    if any.is_empty() {
        // A word that no text has.
        any.push(Sought::Word(format!("{MARK}z")));
    }
    (any, never)
}
