//! Groups of complaints: loading them by what they share, finding who is in them, keeping their rows.

use super::cases::Cases;
use super::database::Database;
use super::error::{StoreError, readable};
use super::row::Row;
use super::sets::{Conflict, ROWS, insert};
use super::statement::{Statement, Tx};
use super::tables::complaints::{ComplaintKey, waking};
use super::tables::group_keys::{GroupKeyRow, GroupableRow, GroupedRow, MemberRow, digest};
use super::tables::meta::Meta;
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, ComplaintId, Group, GroupKey, Member, Received};
use std::collections::{BTreeSet, HashMap, HashSet};
use std::sync::Arc;

/// The groups that one statement loads.
const GROUPS: usize = 100;

impl Cases {
    /// Loads the newest of each group, and one more than a decision may see. A group of which one cannot be read is
    /// left out: a decision that does not see it would be another decision.
    pub async fn groups(&self, keys: &[GroupKey]) -> Result<HashMap<GroupKey, Group>, StoreError> {
        let mut found: HashMap<String, Vec<Arc<Member>>> = HashMap::new();
        let mut is_whole = true;
        for set in keys.chunks(GROUPS) {
            for row in newest(set).each::<MemberRow>(&self.0.reader).await? {
                match readable(row)? {
                    Some(row) => found.entry(row.digest.clone()).or_default().push(Arc::new(row.into())),
                    None => is_whole = false,
                }
            }
        }
        if !is_whole {
            return Ok(HashMap::new());
        }
        let mut group = |key: &GroupKey| Group::of(found.remove(&digest(key)).unwrap_or_default());
        let keys: BTreeSet<&GroupKey> = keys.iter().collect();
        Ok(keys.into_iter().map(|key| (key.clone(), group(key))).collect())
    }

    /// Returns who is in these groups: (who, which).
    pub async fn grouped(&self, keys: &[GroupKey]) -> Result<Vec<(ComplaintId, GroupKey)>, StoreError> {
        let by_digest: HashMap<String, &GroupKey> = keys.iter().map(|key| (digest(key), key)).collect();
        let mut found = Vec::new();
        for set in keys.chunks(ROWS) {
            let sql = format!("SELECT {} FROM group_keys WHERE digest IN ", GroupedRow::columns());
            let these = Statement::new(sql).and_list(set.iter().map(digest));
            for row in these.all::<GroupedRow>(&self.0.reader).await? {
                found.extend(by_digest.get(&row.digest).map(|key| (row.complaint_id, (*key).clone())));
            }
        }
        Ok(found)
    }

    /// Loads the complaints received from one day to another, newest first, and one more than a schedule may see.
    /// What cannot be read is left out.
    pub async fn received(&self, from: Date, to: Date) -> Result<Arc<[Received]>, StoreError> {
        let sql = format!(
            "SELECT {} FROM complaints WHERE received_on >= $1 AND received_on <= $2 AND evaluated_under <> '' \
             ORDER BY received_on DESC, received_at DESC, id DESC LIMIT $3",
            GroupableRow::columns()
        );
        let these = Statement::new(sql).with(from).with(to).with(Received::MOST + 1);
        let mut found = Vec::new();
        for row in these.each::<GroupableRow>(&self.0.reader).await? {
            if let Some(GroupableRow { id, facts }) = readable(row)? {
                let (member, groups) = (Arc::new(Member::of(id, &facts.0)), GroupKey::all(&facts.0));
                found.push(Received { member, groups });
            }
        }
        Ok(found.into())
    }
}

/// Returns the statement that finds the newest of some groups, each by a range of the index.
fn newest(keys: &[GroupKey]) -> Statement {
    let mut all = Statement::new("");
    for (n, key) in keys.iter().enumerate() {
        let union = if n == 0 { "" } else { " UNION ALL " };
        all = all.and(&format!(
            "{union}SELECT g.digest, c.id, c.number, c.intake_id, c.state, c.received_at, c.decided_on, c.facts FROM \
             (SELECT complaint_id, digest FROM group_keys WHERE digest = ${} \
             ORDER BY received_at DESC, complaint_id DESC LIMIT {}) g JOIN complaints c ON c.id = g.complaint_id",
            n + 1,
            Group::MOST + 1
        ));
        all = all.with(digest(key));
    }
    all
}

