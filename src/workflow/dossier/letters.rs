//! The letters about a complaint to people outside, a few at a time, with what carried them and what became of that.

use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::config::Settings;
use crate::dossier::Outcome;
use crate::store::{
    CarriedDelivery, DeliveryState, LetterPlace, NotificationState, NotificationSummary, Store, StoreError,
};
use crate::workflow::links::is_outside;
use crate::workflow::survey_link::without_links;
use serde_json::Value;
use std::collections::VecDeque;
use std::sync::Arc;

/// Letters that are read at once.
const READ: usize = 100;

/// A letter with what carried it.
pub(super) struct ReadLetter {
    /// Its number in the dossier, from 1.
    pub number: usize,
    pub summary: NotificationSummary,
    carried: Vec<CarriedDelivery>,
}

impl ReadLetter {
    pub fn addresses(&self) -> Vec<String> {
        serde_json::from_str(&self.summary.addresses).unwrap_or_default()
    }

    /// Returns what became of it, and when that was.
    pub fn outcome(&self) -> (Outcome, Option<Moment>) {
        let over = self.carried.iter().filter_map(|delivery| delivery.finished_at).max();
        match self.summary.state {
            NotificationState::Deliverable(DeliveryState::Accepted) => (Outcome::Accepted(over), over),
            NotificationState::Deliverable(DeliveryState::Dead) => (Outcome::Failed, over),
            NotificationState::Deliverable(DeliveryState::Recalled) => (Outcome::Recalled, over),
            NotificationState::Undeliverable => (Outcome::Nobody, None),
            _ => (Outcome::Waiting, None),
        }
    }

    /// Returns the HTML in which it went; none where it went as text only, or did not go by mail.
    pub fn html(&self) -> Option<String> {
        self.carried.iter().find_map(|delivery| {
            let payload: Value = serde_json::from_str(&delivery.payload).ok()?;
            payload["html"].as_str().filter(|html| !html.is_empty()).map(without_links)
        })
    }
}

/// The letters of a complaint, oldest first.
pub(super) struct Letters {
    store: Store,
    settings: Arc<Settings>,
    id: ComplaintId,
    after: LetterPlace,
    read: VecDeque<ReadLetter>,
    number: usize,
    is_over: bool,
}

impl Letters {
    pub fn new(store: Store, settings: Arc<Settings>, id: ComplaintId) -> Self {
        let after = LetterPlace::BEGINNING;
        Self { store, settings, id, after, read: VecDeque::new(), number: 0, is_over: false }
    }

    /// Returns the next without taking it; none behind the last.
    pub async fn ahead(&mut self) -> Result<Option<&ReadLetter>, StoreError> {
        while self.read.is_empty() && !self.is_over {
            self.fill().await?;
        }
        Ok(self.read.front())
    }

    /// Takes the next; none behind the last.
    pub async fn next(&mut self) -> Result<Option<ReadLetter>, StoreError> {
        self.ahead().await?;
        Ok(self.read.pop_front())
    }

    async fn fill(&mut self) -> Result<(), StoreError> {
        let dossiers = self.store.dossiers();
        let found = dossiers.notifications(self.id, self.after, READ).await?;
        self.is_over = found.len() < READ;
        self.after = found.last().map_or(self.after, LetterPlace::of);
        let outside: Vec<NotificationSummary> =
            found.into_iter().filter(|n| is_outside(&self.settings, &n.recipient)).collect();
        let key = |n: &NotificationSummary| format!("{}/{}/{}", self.id.0, n.decision.0, n.decision.1);
        let carried = dossiers.carried(&outside.iter().map(key).collect::<Vec<_>>()).await?;
        for summary in outside {
            self.number += 1;
            let id = key(&summary);
            let carried = carried.iter().filter(|delivery| delivery.notification_id == id).cloned().collect();
            self.read.push_back(ReadLetter { number: self.number, summary, carried });
        }
        Ok(())
    }
}
