//! `Importing`: an earlier register becomes complaints that stand where the procedure says. Nothing is sent, no term runs, and
//! what holds at that moment is taken for fired, as by publishing with `--adopt`. Rows go in batches, each a transaction.

use super::import_fates::{Before, Fate, ImportTold, by_email, found, in_register, written};
use super::prepare::{Job, Prepared};
use super::{Workflow, WorkflowError};
use crate::complaint::{Case, ComplaintId, Fault, Via};
use crate::importing::{Line, Mapping, MappingMistake, Opened, Register, Row, Understood, Unreadable, open};
use crate::rules::{ImportDeclaration, Input, Trigger};
use crate::store::{Commit, Import, ImportedRow, RowKeys, StoreError};
use serde_json::json;
use std::collections::HashSet;
use std::ops::ControlFlow;
use std::path::Path;
use std::sync::Arc;
use tokio::sync::mpsc;

/// The rows of one transaction.
const BATCH: usize = 500;
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

impl ImportSummary {
    fn count(&mut self, told: &ImportTold) {
        match told.fate {
            Fate::Imported(_) => {
                self.imported += 1;
                self.handled += u64::from(told.row.as_ref().is_some_and(|row| row.is_handled));
            }
            Fate::Duplicate { .. } => self.duplicates += 1,
            Fate::Refused(_) => self.refused += 1,
        }
    }
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

/// How a file is gone through.
#[derive(Clone, Copy)]
struct Course<'c> {
    understood: &'c Arc<Understood>,
    by: &'c str,
    via: Via,
    /// The import to which its rows belong; none where they are only looked at.
    import: Option<&'c Import>,
}

