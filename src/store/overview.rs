//! What somebody who oversees asks of the whole: what is late, escalated or stuck, and the counts, each in one statement over
//! what the person may see.

use super::delivery_state::DeliveryState;
use super::desk::RUNNING;
use super::error::StoreError;
use super::register::Register;
use super::row::view;
use super::statement::Statement;
use super::tables::complaints::{ListedComplaint, ListedRow};
use super::tables::deadlines::{RUNS, RunningTerm};
use super::visibility::Viewer;
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, ComplaintId, DeadlineName, Recipient, Role, State};

view! {
    /// The running terms of one name and owner.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct TermCount in "deadlines" as "term" ("name") {
        /// The term.
        pub name: DeadlineName,
        /// The role that must meet it.
        pub owner: Role,
        /// The number that run.
        pub running: i64,
        /// The number of those that have ended.
        pub late: i64,
    }
}

view! {
    /// The open complaints of one person, or of nobody.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Load in "complaints" as "person" ("responsible") {
        /// The address; none for those that nobody is responsible for.
        pub responsible: Option<String>,
        /// The number that are open.
        pub open: i64,
        /// The number of those of which a term has passed.
        pub late: i64,
    }
}

view! {
    /// The complaints that came in within one month.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Intake in "complaints" as "month" ("month") {
        /// The month, as `2026-11`.
        pub month: String,
        /// The number of those that were registered.
        pub registered: i64,
    }
}

view! {
    /// A message about a complaint that does not arrive.
    #[derive(Clone, Debug)]
    pub struct StuckLetter in "notifications" as "notification" ("id") {
        /// The complaint.
        pub complaint: ComplaintId = "complaint_id",
        /// The delivery that is stuck.
        pub delivery: String = "delivery_id",
        /// The moment at which it was decided.
        pub at: Moment,
        /// The one it is for.
        pub recipient: Recipient,
        /// The subject, in one line.
        pub subject: String,
        /// The facts of the complaint, for who may see it.
        facts: super::column::Json<Complaint>,
    }
}

impl StuckLetter {
    /// Returns the facts of the complaint.
    pub fn facts(&self) -> &Complaint {
        &self.facts.0
    }
}

/// The way in which a message does not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stuck {
    /// It was given up.
    Dead,
    /// It was decided before a moment, and still waits.
    WaitingSince(Moment),
}

impl Register {
    /// Reads the running terms of these names that ended before a moment, the longest ago first, at most `limit`.
    pub async fn late_terms(
        &self,
        viewer: &Viewer,
        names: &[DeadlineName],
        now: Moment,
        limit: usize,
    ) -> Result<Vec<RunningTerm>, StoreError> {
        let late = Statement::new(format!("{RUNNING} WHERE {RUNS} AND d.due < $1 AND d.name IN ")).with(now);
        let late = viewer.visible_to(late.and_list(texts(names)));
        late.and(&format!(" ORDER BY d.due LIMIT {limit}")).all(&self.0.reader).await
    }

    /// Reads the running terms of these complaints, soonest first.
    pub async fn terms_of(&self, ids: &[ComplaintId]) -> Result<Vec<RunningTerm>, StoreError> {
        let terms = Statement::new(format!("{RUNNING} WHERE {RUNS} AND d.complaint_id IN "));
        let terms = terms.and_list(ids.iter().copied().chain([ComplaintId(0)]));
        let mut terms: Vec<RunningTerm> = terms.all(&self.0.reader).await?;
        terms.sort_by_key(|t| t.due);
        Ok(terms)
    }

    /// Reads the complaints in these states that are escalated, the first received first, at most `limit`.
    pub async fn escalated(
        &self,
        viewer: &Viewer,
        states: &[State],
        limit: usize,
    ) -> Result<Vec<ListedComplaint>, StoreError> {
        // Those that are escalated are gone through in their own index, in its order: by their state all that are open would be read,
        // and sorted.
        let open = format!(
            "{} WHERE c.escalation IS NOT NULL AND COALESCE(c.state, '') IN ",
            ListedRow::statement()
        );
        let open = viewer.visible_to(Statement::new(open).and_list(texts(states)));
        let open = open.and(&format!(" ORDER BY c.received_on, c.received_at, c.id LIMIT {limit}"));
        let rows: Vec<ListedRow> = open.all(&self.0.reader).await?;
        Ok(rows.into_iter().map(ListedComplaint::from).collect())
    }

