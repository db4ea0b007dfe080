//! `Importing`: an earlier register becomes complaints that stand where the procedure says. Nothing is sent, no term runs, and
//! what holds at that moment is taken for fired, as by publishing with `--adopt`. Rows go in batches, each a transaction.

use super::import_fates::{Fate, ImportTold, found, in_file, in_register, marks, written};
use super::prepare::{Job, Prepared};
use super::{Workflow, WorkflowError};
use crate::complaint::{Case, ComplaintId, Via};
use crate::importing::{
    CellTrouble, Line, Mapping, MappingMistake, Opened, Register, Row, Understood, Unreadable, open,
};
use crate::rules::{ImportDeclaration, Input, Trigger};
use crate::store::{Import, ImportedRow, RowKeys, StoreError};
use serde_json::json;
use std::collections::{HashMap, HashSet};
use std::ops::ControlFlow;
use std::path::Path;
use tokio::sync::mpsc;

/// The rows of one transaction.
const BATCH: usize = 200;
/// The bytes of cells above which a transaction holds no further row.
const BATCH_BYTES: usize = 4 << 20;
/// How often a batch is compared anew with what somebody else imported meanwhile.
const ATTEMPTS: usize = 5;

/// Importing earlier registers, and undoing that.
#[derive(Clone, Copy, Debug)]
pub struct Importing<'w>(&'w Workflow);

/// A reason why nothing is imported, or no more.
#[derive(Debug, thiserror::Error)]
pub enum ImportError {
    /// The procedure does not say who imports, and where complaints then stand.
    #[error("the procedure says nothing of imports\n  help: declare [imports] in procedure.toml")]
    Undeclared,
    /// Somebody else imports.
    #[error("{by} may not import; who has the role {role} may")]
    NotAllowed {
        /// The address of who asked.
        by: String,
        /// The role that may.
        role: String,
    },
    /// The file cannot be read.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The mapping cannot be followed.
    #[error(transparent)]
    Mapping(#[from] MappingMistake),
    /// There is no such import.
    #[error("there is no import {0}")]
    Unknown(i64),
    /// The state to which an undone one comes keeps names and texts.
    #[error(
        "the state {0} keeps names and texts\n  help: declare `forgets = true` for it in procedure.toml, or another `undone` in [imports]"
    )]
    Keeps(String),
    /// Somebody else imports the same rows again and again.
    #[error("somebody else is importing the same rows; try again when that is done")]
    Contended,
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for ImportError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

/// What an import came to, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ImportSummary {
    /// The import; none where nothing was imported.
    pub id: Option<i64>,
    /// The rows that are complaints now, or would be.
    pub imported: u64,
    /// How many of those were handled.
    pub handled: u64,
    /// The rows that were there.
    pub duplicates: u64,
    /// The rows that are refused.
    pub refused: u64,
}

/// A file as it is understood.
#[derive(Clone, Debug)]
pub struct ReadTable {
    /// The file.
    pub opened: Opened,
    /// Its columns.
    pub understood: Result<Understood, MappingMistake>,
}

/// What undoing an import came to, or would.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Undoing {
    /// How many complaints are undone.
    pub undone: u64,
    /// Those that stay, because something was done with them.
    pub stay: Vec<String>,
}

/// Whether rows become complaints.
enum Mode<'m> {
    /// They are only looked at; what rows before them are known by.
    Try(HashMap<u64, u64>),
    Import(&'m Import),
}

impl Workflow {
    /// Returns the handle of imports.
    pub fn importing(&self) -> Importing<'_> {
        Importing(self)
    }

    /// Returns what the procedure says of imports.
    pub fn imports_declared(&self) -> Option<ImportDeclaration> {
        self.published().ruleset.procedure().imports.clone()
    }
}

