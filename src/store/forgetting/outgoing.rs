//! What waits to be sent of a complaint that is forgotten, and what waits to be decided about it.

use super::telling::{Told, all_telling};
use super::{Forgettings, pass};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Event, EventKind, Origin};
use crate::store::chain::{Entry, append};
use crate::store::delivery_state::{DeliveryState, GatheredState};
use crate::store::digests::settle;
use crate::store::error::StoreError;
use crate::store::row::view;
use crate::store::sets::ROWS;
use crate::store::statement::{Statement, Tx};
use crate::store::tables::forgettings::ForgettingStep;
use serde_json::json;
use std::fmt;

/// How what is to go out is stopped.
pub struct Stopping<'s> {
    /// The hash of the ruleset in force.
    pub ruleset: &'s str,
    /// The moment at which it is stopped.
    pub now: Moment,
    /// The messages of the engine that may tell of the complaint.
    pub told: Told<'s>,
    /// Returns what is carried without whatever names somebody; none where nothing does.
    pub nameless: &'s (dyn Fn(&str) -> Option<String> + Send + Sync),
}

impl fmt::Debug for Stopping<'_> {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Stopping").field("now", &self.now).field("told", &self.told).finish_non_exhaustive()
    }
}

view! {
    struct CarriedEvent in "deliveries" as "delivery" ("id") {
        id: String,
        payload: String,
    }
}

impl Forgettings {
    /// Stops everything that waits to be sent, to be gathered or to be decided, and throws away what somebody typed and who
    /// looked. That the complaint is forgotten is not stopped: whoever was told of it is to hear that too, without a name.
    /// Returns false while something is being attempted, which is waited for.
    pub async fn stop(&self, id: ComplaintId, stopping: &Stopping<'_>) -> Result<bool, StoreError> {
        let (now, mut tx) = (stopping.now, self.0.begin().await?);
        let since = decided_at(&mut tx, id).await?;
        let (queued, lease) = (DeliveryState::Queued.condition(), self.0.engine.lease_time("$1"));
        let recall = format!(
            "UPDATE deliveries SET state = '{}', finished_at = COALESCE(finished_at, $1) WHERE ({}) AND ",
            DeliveryState::Recalled,
            self.is_unsent()
        );
        let own = Statement::new(format!(
            "{recall}complaint_id = $2 AND (notification_id IS NOT NULL OR created_at < $3)"
        ));
        own.with(now).with(id).with(since).run(&mut tx).await?;
        unname(&mut tx, id, since, stopping.nameless).await?;
        self.leave_out(&mut tx, id, stopping.ruleset, now).await?;
        for table in ["triggers", "drafts", "views"] {
            let gone = Statement::new(format!("DELETE FROM {table} WHERE complaint_id = $1"));
            gone.with(id).run(&mut tx).await?;
        }
        let under_way = format!("deliveries WHERE {queued} AND lease_until > {lease} AND ");
        let own = Statement::counting(&format!("{under_way}complaint_id = $2")).with(now).with(id);
        let mut is_under_way = own.count(&mut tx).await? > 0;
        let told = all_telling(&mut tx, id, stopping.told).await?;
        let mut digests = digests_of_complaint(&mut tx, id).await?;
        digests.extend(digests_with(&mut tx, &told).await?);
        for set in digests.chunks(ROWS) {
            self.give_back(&mut tx, set, &told, now).await?;
        }
        for set in told.chunks(ROWS).chain(digests.chunks(ROWS)) {
            let these = Statement::new(format!("{recall}notification_id IN ")).with(now).and_list(set);
            these.run(&mut tx).await?;
            let these =
                Statement::counting(&format!("{under_way}notification_id IN ")).with(now).and_list(set);
            is_under_way |= these.count(&mut tx).await? > 0;
        }
        if !is_under_way {
            pass(&mut tx, id, ForgettingStep::Outgoing).await?;
        }
        self.0.finish(tx).await?;
        Ok(!is_under_way)
    }

    /// Returns the condition on deliveries that nobody sends now, at the moment `$1`: those are recalled.
    fn is_unsent(&self) -> String {
        let (queued, dead) = (DeliveryState::Queued.condition(), DeliveryState::Dead.condition());
        format!("{dead} OR ({queued} AND lease_until <= {})", self.0.engine.lease_time("$1"))
    }

