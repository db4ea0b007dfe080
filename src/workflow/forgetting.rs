//! Forgetting: when a complaint has come to a state that forgets, everything that says who somebody is, or that somebody
//! wrote, is taken away after the commit, step by step (`store/forgetting/`). Whatever ends in between is gone on with by the
//! next tick; one complaint that cannot be forgotten holds up no other.

use super::forgetting_round::ForgettingRound;
use super::nameless::nameless;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, Recipient, State};
use crate::message::BuiltinMessage;
use crate::progress::Part;
use crate::store::{
    Forgetting, ForgettingStep, Forgettings, KeptFile, Ours, Remainder, Stopping, StoreError, Told,
};
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, PoisonError};

/// The complaints that are looked at in one tick, so that what is due is decided in between.
const COMPLAINTS: usize = 50;
/// The time after which it is tried again.
const RETRY_MILLIS: i64 = 60_000;

/// Where letters and mails are kept as files, which go with the complaint they are about.
pub trait KeptFiles: std::fmt::Debug + Send + Sync {
    /// Deletes files, wherever they may be kept; one that is not there is deleted. Returns those that are there and cannot be
    /// deleted, each with why.
    fn delete(&self, files: &[KeptFile]) -> Vec<(KeptFile, std::io::Error)>;
}

/// Nothing is kept as a file.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl KeptFiles for NoFiles {
    fn delete(&self, _: &[KeptFile]) -> Vec<(KeptFile, std::io::Error)> {
        Vec::new()
    }
}

/// How much is kept of a complaint that goes when it is forgotten.
#[derive(Clone, Copy, Debug, PartialEq, Eq, serde::Serialize)]
pub struct Holdings {
    /// The mails.
    pub mails: usize,
    /// Their attachments.
    pub attachments: usize,
    /// The messages about it.
    pub letters: usize,
    /// The events that hold something personal.
    pub notes: usize,
}

/// What becomes of one complaint in one round.
enum Went {
    /// Everything is emptied; what the database keeps of it is to be overwritten.
    Emptied,
    /// The same, but for files that cannot be deleted now.
    FilesLeft,
    /// Something is under way, and is waited for.
    Waits,
}

impl Workflow {
    /// Says where files are kept that go with the complaints they are about.
    #[must_use]
    pub fn keeping(mut self, files: Arc<dyn KeptFiles>) -> Self {
        self.kept = files;
        self
    }

    /// Takes away the names and texts of complaints that have come to a state that forgets, of some in one tick, and returns how
    /// many are forgotten now.
    pub(super) async fn forget(&self, stop: &AtomicBool) -> Result<usize, WorkflowError> {
        let forgettings = self.store.in_background().forgettings();
        let published = self.published();
        let states = published.ruleset.procedure().states.iter();
        let states: Vec<State> = states.filter(|(_, s)| s.forgets).map(|(state, _)| state.clone()).collect();
        forgettings.begin_in(&states).await?;
        let before = *self.forgetting.lock().unwrap_or_else(PoisonError::into_inner);
        let mut open = forgettings.open(before.after, COMPLAINTS).await?;
        let is_left = before.is_left && before.after > ComplaintId(0);
        // Where the round left something, the next one waits for its time.
        if open.is_empty() && before.after > ComplaintId(0) && !is_left {
            open = forgettings.open(ComplaintId(0), COMPLAINTS).await?;
        }
        let mut round = ForgettingRound { has_more: open.len() == COMPLAINTS, is_left, ..before };
        let (mut emptied, mut kept) = (Vec::new(), Vec::new());
        for one in &open {
            if stop.load(Ordering::Relaxed) {
                break;
            }
            round.after = one.complaint_id;
            match self.forget_one(&forgettings, one).await {
                Ok(Went::Emptied) => emptied.push(one.complaint_id),
                Ok(Went::FilesLeft) => {
                    // What the database keeps of it is overwritten once, though its files stay.
                    kept.extend((one.step <= ForgettingStep::Remains).then_some(one.complaint_id));
                    round.is_left = true;
                }
                Ok(Went::Waits) => round.is_left = true,
                Err(e) => {
                    round.is_left = true;
                    tracing::error!(
                        complaint = one.complaint_id.0,
                        step = one.step.as_str(),
                        "its names and texts cannot be taken away and it is tried again: {e}"
                    );
                }
            }
            self.progress.moved(&Part::Scheduler);
        }
        let finished = match emptied.is_empty() && kept.is_empty() {
            true => Ok(0),
            false => self.finish_forgetting(&emptied, &kept).await,
        };
        let done = finished.unwrap_or_else(|e| {
            tracing::error!("what the database keeps of names and texts is overwritten later: {e}");
            0
        });
        round.is_left |= done < emptied.len();
        Ok(self.passed(round, done))
    }

