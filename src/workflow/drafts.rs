//! `Drafts`: what people typed in a form and have not sent. It is kept with every look at the form and every refusal, for
//! the person, the complaint and the action, and is gone once it was sent or thrown away.

use super::forms::{is_taken_by, mark};
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::{Draft, StoreError, StoredEvent};
use std::collections::BTreeMap;

/// The time for which a draft is kept.
const KEPT_MILLIS: i64 = 30 * 86_400_000;

/// A form as somebody filled it in.
#[derive(Clone, Debug)]
pub struct Typed<'t> {
    /// The action.
    pub action: &'t str,
    /// The key of the form.
    pub key: &'t str,
    /// The version of the complaint that the person saw.
    pub version: i64,
    /// The answers as they were typed, by question.
    pub answers: BTreeMap<String, String>,
}

/// A draft, and what happened to its complaint since the person looked.
#[derive(Clone, Debug)]
pub struct KeptDraft {
    /// The draft.
    pub draft: Draft,
    /// The events since, oldest first.
    pub since: Vec<StoredEvent>,
}

/// A draft as its person finds it among others.
#[derive(Clone, Debug)]
pub struct OpenDraft {
    /// The number or intake id of the complaint.
    pub reference: String,
    /// The subject of the complaint.
    pub subject: String,
    /// The id and the label of the action.
    pub action: (String, String),
    /// The moment at which it was kept.
    pub at: Moment,
}

/// The handle of drafts.
#[derive(Clone, Copy, Debug)]
pub struct Drafts<'w>(&'w Workflow);

impl Workflow {
    /// Returns the handle of drafts.
    pub fn drafts(&self) -> Drafts<'_> {
        Drafts(self)
    }
}

impl Drafts<'_> {
    /// Keeps what somebody typed about a complaint; nothing where nothing was typed.
    pub async fn keep(self, person: &str, id: ComplaintId, typed: Typed<'_>) -> Result<(), StoreError> {
        if typed.answers.values().all(|answer| answer.trim().is_empty()) {
            return Ok(());
        }
        let now = self.0.now().await?;
        let of = (person, id, typed.action);
        let draft = Draft::new(of, (typed.key, typed.version), typed.answers, now);
        let drafts = self.0.store.drafts();
        // A confirmation sends what was looked at a moment before.
        let kept = drafts.find(person, id, typed.action).await?;
        if kept.is_some_and(|kept| kept.is_still(&draft)) {
            return Ok(());
        }
        drafts.keep(draft, now.plus_millis(-KEPT_MILLIS)).await
    }

    /// Keeps what was typed in a session that is not the one that sends it, for the person whose session it was, who finds it
    /// after signing in.
    pub async fn keep_of_session(
        self,
        session: &str,
        reference: &str,
        typed: Typed<'_>,
    ) -> Result<(), WorkflowError> {
        let Some(session) = self.0.store.accounts().session(session).await? else { return Ok(()) };
        let is_action = self.0.published().ruleset.action_ids().any(|id| id == typed.action);
        let Some(id) = self.0.seen_by(&session.email, reference).await?.filter(|_| is_action) else {
            return Ok(());
        };
        Ok(self.keep(&session.email, id, typed).await?)
    }

    /// Returns what somebody typed for an action and has not sent.
    pub async fn find(
        self,
        person: &str,
        id: ComplaintId,
        action: &str,
    ) -> Result<Option<KeptDraft>, StoreError> {
        let oldest = self.0.now().await?.plus_millis(-KEPT_MILLIS);
        let draft = self.0.store.drafts().find(person, id, action).await?.filter(|draft| draft.at >= oldest);
        let Some(draft) = draft else { return Ok(None) };
        let mut since = self.0.store.trail().events(id).await?;
        since.retain(|event| event.version > draft.version);
        // Between carrying it out and removing the draft the process may have been ended.
        let mark = mark(&draft.form, draft.answers());
        if since.iter().any(|event| is_taken_by(event, person, &mark)) {
            self.discard(person, id, action).await?;
            return Ok(None);
        }
        Ok(Some(KeptDraft { draft, since }))
    }

    /// Returns what somebody typed and has not sent, newest first, about complaints that the person may see.
    pub async fn of(self, person: &str) -> Result<Vec<OpenDraft>, WorkflowError> {
        let now = self.0.now().await?;
        let mut drafts = self.0.store.drafts().of(person).await?;
        drafts.retain(|draft| draft.at >= now.plus_millis(-KEPT_MILLIS));
        let ids: Vec<ComplaintId> = drafts.iter().map(|draft| draft.complaint_id).collect();
        let mut cases = self.0.store.cases().load(&ids).await?;
        cases.retain(|case| self.0.sees(&case.complaint, person, now));
        let published = self.0.published();
        let open = drafts.into_iter().filter_map(|draft| {
            let complaint = &cases.iter().find(|case| case.id == draft.complaint_id)?.complaint;
            let (reference, subject) = (complaint.reference().to_owned(), complaint.subject.clone());
            let label = published.ruleset.action_label(&draft.action).unwrap_or(&draft.action).to_owned();
            Some(OpenDraft { reference, subject, action: (draft.action, label), at: draft.at })
        });
        Ok(open.collect())
    }

    /// Throws away what somebody typed for an action.
    pub async fn discard(self, person: &str, id: ComplaintId, action: &str) -> Result<(), StoreError> {
        self.0.store.drafts().discard(person, id, action).await
    }
}
