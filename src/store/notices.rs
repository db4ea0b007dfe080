//! `Notices`: the handle of notifications that belong to no complaint: what schedules send, alarms, faults
//! that are told.

use super::chain::{Entry, append};
use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, ROWS, insert};
use super::statement::Statement;
use super::tables::deliveries::{DeliveryRow, NewDelivery};
use super::tables::kept_reports::KeptReport;
use super::tables::notifications::{NotificationRow, RenderedNotification, gathered};
use super::tables::schedules::ScheduleRun;
use super::tables::told_faults::ToldFaultRow;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event};
use std::collections::HashSet;

/// Stands for the ruleset where something is told under any.
const NO_RULESET: &str = "";

/// The handle of sending what belongs to no complaint, once.
#[derive(Clone, Debug)]
pub struct Notices(pub(super) Database);

/// Notifications that belong to no complaint, ready to be written.
#[derive(Clone, Copy, Debug)]
pub struct Notice<'n> {
    /// The moment at which they are sent.
    pub at: Moment,
    /// The hash of the ruleset in force.
    pub ruleset: &'n str,
    /// The messages, rendered and addressed.
    pub notifications: &'n [RenderedNotification],
    /// The deliveries of those messages and of subscribed events.
    pub deliveries: &'n [NewDelivery],
    /// The events that tell of it in the trail.
    pub events: &'n [Event],
    /// What they tell of, each under a name of its own, so that it is not told again.
    pub marks: &'n [String],
    /// The complaint that they tell of, though they belong to none; none where they tell of none.
    pub tells_of: Option<ComplaintId>,
    /// The run of a schedule that sends them; nothing is written when another process has run it. None for
    /// alarms.
    pub run: Option<&'n ScheduleRun>,
    /// The reports that they tell of, as they are kept.
    pub reports: &'n [KeptReport],
}

impl Notices {
    /// Writes notifications, their deliveries and their events. One whose id is there already stays as it
    /// was.
    pub async fn commit(&self, notice: Notice<'_>) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        if let Some(run) = notice.run {
            let later = Conflict::Updates {
                key: "name",
                columns: &["last_nominal"],
                only_if: Some("schedules.last_nominal < excluded.last_nominal"),
            };
            if insert(&mut tx, vec![run.clone()], later).await? == 0 {
                return Ok(());
            }
        }
        let key = "from_on, to_on, made_at, is_open";
        insert(&mut tx, notice.reports.to_vec(), Conflict::Keeps(key)).await?;
        let row = |n| NotificationRow::new(None, notice.at, n).telling_of(notice.tells_of);
        let notifications = notice.notifications.iter().map(row);
        insert(&mut tx, notifications.collect(), Conflict::Keeps("id")).await?;
        let told = |mark: &String| ToldFaultRow {
            rule: mark.clone(),
            ruleset: NO_RULESET.to_owned(),
            told_at: notice.at,
        };
        let marks = notice.marks.iter().map(told).collect();
        insert(&mut tx, marks, Conflict::Keeps("rule, ruleset")).await?;
        let lines = gathered(notice.notifications).collect();
        insert(&mut tx, lines, Conflict::Keeps("notification_id")).await?;
        let deliveries = notice.deliveries.iter().map(|d| DeliveryRow::new(d, notice.at));
        insert(&mut tx, deliveries.collect(), Conflict::Keeps("id")).await?;
        append(&self.0, &mut tx, &Entry::alone(notice.at, notice.ruleset, notice.events)).await?;
        self.0.finish(tx).await
    }

    /// Returns which of these marks are there already.
    pub async fn marked(&self, marks: &[String]) -> Result<HashSet<String>, StoreError> {
        let mut marked = HashSet::new();
        for set in marks.chunks(ROWS) {
            let there = "SELECT rule FROM told_faults WHERE ruleset = $1 AND rule IN ";
            let there = Statement::new(there).with(NO_RULESET).and_list(set);
            marked.extend(there.values::<String>("rule", &self.0.reader).await?);
        }
        Ok(marked)
    }

    /// Counts the marks that begin with `prefix`, which ends with a `/`.
    pub async fn marks_below(&self, prefix: &str) -> Result<i64, StoreError> {
        // The sign behind the slash.
        let end = format!("{}0", prefix.trim_end_matches('/'));
        let below = Statement::counting("told_faults WHERE rule >= $1 AND rule < $2 AND ruleset = $3");
        below.with(prefix).with(end).with(NO_RULESET).count(&self.0.reader).await
    }

    /// Returns the last run of each schedule, by name.
    pub async fn schedule_runs(&self) -> Result<Vec<ScheduleRun>, StoreError> {
        Statement::select::<ScheduleRun>("FROM schedules ORDER BY name").all(&self.0.reader).await
    }

    /// Claims the telling of something that is wrong under a ruleset: a rule's fault, by its name, or another
    /// alarm. Returns false when it was claimed before.
    pub async fn claim_alarm(&self, subject: &str, ruleset: &str, at: Moment) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let row = ToldFaultRow { rule: subject.to_owned(), ruleset: ruleset.to_owned(), told_at: at };
        let told = insert(&mut tx, vec![row], Conflict::Keeps("rule, ruleset")).await?;
        self.0.finish(tx).await?;
        Ok(told > 0)
    }
}
