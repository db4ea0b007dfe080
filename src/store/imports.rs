//! `Imports`: imports of earlier registers. A row is stored with the complaint that it becomes, so that an import that was
//! ended anywhere goes on without doing anything twice.

use super::batch::{Commit, Committed};
use super::cases::Cases;
use super::database::Database;
use super::error::StoreError;
use super::row::{Row, view};
use super::search::OpeningTexts;
use super::sets::{Conflict, ROWS, insert};
use super::statement::Statement;
use super::tables::counters::{Counter, raise, raise_all};
use super::tables::import_rows::{ImportRow, KnownRow};
use super::tables::imports::{Import, RegisteredRow};
use crate::calendar::{Date, Moment};
use crate::complaint::{ComplaintId, EventKind, IntakeId, LinkKind};
use chrono::Datelike;
use std::collections::{HashMap, HashSet};

/// The handle of imports.
#[derive(Clone, Debug)]
pub struct Imports(pub(super) Database);

/// By what a row is known again, as it is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RowKeys {
    /// Everything that it says.
    pub row: String,
    /// Its number in the earlier register.
    pub number: Option<String>,
    /// Who complained, when, and of what.
    pub case: Option<String>,
}

/// A row and the decision that it comes to, whose complaint has no id yet.
#[derive(Debug)]
pub struct ImportedRow {
    /// Its number in the file.
    pub line: u64,
    /// By what it is known again.
    pub keys: RowKeys,
    /// The decision.
    pub commit: Commit,
}

/// What a row is the same as.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SameAs {
    /// The complaint that is there, by its number.
    pub reference: String,
    /// By what.
    pub by: SameBy,
}

/// By what a row is the same as another.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum SameBy {
    /// It is the same row.
    Row,
    /// It has the same number in the earlier register.
    Number,
    /// The same person complained of the same on the same day.
    Case,
}

/// A complaint of the register with an address, as rows are compared with it.
#[derive(Clone, Debug)]
pub struct Registered {
    /// Its number or intake id.
    pub reference: String,
    /// The complainant's address.
    pub email: String,
    /// The day on which it was received.
    pub received_on: Date,
    /// What it is about.
    pub subject: String,
}

view! {
    /// A complaint to which something happened.
    struct TouchedRow in "events" as "event" ("seq") {
        complaint_id: Option<ComplaintId>,
    }
}

view! {
    struct OfImport in "import_rows" as "row" ("complaint_id") {
        complaint_id: ComplaintId,
    }
}

impl Imports {
    /// Begins the import of a file, or goes on with the one of the same file that was not finished.
    pub async fn begin(&self, file: &str, by: &str, now: Moment) -> Result<Import, StoreError> {
        let mut tx = self.0.begin().await?;
        let open = "FROM imports WHERE file_sha256 = $1 AND finished_at IS NULL ORDER BY id LIMIT 1";
        let open = Statement::select::<Import>(open).with(file);
        if let Some(import) = open.first(&mut tx).await? {
            return Ok(import);
        }
        let import = Import {
            id: raise(&mut tx, Counter::Import, 1).await?,
            file_sha256: file.to_owned(),
            begun_at: now,
            begun_by: by.to_owned(),
            finished_at: None,
            undone_at: None,
            undone_by: None,
        };
        insert(&mut tx, vec![import.clone()], Conflict::Fails).await?;
        self.0.finish(tx).await?;
        Ok(import)
    }

    /// Records that the whole file was gone through.
    pub async fn finish(&self, id: i64, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let done = Statement::new("UPDATE imports SET finished_at = $1 WHERE id = $2");
        done.with(now).with(id).run(&mut tx).await?;
        self.0.finish(tx).await
    }

    /// Returns an import; none where there is none.
    pub async fn find(&self, id: i64) -> Result<Option<Import>, StoreError> {
        Statement::select::<Import>("FROM imports WHERE id = $1").with(id).first(&self.0.reader).await
    }

    /// Returns the newest imports, at most `limit`, each with how many of its complaints stand.
    pub async fn newest(&self, limit: usize) -> Result<Vec<(Import, i64)>, StoreError> {
        let newest = Statement::select::<Import>("FROM imports ORDER BY id DESC LIMIT $1").with(limit);
        let mut found = Vec::new();
        for import in newest.all::<Import>(&self.0.reader).await? {
            let rows = Statement::counting("import_rows WHERE import_id = $1").with(import.id);
            let rows = rows.count(&self.0.reader).await?;
            found.push((import, rows));
        }
        Ok(found)
    }