    /// Notes how far it is; what a tick leaves is gone on with at once, and what could not be done later.
    fn passed(&self, round: ForgettingRound, done: usize) -> usize {
        let round = match round.has_more {
            true => round,
            false => ForgettingRound { after: ComplaintId(0), ..round },
        };
        *self.forgetting.lock().unwrap_or_else(PoisonError::into_inner) = round;
        done
    }

    async fn forget_one(&self, forgettings: &Forgettings, one: &Forgetting) -> Result<Went, WorkflowError> {
        let id = one.complaint_id;
        let mut step = one.step;
        while step < ForgettingStep::Remains {
            match step {
                ForgettingStep::Outgoing => {
                    let published = self.published();
                    let (ruleset, of_the_whole) = (published.ruleset.hash(), told_of_the_whole());
                    let settings = self.settings();
                    let is_ours = |address: &str| settings.is_ours(address);
                    let (now, told) = (self.now().await?, told(&of_the_whole, Ours(&is_ours)));
                    if !forgettings.stop(id, &Stopping { ruleset, now, told, nameless: &nameless }).await? {
                        return Ok(Went::Waits);
                    }
                }
                ForgettingStep::Files => self.delete_files(forgettings, id).await?,
                _ => self.empty(forgettings, id, step).await?,
            }
            step = step.next();
        }
        match self.delete_left_files(forgettings, id).await? {
            0 => Ok(Went::Emptied),
            _ => Ok(Went::FilesLeft),
        }
    }

    /// Does one of the steps in the database.
    async fn empty(
        &self,
        forgettings: &Forgettings,
        id: ComplaintId,
        step: ForgettingStep,
    ) -> Result<(), WorkflowError> {
        let published = self.published();
        let procedure = published.ruleset.procedure();
        let (word, recipients) = (self.word_of_forgotten(), recipients(procedure.roles.keys()));
        let remainder = Remainder { word: &word, recipients: &recipients, now: self.now().await? };
        match step {
            ForgettingStep::Mails => while forgettings.empty_mails(id, remainder).await? {},
            ForgettingStep::Letters => forgettings.empty_messages(id, remainder).await?,
            ForgettingStep::Facts => {
                let stays = |c: &Complaint| {
                    c.forgotten(&word, |field, value| procedure.stays_forgotten(field, value))
                };
                let settings = self.settings();
                forgettings.forget_facts(id, &stays, Ours(&|address| settings.is_ours(address))).await?;
            }
            ForgettingStep::Search => {
                self.store.in_background().search().forget(&[id]).await?;
                forgettings.pass(id, step).await?;
            }
            ForgettingStep::Trail => {
                let hash = published.ruleset.hash();
                while forgettings.empty_events(id, hash, self.now().await?).await? {}
            }
            ForgettingStep::Outgoing
            | ForgettingStep::Files
            | ForgettingStep::Remains
            | ForgettingStep::LeftFiles
            | ForgettingStep::Done => {}
        }
        Ok(())
    }

    /// Deletes what was written of messages, and empties those that belong to no complaint, while it is known which they are.
    /// A file that cannot be deleted holds up nothing: it is tried again until it can be.
    async fn delete_files(&self, forgettings: &Forgettings, id: ComplaintId) -> Result<(), WorkflowError> {
        let of_the_whole = told_of_the_whole();
        let settings = self.settings();
        let is_ours = |address: &str| settings.is_ours(address);
        let told = told(&of_the_whole, Ours(&is_ours));
        let mut some = forgettings.told_files(id, told).await?;
        let mut after = String::new();
        loop {
            let left = self.delete_all(id, some).await?;
            forgettings.leave_files(id, &left).await?;
            some = forgettings.sent_files(id, &after).await?;
            let Some(KeptFile::Delivery(_, last)) = some.last() else { break };
            after.clone_from(last);
        }
        let published = self.published();
        let (word, recipients) =
            (self.word_of_forgotten(), recipients(published.ruleset.procedure().roles.keys()));
        let remainder = Remainder { word: &word, recipients: &recipients, now: self.now().await? };
        forgettings.empty_told(id, told, remainder).await?;
        Ok(forgettings.pass(id, ForgettingStep::Files).await?)
    }

    /// Deletes the files that were left, and the mails as they came in a Maildir; how many cannot be deleted now.
    async fn delete_left_files(
        &self,
        forgettings: &Forgettings,
        id: ComplaintId,
    ) -> Result<usize, WorkflowError> {
        let (mut after, mut left) = (None, 0);
        loop {
            let mut some = forgettings.left_files(id, after.as_ref()).await?;
            let Some(last) = some.last().cloned() else { return Ok(left) };
            after = Some(last);
            let stay = self.delete_all(id, some.clone()).await?;
            left += stay.len();
            some.retain(|file| !stay.contains(file));
            forgettings.files_gone(id, &some).await?;
        }
    }

