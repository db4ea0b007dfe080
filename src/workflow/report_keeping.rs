//! Reports as they were sent or concluded: kept byte for byte, with a digest in the trail, and had again as of the day on which
//! they were made. Who may not see all complaints has the open one, in which small numbers are left out.

use super::WorkflowError;
use super::records::DirectorRecords;
use super::standing::Standing;
use crate::calendar::{Date, Moment};
use crate::complaint::Role;
use crate::report::{self, Report};
use crate::store::{KeptReport, KeptReportLine, StoreError};
use serde_json::json;
use sha2::{Digest, Sha256};

/// The most kept reports that are listed.
const LISTED: usize = 400;

impl DirectorRecords<'_> {
    /// Makes the reports on periods, each for who may see all complaints and for everybody, to be kept. `conclusions` are put
    /// under them where they are not recorded yet.
    pub(super) async fn to_keep(
        self,
        periods: &[(Date, Date)],
        conclusions: Option<&str>,
        now: Moment,
    ) -> Result<Vec<KeptReport>, WorkflowError> {
        let mut kept = Vec::new();
        for period in periods {
            let report = self.report(*period, self.0.settings().language).await?;
            let conclusions = report.conclusions.clone().or_else(|| conclusions.map(str::to_owned));
            let report = Report { conclusions, ..report };
            let open = self.open_again(*period, report.clone().open()).await?;
            kept.push(to_keep(&open, now)?);
            kept.push(to_keep(&report, now)?);
        }
        Ok(kept)
    }

    /// Returns the open report with the figures that the last one on its period had, where there is one: two of them, set against
    /// each other, would tell what is left out of either.
    async fn open_again(self, period: (Date, Date), open: Report) -> Result<Report, StoreError> {
        let Some(last) = self.last_kept(period, true).await? else { return Ok(open) };
        let Some(last) = self.kept_report(period, last.made_at, true).await? else { return Ok(open) };
        let last: Report = serde_json::from_str(&last.content).map_err(|e| unreadable(&last, &e))?;
        let Report { conclusions, recommendations, .. } = open;
        Ok(Report { conclusions, recommendations, ..last })
    }

    /// Reads which reports are kept and may be read by somebody, the newest first.
    pub async fn kept_reports(self, person: &str) -> Result<Vec<KeptReportLine>, WorkflowError> {
        let is_open = self.reads_open(person).await?;
        let mut kept = self.0.store.records().kept_reports(LISTED).await?;
        kept.retain(|report| report.is_open == is_open);
        Ok(kept)
    }

    /// Reads which reports are kept that touch a period, by their own.
    pub async fn kept_reports_of(self, period: (Date, Date)) -> Result<Vec<KeptReportLine>, StoreError> {
        self.0.store.records().kept_reports_of(period).await
    }

    /// Reads which report on a period was made last; none where none is kept.
    pub async fn last_kept(
        self,
        period: (Date, Date),
        is_open: bool,
    ) -> Result<Option<KeptReportLine>, StoreError> {
        self.0.store.records().last_kept(period, is_open).await
    }

    /// Reads the report on a period that was made at a moment.
    pub async fn kept_report(
        self,
        period: (Date, Date),
        made_at: Moment,
        is_open: bool,
    ) -> Result<Option<KeptReport>, StoreError> {
        self.0.store.records().kept_report(period, made_at, is_open).await
    }

    /// Returns whether somebody puts conclusions under reports.
    pub async fn concludes(self, person: &str) -> Result<bool, WorkflowError> {
        let published = self.0.published();
        self.is_one_of(published.ruleset.procedure().reports_concluded_by.as_ref(), person).await
    }

    /// Returns whether somebody keeps recommendations.
    pub async fn keeps_recommendations(self, person: &str) -> Result<bool, WorkflowError> {
        let published = self.0.published();
        self.is_one_of(published.ruleset.procedure().recommendations_kept_by.as_ref(), person).await
    }

    async fn is_one_of(self, role: Option<&Role>, person: &str) -> Result<bool, WorkflowError> {
        let (now, settings, published) = (self.0.now().await?, self.0.settings(), self.0.published());
        let standing = Standing::new(&settings, published.ruleset.procedure(), None, now);
        Ok(role.is_some_and(|role| standing.roles_of(person).contains(role)))
    }

    /// Returns whether somebody has the open report: who may not see all complaints.
    pub async fn reads_open(self, person: &str) -> Result<bool, WorkflowError> {
        let (now, settings, published) = (self.0.now().await?, self.0.settings(), self.0.published());
        let standing = Standing::new(&settings, published.ruleset.procedure(), None, now);
        Ok(!standing.sees_everything(person))
    }
}

/// Names a report of which the content is none: beside it another one with small numbers left out is not made.
fn unreadable(kept: &KeptReport, why: &serde_json::Error) -> StoreError {
    StoreError::Unreadable {
        table: "kept_reports",
        column: "content".to_owned(),
        row: format!("the open report on {} to {} of {}", kept.from, kept.to, kept.made_at.millis()),
        why: why.to_string(),
    }
}

fn to_keep(report: &Report, now: Moment) -> Result<KeptReport, WorkflowError> {
    let page = report::page(report)?;
    Ok(KeptReport {
        from: report.from,
        to: report.to,
        made_at: now,
        made_on: report.made_on,
        is_open: report.is_open,
        is_concluded: report.conclusions.is_some(),
        content: json!(report).to_string(),
        sha256: format!("{:x}", Sha256::digest(&page)),
        page,
    })
}
