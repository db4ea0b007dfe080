//! `Publishing`: what publishing may do and ask.

use super::{PublishOrder, Published, Workflow, WorkflowError};
use crate::complaint::{Actor, Event, EventKind, Origin, Via};
use crate::rules::Renames;
use crate::store::{
    PastPublication, PublicationEnd, PublicationHead, StoreError, StoredCompanions, StoredRuleset,
};
use serde_json::json;
use std::sync::Arc;

/// Putting rulesets in force, approving their plans, and looking back at both.
#[derive(Clone, Copy, Debug)]
pub struct Publishing<'w>(&'w Workflow);

impl Workflow {
    /// Returns the handle of publishing.
    pub fn publishing(&self) -> Publishing<'_> {
        Publishing(self)
    }
}

impl Publishing<'_> {
    /// Returns what publishing works with.
    pub(super) fn workflow(&self) -> &Workflow {
        self.0
    }

    /// Puts a checked ruleset in force and has live complaints evaluated under it; the rules that only
    /// changed their name.
    pub async fn publish(
        self,
        candidate: impl Into<Arc<Published>>,
        order: PublishOrder<'_>,
    ) -> Result<Renames, WorkflowError> {
        let now = self.0.now().await?;
        let coming = candidate.into().succeeding(&self.0.published(), order.adopts().then_some(now));
        if coming.publish(&self.0.store, now, &order).await? == PublicationEnd::Overtaken {
            return Err(WorkflowError::Overtaken);
        }
        let renames = coming.renames.clone();
        self.0.swap(coming);
        self.0.due.notify_one();
        Ok(renames)
    }

    /// Records that somebody approves a plan, by its digest, why and where; false when they did before.
    pub async fn approve(
        self,
        digest: &str,
        (by, via): (&str, Via),
        reason: &str,
    ) -> Result<bool, StoreError> {
        let by = by.to_lowercase();
        let event = Event {
            kind: EventKind::PlanApproved,
            origin: Origin::person(Actor::Person(by.clone()), via),
            summary: format!("plan {digest} approved"),
            data: json!({"plan": digest, "reason": reason.trim()}),
            personal: None,
        };
        let (published, now) = (self.0.published(), self.0.now().await?);
        self.0.store.publications().approve(digest, &by, event, published.ruleset.hash(), now).await
    }

    /// Returns who has approved a plan.
    pub async fn approvers(self, digest: &str) -> Result<Vec<String>, StoreError> {
        self.0.store.publications().approvers(digest).await
    }

    /// Lists every time a ruleset came in force, newest first.
    pub async fn history(self) -> Result<Vec<PastPublication>, StoreError> {
        self.0.store.publications().history().await
    }

    /// Returns what belonged to a ruleset when it came in force last; none where nobody says.
    pub async fn companions_of(self, hash: &str) -> Result<Option<StoredCompanions>, StoreError> {
        self.0.store.publications().companions_of(hash).await
    }

    /// Lists the newest times that a ruleset came in force, newest first, without their plans.
    pub async fn newest(self, limit: usize) -> Result<Vec<PublicationHead>, StoreError> {
        self.0.store.publications().newest(limit).await
    }

    /// Returns one time that a ruleset came in force; none where there is none.
    pub async fn one(self, seq: i64) -> Result<Option<PastPublication>, StoreError> {
        self.0.store.publications().one(seq).await
    }

    /// Finds the stored ruleset whose hash begins so; none, or two when that is not enough of it.
    pub async fn rulesets_like(self, prefix: &str) -> Result<Vec<StoredRuleset>, StoreError> {
        self.0.store.publications().rulesets_like(prefix).await
    }
}
