//! The texts of complaints from before they were kept for searching: written by and by, the newest complaints first.

use super::Search;
use super::keeping::write;
use super::text::Headed;
use super::written::{letters_of, mails_of, notes_of};
use crate::complaint::ComplaintId;
use crate::store::dialect::Engine;
use crate::store::error::{StoreError, readable};
use crate::store::row::Row;
use crate::store::statement::{Statement, Tx};
use crate::store::tables::complaints::ComplaintKey;
use crate::store::tables::group_keys::GroupableRow;
use crate::store::tables::meta::{Meta, MetaRow};
use std::collections::HashMap;

/// The complaints whose texts are written in one transaction.
const PART: usize = 25;

impl Search {
    /// Returns how many complaints cannot be found by their texts yet, because they are from before those were kept.
    pub async fn waiting(&self) -> Result<usize, StoreError> {
        let below: Option<i64> = Meta::SearchBelow.read(&self.0.reader).await?;
        // Ids have no gaps.
        Ok(below.and_then(|below| usize::try_from(below - 1).ok()).unwrap_or(0))
    }

    /// Writes the texts of some of them, and returns how many are left.
    pub async fn fill(&self) -> Result<usize, StoreError> {
        let mut tx = self.0.begin().await?;
        let held = format!("FROM meta WHERE name = $1{}", self.0.engine.for_update());
        let below = Meta::SearchBelow.read_by::<i64>(Statement::select::<MetaRow>(&held), &mut tx).await?;
        let Some(below) = below.filter(|below| *below > 1) else { return Ok(0) };
        let ids =
            Statement::select::<ComplaintKey>("FROM complaints WHERE id < $1 ORDER BY id DESC LIMIT $2");
        let ids: Vec<ComplaintKey> = ids.with(below).with(PART).all(&mut tx).await?;
        let ids: Vec<ComplaintId> = ids.into_iter().map(|row| row.id).collect();
        write_texts(&mut tx, &ids).await?;
        let left = ids.last().map_or(1, |id| id.0);
        Meta::SearchBelow.write(&mut tx, left).await?;
        tx.commit().await?;
        Ok(usize::try_from(left - 1).unwrap_or(0))
    }
}

/// Writes every text of complaints. They are held meanwhile, so that no decision comes between reading and writing.
async fn write_texts(tx: &mut Tx, ids: &[ComplaintId]) -> Result<(), StoreError> {
    let engine = Engine::of_connection(tx);
    let sql = format!("SELECT {} FROM complaints WHERE id IN ", GroupableRow::columns());
    let held = Statement::new(sql).and_list(ids.iter().copied().chain([ComplaintId(0)]));
    let held = held.and(" ORDER BY id").and(engine.for_update());
    let mut rows = Vec::new();
    let mut headed = HashMap::new();
    for row in held.each::<GroupableRow>(&mut *tx).await? {
        let Some(GroupableRow { id, facts }) = readable(row)? else { continue };
        let of = Headed::of(id, &facts.0);
        rows.push(of.facts(&facts.0));
        headed.insert(id, of);
    }
    for mail in mails_of(&mut *tx, ids).await? {
        let of = headed.get(&mail.complaint_id);
        rows.extend(of.map(|of| of.mail(mail.id, &mail.sender, &mail.subject, &mail.body)));
    }
    for n in letters_of(tx, ids).await? {
        let of = headed.get(&n.complaint_id);
        rows.extend(of.map(|of| of.letter(&n.id, n.version, n.ordinal, &n.subject, &n.body)));
    }
    for ((complaint, version), texts) in notes_of(&mut *tx, ids).await? {
        rows.extend(headed.get(&complaint).and_then(|of| of.note(version, &texts)));
    }
    write(tx, rows).await
}