    /// Returns what rows are known by as it is written: digests under the key of the trail, from which nothing can be told.
    fn sealed(&self, keys: &RowKeys) -> RowKeys {
        let seal = |kind: &str, text: &String| self.0.key.sign(&["import", kind, text]);
        RowKeys {
            row: seal("row", &keys.row),
            number: keys.number.as_ref().map(|text| seal("number", text)),
            case: keys.case.as_ref().map(|text| seal("case", text)),
        }
    }

    /// Says of rows, in their order, which are there already.
    pub async fn known(&self, rows: &[RowKeys]) -> Result<Vec<Option<SameAs>>, StoreError> {
        let sealed: Vec<RowKeys> = rows.iter().map(|keys| self.sealed(keys)).collect();
        let mut by_row: HashMap<String, String> = HashMap::new();
        let (mut by_number, mut by_case) = (by_row.clone(), by_row.clone());
        let rows_of: Vec<&String> = sealed.iter().map(|keys| &keys.row).collect();
        let numbers: Vec<&String> = sealed.iter().filter_map(|keys| keys.number.as_ref()).collect();
        let cases: Vec<&String> = sealed.iter().filter_map(|keys| keys.case.as_ref()).collect();
        for (column, wanted) in [("row_key", rows_of), ("number_key", numbers), ("case_key", cases)] {
            for set in wanted.chunks(ROWS) {
                let sql = format!(
                    "SELECT r.complaint_id, r.row_key, r.number_key, r.case_key, c.number FROM import_rows r \
                     JOIN complaints c ON c.id = r.complaint_id WHERE r.{column} IN "
                );
                debug_assert!(KnownRow::COLUMNS.contains(&"number"));
                let found = Statement::new(sql).and_list(set.iter().copied());
                for row in found.all::<KnownRow>(&self.0.reader).await? {
                    let reference = row.number.map(|n| n.to_string()).unwrap_or_default();
                    by_row.insert(row.row_key, reference.clone());
                    by_number.extend(row.number_key.map(|key| (key, reference.clone())));
                    by_case.extend(row.case_key.map(|key| (key, reference)));
                }
            }
        }
        let same = |keys: &RowKeys| {
            let found = by_row.get(&keys.row).map(|r| (r, SameBy::Row));
            let found = found.or_else(|| Some((by_number.get(keys.number.as_ref()?)?, SameBy::Number)));
            let found = found.or_else(|| Some((by_case.get(keys.case.as_ref()?)?, SameBy::Case)));
            found.map(|(reference, by)| SameAs { reference: reference.clone(), by })
        };
        Ok(sealed.iter().map(same).collect())
    }

    /// Returns what the register has of these addresses.
    pub async fn registered_of(&self, emails: &[&str]) -> Result<Vec<Registered>, StoreError> {
        let mut found = Vec::new();
        for set in emails.chunks(ROWS) {
            let of = Statement::select::<RegisteredRow>("FROM complaints WHERE complainant_email IN ");
            let of = of.and_list(set.iter().copied());
            found.extend(of.all::<RegisteredRow>(&self.0.reader).await?.into_iter().map(|row| Registered {
                reference: row.number.map_or(row.intake_id, |number| number.to_string()),
                email: row.complainant_email,
                received_on: row.received_on,
                subject: row.subject,
            }));
        }
        Ok(found)
    }

