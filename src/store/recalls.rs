//! `Recalls`: the handle of calling letters back before they go.

use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::statement::Statement;
use super::tables::complaints::wake;
use super::tables::triggers::{self, TriggerRow};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;

/// The handle of calling letters back.
#[derive(Clone, Debug)]
pub struct Recalls(pub(super) Database);

/// A letter that somebody calls back.
#[derive(Clone, Copy, Debug)]
pub struct Recall<'r> {
    /// The id of the notification.
    pub notification: &'r str,
    /// The complaint, which is told.
    pub complaint: ComplaintId,
    /// The trigger that tells it, as JSON.
    pub trigger: &'r str,
    /// The moment.
    pub at: Moment,
}

/// The end of a recall.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RecallEnd {
    /// It does not go, and the complaint is told.
    Recalled,
    /// It was called back before.
    Already,
    /// It goes, has gone, or goes to nobody: nothing was done.
    OnItsWay,
}

impl Recalls {
    /// Calls a letter back, all of its deliveries or none: what was claimed or attempted is on its way. The complaint is told
    /// by a trigger in the same transaction.
    pub async fn recall(&self, recall: Recall<'_>) -> Result<RecallEnd, StoreError> {
        let (queued, recalled) = (DeliveryState::Queued.condition(), DeliveryState::Recalled);
        let sql = format!(
            "UPDATE deliveries SET state = '{recalled}', finished_at = $1 WHERE notification_id = $2 AND {queued} \
             AND attempts = 0 AND lease_until <= {}",
            self.0.engine.lease_time("$1")
        );
        let mut tx = self.0.begin().await?;
        let stopped = Statement::new(sql).with(recall.at).with(recall.notification).run(&mut tx).await?;
        let all = Statement::counting("deliveries WHERE notification_id = $1").with(recall.notification);
        let all = all.count(&mut tx).await?;
        let left = format!("deliveries WHERE notification_id = $1 AND state <> '{recalled}'");
        let left = Statement::counting(&left).with(recall.notification).count(&mut tx).await?;
        if left > 0 || all == 0 {
            return Ok(RecallEnd::OnItsWay);
        }
        if stopped == 0 {
            return Ok(RecallEnd::Already);
        }
        let told = TriggerRow {
            id: format!("recall {}", recall.notification),
            complaint_id: recall.complaint,
            at: recall.at,
            content: recall.trigger.to_owned(),
        };
        triggers::add(&mut tx, vec![told]).await?;
        wake(&mut tx, &[recall.complaint], recall.at).await?;
        self.0.finish(tx).await?;
        Ok(RecallEnd::Recalled)
    }
}