    /// Deletes files of a complaint, and returns those that cannot be deleted now.
    async fn delete_all(
        &self,
        id: ComplaintId,
        files: Vec<KeptFile>,
    ) -> Result<Vec<KeptFile>, WorkflowError> {
        let kept = Arc::clone(&self.kept);
        let deleting = move || kept.delete(&files);
        let left = tokio::task::spawn_blocking(deleting).await.map_err(|_| WorkflowError::Interrupted)?;
        if let Some((_, why)) = left.first() {
            let files = left.len();
            tracing::error!(
                complaint = id.0,
                files,
                "files of what is forgotten are left and tried again: {why}"
            );
        }
        Ok(left.into_iter().map(|(file, _)| file).collect())
    }

    /// Overwrites what the database keeps, once for all that were emptied in a tick; of some, files are kept.
    async fn finish_forgetting(
        &self,
        emptied: &[ComplaintId],
        kept: &[ComplaintId],
    ) -> Result<usize, WorkflowError> {
        let store = self.store.in_background();
        store.search().merge().await?;
        if !store.forgettings().overwrite().await? {
            return Ok(0);
        }
        for id in kept {
            store.forgettings().pass(*id, ForgettingStep::Remains).await?;
        }
        let done = store.forgettings().finish(emptied, self.now().await?).await?;
        tracing::info!(complaints = done, "names and texts are taken away");
        Ok(usize::try_from(done).unwrap_or(usize::MAX))
    }

    /// Returns when it is gone on with; none where nothing is left.
    pub(super) async fn next_forgetting(&self) -> Result<Option<Moment>, WorkflowError> {
        let round = *self.forgetting.lock().unwrap_or_else(PoisonError::into_inner);
        match (round.has_more, round.is_left) {
            (true, _) => Ok(Some(self.now().await?)),
            (false, true) => Ok(Some(self.now().await?.plus_millis(RETRY_MILLIS))),
            (false, false) => Ok(None),
        }
    }

    /// Returns what stands where a subject or a name was.
    fn word_of_forgotten(&self) -> String {
        let texts = ["(verwijderd)", "(removed)"];
        let is_english = self.settings().language == crate::complaint::Language::English;
        texts[usize::from(is_english)].to_owned()
    }

    /// Returns the action by which a complaint is forgotten before its retention has passed; none where there is none.
    pub fn forgets_early(&self) -> Option<String> {
        self.published().ruleset.procedure().forgets_early.as_ref().map(ToString::to_string)
    }

    /// Counts what is kept of a complaint that goes when it is forgotten.
    pub async fn holdings_of(&self, id: ComplaintId) -> Result<Holdings, StoreError> {
        let register = self.store.register();
        let mails = register.mails(id).await?;
        let events = self.store.trail().events(id).await?;
        Ok(Holdings {
            mails: mails.len(),
            attachments: mails.iter().map(|mail| mail.attachments.len()).sum(),
            letters: register.notifications(id).await?.len(),
            notes: events.iter().filter(|event| event.personal.is_some()).count(),
        })
    }

    /// Returns since when the first complaint waits that was to be forgotten before a moment, and how many do; none when none does.
    pub async fn forgetting_since(&self, before: Moment) -> Result<Option<(Moment, u64)>, StoreError> {
        self.store.forgettings().open_since(before).await
    }

    /// Returns how far the forgetting of a complaint is; none where it is not forgotten.
    pub async fn forgetting_of(&self, id: ComplaintId) -> Result<Option<Forgetting>, StoreError> {
        self.store.forgettings().of(id).await
    }
}

/// Returns the recipients of messages that name nobody.
fn recipients<'r>(roles: impl Iterator<Item = &'r crate::complaint::Role>) -> Vec<String> {
    let kinds = Recipient::KINDS.iter().map(|kind| (*kind).to_owned());
    kinds.chain(roles.map(|role| role.as_str().to_owned())).collect()
}

/// Returns the messages of the engine that may tell of a complaint.
fn told<'t>(of_the_whole: &'t [&'t str], ours: Ours<'t>) -> Told<'t> {
    Told { filed: BuiltinMessage::MailFiled.as_str(), of_the_whole, ours }
}

/// Returns those that belong to no complaint and may repeat what somebody or a server said.
fn told_of_the_whole() -> Vec<&'static str> {
    BuiltinMessage::ALL.iter().filter(|m| **m != BuiltinMessage::Digest).map(|m| m.as_str()).collect()
}
