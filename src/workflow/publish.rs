//! Publishing: a checked ruleset becomes the one in force.

use super::{Plan, Published, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Event, EventKind, Origin, Via};
use crate::config::Settings;
use crate::rules::RulesetSource;
use crate::rules::diagnostics::Diagnostic;
use crate::store::{Proposal, Publication, PublicationEnd, Store, StoreError, StoredCompanions};
use serde_json::json;

/// A reason why a ruleset did not come in force.
#[derive(Debug, thiserror::Error)]
pub enum PublishError {
    /// The ruleset has these mistakes.
    #[error("the ruleset has {} mistakes", .0.len())]
    Broken(Vec<Diagnostic>),
    /// The work itself failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for PublishError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

impl Published {
    /// Loads the ruleset in force, if one was ever published. One that no longer loads is an error with its
    /// places. `has_passed` says of a hash whether this program has found nothing wrong with that ruleset under these
    /// settings before: the check is a function of these three, and is not made twice.
    pub async fn in_force(
        store: &Store,
        settings: &Settings,
        has_passed: impl FnOnce(&str) -> bool,
    ) -> Result<Option<Self>, PublishError> {
        let Some(found) = store.publications().in_force().await? else { return Ok(None) };
        let stored = &found.ruleset;
        let source = RulesetSource::from_json(&stored.content)
            .map_err(|e| stored.unreadable("content", e.to_string()))?;
        let renames =
            serde_json::from_str(&stored.renames).map_err(|e| stored.unreadable("renames", e.to_string()))?;
        // The hash is that of the text as it was read now, whatever it is filed under.
        let loaded = match has_passed(&source.hash()) {
            true => Self::load_checked(source, settings),
            false => Self::load(source, settings),
        };
        let published = loaded.map_err(PublishError::Broken)?;
        Ok(Some(Self { adopt_at: found.adopt_at, renames, ..published }))
    }

    /// Stores this ruleset and puts it in force, as it is.
    pub async fn publish(
        &self,
        store: &Store,
        at: Moment,
        order: &PublishOrder<'_>,
    ) -> Result<PublicationEnd, StoreError> {
        let hash = self.ruleset.hash();
        let digest = order.plan.map(Plan::digest);
        let event = Event {
            kind: EventKind::RulesetPublished,
            origin: Origin::person(order.by.into(), order.via),
            summary: format!("ruleset {} published", &hash[..12]),
            data: json!({"ruleset": hash, "renames": self.renames, "plan": digest, "adopts": order.adopts(), "reason": order.reason,
                "proposal": order.proposal.map(|proposal| &proposal.name)}),
            personal: None,
        };
        let schedules = self.ruleset.schedules().map(|(name, _)| name.to_owned()).collect();
        let content = self.ruleset.source().to_json();
        let renames = json!(self.renames).to_string();
        let plan = order.plan.map(|p| p.to_json().to_string()).unwrap_or_default();
        let publication = Publication {
            hash,
            content: &content,
            renames: &renames,
            at,
            by: order.by,
            reason: order.reason,
            event,
            schedules,
            plan: &plan,
            adopts: order.adopts(),
            companions: order.companions,
            expects: order.plan.map(|plan| plan.published.as_str()),
            proposal: order.proposal.map(|proposal| (proposal.id, proposal.version)),
        };
        store.publications().publish(publication).await
    }
}

/// The order to publish: who, why, and on which plan.
#[derive(Clone, Copy, Debug)]
pub struct PublishOrder<'o> {
    /// The address of the publisher; `system` for the first start.
    pub by: &'o str,
    /// The publisher's reason, in words.
    pub reason: &'o str,
    /// The plan that was looked at; none for a first start, which has nothing to plan.
    pub plan: Option<&'o Plan>,
    /// Where it is published.
    pub via: Via,
    /// What belongs to the ruleset and decides nothing; none where nobody says.
    pub companions: Option<&'o StoredCompanions>,
    /// The proposal that comes in force.
    pub proposal: Option<&'o Proposal>,
}

impl<'o> PublishOrder<'o> {
    /// Makes the order of somebody at the command line, of a ruleset to which nothing belongs that is known.
    pub const fn new(by: &'o str, reason: &'o str, plan: Option<&'o Plan>) -> Self {
        Self { by, reason, plan, via: Via::CommandLine, companions: None, proposal: None }
    }

    pub(super) fn adopts(&self) -> bool {
        self.plan.is_some_and(|p| p.adopts)
    }
}

impl Workflow {
    /// Follows a ruleset that another process has published; returns whether there was one.
    pub async fn follow_published(&self) -> Result<bool, PublishError> {
        let hash = self.store.publications().hash_in_force().await?;
        if hash.as_deref() == Some(self.published().ruleset.hash()) {
            return Ok(false);
        }
        let Some(published) = Published::in_force(&self.store, &self.settings(), |_| false).await? else {
            return Ok(false);
        };
        self.swap(published);
        Ok(true)
    }
}