/// The rows of one transaction, before it.
struct Batch {
    rows: Vec<ImportTold>,
    /// The decisions on those that become complaints, in their order, and what failed in each.
    decided: Vec<(Commit, Vec<Fault>)>,
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
        self.go_through(table, (by, Via::CommandLine), None, told).await
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
        let mut summary = self.go_through(table, (by, via), Some(&import), told).await?;
        store.imports().finish(import.id, self.0.now().await?).await?;
        self.0.wake();
        summary.id = Some(import.id);
        Ok(summary)
    }

    async fn go_through(
        self,
        table: &ReadTable,
        (by, via): (&str, Via),
        import: Option<&Import>,
        told: &mut (dyn FnMut(ImportTold) + Send),
    ) -> Result<ImportSummary, ImportError> {
        let understood = Arc::new(table.understood.clone()?);
        let course = Course { understood: &understood, by, via, import };
        // Who only looks waits for no import, which goes on as long as it decides and writes.
        let turns = if import.is_some() { &self.0.imports_written } else { &self.0.imports_read };
        let _one = turns.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        // A few batches wait to be decided on, and no more are read until they are: memory does not grow with the file.
        let (into, mut batches) = mpsc::channel::<Vec<Line>>(2);
        let opened = table.opened.clone();
        let reading = tokio::task::spawn_blocking(move || batched(&opened, &into));
        let (mut summary, mut before) = (ImportSummary::default(), Before::default());
        let mut next = self.next(course, &mut batches, &mut before).await?;
        while let Some(batch) = next {
            // The batch behind it is decided on while this one is written.
            let (taken, following) =
                tokio::join!(self.take_in(course, batch), self.next(course, &mut batches, &mut before));
            for row in taken? {
                summary.count(&row);
                told(row);
            }
            // Whoever hears of them goes no further while something is half written.
            tokio::task::yield_now().await;
            next = following?;
        }
        reading.await.map_err(|_| WorkflowError::Interrupted)??;
        Ok(summary)
    }

    /// Understands the rows that come next, finds what becomes of each, and decides on those that become complaints.
    async fn next(
        self,
        course: Course<'_>,
        batches: &mut mpsc::Receiver<Vec<Line>>,
        before: &mut Before,
    ) -> Result<Option<Batch>, ImportError> {
        let Some(lines) = batches.recv().await else { return Ok(None) };
        let mut rows = self.understand(course, lines).await?;
        if course.import.is_some() {
            // What was stored is found in the store; what is just being written is not yet.
            before.keep_last();
        }
        self.compare(&mut rows, before).await?;
        let decided = self.decide(course, &rows).await?;
        Ok(Some(Batch { rows, decided }))
    }

    async fn understand(self, course: Course<'_>, lines: Vec<Line>) -> Result<Vec<ImportTold>, ImportError> {
        let now = self.0.now().await?;
        let (published, settings) = (self.0.published(), self.0.settings());
        let (understood, by) = (Arc::clone(course.understood), course.by.to_owned());
        let work = tokio::task::spawn_blocking(move || {
            let (calendar, people) = (&settings.calendar, &settings.people);
            let today = calendar.day_of(now).unwrap_or_default();
            let procedure = published.ruleset.procedure();
            let register = Register { procedure, people, calendar, today, now, by: &by };
            let told = |line: &Line| match register.understand(&understood, line) {
                Ok(row) => {
                    ImportTold { line: line.number, fate: Fate::Imported(None), row: Some(Box::new(row)) }
                }
                Err(troubles) => ImportTold { line: line.number, fate: Fate::Refused(troubles), row: None },
            };
            lines.iter().map(told).collect()
        });
        Ok(work.await.map_err(|_| WorkflowError::Interrupted)?)
    }

    /// Finds those that are there among rows that would become complaints, and those that stand before in the file.
    async fn compare(self, rows: &mut [ImportTold], before: &mut Before) -> Result<(), ImportError> {
        let imports = self.0.store.imports();
        let new: Vec<&mut ImportTold> = rows.iter_mut().filter(|row| row.is_new()).collect();
        let facts: Vec<&Row> = new.iter().filter_map(|told| told.row.as_deref()).collect();
        let keys: Vec<RowKeys> = facts.iter().map(|row| written(&row.keys)).collect();
        let emails = facts.iter().map(|row| row.complaint.complainant.email.as_str());
        let emails: HashSet<&str> = emails.filter(|email| !email.is_empty()).collect();
        let registered = by_email(imports.registered_of(&emails.into_iter().collect::<Vec<_>>()).await?);
        for (told, same) in new.into_iter().zip(imports.known(&keys).await?) {
            let Some(row) = told.row.as_deref() else { continue };
            let fate = before.find(row).or_else(|| same.map(found));
            match fate.or_else(|| in_register(row, &registered)) {
                Some(fate) => told.fate = fate,
                None => before.note(row),
            }
        }
        Ok(())
    }

    /// Decides on the rows that become complaints.
    async fn decide(
        self,
        course: Course<'_>,
        rows: &[ImportTold],
    ) -> Result<Vec<(Commit, Vec<Fault>)>, ImportError> {
        let Some(import) = course.import else { return Ok(Vec::new()) };
        let now = self.0.now().await?;
        let new = rows.iter().filter(|row| row.is_new()).filter_map(|told| told.row.as_deref());
        let jobs = new.enumerate().map(|(at, row)| {
            // Below every id that is given: which it is, the transaction says.
            let mut case = Case::new(ComplaintId(-1 - at as i64), row.complaint.clone());
            case.decided_at = now;
            let from = json!({"import": import.id, "file": import.file_sha256, "row": row.line});
            let trigger = Trigger::Imported { by: course.by.to_owned(), via: course.via, from };
            Job::of(Input { adopt_at: Some(now), ..Input::new(case, trigger, now) })
        });
        let mut decided = Vec::new();
        for (_, prepared) in self.0.prepare_all(&self.0.renderer(), jobs.collect()).await? {
            let Prepared::Commit(commit, faults) = prepared else {
                return Err(WorkflowError::Cancelled.into());
            };
            let mut commit = *commit;
            // Whoever subscribes to events hears of none: they are of the past.
            (commit.deliveries, commit.concerns) = (Vec::new(), Vec::new());
            decided.push((commit, faults));
        }
        // Those that needed other complaints were decided on last.
        decided.sort_by_key(|(commit, _)| std::cmp::Reverse(commit.case.id));
        Ok(decided)
    }

    /// Stores what becomes of a batch; what somebody else stored meanwhile is compared with and decided on anew.
    async fn take_in(self, course: Course<'_>, mut batch: Batch) -> Result<Vec<ImportTold>, ImportError> {
        let Some(import) = course.import else { return Ok(batch.rows) };
        for _ in 0..ATTEMPTS {
            if self.store(import, &mut batch).await? {
                return Ok(batch.rows);
            }
            self.compare(&mut batch.rows, &mut Before::default()).await?;
            batch.decided = self.decide(course, &batch.rows).await?;
        }
        Err(ImportError::Contended)
    }

    /// Stores those that become complaints; false where one of them was stored meanwhile.
    async fn store(self, import: &Import, batch: &mut Batch) -> Result<bool, ImportError> {
        if batch.decided.is_empty() {
            return Ok(true);
        }
        let now = self.0.now().await?;
        let (mut stored, mut faults) = (Vec::new(), Vec::new());
        let new = batch.rows.iter().filter(|row| row.is_new()).filter_map(|told| told.row.as_deref());
        for (row, (commit, of)) in new.zip(std::mem::take(&mut batch.decided)) {
            faults.push(of);
            stored.push(ImportedRow { line: row.line, keys: written(&row.keys), commit });
        }
        let store = self.0.store.in_background();
        let Some(committed) = store.imports().store(import.id, stored, now).await? else { return Ok(false) };
        // Ids were given in the order of the rows.
        let ids = committed.numbers.keys().map(|id| Some(*id)).zip(faults);
        let faults = ids.flat_map(|(id, of)| of.into_iter().map(move |fault| (id, fault)));
        self.0.tell_faults(faults.collect()).await?;
        let mut numbers = committed.numbers.into_values();
        for row in batch.rows.iter_mut().filter(|row| row.is_new()) {
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
