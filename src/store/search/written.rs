//! What stands in the texts that were found, as it was written.

use super::text::{Part, WIDTH, facts_texts, note_texts};
use super::{Hit, Search};
use crate::complaint::{Complaint, ComplaintId, EventKind, Recipient};
use crate::store::error::StoreError;
use crate::store::row::Row;
use crate::store::statement::{On, Statement, Tx};
use crate::store::tables::search::{SearchRow, WrittenLetter, WrittenMail, WrittenNote};
use std::collections::{BTreeMap, HashMap};

/// The events that hold what a person wrote.
pub(super) const WRITTEN: [EventKind; 2] = [EventKind::ActionTaken, EventKind::Remarked];

/// A text as it was written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Written {
    /// The kind of text.
    pub part: Part,
    /// The words.
    pub text: String,
}

impl Search {
    /// Reads the texts that were found, by complaint and in the order of the hits. What was recorded is in the facts, which
    /// are at hand.
    pub async fn written(
        &self,
        hits: &[Hit],
        facts: &HashMap<ComplaintId, &Complaint>,
    ) -> Result<HashMap<ComplaintId, Vec<Written>>, StoreError> {
        let reader = &self.0.reader;
        let ids: Vec<i64> = hits.iter().flat_map(|hit| hit.texts.iter().map(|text| text.id)).collect();
        let these = format!("SELECT {} FROM search WHERE id IN ", SearchRow::columns());
        let these = Statement::new(these).and_list(ids.iter().copied().chain([0]));
        let rows: Vec<SearchRow> = these.all(reader).await?;
        let of = |part: Part| {
            let part = part.as_str();
            rows.iter().filter(move |row| row.part == part).map(|row| row.of_part.clone())
        };
        let mails = of(Part::Mail).filter_map(|id| id.parse::<i64>().ok()).chain([0]);
        let sql = format!("SELECT {} FROM mails WHERE id IN ", WrittenMail::columns());
        let mails: Vec<WrittenMail> = Statement::new(sql).and_list(mails).all(reader).await?;
        let mails: HashMap<String, WrittenMail> = mails.into_iter().map(|m| (m.id.to_string(), m)).collect();
        let sql = format!("SELECT {} FROM notifications WHERE id IN ", WrittenLetter::columns());
        let letters = Statement::new(sql).and_list(of(Part::Letter).chain([String::new()]));
        let letters: Vec<WrittenLetter> = letters.all(reader).await?;
        let letters: HashMap<String, WrittenLetter> =
            letters.into_iter().map(|n| (n.id.clone(), n)).collect();
        let noted = hits.iter().filter(|hit| hit.texts.iter().any(|text| text.part == Part::Note));
        let noted: Vec<ComplaintId> = noted.map(|hit| hit.complaint).collect();
        let notes = notes_of(reader, &noted).await?;
        let text_of = |row: &SearchRow, complaint: ComplaintId| match Part::of_id(row.id) {
            Part::Facts => facts.get(&complaint).map(|c| facts_texts(c).join("\n")),
            Part::Mail => mails.get(&row.of_part).map(|m| format!("{}\n{}", m.body, m.subject)),
            Part::Letter => letters.get(&row.of_part).map(|n| format!("{}\n{}", n.body, n.subject)),
            Part::Note => notes.get(&(complaint, row.of_part.parse().ok()?)).map(|texts| texts.join("\n")),
        };
        let rows: HashMap<i64, &SearchRow> = rows.iter().map(|row| (row.id, row)).collect();
        let written = hits.iter().map(|hit| {
            let texts = hit.texts.iter().filter_map(|text| {
                let text_of_part = text_of(rows.get(&text.id)?, ComplaintId(text.id / WIDTH))?;
                Some(Written { part: text.part, text: text_of_part })
            });
            (hit.complaint, texts.collect())
        });
        Ok(written.collect())
    }
}

fn these(sql: String, ids: &[ComplaintId]) -> Statement {
    Statement::new(sql).and_list(ids.iter().copied().chain([ComplaintId(0)]))
}

pub(super) async fn mails_of<'c>(
    on: impl Into<On<'c>>,
    ids: &[ComplaintId],
) -> Result<Vec<WrittenMail>, StoreError> {
    let sql = format!("SELECT {} FROM mails WHERE complaint_id IN ", WrittenMail::columns());
    these(sql, ids).all(on).await
}

/// Reads the letters to the complainants.
pub(super) async fn letters_of(tx: &mut Tx, ids: &[ComplaintId]) -> Result<Vec<WrittenLetter>, StoreError> {
    let sql = format!("SELECT {} FROM notifications WHERE complaint_id IN ", WrittenLetter::columns());
    these(sql, ids).and_equal("recipient", Some(Recipient::Complainant.to_string())).all(tx).await
}

/// Reads what people wrote with decisions, by complaint and version.
pub(super) async fn notes_of<'c>(
    on: impl Into<On<'c>>,
    ids: &[ComplaintId],
) -> Result<BTreeMap<(ComplaintId, i64), Vec<String>>, StoreError> {
    let sql = "SELECT seq, complaint_id, version, personal FROM events WHERE complaint_id IN ".to_owned();
    let written = these(sql, ids).and(" AND personal IS NOT NULL AND kind IN ");
    let written = written.and_list(WRITTEN.map(|kind| kind.as_str())).and(" ORDER BY complaint_id, seq");
    let mut notes: BTreeMap<(ComplaintId, i64), Vec<String>> = BTreeMap::new();
    for row in written.all::<WrittenNote>(on).await? {
        let personal = row.personal.and_then(|text| serde_json::from_str(&text).ok());
        let texts = personal.map(|personal| note_texts(&personal)).unwrap_or_default();
        notes.entry((row.complaint_id, row.version)).or_default().extend(texts);
    }
    Ok(notes)
}
