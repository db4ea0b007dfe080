//! Calling a letter back before it goes (docs/semantics.md 8.7). The letter is stopped and its complaint told in one
//! transaction; what follows for the complaint, its rules decide. What was typed comes back as a draft.

use super::act::ActError;
use super::drafts::Typed;
use super::links::is_outside;
use super::{Workflow, WorkflowError};
use crate::accounts::Token;
use crate::calendar::Moment;
use crate::complaint::{Actor, Complaint, ComplaintId, EventKind, Recipient, StoredTrigger, Via};
use crate::store::{Recall, RecallEnd, StoreError, StoredEvent};
use serde_json::Value;
use std::collections::BTreeMap;

/// A letter, by the decision that sent it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct SentLetter {
    /// The complaint.
    pub complaint: ComplaintId,
    /// The version of the complaint after the decision.
    pub version: i64,
    /// Its place within that decision, from 1.
    pub ordinal: u32,
}

/// A reason why a letter was not called back.
#[derive(Debug, thiserror::Error)]
pub enum RecallError {
    /// There is no such letter, or it does not follow from what a person did, or it is not this person's to call back.
    #[error("there is no such letter to call back")]
    NotFound,
    /// It is being sent, or was.
    #[error("the letter is on its way and cannot be called back any more")]
    OnItsWay,
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for RecallError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

/// What a person did, by which letters were sent.
pub(super) struct Deed {
    by: String,
    action: String,
    answers: BTreeMap<String, String>,
}

impl Workflow {
    /// Calls a letter back, as somebody who may take the action that sent it. Doing it again changes nothing.
    pub async fn recall(&self, (person, via): (&str, Via), letter: SentLetter) -> Result<(), RecallError> {
        let SentLetter { complaint: id, version, ordinal } = letter;
        let notification = format!("{}/{version}/{ordinal}", id.0);
        let sent = self.store.register().notification(&notification).await?.ok_or(RecallError::NotFound)?;
        let events = self.store.trail().events(id).await?;
        let deed = deed(&events, version).ok_or(RecallError::NotFound)?;
        let case = self.store.cases().load(&[id]).await?.pop().ok_or(RecallError::NotFound)?;
        let now = self.now().await?;
        let is_theirs = self.may_recall(&case.complaint, person, &deed, now);
        if !is_outside(&self.settings(), &sent.notification.recipient) || !is_theirs {
            return Err(RecallError::NotFound);
        }
        // First, so that nothing that was typed is lost, wherever this ends.
        let kept = self.give_back(id, case.version, person, &deed).await?;
        let message = sent.notification.message;
        let trigger =
            StoredTrigger::Recalled { by: person.to_owned(), via, message, version, ordinal }.to_json();
        let recall = Recall { notification: &notification, complaint: id, trigger: &trigger, at: now };
        let end = self.store.recalls().recall(recall).await?;
        if end != RecallEnd::Recalled {
            for owner in kept {
                self.drafts().discard(&owner, id, &deed.action).await?;
            }
        }
        match end {
            RecallEnd::OnItsWay => return Err(RecallError::OnItsWay),
            RecallEnd::Already => {}
            RecallEnd::Recalled => self.settle(&[id]).await.map(drop)?,
        }
        Ok(())
    }

    /// Returns the decisions of a complaint whose letters a person may call back, while they wait.
    pub fn recallable_by(
        &self,
        person: &str,
        complaint: &Complaint,
        events: &[StoredEvent],
        now: Moment,
    ) -> Vec<i64> {
        let taken = events.iter().filter(|e| is_deed(e)).map(|e| e.version);
        let may = |version: &i64| {
            deed(events, *version).is_some_and(|deed| self.may_recall(complaint, person, &deed, now))
        };
        taken.filter(may).collect()
    }

    /// Returns whether a message leaves the organisation.
    pub fn is_outside(&self, recipient: &Recipient) -> bool {
        is_outside(&self.settings(), recipient)
    }

    fn may_recall(&self, complaint: &Complaint, person: &str, deed: &Deed, now: Moment) -> bool {
        let roles: Result<_, ActError> = self.roles_of(complaint, person, now);
        let Ok(roles) = roles else { return false };
        let published = self.published();
        let may_take = published.ruleset.may_take(&deed.action, &roles);
        may_take || deed.by.eq_ignore_ascii_case(person)
    }

    /// Keeps what was typed as a draft of who did it and of who calls it back, unless they typed something since; returns whose
    /// drafts are new.
    async fn give_back(
        &self,
        id: ComplaintId,
        version: i64,
        person: &str,
        deed: &Deed,
    ) -> Result<Vec<String>, StoreError> {
        let mut kept = Vec::new();
        let is_same = deed.by.eq_ignore_ascii_case(person);
        for owner in std::iter::once(deed.by.as_str()).chain((!is_same).then_some(person)) {
            // Who works by programs alone has no account, and no drafts.
            if self.store.accounts().find(&owner.to_lowercase()).await?.is_none()
                || self.drafts().find(owner, id, &deed.action).await?.is_some()
            {
                continue;
            }
            let (key, answers) = (Token::new(), deed.answers.clone());
            let typed = Typed { action: &deed.action, key: key.expose(), version, answers };
            self.drafts().keep(owner, id, typed).await?;
            kept.push(owner.to_owned());
        }
        Ok(kept)
    }
}

fn is_deed(event: &StoredEvent) -> bool {
    event.kind == EventKind::ActionTaken && matches!(event.by, Actor::Person(_))
}

/// Returns what a person did in a decision; none where nobody did anything.
fn deed(events: &[StoredEvent], version: i64) -> Option<Deed> {
    let event = events.iter().find(|e| e.version == version && is_deed(e))?;
    let Actor::Person(by) = &event.by else { return None };
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    let personal: Value = serde_json::from_str(event.personal.as_deref()?).unwrap_or_default();
    let given = personal["input"].as_object().into_iter().flatten();
    let answers = given.filter_map(|(name, value)| Some((name.clone(), typed(value)?)));
    Some(Deed { by: by.clone(), action: data["action"].as_str()?.to_owned(), answers: answers.collect() })
}

/// Returns an answer as it is typed in a form.
fn typed(value: &Value) -> Option<String> {
    match value {
        Value::Null => None,
        Value::Bool(true) => Some("ja".to_owned()),
        Value::Bool(false) => Some("nee".to_owned()),
        Value::String(text) => Some(text.clone()),
        other => Some(other.to_string()),
    }
}
