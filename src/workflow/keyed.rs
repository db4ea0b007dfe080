//! Actions under a key of a program: taken once, however often they are sent, whether the program heard of it or not. The mark of the
//! key stands in the event of the action, so that it is kept exactly when the action is.

use super::Workflow;
use super::act::ActError;
use super::forms::{Submission, Submitted, is_taken_by, is_taken_under, mark};
use super::settle::ATTEMPTS;
use crate::store::{KeptAnswers, StoredEvent};

/// The outcome of an action under a key.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Keyed {
    /// It was taken, which made this version of the complaint.
    Done(i64),
    /// It was taken when the same was sent before, which made this version.
    Already(i64),
    /// Something else was sent under the key before; nothing was done.
    Reused,
    /// The complaint is not any more what the program saw; nothing was done.
    Changed,
}

impl Workflow {
    /// Returns the handle of what programs were answered under their keys, beside actions on complaints.
    pub fn kept_answers(&self) -> KeptAnswers {
        self.store.kept_answers()
    }

    /// Returns what became of an action that was sent before under its key; none where none was.
    pub async fn keyed_before(&self, form: &Submission<'_>) -> Result<Option<Keyed>, ActError> {
        let events = self.store.trail().events(form.id).await?;
        let mark = mark(form.key, form.answers);
        let under = events.iter().find(|event| is_taken_under(event, form.person, form.key));
        let is_same = |event: &StoredEvent| {
            is_taken_by(event, form.person, &mark) && event.source().name() == Some(form.action)
        };
        Ok(under.map(|event| match is_same(event) {
            true => Keyed::Already(event.version),
            false => Keyed::Reused,
        }))
    }

    /// Takes an action once for its key: on the version that the program saw, or where it names none on what is.
    pub async fn submit_by_key(&self, form: &Submission<'_>, saw: Option<i64>) -> Result<Keyed, ActError> {
        for _ in 0..ATTEMPTS {
            // The version first: what is sent at once and taken in between is found by its key, and what is taken after that
            // makes another version.
            let version = match saw {
                Some(version) => version,
                None => self.settled(form.id).await?.0.version,
            };
            if let Some(before) = self.keyed_before(form).await? {
                return Ok(before);
            }
            match self.submit(&Submission { version, ..form.clone() }).await? {
                Submitted::Done => {
                    return Ok(match self.keyed_before(form).await? {
                        Some(Keyed::Already(version)) => Keyed::Done(version),
                        _ => Keyed::Changed,
                    });
                }
                // It is found by its key, with the version that it made.
                Submitted::Already => {}
                Submitted::Changed(_) if saw.is_some() => return Ok(Keyed::Changed),
                Submitted::Changed(_) => {}
            }
        }
        Err(ActError::Changed)
    }
}