    /// Counts the running terms by name and owner, and those of them that have ended.
    pub async fn running_counts(&self, viewer: &Viewer, now: Moment) -> Result<Vec<TermCount>, StoreError> {
        let sql = format!(
            "SELECT d.name, d.owner, COUNT(*) AS running, SUM(CASE WHEN d.due < $1 THEN 1 ELSE 0 END) AS late \
             FROM deadlines d JOIN complaints c ON c.id = d.complaint_id WHERE {RUNS} AND d.owner > ''"
        );
        // By the index of owners, which has all that is counted.
        let counts = viewer.visible_by("d.complaint_id", Statement::new(sql).with(now));
        counts.and(" GROUP BY d.name, d.owner").all(&self.0.reader).await
    }

    /// Counts the complaints in these states by who is responsible, and those of them of which a term has ended that binds
    /// the organisation.
    pub async fn loads(
        &self,
        viewer: &Viewer,
        states: &[State],
        now: Moment,
    ) -> Result<Vec<Load>, StoreError> {
        let counts = Statement::new(
            "SELECT c.responsible, COUNT(*) AS open, SUM(CASE WHEN c.late_from < $1 THEN 1 ELSE 0 END) AS late \
             FROM complaints c WHERE c.state IN ",
        );
        let counts = counts.with(now);
        let counts = viewer.visible_to(counts.and_list(texts(states)));
        counts.and(" GROUP BY c.responsible").all(&self.0.reader).await
    }

    /// Counts the registered complaints that came in from a day on, by month.
    pub async fn intake(&self, viewer: &Viewer, from: Date) -> Result<Vec<Intake>, StoreError> {
        let counts = Statement::new(
            "SELECT substr(c.received_on, 1, 7) AS month, COUNT(c.number) AS registered FROM complaints c WHERE c.received_on >= $1",
        );
        let counts = viewer.visible_to(counts.with(from));
        counts.and(" GROUP BY substr(c.received_on, 1, 7)").all(&self.0.reader).await
    }

    /// Reads the messages about complaints that are stuck and have arrived by no other way, the newest first, at most
    /// `limit`.
    pub async fn stuck(
        &self,
        viewer: &Viewer,
        stuck: Stuck,
        limit: usize,
    ) -> Result<Vec<StuckLetter>, StoreError> {
        let (state, before) = match stuck {
            Stuck::Dead => (DeliveryState::Dead, None),
            Stuck::WaitingSince(moment) => (DeliveryState::Queued, Some(moment)),
        };
        let sql = format!(
            "SELECT n.id, d.id AS delivery_id, n.complaint_id, n.at, n.recipient, n.subject, c.facts FROM deliveries d \
             JOIN notifications n ON n.id = d.notification_id JOIN complaints c ON c.id = n.complaint_id WHERE d.{} \
             AND NOT EXISTS (SELECT 1 FROM deliveries o WHERE o.notification_id = n.id AND o.{})",
            state.condition(),
            DeliveryState::Accepted.condition()
        );
        // Not by the index of all deliveries in the order of their making: those that are stuck are few, and have their own.
        let made = "COALESCE(d.created_at, 0)";
        let letters = Statement::new(sql).and_compared(&format!("{made} <"), before);
        let letters = viewer.visible_to(letters);
        letters.and(&format!(" ORDER BY {made} DESC LIMIT {limit}")).all(&self.0.reader).await
    }
}

/// Returns names as a list that is never empty.
fn texts<T: ToString>(names: &[T]) -> Vec<String> {
    names.iter().map(ToString::to_string).chain([String::new()]).collect()
}
