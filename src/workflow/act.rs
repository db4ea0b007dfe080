//! Actions of people: settle first, check, carry out, settle again, one commit (docs/semantics.md 5.1).

use super::prepare::{Job, Prepared};
use super::settle::ATTEMPTS;
use super::standing::Standing;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, Role, Via};
use crate::rules::{ActionCall, Input, OfferedAction, Trigger, offered};
use serde_json::Value;
use std::collections::BTreeMap;

#[derive(Debug, thiserror::Error)]
pub enum ActError {
    #[error("there is no complaint {0}")]
    Unknown(String),
    #[error("{0} is not one of the people in redress.toml")]
    Stranger(String),
    /// In words for the person; nothing was changed.
    #[error("{0}")]
    Refused(String),
    #[error("the complaint changed meanwhile; look again and repeat")]
    Changed,
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<crate::store::StoreError> for ActError {
    fn from(error: crate::store::StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Workflow {
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
        if self.settings.people.find(actor).is_none() {
            return Err(ActError::Stranger(actor.to_owned()));
        }
        let actor = actor.to_lowercase();
        // Which roles the actor has depends on the complaint, and is settled when it is loaded.
        let call = ActionCall { id: action.to_owned(), actor, roles: Vec::new(), input, via };
        self.decide_for_person(id, Trigger::Action(call)).await
    }

    /// Tries suspended rules again, as somebody who hears of faults (docs/semantics.md 4.2).
    pub async fn resume(&self, reference: &str, actor: &str) -> Result<ComplaintId, ActError> {
        let id = self.id_of(reference).await?;
        let published = self.published();
        let role = &published.ruleset.procedure().faults_to;
        let may = self.settings.people.with_role(role.as_str()).any(|p| p.email.eq_ignore_ascii_case(actor));
        if !may {
            return Err(ActError::Refused(format!("{actor} may not resume rules; it is for {role}")));
        }
        self.decide_for_person(id, Trigger::Resume { by: actor.to_lowercase() }).await
    }

    async fn decide_for_person(&self, id: ComplaintId, trigger: Trigger) -> Result<ComplaintId, ActError> {
        for _ in 0..ATTEMPTS {
            // What waits for the complaint comes first, so the result is the same whichever came first.
            while self.store.cases().triggers(&[id]).await?.contains_key(&id) {
                self.settle(&[id]).await?;
            }
            let now = self.now().await?;
            let Some(case) = self.store.cases().load(&[id]).await?.pop() else {
                return Err(ActError::Unknown(id.0.to_string()));
            };
            let mut trigger = trigger.clone();
            if let Trigger::Action(call) = &mut trigger {
                call.roles = self.roles_of(&case.complaint, &call.actor, now)?;
            }
            let job = Job {
                input: Input {
                    adopt_at: self.published().adopts(&case),
                    case,
                    trigger,
                    now,
                    unrenderable: Vec::new(),
                },
                consumed: None,
                has_more: false,
            };
            for (_, prepared) in self.prepare_all(vec![job]).await? {
                match prepared {
                    Prepared::Refused(text) => return Err(ActError::Refused(text)),
                    Prepared::Needs(_) | Prepared::Cancelled => return Err(WorkflowError::Cancelled.into()),
                    Prepared::Commit(commit, faults) => {
                        let case = commit.case.clone();
                        if !self.commit(vec![*commit]).await?.is_empty() {
                            let faults: Vec<_> = faults.into_iter().map(|f| (case.clone(), f)).collect();
                            self.tell_faults(&faults).await?;
                            return Ok(id);
                        }
                    }
                }
            }
        }
        Err(ActError::Changed)
    }

    /// The roles in which somebody may act on a complaint now.
    fn roles_of(&self, complaint: &Complaint, actor: &str, now: Moment) -> Result<Vec<Role>, ActError> {
        let published = self.published();
        let standing = Standing::new(&self.settings, published.ruleset.procedure(), Some(complaint), now);
        if standing.is_about(actor) {
            let text = format!("{actor} may not act on {}: it is about them", complaint.reference());
            return Err(ActError::Refused(text));
        }
        Ok(standing.roles_of(actor))
    }

    /// Whether somebody may look at a complaint (confidentiality, docs/procedure.md edge case 10).
    pub fn sees(&self, complaint: &Complaint, person: &str, now: Moment) -> bool {
        let published = self.published();
        Standing::new(&self.settings, published.ruleset.procedure(), Some(complaint), now).sees(person)
    }

    /// The actions that a complaint offers now.
    pub async fn offered(&self, id: ComplaintId) -> Result<Vec<OfferedAction>, WorkflowError> {
        let now = self.now().await?;
        let Some(mut case) = self.store.cases().load(&[id]).await?.pop() else { return Ok(Vec::new()) };
        case.text = Some(self.store.cases().text(id).await?.into());
        Ok(offered(&self.published().ruleset, &self.settings.calendar, case, now))
    }
}
