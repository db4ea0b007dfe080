//! Forgetting: when a complaint has come to a state that forgets, everything that says who somebody is, or that somebody
//! wrote, is taken away after the commit, step by step (`store/forgetting/`). Whatever ends in between is gone on with by the
//! next tick; one complaint that cannot be forgotten holds up no other.

use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, Recipient, State};
use crate::message::BuiltinMessage;
use crate::progress::Part;
use crate::store::{Forgetting, ForgettingStep, Forgettings, KeptFile, Remainder, StoreError};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

/// The complaints that are looked at at once.
const COMPLAINTS: usize = 50;
/// The time after which it is tried again.
const RETRY_MILLIS: i64 = 60_000;

/// Where letters and mails are kept as files, which go with the complaint they are about.
pub trait KeptFiles: std::fmt::Debug + Send + Sync {
    /// Deletes files, wherever they may be kept; one that is not there is deleted.
    ///
    /// # Errors
    /// A file that is there and cannot be deleted, by its name.
    fn delete(&self, files: &[KeptFile]) -> std::io::Result<()>;
}

/// Nothing is kept as a file.
#[derive(Clone, Copy, Debug)]
pub struct NoFiles;

impl KeptFiles for NoFiles {
    fn delete(&self, _: &[KeptFile]) -> std::io::Result<()> {
        Ok(())
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

    /// Takes away the names and texts of complaints that have come to a state that forgets, and returns how many are forgotten
    /// now.
    pub(super) async fn forget(&self, stop: &AtomicBool) -> Result<usize, WorkflowError> {
        let store = self.store.in_background();
        let forgettings = store.forgettings();
        let published = self.published();
        let states = published.ruleset.procedure().states.iter();
        let states: Vec<State> = states.filter(|(_, s)| s.forgets).map(|(state, _)| state.clone()).collect();
        forgettings.begin_in(&states).await?;
        let (mut after, mut emptied, mut is_left) = (ComplaintId(0), Vec::new(), false);
        while !stop.load(Ordering::Relaxed) {
            let open = forgettings.open(after, COMPLAINTS).await?;
            let Some(last) = open.last() else { break };
            after = last.complaint_id;
            for one in &open {
                match self.forget_one(&forgettings, one).await {
                    Ok(Went::Emptied) => emptied.push(one.complaint_id),
                    Ok(Went::Waits) => is_left = true,
                    Err(e) => {
                        is_left = true;
                        tracing::error!(
                            complaint = one.complaint_id.0,
                            step = one.step.as_str(),
                            "its names and texts cannot be taken away and it is tried again: {e}"
                        );
                    }
                }
                self.progress.moved(&Part::Scheduler);
            }
        }
        let finished = if emptied.is_empty() { Ok(0) } else { self.finish_forgetting(&emptied).await };
        let done = finished.unwrap_or_else(|e| {
            tracing::error!("what the database keeps of names and texts is overwritten later: {e}");
            0
        });
        self.forgetting_left.store(is_left || done < emptied.len(), Ordering::Relaxed);
        Ok(done)
    }

    async fn forget_one(&self, forgettings: &Forgettings, one: &Forgetting) -> Result<Went, WorkflowError> {
        let id = one.complaint_id;
        let mut step = one.step;
        while step < ForgettingStep::Remains {
            let now = self.now().await?;
            match step {
                ForgettingStep::Outgoing => {
                    if !forgettings.stop(id, self.published().ruleset.hash(), now).await? {
                        return Ok(Went::Waits);
                    }
                }
                ForgettingStep::Files => self.delete_files(forgettings, id).await?,
                _ => self.empty(forgettings, id, step).await?,
            }
            step = step.next();
        }
        Ok(Went::Emptied)
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
        let remainder = Remainder { word: &word, recipients: &recipients };
        match step {
            ForgettingStep::Mails => while forgettings.empty_mails(id, remainder).await? {},
            ForgettingStep::Letters => {
                let filed = BuiltinMessage::MailFiled.as_str();
                let ours: Vec<&str> = told_of_the_whole().collect();
                forgettings.empty_messages(id, filed, &ours, remainder).await?;
            }
            ForgettingStep::Facts => {
                let stays = |c: &Complaint| {
                    c.forgotten(&word, |field, value| procedure.stays_forgotten(field, value))
                };
                forgettings.forget_facts(id, &stays).await?;
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
            | ForgettingStep::Done => {}
        }
        Ok(())
    }

    async fn delete_files(&self, forgettings: &Forgettings, id: ComplaintId) -> Result<(), WorkflowError> {
        let mut kept = forgettings.digest_files(id).await?;
        kept.extend(forgettings.mail_files(id).await?);
        let ours: Vec<&str> = told_of_the_whole().collect();
        kept.extend(forgettings.told_files(id, BuiltinMessage::MailFiled.as_str(), &ours).await?);
        let mut after = String::new();
        loop {
            let some = forgettings.sent_files(id, &after).await?;
            let Some(KeptFile::Delivery(_, last)) = some.last() else { break };
            after.clone_from(last);
            self.delete_all(some).await?;
        }
        self.delete_all(kept).await?;
        Ok(forgettings.pass(id, ForgettingStep::Files).await?)
    }

    async fn delete_all(&self, files: Vec<KeptFile>) -> Result<(), WorkflowError> {
        let kept = Arc::clone(&self.kept);
        let deleting = move || kept.delete(&files);
        let deleted = tokio::task::spawn_blocking(deleting).await.map_err(|_| WorkflowError::Interrupted)?;
        deleted.map_err(WorkflowError::Files)
    }

    async fn finish_forgetting(&self, emptied: &[ComplaintId]) -> Result<usize, WorkflowError> {
        let forgettings = self.store.in_background().forgettings();
        if !forgettings.overwrite().await? {
            return Ok(0);
        }
        let done = forgettings.finish(emptied, self.now().await?).await?;
        tracing::info!(complaints = done, "names and texts are taken away");
        Ok(usize::try_from(done).unwrap_or(usize::MAX))
    }

    /// Returns when it is tried again to forget what could not be; none where nothing is left.
    pub(super) async fn next_forgetting(&self) -> Result<Option<Moment>, WorkflowError> {
        match self.forgetting_left.load(Ordering::Relaxed) {
            true => Ok(Some(self.now().await?.plus_millis(RETRY_MILLIS))),
            false => Ok(None),
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

/// Returns the messages of the engine that belong to no complaint and may repeat what somebody or a server said.
fn told_of_the_whole() -> impl Iterator<Item = &'static str> {
    BuiltinMessage::ALL.iter().filter(|m| **m != BuiltinMessage::Digest).map(|m| m.as_str())
}
