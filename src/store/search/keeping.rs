//! Keeping what is searched in step: in the transaction that stores a mail or a decision, and in sets. The mail that opens a
//! complaint comes with the decision on it, which says whose the complaint is: every text of it is found by that as well.

use super::text::{Headed, first_id, note_texts};
use super::written::{WRITTEN, mails_of};
use crate::complaint::{Case, ComplaintId, Event, Recipient};
use crate::store::batch::Commit;
use crate::store::error::StoreError;
use crate::store::row::Row;
use crate::store::sets::{Conflict, ROWS, insert, update};
use crate::store::statement::{Statement, Tx};
use crate::store::tables::search::{FirstText, HeadRow, SearchRow, WrittenMail};
use crate::store::tables::triggers::received;
use sqlx::{Any, Pool};
use std::collections::HashMap;

/// What becomes of a text that is there.
const LATEST: Conflict<'_> = Conflict::Updates {
    key: "id",
    columns: &["head", "body"],
    only_if: Some("search.body <> excluded.body OR search.head <> excluded.head"),
};

/// Writes the texts of mails that were filed. Those of mails that join a complaint have no head yet.
pub(in crate::store) async fn keep_filed(
    tx: &mut Tx,
    mut rows: Vec<SearchRow>,
    joined: &[ComplaintId],
) -> Result<(), StoreError> {
    if !joined.is_empty() {
        let mut heads: HashMap<i64, String> = HashMap::new();
        for set in joined.chunks(ROWS) {
            let sql = format!("SELECT {} FROM search WHERE id IN ", FirstText::columns());
            let first = Statement::new(sql).and_list(set.iter().copied().map(first_id));
            heads.extend(first.all::<FirstText>(&mut *tx).await?.into_iter().map(|row| (row.id, row.head)));
        }
        for row in rows.iter_mut().filter(|row| row.head.is_empty()) {
            let first = row.id - row.id % super::text::WIDTH;
            row.head = heads.get(&first).cloned().unwrap_or_default();
        }
    }
    write(tx, rows).await
}

/// The texts of the mails that opened complaints, which come with the decisions on them: read before anybody waits for the
/// transaction in which they are written.
#[derive(Debug, Default)]
pub struct OpeningTexts(HashMap<ComplaintId, Vec<WrittenMail>>);

impl OpeningTexts {
    /// Reads those of a batch: of the complaints whose first mail is decided on, and whatever came to them before.
    pub(in crate::store) async fn of(reader: &Pool<Any>, batch: &[Commit]) -> Result<Self, StoreError> {
        let opened = batch.iter().filter(|c| c.consumed.as_ref() == Some(&received(c.case.id)));
        let opened: Vec<ComplaintId> = opened.map(|c| c.case.id).collect();
        let mut texts: HashMap<ComplaintId, Vec<WrittenMail>> = HashMap::new();
        if !opened.is_empty() {
            for mail in mails_of(reader, &opened).await? {
                texts.entry(mail.complaint_id).or_default().push(mail);
            }
        }
        Ok(Self(texts))
    }

    /// Returns those of a complaint, folded and with its head.
    pub(in crate::store) fn of_case(&self, case: &Case) -> Vec<SearchRow> {
        let Some(mails) = self.0.get(&case.id) else { return Vec::new() };
        let headed = Headed::of(case.id, &case.complaint);
        mails.iter().map(|mail| headed.mail(mail.id, &mail.sender, &mail.subject, &mail.body)).collect()
    }
}

/// Writes what decisions say, each with the texts that open its complaint: their letters, what people wrote, and what was
/// recorded.
pub(in crate::store) async fn keep_decided<'b>(
    tx: &mut Tx,
    batch: impl Iterator<Item = (&'b Commit, &'b [SearchRow])>,
) -> Result<(), StoreError> {
    let mut rows = Vec::new();
    let mut heads: Vec<HeadRow> = Vec::new();
    for (commit, opening) in batch {
        let (id, version) = (commit.case.id, commit.case.version);
        let letters = commit.notifications.iter().filter(|n| n.recipient == Recipient::Complainant);
        let letters: Vec<_> = letters.collect();
        let notes: Vec<String> = commit.events.iter().flat_map(notes).collect();
        if letters.is_empty() && notes.is_empty() && !commit.is_reworded {
            continue;
        }
        let headed = Headed::of(id, &commit.case.complaint);
        rows.extend(letters.iter().map(|n| headed.letter(&n.id, version, n.ordinal, &n.subject, &n.body)));
        rows.extend(headed.note(version, &notes));
        rows.extend_from_slice(opening);
        if commit.is_reworded {
            rows.push(headed.facts(&commit.case.complaint));
            heads.push(headed.all());
        }
    }
    write(tx, rows).await?;
    // Of all its other texts, a mail included that came after those of the opening were read.
    let change =
        "head = v.head FROM v WHERE search.id >= v.first AND search.id < v.beyond AND search.head <> v.head";
    update(tx, heads, change).await
}

/// Writes texts in the order of their ids. FTS5 gathers what comes in that order, and puts away what it has gathered for each
/// text that does not.
pub(super) async fn write(tx: &mut Tx, mut rows: Vec<SearchRow>) -> Result<(), StoreError> {
    rows.sort_by_key(|row| row.id);
    insert(tx, rows, LATEST).await?;
    Ok(())
}

/// Returns what a person wrote, as an event has it.
fn notes(event: &Event) -> Vec<String> {
    let personal = event.personal.as_ref().filter(|_| WRITTEN.contains(&event.kind));
    personal.map(note_texts).unwrap_or_default()
}
