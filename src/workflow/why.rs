//! `Why`: the facts that `why` answers from: the firings on record, how each rule stands now, every instance of every term,
//! and what a notification came of.

use super::Workflow;
use super::standing::Standing;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Deadline, EventKind, Recipient, Role};
use crate::config::Person;
use crate::rules::{Explained, explain};
use crate::store::{NotificationSummary, RenderedNotification, SentNotification, StoreError, StoredEvent};
use serde_json::Value;

/// The explanation of one complaint as it stands.
#[derive(Debug)]
pub struct Why {
    /// The events of rules that fired and actions that were taken, oldest first.
    pub fired: Vec<StoredEvent>,
    /// The rules as they stand now, in file order.
    pub rules: Vec<Explained>,
    /// Every instance of every deadline, oldest first.
    pub deadlines: Vec<Deadline>,
    /// The notifications that went, go or were left out of digests, oldest first.
    pub gathered: Vec<NotificationSummary>,
}

impl Workflow {
    /// Explains a complaint as it stands; none when there is no such complaint. Changes nothing.
    pub async fn why(&self, id: ComplaintId) -> Result<Option<Why>, StoreError> {
        let Some(mut case) = self.store.cases().load(&[id]).await?.pop() else { return Ok(None) };
        case.text = Some(self.store.cases().text(id).await?.into());
        self.with_groups(std::slice::from_mut(&mut case)).await?;
        let now = self.now().await?;
        let published = self.published();
        let rules = explain(&published.ruleset, &self.settings().calendar, &case, now, &published.renames);
        let events = self.store.trail().events(id).await?;
        let fired = events
            .into_iter()
            .filter(|e| matches!(e.kind, EventKind::RuleFired | EventKind::ActionTaken))
            .collect();
        let deadlines = self.store.cases().deadlines(id).await?;
        let mut gathered = self.store.register().notifications(id).await?;
        gathered.retain(|n| n.digest_at.is_some());
        Ok(Some(Why { fired, rules, deadlines, gathered }))
    }

    /// Returns a notification about a complaint with the firing or action that it came of; none where the complaint has no
    /// such notification.
    pub async fn why_sent(
        &self,
        id: ComplaintId,
        version: i64,
        ordinal: u32,
    ) -> Result<Option<(SentNotification, Option<StoredEvent>)>, StoreError> {
        let name = format!("{}/{version}/{ordinal}", id.0);
        let Some(sent) = self.store.register().notification(&name).await? else { return Ok(None) };
        let Some((_, version)) = sent.decision.filter(|(complaint, _)| *complaint == id) else {
            return Ok(None);
        };
        let events = self.store.trail().events(id).await?;
        let cause = events.into_iter().find(|e| {
            let is_cause = matches!(e.kind, EventKind::RuleFired | EventKind::ActionTaken);
            is_cause && e.version == version && e.source() == sent.notification.source
        });
        Ok(Some((sent, cause)))
    }
}

/// The standing in which a notification reached somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ReachedAs {
    /// As the one who is responsible for the complaint.
    Responsible,
    /// In this role.
    Role(Role),
    /// In the place of somebody with this role.
    StandsIn(Role),
    /// By name.
    Named,
    /// It did not.
    Not,
}

impl Workflow {
    /// Returns the standing in which a notification reached somebody.
    pub fn reached_as(&self, person: &Person, sent: &RenderedNotification) -> ReachedAs {
        if !sent.addresses.iter().any(|address| address.eq_ignore_ascii_case(&person.email)) {
            return ReachedAs::Not;
        }
        let (published, settings) = (self.published(), self.settings());
        let standing = Standing::new(&settings, published.ruleset.procedure(), None, Moment::from_millis(0));
        match &sent.recipient {
            Recipient::Responsible => ReachedAs::Responsible,
            Recipient::Role(role) if standing.has_of_own(&person.email, role) => {
                ReachedAs::Role(role.clone())
            }
            Recipient::Role(role) => ReachedAs::StandsIn(role.clone()),
            Recipient::Person(_) | Recipient::Complainant => ReachedAs::Named,
        }
    }

    /// Returns the label of an action of the ruleset in force.
    pub fn action_label(&self, id: &str) -> Option<String> {
        self.published().ruleset.action_label(id).map(str::to_owned)
    }
}

/// Returns why a rule fired, as the event of its firing tells: with the values that are personal, as long as they are kept.
pub fn because(event: &StoredEvent) -> Vec<String> {
    let facts = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    // With the values that are personal, as long as they are kept.
    let in_full = event.personal.as_deref().map(facts).filter(|facts| facts["because"].is_array());
    let facts = in_full.unwrap_or_else(|| facts(&event.data));
    let reasons = facts["because"].as_array().cloned().unwrap_or_default();
    reasons.iter().filter_map(|r| r.as_str().map(str::to_owned)).collect()
}
