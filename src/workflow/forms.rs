//! Actions as forms: what a complaint offers somebody, what would happen, and carrying it out once, on what was seen.

use super::act::ActError;
use super::event_words::foreseen_words;
use super::prepare::Prepared;
use super::{Workflow, WorkflowError};
use crate::complaint::{Actor, ComplaintId, Event, EventKind, Number, Recipient, State, Text, Via};
use crate::rules::OfferedAction;
use crate::store::{DraftKey, StoredEvent};
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;

/// The facts of an event that say by which form an action was taken, and by which key of a program.
const FORM: &str = "form";
const KEY: &str = "idempotency_key";

/// The actions that a complaint offers now.
#[derive(Clone, Debug, Default)]
pub struct Actions {
    /// Those that the person may take.
    pub own: Vec<OfferedAction>,
    /// Those that are for others.
    pub others: Vec<OfferedAction>,
}

/// What would happen if an action were taken now. Nothing has.
#[derive(Clone, Debug)]
pub struct Foresight {
    /// The version of the complaint on which it is foreseen.
    pub version: i64,
    /// The state before and after.
    pub states: (State, State),
    /// What would be recorded, in order, in the words of its readers.
    pub course: Vec<Text>,
    /// The messages that would go, to outsiders and to our own people.
    pub letters: Vec<ForeseenLetter>,
    /// What would fail, in words.
    pub faults: Vec<Text>,
}

/// A message that would go.
#[derive(Clone, Debug)]
pub struct ForeseenLetter {
    /// The one it is for.
    pub recipient: Recipient,
    /// The addresses it would go to; none when it reaches nobody.
    pub addresses: Vec<String>,
    /// The language it is written in: `nl` or `en`.
    pub language: String,
    /// The subject, in one line.
    pub subject: String,
    /// The text, Markdown that reads well as plain text.
    pub body: String,
    /// The minutes for which it would wait, to be called back; 0 for none.
    pub waits_minutes: i64,
}

/// A form as somebody sends it.
#[derive(Clone, Debug)]
pub struct Submission<'s> {
    /// The person, one of the organisation's.
    pub person: &'s str,
    /// The complaint, which the person may see.
    pub id: ComplaintId,
    /// The action.
    pub action: &'s str,
    /// The answers as they were typed, by question.
    pub answers: &'s BTreeMap<String, String>,
    /// The version of the complaint that the person saw.
    pub version: i64,
    /// The key of the form: however often it is sent with the same answers, the action is taken once.
    pub key: &'s str,
    /// The route by which it comes.
    pub via: Via,
}

/// The outcome of a form.
#[derive(Clone, Debug)]
pub enum Submitted {
    /// The action was taken, and the draft of the form is gone.
    Done,
    /// The action was taken when the same form was sent before.
    Already,
    /// The complaint has changed since the person looked, by these events; nothing was done.
    Changed(Vec<StoredEvent>),
}

impl Workflow {
    /// Returns what a complaint offers somebody now, and what it offers others.
    pub async fn actions_for(&self, person: &str, id: ComplaintId) -> Result<Actions, WorkflowError> {
        let now = self.now().await?;
        let Some(case) = self.whole_cases(&[id]).await?.pop() else { return Ok(Actions::default()) };
        if self.roles_of(&case.complaint, person, now).is_err() {
            return Ok(Actions::default());
        }
        let own = self.offered_to(case.clone(), person, now);
        let mut others = self.offered_by(case, &Actor::System, now);
        others.retain(|action| !own.iter().any(|mine| mine.id == action.id));
        Ok(Actions { own, others })
    }

    /// Returns what would happen if somebody took an action now, by the function that would carry it out.
    pub async fn foresee(
        &self,
        person: &str,
        id: ComplaintId,
        action: &str,
        answers: &BTreeMap<String, String>,
    ) -> Result<Foresight, ActError> {
        let (case, now) = self.settled(id).await?;
        let (version, before) = (case.version, case.complaint.state.clone());
        let prepared = self.prepared((case, now), action, person, values(answers), Via::Page).await?;
        let Prepared::Commit(commit, faults) = prepared else { return Err(WorkflowError::Cancelled.into()) };
        let published = self.published();
        let told = commit.events.iter().filter(|e| is_foretold(e));
        let course = told.map(|event| foreseen_words(event, &published).map(without_number)).collect();
        let letters = commit.notifications.iter().map(|n| ForeseenLetter {
            recipient: n.recipient.clone(),
            addresses: if n.is_deliverable { n.addresses.clone() } else { Vec::new() },
            language: n.language.clone(),
            subject: without_number(&n.subject),
            body: without_number(&n.body),
            waits_minutes: commit.waits_minutes(&n.id).filter(|_| self.is_outside(&n.recipient)).unwrap_or(0),
        });
        Ok(Foresight {
            version,
            states: (before, commit.case.complaint.state.clone()),
            course,
            letters: letters.collect(),
            faults: faults.into_iter().map(|fault| fault.text).collect(),
        })
    }

