//! `Records`: the handle of the director's records: concluded reports and recommendations.

use super::chain::{Entry, append};
use super::database::Database;
use super::error::StoreError;
use super::row::Row;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::counters::{Counter, raise};
use super::tables::deliveries::{DeliveryRow, NewDelivery};
use super::tables::kept_reports::{KeptReport, KeptReportLine};
use super::tables::notifications::{NotificationRow, RenderedNotification};
use super::tables::recommendations::{self, Recommendation, RecommendationRow};
use super::tables::reports::ConcludedReport;
use crate::calendar::{Date, Moment};
use crate::complaint::Event;

/// The handle of the director's records.
#[derive(Clone, Debug)]
pub struct Records(pub(super) Database);

impl Records {
    /// Reads the concluded reports, by period.
    pub async fn concluded_reports(&self) -> Result<Vec<ConcludedReport>, StoreError> {
        Statement::select::<ConcludedReport>("FROM reports ORDER BY to_on, from_on").all(&self.0.reader).await
    }

    /// Reads which reports are kept, the newest first, at most `limit`.
    pub async fn kept_reports(&self, limit: usize) -> Result<Vec<KeptReportLine>, StoreError> {
        let sql = format!(
            "SELECT {} FROM kept_reports ORDER BY made_at DESC LIMIT {limit}",
            KeptReportLine::columns()
        );
        Statement::new(sql).all(&self.0.reader).await
    }

    /// Reads which reports are kept that touch a period, by their own and as they were made, all there are: of each a line.
    pub async fn kept_reports_of(&self, (from, to): (Date, Date)) -> Result<Vec<KeptReportLine>, StoreError> {
        let of =
            "FROM kept_reports WHERE from_on <= $1 AND to_on >= $2 ORDER BY from_on, to_on, made_at, is_open";
        let of = Statement::new(format!("SELECT {} {of}", KeptReportLine::columns()));
        of.with(to).with(from).all(&self.0.reader).await
    }

    /// Reads which report on exactly a period was made last, for who may see complaints or for everybody.
    pub async fn last_kept(
        &self,
        (from, to): (Date, Date),
        is_open: bool,
    ) -> Result<Option<KeptReportLine>, StoreError> {
        let of = "FROM kept_reports WHERE from_on = $1 AND to_on = $2 AND is_open = $3 ORDER BY made_at DESC LIMIT 1";
        let last = Statement::new(format!("SELECT {} {of}", KeptReportLine::columns()));
        last.with(from).with(to).with(i64::from(is_open)).first(&self.0.reader).await
    }

    /// Reads the report on a period that was made at a moment, for who may see complaints or for everybody.
    pub async fn kept_report(
        &self,
        (from, to): (Date, Date),
        made_at: Moment,
        is_open: bool,
    ) -> Result<Option<KeptReport>, StoreError> {
        let of = "FROM kept_reports WHERE from_on = $1 AND to_on = $2 AND made_at = $3 AND is_open = $4";
        let kept =
            Statement::select::<KeptReport>(of).with(from).with(to).with(made_at).with(i64::from(is_open));
        kept.first(&self.0.reader).await
    }

    /// Records the conclusions under a report, the report as it then stands, and the messages that tell of it with their
    /// deliveries; returns false when it was concluded before, and leaves that as it was.
    pub async fn conclude_report(
        &self,
        report: ConcludedReport,
        event: Event,
        ruleset: &str,
        kept: Vec<KeptReport>,
        told: (&[RenderedNotification], &[NewDelivery]),
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let at = report.concluded_at;
        if insert(&mut tx, vec![report], Conflict::Keeps("from_on, to_on")).await? == 0 {
            return Ok(false);
        }
        insert(&mut tx, kept, Conflict::Keeps("from_on, to_on, made_at, is_open")).await?;
        let (notifications, deliveries) = told;
        let notifications = notifications.iter().map(|n| NotificationRow::new(None, at, n));
        insert(&mut tx, notifications.collect(), Conflict::Keeps("id")).await?;
        let deliveries = deliveries.iter().map(|d| DeliveryRow::new(d, at));
        insert(&mut tx, deliveries.collect(), Conflict::Keeps("id")).await?;
        append(&self.0, &mut tx, &Entry::alone(at, ruleset, &[event])).await?;
        self.0.finish(tx).await?;
        Ok(true)
    }

    /// Reads the recommendations, oldest first.
    pub async fn recommendations(&self) -> Result<Vec<Recommendation>, StoreError> {
        let sql = format!("SELECT {} FROM recommendations ORDER BY id", RecommendationRow::columns());
        let rows: Vec<RecommendationRow> = Statement::new(sql).all(&self.0.reader).await?;
        Ok(rows.into_iter().map(Recommendation::from).collect())
    }

    /// Adds a recommendation (id 0) or changes one, and returns its id.
    pub async fn keep_recommendation(
        &self,
        r: &Recommendation,
        event: impl FnOnce(i64) -> Event,
        ruleset: &str,
    ) -> Result<i64, StoreError> {
        let mut tx = self.0.begin().await?;
        let id = if r.id == 0 { raise(&mut tx, Counter::Recommendation, 1).await? } else { r.id };
        let change = Conflict::Updates { key: "id", columns: recommendations::CHANGING, only_if: None };
        insert(&mut tx, vec![RecommendationRow::new(id, r)], change).await?;
        append(&self.0, &mut tx, &Entry::alone(r.changed_at, ruleset, &[event(id)])).await?;
        self.0.finish(tx).await?;
        Ok(id)
    }
}
