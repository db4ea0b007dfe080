//! Actions of people: settle first, check, carry out, settle again, one commit (docs/semantics.md 5.1).

use super::prepare::{Job, Prepared};
use super::settle::ATTEMPTS;
use super::standing::Standing;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Actor, Case, Complaint, ComplaintId, Role, Text, Via};
use crate::rules::{ActionCall, OfferedAction, Trigger, UnofferedAction, offered, unobserved, unoffered};
use futures_util::future::try_join3;
use serde_json::Value;
use std::collections::BTreeMap;

/// A reason why an action was not carried out; nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum ActError {
    /// No complaint has this number or intake id.
    #[error("there is no complaint {0}")]
    Unknown(String),
    /// The address is nobody's of the organisation.
    #[error("{0} is not one of the people in redress.toml")]
    Stranger(String),
    /// The rules refused it, or it is not offered or not this person's to take; in words for the person.
    #[error("{0}")]
    Refused(Text),
    /// The complaint kept changing while the action was decided (docs/semantics.md 5.2); it may be repeated.
    #[error("the complaint changed meanwhile; look again and repeat")]
    Changed,
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<crate::store::StoreError> for ActError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Workflow {
    /// Finds a complaint by number or intake id.
    pub async fn id_of(&self, reference: &str) -> Result<ComplaintId, ActError> {
        let found = self.store.cases().find(reference).await?;
        found.map(|c| c.id).ok_or_else(|| ActError::Unknown(reference.to_owned()))
    }

    /// Carries out an action as `actor`.
    pub async fn act(
        &self,
        reference: &str,
        action: &str,
        actor: &str,
        input: BTreeMap<String, Value>,
        via: Via,
    ) -> Result<ComplaintId, ActError> {
        let id = self.id_of(reference).await?;
        if self.settings().people.find(actor).is_none() {
            return Err(ActError::Stranger(actor.to_owned()));
        }
        let actor = actor.to_lowercase();
        for _ in 0..ATTEMPTS {
            let settled = self.settled(id).await?;
            let prepared = self.prepared(settled, action, &actor, input.clone(), via).await?;
            if self.commit_prepared(prepared).await? {
                return Ok(id);
            }
        }
        Err(ActError::Changed)
    }

    /// Decides and renders an action as it would be committed.
    pub(super) async fn prepared(
        &self,
        (case, now): (Case, Moment),
        action: &str,
        actor: &str,
        input: BTreeMap<String, Value>,
        via: Via,
    ) -> Result<Prepared, ActError> {
        let roles = self.roles_of(&case.complaint, actor, now)?;
        let call = ActionCall { id: action.to_owned(), actor: actor.to_owned(), roles, input, via };
        let job = Job::of(self.published().input(case, call, now));
        self.prepare_action(job).await?.map_err(|refusal| ActError::Refused(refusal.0))
    }

    /// Tries suspended rules again, as somebody who hears of faults (docs/semantics.md 4.2).
    pub async fn resume(&self, reference: &str, actor: &str) -> Result<ComplaintId, ActError> {
        let id = self.id_of(reference).await?;
        let published = self.published();
        let role = &published.ruleset.procedure().faults_to;
        let may =
            self.settings().people.with_role(role.as_str()).any(|p| p.email.eq_ignore_ascii_case(actor));
        if !may {
            return Err(ActError::Refused(Text::new(
                format!("{actor} mag regels niet hervatten; dat is voor {role}"),
                format!("{actor} may not resume rules; it is for {role}"),
            )));
        }
        self.resume_as(id, actor, Via::CommandLine).await?;
        Ok(id)
    }

    /// Tries the suspended rules of a complaint again, as somebody who may.
    pub(super) async fn resume_as(&self, id: ComplaintId, actor: &str, via: Via) -> Result<(), ActError> {
        for _ in 0..ATTEMPTS {
            let (case, now) = self.settled(id).await?;
            let trigger = Trigger::Resume { by: actor.to_lowercase(), via };
            let job = Job::of(self.published().input(case, trigger, now));
            for (_, prepared) in self.prepare_all(&self.renderer(), vec![job]).await? {
                if self.commit_prepared(prepared).await? {
                    return Ok(());
                }
            }
        }
        Err(ActError::Changed)
    }

    /// Settles what waits for a complaint, so that the result is the same whichever came first, and loads it. What waits, the time
    /// and the complaint are asked for at once, since mostly nothing waits.
    pub(super) async fn settled(&self, id: ComplaintId) -> Result<(Case, Moment), ActError> {
        let (cases, ids) = (self.store.cases(), [id]);
        loop {
            let (waiting, now, case) = try_join3(cases.triggers(&ids), self.now(), cases.load(&ids)).await?;
            if !waiting.contains_key(&id) {
                let case = case.into_iter().next();
                return Ok((case.ok_or_else(|| ActError::Unknown(id.0.to_string()))?, now));
            }
            if !self.settle(&ids).await?.stopped.is_empty() {
                return Err(WorkflowError::Cancelled.into());
            }
        }
    }

    /// Commits what was prepared for one complaint; returns false when the complaint has changed meanwhile.
    pub(super) async fn commit_prepared(&self, prepared: Prepared) -> Result<bool, WorkflowError> {
        let Prepared::Commit(commit, faults) = prepared else { return Err(WorkflowError::Cancelled) };
        let id = commit.case.id;
        let ready = self.make_ready(vec![*commit]).await?;
        if self.commit(&self.store, ready).await?.is_empty() {
            return Ok(false);
        }
        let faults: Vec<_> = faults.into_iter().map(|fault| (Some(id), fault)).collect();
        self.tell_faults(faults).await?;
        Ok(true)
    }

    /// Returns the roles in which somebody may act on a complaint now.
    pub(super) fn roles_of(
        &self,
        complaint: &Complaint,
        actor: &str,
        now: Moment,
    ) -> Result<Vec<Role>, ActError> {
        let published = self.published();
        let settings = self.settings();
        let standing = Standing::new(&settings, published.ruleset.procedure(), Some(complaint), now);
        if standing.is_about(actor) {
            let about = complaint.reference();
            let text = Text::new(
                format!("{actor} mag met {about} niets doen: die gaat over hen"),
                format!("{actor} may not act on {about}: it is about them"),
            );
            return Err(ActError::Refused(text));
        }
        Ok(standing.roles_of(actor))
    }

    /// Returns whether somebody may look at a complaint (confidentiality, docs/procedure.md edge case 10).
    pub fn sees(&self, complaint: &Complaint, person: &str, now: Moment) -> bool {
        let published = self.published();
        Standing::new(&self.settings(), published.ruleset.procedure(), Some(complaint), now).sees(person)
    }

    /// Returns the actions that somebody could take if a complaint offered them, which it does not, with what keeps each.
    pub async fn unoffered(
        &self,
        person: &str,
        id: ComplaintId,
    ) -> Result<Vec<UnofferedAction>, WorkflowError> {
        let now = self.now().await?;
        let Some(case) = self.whole_case(id).await? else { return Ok(Vec::new()) };
        let roles = self.roles_of(&case.complaint, person, now).unwrap_or_default();
        let mut found = unoffered(&self.published().ruleset, &self.settings().calendar, case, now);
        found.retain(|action| action.by.iter().any(|role| roles.contains(role)));
        Ok(found)
    }

    /// Reads complaints with everything that a condition may ask for, in as many statements however many they are.
    pub(super) async fn whole_cases(&self, ids: &[ComplaintId]) -> Result<Vec<Case>, WorkflowError> {
        let mut cases = self.store.cases().load(ids).await?;
        let mut texts = self.store.cases().texts(ids).await?;
        for case in &mut cases {
            case.text = Some(texts.remove(&case.id).unwrap_or_default().into());
        }
        self.with_groups(&mut cases).await?;
        Ok(cases)
    }

    async fn whole_case(&self, id: ComplaintId) -> Result<Option<Case>, WorkflowError> {
        Ok(self.whole_cases(&[id]).await?.pop())
    }

    /// Returns the actions that a complaint offers now, with what they ask, whoever asks.
    pub async fn offered(&self, id: ComplaintId) -> Result<Vec<OfferedAction>, WorkflowError> {
        let now = self.now().await?;
        let case = self.whole_case(id).await?;
        Ok(case.map(|case| self.offered_by(case, &Actor::System, now)).unwrap_or_default())
    }

    /// Returns the actions that a complaint offers at a moment, as far as their conditions ask for who it is.
    pub(super) fn offered_by(&self, case: Case, actor: &Actor, now: Moment) -> Vec<OfferedAction> {
        let (published, settings) = (self.published(), self.settings());
        offered(actor, (&published.ruleset, &settings.calendar), case, now, unobserved())
    }

    /// Returns the actions that a complaint offers somebody at a moment, by the roles that the person has there.
    pub(super) fn offered_to(&self, case: Case, person: &str, now: Moment) -> Vec<OfferedAction> {
        let (published, settings) = (self.published(), self.settings());
        let standing = Standing::new(&settings, published.ruleset.procedure(), Some(&case.complaint), now);
        let roles = standing.roles_of(person);
        let mut own = self.offered_by(case, &Actor::Person(person.to_owned()), now);
        own.retain(|action| action.by.iter().any(|role| roles.contains(role)));
        own
    }
}