    /// Stores rows with the complaints that they become, in one transaction. None, with nothing stored, when one of them was
    /// stored meanwhile.
    pub async fn store(
        &self,
        import: i64,
        rows: Vec<ImportedRow>,
        now: Moment,
    ) -> Result<Option<Committed>, StoreError> {
        let day = self.0.calendar.day_of(now);
        let year = day.map_err(|e| StoreError::unwritable("complaints", "intake_id", e))?.year();
        let mut tx = self.0.begin().await?;
        let counters = [(Counter::Complaint, rows.len()), (Counter::Intake(year), rows.len())];
        let [mut ids, mut intake] = raise_all(&mut tx, counters).await?;
        let (mut commits, mut kept) = (Vec::new(), Vec::new());
        for row in rows {
            let mut commit = row.commit;
            commit.case.id = ComplaintId(ids.take());
            commit.case.complaint.intake_id = IntakeId::new(year, intake.take());
            let keys = self.sealed(&row.keys);
            kept.push(ImportRow {
                complaint_id: commit.case.id,
                import_id: import,
                line: i64::try_from(row.line).unwrap_or(i64::MAX),
                row_key: keys.row,
                number_key: keys.number,
                case_key: keys.case,
            });
            commits.push(commit);
        }
        let count = kept.len() as u64;
        let cases = Cases(self.0.clone());
        // Nothing came by mail.
        let batch = cases.ready(commits, &OpeningTexts::default())?;
        let committed = cases.write_new(&mut tx, batch).await?;
        if insert(&mut tx, kept, Conflict::Keeps("row_key")).await? < count {
            return Ok(None);
        }
        self.0.finish(tx).await?;
        Ok(Some(committed))
    }

    /// Returns the complaints of an import after one of them, in their order, at most `limit`.
    pub async fn complaints(
        &self,
        import: i64,
        after: ComplaintId,
        limit: usize,
    ) -> Result<Vec<ComplaintId>, StoreError> {
        let of = "FROM import_rows WHERE import_id = $1 AND complaint_id > $2 ORDER BY complaint_id LIMIT $3";
        let of = Statement::select::<OfImport>(of).with(import).with(after).with(limit);
        Ok(of.all::<OfImport>(&self.0.reader).await?.into_iter().map(|row| row.complaint_id).collect())
    }

    /// Returns those of these complaints to which something has happened since they were imported, or for which something
    /// waits.
    pub async fn touched(&self, ids: &[ComplaintId]) -> Result<HashSet<ComplaintId>, StoreError> {
        let mut touched = HashSet::new();
        for set in ids.chunks(ROWS) {
            // Rules that held and were taken for fired are nothing that happened.
            let events = "FROM events WHERE version > 1 AND kind <> $1 AND complaint_id IN ";
            let events = Statement::select::<TouchedRow>(events).with(EventKind::Adopted.as_str());
            let events = events.and_list(set.iter().copied());
            let found: Vec<TouchedRow> = events.all(&self.0.reader).await?;
            touched.extend(found.into_iter().filter_map(|row| row.complaint_id));
            for table in ["triggers", "mails"] {
                let sql = format!("SELECT DISTINCT complaint_id FROM {table} WHERE complaint_id IN ");
                let waiting = Statement::new(sql).and_list(set.iter().copied());
                let found: Vec<i64> = waiting.values("complaint_id", &self.0.reader).await?;
                touched.extend(found.into_iter().map(ComplaintId));
            }
            // Another complaint that was merged into it, or belongs to it, would be left without.
            let joined = "SELECT DISTINCT other_id FROM links WHERE kind <> $1 AND other_id IN ";
            let joined =
                Statement::new(joined).with(LinkKind::Candidate.as_str()).and_list(set.iter().copied());
            let found: Vec<i64> = joined.values("other_id", &self.0.reader).await?;
            touched.extend(found.into_iter().map(ComplaintId));
        }
        Ok(touched)
    }

    /// Writes the decisions by which complaints of an import are undone, and lets their rows go, so that they may be imported
    /// again.
    pub async fn undo(
        &self,
        import: i64,
        by: &str,
        commits: Vec<Commit>,
        now: Moment,
    ) -> Result<HashSet<ComplaintId>, StoreError> {
        let cases = Cases(self.0.clone());
        let mut batch = cases.ready(commits, &OpeningTexts::default())?;
        let mut tx = self.0.begin().await?;
        let committed = cases.write_in(&mut tx, &mut batch).await?;
        let written: Vec<ComplaintId> = committed.written.iter().copied().collect();
        for set in written.chunks(ROWS) {
            let gone = Statement::new("DELETE FROM import_rows WHERE complaint_id IN ");
            gone.and_list(set.iter().copied()).run(&mut tx).await?;
        }
        let undone = "UPDATE imports SET undone_at = $1, undone_by = $2 WHERE id = $3";
        Statement::new(undone).with(now).with(by).with(import).run(&mut tx).await?;
        self.0.finish(tx).await?;
        Ok(committed.written)
    }
}