    /// Takes an action as a form says, once, and only on what the person saw.
    pub async fn submit(&self, form: &Submission<'_>) -> Result<Submitted, ActError> {
        let (case, now) = self.settled(form.id).await?;
        if case.version != form.version {
            return self.overtaken(form).await;
        }
        let answers = values(form.answers);
        let prepared = self.prepared((case, now), form.action, form.person, answers, form.via).await?;
        if self.commit_prepared(marked(prepared, form)).await? {
            return Ok(Submitted::Done);
        }
        self.overtaken(form).await
    }

    /// Tells a form that was sent twice from one whose complaint has changed meanwhile.
    async fn overtaken(&self, form: &Submission<'_>) -> Result<Submitted, ActError> {
        let mut since = self.store.trail().events(form.id).await?;
        since.retain(|event| event.version > form.version);
        let mark = mark(form.key, form.answers);
        match since.iter().any(|event| is_taken_by(event, form.person, &mark)) {
            true => Ok(Submitted::Already),
            false => Ok(Submitted::Changed(since)),
        }
    }
}

/// Returns what tells a form with its answers from any other. Other answers under the same key, which the Back button of a
/// browser makes, are another form.
pub(super) fn mark(key: &str, answers: &BTreeMap<String, String>) -> String {
    let answers = serde_json::to_string(answers).unwrap_or_default();
    let digest = Sha256::digest(format!("{key}\n{answers}"));
    format!("{digest:.32x}")
}

/// Returns whether an event tells that somebody's action was taken by the form of this mark.
pub(super) fn is_taken_by(event: &StoredEvent, person: &str, mark: &str) -> bool {
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    let is_persons = event.by == Actor::Person(person.to_owned());
    event.kind == EventKind::ActionTaken && is_persons && data[FORM] == mark
}

/// Returns whether an event tells that somebody's action was taken under this key of a program, with whatever answers.
pub(super) fn is_taken_under(event: &StoredEvent, person: &str, key: &str) -> bool {
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    let is_persons = event.by == Actor::Person(person.to_owned());
    event.kind == EventKind::ActionTaken && is_persons && data[KEY] == key_mark(key)
}

fn key_mark(key: &str) -> String {
    format!("{:.32x}", Sha256::digest(key))
}

fn values(answers: &BTreeMap<String, String>) -> BTreeMap<String, Value> {
    answers.iter().map(|(name, answer)| (name.clone(), Value::from(answer.as_str()))).collect()
}

/// Writes the mark of the form beside the action in the trail and takes away its draft, in the same commit.
fn marked(prepared: Prepared, form: &Submission<'_>) -> Prepared {
    let Prepared::Commit(mut commit, faults) = prepared else { return prepared };
    let by = Actor::Person(form.person.to_owned());
    let taken = commit.events.iter_mut().find(|e| e.kind == EventKind::ActionTaken && e.origin.by == by);
    if let Some(data) = taken.and_then(|event| event.data.as_object_mut()) {
        data.insert(FORM.to_owned(), mark(form.key, form.answers).into());
        if form.via == Via::Api {
            data.insert(KEY.to_owned(), key_mark(form.key).into());
        }
    }
    // What somebody has begun on the page stays when a program acts in their name.
    if form.via == Via::Page {
        commit.sent_draft = Some(DraftKey { email: form.person.to_owned(), action: form.action.to_owned() });
    }
    Prepared::Commit(commit, faults)
}

/// Returns whether somebody wants to know it beforehand; the action and the messages are shown by themselves.
fn is_foretold(event: &Event) -> bool {
    !matches!(
        event.kind,
        EventKind::ActionTaken
            | EventKind::FactChanged
            | EventKind::RuleFired
            | EventKind::Notified
            | EventKind::Faulted
    )
}

/// Puts something readable where the number will stand that the commit gives.
fn without_number(text: &str) -> String {
    text.replace(Number::PENDING, "K-…").replace(Number::PENDING_CHECK, "…")
}
