//! `Reading`: what readers may see: the command line, and later the page.

use super::Workflow;
use super::event_words::{event_words, foreseen_words};
use crate::calendar::Moment;
use crate::complaint::{Case, ComplaintId, Deadline, Event, Text};
use crate::store::{
    Candidate, DeliveryDetails, DeliveryFilter, DeliverySummary, Engine, Figures, FiledMail, Health,
    MessageDelivery, Process, Register, Replayed, StoreError, StoredEvent, Trail, Waiting,
};

/// Complaints, deliveries and the trail, to be looked at; nothing changes by it.
#[derive(Clone, Copy, Debug)]
pub struct Reading<'w>(&'w Workflow);

impl Workflow {
    /// Returns the handle of readers.
    pub fn reading(&self) -> Reading<'_> {
        Reading(self)
    }
}

impl Reading<'_> {
    /// Returns the complaints with their mails and notifications.
    pub fn register(self) -> Register {
        self.0.store.register()
    }

    /// Returns the counts.
    pub fn figures(self) -> Figures {
        self.0.store.figures()
    }

    /// Returns the audit trail.
    pub fn trail(self) -> Trail {
        self.0.store.trail()
    }

    /// Returns the processes that share the database and live; none where nothing is shared.
    pub async fn processes(self) -> Result<Vec<Process>, StoreError> {
        self.0.store.processes().living().await
    }

    /// Finds a complaint by its number or intake id.
    pub async fn find(self, reference: &str) -> Result<Option<Candidate>, StoreError> {
        self.0.store.cases().find(reference).await
    }

    /// Finds a complaint by its key.
    pub async fn candidate(self, id: ComplaintId) -> Result<Option<Candidate>, StoreError> {
        self.0.store.cases().candidate(id).await
    }

    /// Reads a complaint with everything that was decided about it.
    pub async fn case(self, id: ComplaintId) -> Result<Option<Case>, StoreError> {
        Ok(self.0.store.cases().load(&[id]).await?.pop())
    }

    /// Reads the deadlines of a complaint, those that are over as well.
    pub async fn deadlines(self, id: ComplaintId) -> Result<Vec<Deadline>, StoreError> {
        self.0.store.cases().deadlines(id).await
    }

    /// Returns what an event says, in the words of its readers.
    pub fn event_words(self, event: &StoredEvent) -> Text {
        event_words(event, &self.0.published())
    }

    /// Returns what an event says that has not happened, in the words of its readers.
    pub fn foreseen_words(self, event: &Event) -> Text {
        foreseen_words(event, &self.0.published())
    }

    /// Lists the mails that were filed as no person's, oldest first.
    pub async fn filed(self) -> Result<Vec<FiledMail>, StoreError> {
        self.0.store.mails().filed_after(0, usize::try_from(i32::MAX).unwrap_or(usize::MAX)).await
    }

    /// Lists deliveries, newest first.
    pub async fn deliveries(
        self,
        filter: &DeliveryFilter,
        limit: usize,
    ) -> Result<Vec<DeliverySummary>, StoreError> {
        self.0.store.deliveries().list(filter, limit).await
    }

    /// Reads one delivery with everything that was tried.
    pub async fn delivery(self, id: &str) -> Result<Option<DeliveryDetails>, StoreError> {
        self.0.store.deliveries().details(id).await
    }

    /// Returns whether there is or was any delivery of a plugin.
    pub async fn knows_plugin(self, plugin: &str) -> Result<bool, StoreError> {
        self.0.store.deliveries().knows_plugin(plugin).await
    }

    /// Counts what waits for each plugin, and what was given up.
    pub async fn waiting(self) -> Result<Vec<Waiting>, StoreError> {
        self.0.store.deliveries().waiting().await
    }

    /// Returns those of a list that can be sent again, all of it.
    pub async fn listed(self, filter: &DeliveryFilter) -> Result<Vec<Replayed>, StoreError> {
        self.0.store.deliveries().listed(filter).await
    }

    /// Returns the deliveries of the messages about a complaint, by the decision that sent each: version and place.
    pub async fn deliveries_of(
        self,
        id: ComplaintId,
    ) -> Result<Vec<((i64, u32), MessageDelivery)>, StoreError> {
        let found = self.0.store.deliveries().of_messages(id).await?;
        let place = |notification: &str| {
            let (version, ordinal) = notification.split_once('/')?.1.split_once('/')?;
            Some((version.parse().ok()?, ordinal.parse().ok()?))
        };
        Ok(found.into_iter().filter_map(|d| Some((place(&d.notification)?, d))).collect())
    }

    /// Returns how long the latest attempts of a plugin took, of what was decided since a moment, in milliseconds.
    pub async fn took(self, plugin: &str, since: Moment) -> Result<Vec<i64>, StoreError> {
        self.0.store.deliveries().took(plugin, since).await
    }

    /// Returns when the target of a plugin took what was decided last of all that it has taken.
    pub async fn last_accepted(self, plugin: &str) -> Result<Option<Moment>, StoreError> {
        self.0.store.deliveries().last_accepted(plugin).await
    }

    /// Returns the plugins that have trouble.
    pub async fn healths(self) -> Result<Vec<(String, Health)>, StoreError> {
        self.0.store.deliveries().healths().await
    }

    /// Returns the addresses of our own people to which nothing is mailed, because it came back.
    pub async fn bouncing(self) -> Result<Vec<String>, StoreError> {
        self.0.store.bounces().bouncing().await
    }

    /// Returns how many events only the sweep has found.
    pub async fn found_by_sweeps(self) -> Result<i64, StoreError> {
        self.0.store.sweeps().found().await
    }

    /// Returns what kind of database it is.
    pub fn engine(self) -> Engine {
        self.0.store.engine()
    }
}
