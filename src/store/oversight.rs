//! `Oversight`: the handle of the watchdog: what is late, stuck or silent, by plain SQL and without a rule; and
//! the alarms that are not over.

use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::restoring::RestoredFrom;
use super::row::Row;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::alarms::{OpenAlarm, Queue, UntoldTerm};
use super::tables::deadlines::RUNS;
use super::tables::meta::Meta;
use crate::calendar::Moment;
use crate::complaint::Recipient;

/// The most untold terms in one answer.
const TERMS: i64 = 100;

/// The handle of the watchdog.
#[derive(Clone, Debug)]
pub struct Oversight(pub(super) Database);

/// What is late, stuck or silent in the outbox, each plugin once.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Queues {
    /// What waits, with the moment at which the oldest was decided.
    pub queued: Vec<Queue>,
    /// What is due and nobody has taken up, with the moment since which the first of it is due.
    pub due: Vec<Queue>,
    /// Dead letters, with the moment at which the newest was given up.
    pub dead: Vec<Queue>,
}

impl Oversight {
    /// Returns the terms that ended at or before a moment, the earliest first and 100 at most, of which nobody
    /// of the organisation was told since: no message was delivered, whatever the reason.
    pub async fn untold_terms(&self, until: Moment) -> Result<Vec<UntoldTerm>, StoreError> {
        let sql = format!(
            "SELECT d.complaint_id, d.name, d.instance, d.due, COALESCE(c.number, c.intake_id) AS reference \
             FROM deadlines d JOIN complaints c ON c.id = d.complaint_id WHERE {RUNS} AND d.due <= $1 \
             AND NOT EXISTS (SELECT 1 FROM notifications n JOIN deliveries v ON v.notification_id = n.id \
             WHERE n.complaint_id = d.complaint_id AND n.at >= d.due AND n.recipient <> $2 AND v.{}) \
             ORDER BY d.due LIMIT $3",
            DeliveryState::Accepted.condition()
        );
        let late = Statement::new(sql).with(until).with(Recipient::Complainant.to_string()).with(TERMS);
        late.all(&self.0.reader).await
    }

    /// Returns how the outbox stands at a moment.
    pub async fn queues(&self, now: Moment) -> Result<Queues, StoreError> {
        let select = |moment: &str, condition: &str| {
            Statement::new(format!(
                "SELECT plugin, COUNT(*) AS deliveries, {moment} AS at FROM deliveries WHERE {condition}"
            ))
        };
        let (queued, dead) = (DeliveryState::Queued.condition(), DeliveryState::Dead.condition());
        let due =
            select("MIN(next_at)", &format!("{queued} AND next_at <= $1 AND lease_until <= $1")).with(now);
        // What waits for working hours has waited for nothing yet.
        let waiting = format!("{queued} AND (attempts > 0 OR next_at <= created_at OR next_at <= $1)");
        let waiting = select("MIN(created_at)", &waiting).with(now);
        let by_plugin = " GROUP BY plugin ORDER BY plugin";
        Ok(Queues {
            queued: waiting.and(by_plugin).all(&self.0.reader).await?,
            due: due.and(by_plugin).all(&self.0.reader).await?,
            dead: select("MAX(finished_at)", &dead).and(by_plugin).all(&self.0.reader).await?,
        })
    }

    /// Returns the moment at which the newest mail was received; none before the first.
    pub async fn last_mail(&self) -> Result<Option<Moment>, StoreError> {
        let newest = Statement::new("SELECT received_at FROM mails ORDER BY id DESC LIMIT 1");
        Ok(newest.value("received_at", &self.0.reader).await?.map(Moment::from_millis))
    }

    /// Returns the size of the database in bytes.
    pub async fn size(&self) -> Result<i64, StoreError> {
        let sql = self.0.engine.size();
        Ok(Statement::new(sql).value("size", &self.0.reader).await?.unwrap_or(0))
    }

    /// Records that the database was backed up.
    pub async fn record_backup(&self, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::BackedUpAt.write(&mut tx, now.millis()).await?;
        Ok(tx.commit().await?)
    }

    /// Returns when the database was last backed up; none when that is not known.
    pub async fn backed_up_at(&self) -> Result<Option<Moment>, StoreError> {
        let at: Option<i64> = Meta::BackedUpAt.read(&self.0.reader).await?;
        Ok(at.map(Moment::from_millis))
    }

    /// Returns the copy that the database was restored from, while nobody has let it go on.
    pub async fn restored_from(&self) -> Result<Option<RestoredFrom>, StoreError> {
        Meta::Restored.read(&self.0.reader).await
    }

    /// Returns when a watchdog last wrote; none before the first.
    pub async fn watched_at(&self) -> Result<Option<Moment>, StoreError> {
        let at: Option<i64> = Meta::WatchedAt.read(&self.0.reader).await?;
        Ok(at.map(Moment::from_millis))
    }

    /// Returns the alarms that are not over.
    pub async fn alarms(&self) -> Result<Vec<OpenAlarm>, StoreError> {
        let open = Statement::select::<OpenAlarm>("FROM alarms ORDER BY since, kind, subject");
        open.all(&self.0.reader).await
    }

    /// Records what is seen at a moment: new alarms, those that go on, and that somebody looks at all. What an
    /// alarm has in the table (since when, whether it was told) stays.
    pub async fn record(&self, seen: Vec<OpenAlarm>, now: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Meta::WatchedAt.write(&mut tx, now.millis()).await?;
        let goes_on = Conflict::Updates {
            key: "kind, subject, observer",
            columns: &["seen_at", "said", "remedy"],
            only_if: None,
        };
        insert(&mut tx, seen, goes_on).await?;
        Ok(tx.commit().await?)
    }

    /// Records that somebody was told of an alarm.
    pub async fn told(&self, alarm: &OpenAlarm, now: Moment) -> Result<(), StoreError> {
        let told = OpenAlarm { told_at: Some(now), ..alarm.clone() };
        let only_that =
            Conflict::Updates { key: "kind, subject, observer", columns: &["told_at"], only_if: None };
        let mut tx = self.0.begin().await?;
        insert(&mut tx, vec![told], only_that).await?;
        Ok(tx.commit().await?)
    }

    /// Ends an alarm.
    pub async fn end(&self, alarm: &OpenAlarm) -> Result<(), StoreError> {
        let table = OpenAlarm::TABLE;
        let sql = format!("DELETE FROM {table} WHERE kind = $1 AND subject = $2 AND observer = $3");
        let this = Statement::new(sql).with(&alarm.kind).with(&alarm.subject).with(&alarm.observer);
        let mut tx = self.0.begin().await?;
        this.run(&mut tx).await?;
        Ok(tx.commit().await?)
    }
}
