//! What the latest attempts of a plugin say of its target: how long they took, and when something was last taken; and which
//! deliveries carry the messages about a complaint.

use super::deliveries::Deliveries;
use super::delivery_state::{AttemptOutcome, DeliveryState};
use super::error::StoreError;
use super::row::view;
use super::statement::Statement;
use crate::calendar::Moment;
use crate::complaint::ComplaintId;

/// The most attempts that are looked at.
const LATEST: i64 = 200;

view! {
    /// How long one attempt took.
    struct Took in "delivery_attempts" as "attempt at" ("delivery_id") {
        millis: i64,
    }
}

view! {
    /// A delivery that carries a notification.
    struct Carrying in "deliveries" as "delivery" ("id") {
        id: String,
        notification_id: String,
        plugin: String,
    }
}

/// A delivery of a message about a complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MessageDelivery {
    /// The id of the delivery.
    pub id: String,
    /// The notification that it carries.
    pub notification: String,
    /// The plugin that it goes by.
    pub plugin: String,
}

impl Deliveries {
    /// Returns the deliveries of the messages about a complaint.
    pub async fn of_messages(&self, id: ComplaintId) -> Result<Vec<MessageDelivery>, StoreError> {
        let sql = "FROM deliveries WHERE complaint_id = $1 AND notification_id IS NOT NULL";
        let rows: Vec<Carrying> = Statement::select::<Carrying>(sql).with(id).all(&self.0.reader).await?;
        let delivery = |row: Carrying| MessageDelivery {
            id: row.id,
            notification: row.notification_id,
            plugin: row.plugin,
        };
        Ok(rows.into_iter().map(delivery).collect())
    }

    /// Returns how long the latest attempts of a plugin took, of what was decided since a moment: at most 200, in
    /// milliseconds, in no order. What was held back was not attempted.
    pub async fn took(&self, plugin: &str, since: Moment) -> Result<Vec<i64>, StoreError> {
        let sql = format!(
            "SELECT a.delivery_id, a.millis FROM deliveries d JOIN delivery_attempts a ON a.delivery_id = d.id \
             WHERE d.plugin = $1 AND d.created_at >= $2 AND a.outcome <> '{}' ORDER BY d.created_at DESC LIMIT {LATEST}",
            AttemptOutcome::Held
        );
        let rows: Vec<Took> = Statement::new(sql).with(plugin).with(since).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(|row| row.millis).collect())
    }

    /// Returns when the target of a plugin took what was decided last of all that it has taken; none when it has taken
    /// nothing yet.
    pub async fn last_accepted(&self, plugin: &str) -> Result<Option<Moment>, StoreError> {
        let sql = format!(
            "SELECT finished_at FROM deliveries WHERE plugin = $1 AND {} ORDER BY created_at DESC LIMIT 1",
            DeliveryState::Accepted.condition()
        );
        let at: Option<i64> = Statement::new(sql).with(plugin).value("finished_at", &self.0.reader).await?;
        Ok(at.map(Moment::from_millis))
    }
}