    /// Has the lines that others have in digests which are recalled, and which nobody was sent, wait for another digest.
    async fn give_back(
        &self,
        tx: &mut Tx,
        digests: &[String],
        told: &[String],
        now: Moment,
    ) -> Result<(), StoreError> {
        let unsent = self.is_unsent();
        let of = |condition: &str| {
            let sql = format!(
                "SELECT DISTINCT notification_id FROM deliveries WHERE {condition} AND notification_id IN "
            );
            Statement::new(sql).with(now).and_list(digests)
        };
        // One that was recalled before went nowhere either.
        let went = format!("NOT ({unsent}) AND state <> '{}'", DeliveryState::Recalled);
        let went: Vec<String> = of(&went).values("notification_id", &mut *tx).await?;
        let mut stopped: Vec<String> = of(&format!("({unsent})")).values("notification_id", &mut *tx).await?;
        stopped.retain(|digest| !went.contains(digest));
        if stopped.is_empty() {
            return Ok(());
        }
        let others = "SELECT l.notification_id FROM digest_lines l JOIN notifications n ON n.id = l.notification_id \
            WHERE NOT EXISTS (SELECT 1 FROM forgettings f WHERE f.complaint_id = n.complaint_id) AND l.digest_id IN ";
        let others = Statement::new(others).and_list(&stopped);
        let mut others: Vec<String> = others.values("notification_id", &mut *tx).await?;
        others.retain(|line| !told.contains(line));
        for set in others.chunks(ROWS) {
            let again = format!(
                "UPDATE gathered SET state = '{}', settled_at = NULL, due_at = $1 WHERE {} AND notification_id IN ",
                GatheredState::Waiting.as_str(),
                GatheredState::Carried.condition()
            );
            Statement::new(again).with(now).and_list(set).run(tx).await?;
        }
        Ok(())
    }

    /// Leaves the lines of a complaint that wait for a digest out of it, as the trail then says.
    async fn leave_out(
        &self,
        tx: &mut Tx,
        id: ComplaintId,
        ruleset: &str,
        now: Moment,
    ) -> Result<(), StoreError> {
        let waiting = format!(
            "SELECT g.notification_id FROM notifications n JOIN gathered g ON g.notification_id = n.id \
             WHERE n.complaint_id = $1 AND g.{} ORDER BY g.notification_id",
            GatheredState::Waiting.condition()
        );
        let waiting: Vec<String> =
            Statement::new(waiting).with(id).values("notification_id", &mut *tx).await?;
        if waiting.is_empty() {
            return Ok(());
        }
        settle(tx, &waiting, GatheredState::LeftOut, now).await?;
        let event = Event {
            kind: EventKind::DigestsSent,
            origin: Origin::ENGINE,
            summary: format!("{} left out of digests, their complaint is forgotten", waiting.len()),
            data: json!({"digests": {}, "left_out": waiting}),
            personal: None,
        };
        append(&self.0, tx, &Entry::alone(now, ruleset, &[event])).await
    }
}

/// Returns since when it is decided that a complaint is forgotten.
pub(super) async fn decided_at(tx: &mut Tx, id: ComplaintId) -> Result<Moment, StoreError> {
    let decided = Statement::new("SELECT decided_at FROM forgettings WHERE complaint_id = $1").with(id);
    Ok(Moment::from_millis(decided.value("decided_at", tx).await?.unwrap_or(i64::MAX)))
}

/// Takes names out of the events that tell that a complaint is forgotten, and what came of it.
async fn unname(
    tx: &mut Tx,
    id: ComplaintId,
    since: Moment,
    nameless: &(dyn Fn(&str) -> Option<String> + Send + Sync),
) -> Result<(), StoreError> {
    let told = "FROM deliveries WHERE complaint_id = $1 AND notification_id IS NULL AND created_at >= $2";
    let told = Statement::select::<CarriedEvent>(told).with(id).with(since);
    for row in told.all::<CarriedEvent>(&mut *tx).await? {
        if let Some(payload) = nameless(&row.payload) {
            let unnamed = Statement::new("UPDATE deliveries SET payload = $1 WHERE id = $2");
            unnamed.with(payload).with(&row.id).run(tx).await?;
        }
    }
    Ok(())
}

/// Returns the digests in which a complaint stood.
pub(super) async fn digests_of_complaint(tx: &mut Tx, id: ComplaintId) -> Result<Vec<String>, StoreError> {
    let digests = "SELECT DISTINCT l.digest_id FROM notifications n JOIN digest_lines l ON l.notification_id = n.id \
        WHERE n.complaint_id = $1";
    Statement::new(digests).with(id).values("digest_id", tx).await
}

/// Returns the digests that carried messages.
pub(super) async fn digests_with(tx: &mut Tx, ids: &[String]) -> Result<Vec<String>, StoreError> {
    let mut found = Vec::new();
    for set in ids.chunks(ROWS) {
        let carried = Statement::new("SELECT DISTINCT digest_id FROM digest_lines WHERE notification_id IN ");
        found.extend(carried.and_list(set).values::<String>("digest_id", &mut *tx).await?);
    }
    Ok(found)
}
