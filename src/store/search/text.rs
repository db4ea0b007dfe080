//! What is searched of a complaint: its texts, each a row with the words that it says, and before them its head: who may see
//! the complaint, its subject, and who complains.

use super::access::tokens;
use super::words::folded;
use crate::complaint::{Complaint, ComplaintId};
use crate::store::tables::search::{HeadRow, SearchRow};
use serde_json::Value;

/// The ids between the first texts of two complaints.
pub(in crate::store) const WIDTH: i64 = 1 << 32;
/// The ids of one kind of text of a complaint.
const KIND: i64 = 1 << 30;

/// A kind of text of a complaint.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Part {
    /// Its number, and what was recorded about it.
    Facts,
    /// A mail to us, or the note of a contact.
    Mail,
    /// A letter to the complainant.
    Letter,
    /// The answers and remarks of one decision of a person.
    Note,
}

impl Part {
    const ALL: [Self; 4] = [Self::Facts, Self::Mail, Self::Letter, Self::Note];

    pub(in crate::store) const fn as_str(self) -> &'static str {
        match self {
            Self::Facts => "facts",
            Self::Mail => "mail",
            Self::Letter => "letter",
            Self::Note => "note",
        }
    }

    /// Returns the kind of text that has an id.
    pub(super) fn of_id(id: i64) -> Self {
        Self::ALL[usize::try_from(id % WIDTH / KIND).unwrap_or(0) % Self::ALL.len()]
    }

    /// Returns the id of a text: those of a complaint stand together.
    fn id(self, complaint: ComplaintId, place: i64) -> i64 {
        first_id(complaint) + self as i64 * KIND + place.rem_euclid(KIND)
    }
}

/// Returns the first id of a complaint's texts.
pub(in crate::store) fn first_id(complaint: ComplaintId) -> i64 {
    complaint.0.saturating_mul(WIDTH)
}

/// Returns what every text of a complaint is found by as well.
pub(in crate::store) fn head(c: &Complaint) -> String {
    let (name, email) = (c.complainant.name.as_str(), c.complainant.email.as_str());
    format!("{} {}", tokens(c), folded([c.subject.as_str(), name, email]))
}

/// Returns whether what is searched of the facts may differ.
pub fn is_reworded(old: &Complaint, new: &Complaint) -> bool {
    old.number != new.number || head(old) != head(new) || facts_texts(old) != facts_texts(new)
}

/// Returns what people recorded about a complaint, in words.
pub(super) fn facts_texts(c: &Complaint) -> Vec<String> {
    let fixed =
        [&c.earlier_number, &c.description, &c.cause, &c.reasons, &c.solution, &c.submitter, &c.incident];
    let mut texts: Vec<String> = fixed.into_iter().flatten().cloned().collect();
    for measure in &c.measures {
        texts.push(measure.description.clone());
        texts.extend(measure.note.clone());
    }
    texts.extend(c.extra.values().filter_map(|value| value.as_str().map(str::to_owned)));
    texts.retain(|text| !text.trim().is_empty());
    texts
}

/// Returns the free texts among what a person answered or remarked: those of more than one word; others are names and choices.
pub(super) fn note_texts(personal: &Value) -> Vec<String> {
    match personal {
        Value::String(text) if text.trim().contains(char::is_whitespace) => vec![text.clone()],
        Value::Array(all) => all.iter().flat_map(note_texts).collect(),
        Value::Object(all) => all.values().flat_map(note_texts).collect(),
        _ => Vec::new(),
    }
}

/// A complaint of which texts are written, and its head.
#[derive(Clone, Debug)]
pub(in crate::store) struct Headed {
    pub complaint: ComplaintId,
    pub head: String,
}

impl Headed {
    pub fn of(complaint: ComplaintId, c: &Complaint) -> Self {
        Self { complaint, head: head(c) }
    }

    fn row(&self, part: Part, place: i64, of_part: String, body: String) -> SearchRow {
        let id = part.id(self.complaint, place);
        SearchRow { id, part: part.as_str().to_owned(), of_part, head: self.head.clone(), body }
    }

    pub fn facts(&self, c: &Complaint) -> SearchRow {
        let number = c.number.as_ref().filter(|n| !n.is_pending()).map_or("", |n| n.as_str());
        let texts = facts_texts(c);
        let body = folded([number, c.intake_id.as_str()].into_iter().chain(texts.iter().map(String::as_str)));
        self.row(Part::Facts, 0, String::new(), body)
    }

    pub fn mail(&self, id: i64, sender: &str, subject: &str, body: &str) -> SearchRow {
        self.row(Part::Mail, id, id.to_string(), folded([subject, sender, body]))
    }

    pub fn letter(&self, id: &str, version: i64, ordinal: u32, subject: &str, body: &str) -> SearchRow {
        let place = version.saturating_mul(256) + i64::from(ordinal % 256);
        self.row(Part::Letter, place, id.to_owned(), folded([subject, body]))
    }

    /// Returns the row of what a person wrote with one decision; none where that is nothing.
    pub fn note(&self, version: i64, texts: &[String]) -> Option<SearchRow> {
        let body = folded(texts.iter().map(String::as_str));
        (!body.is_empty()).then(|| self.row(Part::Note, version, version.to_string(), body))
    }

    /// Returns what all texts of the complaint that are there are to begin with.
    pub fn all(&self) -> HeadRow {
        let first = first_id(self.complaint);
        HeadRow { first, beyond: first.saturating_add(WIDTH), head: self.head.clone() }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_id_of_a_text_tells_its_complaint_and_its_kind() {
        for complaint in [1, 7, 2_000_000_000].map(ComplaintId) {
            for part in Part::ALL {
                for place in [0, 1, KIND - 1, KIND, i64::MAX] {
                    let id = part.id(complaint, place);
                    assert_eq!((id / WIDTH, Part::of_id(id)), (complaint.0, part));
                }
            }
        }
    }
}