/// A complaint whose groups are to be written.
pub(super) type Regrouped<'c> = (ComplaintId, &'c Complaint);

/// Writes the rows of complaints that may be in other groups than before.
pub(super) async fn regroup(tx: &mut Tx, complaints: &[Regrouped<'_>]) -> Result<(), StoreError> {
    for set in complaints.chunks(ROWS) {
        let old =
            Statement::new("DELETE FROM group_keys WHERE complaint_id IN ").and_list(set.iter().map(|c| c.0));
        old.run(tx).await?;
        let rows = set.iter().flat_map(|(id, complaint)| GroupKeyRow::of(*id, complaint));
        insert(tx, rows.collect(), Conflict::Fails).await?;
    }
    Ok(())
}

/// Wakes the live complaints of groups. `but` is the only
/// complaint that was decided about, where there is only one and it has joined none: it has seen itself.
pub(super) async fn wake(
    tx: &mut Tx,
    groups: &HashSet<&GroupKey>,
    at: Moment,
    but: Option<ComplaintId>,
) -> Result<(), StoreError> {
    let groups: Vec<&&GroupKey> = groups.iter().collect();
    for set in groups.chunks(ROWS) {
        waking(at)
            .and("is_live = 1 AND id <> $2 AND id IN (SELECT complaint_id FROM group_keys WHERE digest IN ")
            .with(but.unwrap_or(ComplaintId(0)))
            .and_list(set.iter().map(|key| digest(key)))
            .and(")")
            .run(tx)
            .await?;
    }
    Ok(())
}

/// Gives the complaints from before groups were kept their rows; once.
pub(super) async fn fill(database: &Database) -> Result<(), StoreError> {
    if Meta::GroupsKept.read::<i64>(&database.reader).await?.is_some() {
        return Ok(());
    }
    let mut after = ComplaintId(0);
    loop {
        let ids = "FROM complaints WHERE evaluated_under <> '' AND id > $1 ORDER BY id LIMIT $2";
        let ids = Statement::select::<ComplaintKey>(ids).with(after).with(ROWS);
        let ids: Vec<ComplaintKey> = ids.all(&database.reader).await?;
        let Some(last) = ids.last().map(|row| row.id) else { break };
        let sql = format!("SELECT {} FROM complaints WHERE id IN ", GroupableRow::columns());
        let these = Statement::new(sql).and_list(ids.iter().map(|row| row.id));
        let mut rows = Vec::new();
        for row in these.each::<GroupableRow>(&database.reader).await? {
            if let Some(GroupableRow { id, facts }) = readable(row)? {
                rows.extend(GroupKeyRow::of(id, &facts.0));
            }
        }
        let mut tx = database.begin().await?;
        // What was written meanwhile is newer.
        insert(&mut tx, rows, Conflict::Keeps("complaint_id, field")).await?;
        tx.commit().await?;
        after = last;
    }
    let mut tx = database.begin().await?;
    Meta::GroupsKept.write(&mut tx, 1).await?;
    Ok(tx.commit().await?)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::complaint::GroupBy;
    use crate::store::Store;
    use sqlx::Row as _;

    /// Neither loading groups nor waking them looks at more than what is in them.
    #[tokio::test]
    async fn groups_are_found_by_their_index() {
        let folder = tempfile::tempdir().expect("a folder");
        let store = Store::of_file(&folder.path().join("t.db")).await;
        let keys: Vec<GroupKey> =
            ["a@x.nl", "b@x.nl"].map(|value| GroupKey { by: GroupBy::About, value: value.to_owned() }).into();
        let sql = format!("EXPLAIN QUERY PLAN {}", newest(&keys).sql());
        let mut query = sqlx::query(&sql);
        for key in &keys {
            query = query.bind(digest(key));
        }
        let steps: Vec<String> = query
            .fetch_all(&store.0.reader)
            .await
            .expect("explains")
            .iter()
            .map(|row| row.get("detail"))
            .collect();
        let by_index = steps.iter().filter(|s| s.contains("group_keys_newest")).count();
        assert_eq!(by_index, keys.len(), "{steps:?}");
        assert!(!steps.iter().any(|s| s.contains("SCAN complaints") || s.contains("SCAN c ")), "{steps:?}");
        assert!(!steps.iter().any(|s| s.contains("TEMP B-TREE FOR ORDER BY")), "{steps:?}");
    }
}
