//! `Why`: the facts that `why` answers from: the firings on record, how each rule stands now, and every
//! instance of every term.

use super::Workflow;
use crate::complaint::{ComplaintId, Deadline, EventKind};
use crate::rules::{Explained, explain};
use crate::store::{NotificationSummary, StoreError, StoredEvent};

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
        self.with_groups(&mut case).await?;
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
}