impl<'w> Importing<'w> {
    /// Returns what importing works with.
    pub(super) fn workflow(self) -> &'w Workflow {
        self.0
    }

    /// Returns whether somebody may import: who has the role that the procedure names.
    pub fn may(self, email: &str) -> bool {
        let Some(declared) = self.0.imports_declared() else { return false };
        self.0.settings().people.find(email).is_some_and(|person| person.roles.contains(&declared.by))
    }

    fn allowed(self, by: &str) -> Result<ImportDeclaration, ImportError> {
        let declared = self.0.imports_declared().ok_or(ImportError::Undeclared)?;
        match self.may(by) {
            true => Ok(declared),
            false => Err(ImportError::NotAllowed { by: by.to_owned(), role: declared.by.to_string() }),
        }
    }

    /// Reads how a file is written, and understands its columns.
    pub async fn read(self, path: &Path, mapping: &Mapping) -> Result<ReadTable, ImportError> {
        let (path, mapping) = (path.to_owned(), mapping.clone());
        let published = self.0.published();
        let _one = self.0.imports_read.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        let work = tokio::task::spawn_blocking(move || {
            let opened = open(&path, mapping.sheet.as_deref())?;
            let understood = mapping.understand(&opened, &published.ruleset.procedure().extra);
            Ok::<_, Unreadable>(ReadTable { opened, understood })
        });
        Ok(work.await.map_err(|_| WorkflowError::Interrupted)??)
    }

    /// Says what would become of each row, and changes nothing. `told` hears of the rows in their order.
    pub async fn try_out(
        self,
        table: &ReadTable,
        by: &str,
        told: &mut (dyn FnMut(ImportTold) + Send),
    ) -> Result<ImportSummary, ImportError> {
        self.allowed(by)?;
        self.go_through(table, by, Via::CommandLine, Mode::Try(HashMap::new()), told).await
    }

    /// Imports the rows of a file. What an import of the same file that was ended did is not done again.
    pub async fn import(
        self,
        table: &ReadTable,
        by: &str,
        via: Via,
        told: &mut (dyn FnMut(ImportTold) + Send),
    ) -> Result<ImportSummary, ImportError> {
        self.allowed(by)?;
        table.understood.clone()?;
        let store = &self.0.store;
        let import = store.imports().begin(&table.opened.digest, by, self.0.now().await?).await?;
        let mut summary = self.go_through(table, by, via, Mode::Import(&import), told).await?;
        store.imports().finish(import.id, self.0.now().await?).await?;
        self.0.wake();
        summary.id = Some(import.id);
        Ok(summary)
    }

    async fn go_through(
        self,
        table: &ReadTable,
        by: &str,
        via: Via,
        mut mode: Mode<'_>,
        told: &mut (dyn FnMut(ImportTold) + Send),
    ) -> Result<ImportSummary, ImportError> {
        let understood = table.understood.clone()?;
        // Who only looks waits for no import, which goes on as long as it decides and writes.
        let turns = match mode {
            Mode::Try(_) => &self.0.imports_read,
            Mode::Import(_) => &self.0.imports_written,
        };
        let _one = turns.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        // A few batches wait to be decided on, and no more are read until they are: memory does not grow with the file.
        let (into, mut batches) = mpsc::channel::<Vec<Line>>(2);
        let opened = table.opened.clone();
        let reading = tokio::task::spawn_blocking(move || batched(&opened, &into));
        let mut summary = ImportSummary::default();
        while let Some(lines) = batches.recv().await {
            for row in self.batch(&understood, lines, by, via, &mut mode).await? {
                match &row.fate {
                    Fate::Imported(_) => summary.imported += 1,
                    Fate::Duplicate { .. } => summary.duplicates += 1,
                    Fate::Refused(_) => summary.refused += 1,
                }
                let is_handled = row.row.as_ref().is_some_and(|row| row.is_handled);
                summary.handled += u64::from(is_handled && matches!(row.fate, Fate::Imported(_)));
                told(row);
            }
        }
        reading.await.map_err(|_| WorkflowError::Interrupted)??;
        Ok(summary)
    }

    async fn batch(
        self,
        understood: &Understood,
        lines: Vec<Line>,
        by: &str,
        via: Via,
        mode: &mut Mode<'_>,
    ) -> Result<Vec<ImportTold>, ImportError> {
        let now = self.0.now().await?;
        let (published, settings) = (self.0.published(), self.0.settings());
        let calendar = &settings.calendar;
        let today = calendar.day_of(now).unwrap_or_default();
        let (procedure, people) = (published.ruleset.procedure(), &settings.people);
        let register = Register { procedure, people, calendar, today, now, by };
        let read = lines.iter().map(|line| (line.number, register.understand(understood, line)));
        let read: Vec<_> = read.collect();
        for _ in 0..ATTEMPTS {
            let mut rows = self.compared(&read, mode).await?;
            let Mode::Import(import) = mode else { return Ok(rows) };
            if self.take_in(import, by, via, &mut rows).await? {
                return Ok(rows);
            }
        }
        Err(ImportError::Contended)
    }

    /// Compares rows with what is there, and with those before them.
    async fn compared(
        self,
        read: &[(u64, Result<Row, Vec<CellTrouble>>)],
        mode: &mut Mode<'_>,
    ) -> Result<Vec<ImportTold>, ImportError> {
        let imports = self.0.store.imports();
        let rows: Vec<&Row> = read.iter().filter_map(|(_, row)| row.as_ref().ok()).collect();
        let keys: Vec<RowKeys> = rows.iter().map(|row| written(&row.keys)).collect();
        let mut known = imports.known(&keys).await?.into_iter();
        let emails: HashSet<&str> = rows
            .iter()
            .map(|row| row.complaint.complainant.email.as_str())
            .filter(|e| !e.is_empty())
            .collect();
        let registered = imports.registered_of(&emails.into_iter().collect::<Vec<_>>()).await?;
        let mut in_batch = HashMap::new();
        let before = match mode {
            Mode::Try(before) => before,
            Mode::Import(_) => &mut in_batch,
        };
        let fate = |(line, row): &(u64, Result<Row, Vec<CellTrouble>>)| {
            let row = match row {
                Ok(row) => row,
                Err(troubles) => {
                    return ImportTold { line: *line, fate: Fate::Refused(troubles.clone()), row: None };
                }
            };
            let same = known.next().flatten().map(found);
            let same = same.or_else(|| in_register(row, &registered));
            let fate = same.or_else(|| in_file(row, before)).unwrap_or(Fate::Imported(None));
            if fate == Fate::Imported(None) {
                before.extend(marks(&row.keys).map(|(_, mark)| (mark, row.line)));
            }
            ImportTold { line: *line, fate, row: Some(Box::new(row.clone())) }
        };
        Ok(read.iter().map(fate).collect())
    }

    /// Stores those that become complaints; false where one of them was stored meanwhile.
    async fn take_in(
        self,
        import: &Import,
        by: &str,
        via: Via,
        rows: &mut [ImportTold],
    ) -> Result<bool, ImportError> {
        let now = self.0.now().await?;
        let new: Vec<&Row> =
            rows.iter().filter(|r| r.fate == Fate::Imported(None)).filter_map(|r| r.row.as_deref()).collect();
        if new.is_empty() {
            return Ok(true);
        }
        let jobs = new.iter().enumerate().map(|(at, row)| {
            // Below every id that is given: which it is, the transaction says.
            let mut case = Case::new(ComplaintId(-1 - at as i64), row.complaint.clone());
            case.decided_at = now;
            let from = json!({"import": import.id, "file": import.file_sha256, "row": row.line});
            let trigger = Trigger::Imported { by: by.to_owned(), via, from };
            Job::of(Input { adopt_at: Some(now), ..Input::new(case, trigger, now) })
        });
        let prepared = self.0.prepare_all(&self.0.renderer(), jobs.collect()).await?;
        let (mut commits, mut faults) = (HashMap::new(), Vec::new());
        for (job, prepared) in prepared {
            let Prepared::Commit(commit, of) = prepared else { return Err(WorkflowError::Cancelled.into()) };
            faults.extend(of.into_iter().map(|fault| (job.input.case.id, fault)));
            let mut commit = *commit;
            // Whoever subscribes to events hears of none: they are of the past.
            (commit.deliveries, commit.concerns) = (Vec::new(), Vec::new());
            commits.insert(job.input.case.id, commit);
        }
        let mut stored = Vec::new();
        for (at, row) in new.iter().enumerate() {
            let Some(commit) = commits.remove(&ComplaintId(-1 - at as i64)) else {
                return Err(WorkflowError::Interrupted.into());
            };
            stored.push(ImportedRow { line: row.line, keys: written(&row.keys), commit });
        }
        let store = self.0.store.in_background();
        let Some(committed) = store.imports().store(import.id, stored, now).await? else { return Ok(false) };
        // Ids were given in the order of the rows.
        let ids: Vec<ComplaintId> = committed.numbers.keys().copied().collect();
        let id = |before: ComplaintId| ids.get(usize::try_from(-1 - before.0).ok()?).copied();
        self.0.tell_faults(faults.into_iter().map(|(before, fault)| (id(before), fault)).collect()).await?;
        let mut numbers = committed.numbers.into_values();
        for row in rows.iter_mut().filter(|row| row.fate == Fate::Imported(None)) {
            row.fate = Fate::Imported(numbers.next().map(|number| number.to_string()));
        }
        Ok(true)
    }

    /// Returns the newest imports, each with how many of its complaints stand.
    pub async fn newest(self, limit: usize) -> Result<Vec<(Import, i64)>, ImportError> {
        Ok(self.0.store.imports().newest(limit).await?)
    }

    /// Says which complaints of an import would be undone, or undoes them: all to which nothing has happened since.
    pub async fn undo(self, id: i64, by: &str, via: Via, really: Really) -> Result<Undoing, ImportError> {
        let declared = self.allowed(by)?;
        if !self.0.published().ruleset.procedure().forgets(&declared.undone) {
            return Err(ImportError::Keeps(declared.undone.to_string()));
        }
        let imports = self.0.store.imports();
        imports.find(id).await?.ok_or(ImportError::Unknown(id))?;
        let (mut after, mut undoing) = (ComplaintId(0), Undoing::default());
        loop {
            let ids = imports.complaints(id, after, BATCH).await?;
            let Some(last) = ids.last() else { return Ok(undoing) };
            after = *last;
            // Loaded first: what happens after that makes another version, and is not written over.
            let cases = self.0.store.cases().load(&ids).await?;
            let touched = imports.touched(&ids).await?;
            let (stay, go): (Vec<Case>, Vec<Case>) =
                cases.into_iter().partition(|case| touched.contains(&case.id));
            let reference = |case: &Case| case.complaint.reference().to_owned();
            undoing.stay.extend(stay.iter().map(reference));
            match really {
                Really::No => undoing.undone += go.len() as u64,
                Really::Yes => {
                    let gone = self.undo_these(id, go.clone(), by, via, &declared).await?;
                    undoing.undone += gone.len() as u64;
                    // Something happened to the others just now.
                    undoing.stay.extend(go.iter().filter(|case| !gone.contains(&case.id)).map(reference));
                }
            }
        }
    }

    async fn undo_these(
        self,
        import: i64,
        cases: Vec<Case>,
        by: &str,
        via: Via,
        declared: &ImportDeclaration,
    ) -> Result<HashSet<ComplaintId>, ImportError> {
        if cases.is_empty() {
            return Ok(HashSet::new());
        }
        let (now, published) = (self.0.now().await?, self.0.published());
        let jobs = cases.into_iter().map(|case| {
            let to = declared.undone.clone();
            let trigger = Trigger::ImportUndone { by: by.to_owned(), via, import, to };
            // A ruleset that came in force meanwhile has not been looked at: what holds under it is taken for fired as well.
            Job::of(Input { adopt_at: Some(now), ..published.input(case, trigger, now) })
        });
        let (mut commits, mut faults) = (Vec::new(), Vec::new());
        for (_, prepared) in self.0.prepare_all(&self.0.renderer(), jobs.collect()).await? {
            let Prepared::Commit(commit, of) = prepared else { return Err(WorkflowError::Cancelled.into()) };
            let mut commit = *commit;
            (commit.deliveries, commit.notifications) = (Vec::new(), Vec::new());
            faults.extend(of.into_iter().map(|fault| (Some(commit.case.id), fault)));
            commits.push(commit);
        }
        let undone = self.0.store.imports().undo(import, by, commits, now).await?;
        faults.retain(|(id, _)| id.is_some_and(|id| undone.contains(&id)));
        self.0.tell_faults(faults).await?;
        Ok(undone)
    }
}

/// Whether something is done, or only said.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Really {
    /// It is done.
    Yes,
    /// It is said what would be done.
    No,
}

/// Reads lines in batches; whoever no longer listens ends it.
fn batched(opened: &Opened, into: &mpsc::Sender<Vec<Line>>) -> Result<(), Unreadable> {
    let (mut batch, mut bytes) = (Vec::new(), 0);
    opened.lines(&mut |line| {
        bytes += line.bytes();
        batch.push(line);
        let is_more = batch.len() < BATCH && bytes < BATCH_BYTES;
        if !is_more {
            bytes = 0;
        }
        match is_more || into.blocking_send(std::mem::take(&mut batch)).is_ok() {
            true => ControlFlow::Continue(()),
            false => ControlFlow::Break(()),
        }
    })?;
    if !batch.is_empty() {
        // Nobody listens where the work has failed, which is told there.
        let _ = into.blocking_send(batch);
    }
    Ok(())
}
