//! `redress reports`: the counts of a period, and the director's conclusions under them
//! (docs/procedure.md rows 36 and 37).

use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Date;
use crate::workflow::RecordError;
use clap::Subcommand;
use serde_json::{Value, json};

#[derive(Debug, Subcommand)]
pub(super) enum Reports {
    /// List concluded reports
    List,
    /// Show the counts of a period, as the report states them
    Show {
        /// 2026, 2026-Q3, or 2026-07-01/2026-09-30
        #[arg(value_parser = period)]
        period: Period,
    },
    /// Record the conclusions on a period
    Conclude {
        /// 2026, 2026-Q3, or 2026-07-01/2026-09-30
        #[arg(value_parser = period)]
        period: Period,
        /// The conclusions
        #[arg(long)]
        text: String,
        /// Who concludes
        #[arg(long = "as", value_name = "EMAIL")]
        by: String,
    },
}

/// First and last day.
type Period = (Date, Date);

fn period(text: &str) -> Result<Period, String> {
    let day = |y: i32, m: u32, d: u32| Date::from_ymd_opt(y, m, d);
    let days = || -> Option<Period> {
        if let Some((from, to)) = text.split_once('/') {
            return Some((from.parse().ok()?, to.parse().ok()?));
        }
        if let Some((year, quarter)) = text.split_once("-Q") {
            let (year, quarter) = (year.parse().ok()?, quarter.parse::<u32>().ok()?);
            let from = (1..=4).contains(&quarter).then(|| day(year, quarter * 3 - 2, 1))??;
            return Some((from, from.checked_add_months(chrono::Months::new(3))?.pred_opt()?));
        }
        let year = text.parse().ok()?;
        Some((day(year, 1, 1)?, day(year, 12, 31)?))
    };
    days()
        .filter(|(from, to)| from <= to)
        .ok_or_else(|| "write 2026, 2026-Q3, or 2026-07-01/2026-09-30".to_owned())
}

impl Reports {
    pub fn changes(&self) -> bool {
        matches!(self, Self::Conclude { .. })
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List => list(app, output).await,
            Self::Show { period } => show(app, period, output).await,
            Self::Conclude { period, text, by } => {
                app.workflow.records().conclude_report(period, &text, &by).await.map_err(failure)?;
                if output.json {
                    output.document(&json!({"from": period.0, "to": period.1}));
                } else {
                    output.line(format!("the report on {} to {} is concluded", period.0, period.1));
                }
                Ok(())
            }
        }
    }
}

async fn list(app: &App, output: &Output) -> Result<(), Failure> {
    let reports = app.workflow.records().concluded_reports().await?;
    if output.json {
        output.document(&reports);
        return Ok(());
    }
    let rows: Vec<Vec<String>> = reports
        .into_iter()
        .map(|r| vec![r.from.to_string(), r.to.to_string(), r.concluded_by, r.conclusions.replace('\n', " ")])
        .collect();
    output.table(&["from", "to", "by", "conclusions"], &rows);
    Ok(())
}

async fn show(app: &App, (from, to): Period, output: &Output) -> Result<(), Failure> {
    let counts = app.workflow.records().report_counts(from, to).await?;
    if output.json {
        output.document(&counts);
        return Ok(());
    }
    output.line(format!("Complaints received from {from} to {to}\n"));
    for name in
        ["received", "registered", "decided", "in_time", "awaiting_reply", "declined", "escalated", "open"]
    {
        output.line(format!("  {:<16} {:>6}", name.replace('_', " "), counts[name]));
    }
    for (title, key) in [("verdict", "verdicts"), ("agreement", "agreements"), ("ground", "grounds")] {
        for row in counts[key].as_array().into_iter().flatten().filter(|row| row["count"] != 0) {
            output.line(format!(
                "  {:<16} {:>6}",
                format!("{title} {}", row["name"].as_str().unwrap_or_default()),
                row["count"]
            ));
        }
    }
    output.line("\nNot counted as complaints");
    for name in ["withdrawn", "merged", "no_complaint"] {
        output.line(format!("  {:<16} {:>6}", name.replace('_', " "), counts[name]));
    }
    let open = counts["recommendations"].as_array().cloned().unwrap_or_default();
    if !open.is_empty() {
        output.line("\nRecommendations to follow up");
        let text = |v: &Value| v.as_str().map_or_else(|| v.to_string(), str::to_owned);
        open.iter().for_each(|r| output.line(format!("  {} ({})", text(&r["content"]), text(&r["state"]))));
    }
    Ok(())
}

pub(super) fn failure(error: RecordError) -> Failure {
    match error {
        RecordError::Refused(text) => Failure::new(text),
        RecordError::Workflow(e) => e.into(),
    }
}

#[cfg(test)]
mod tests {
    use super::period;

    #[test]
    fn periods_are_written_in_three_ways() {
        let shown = |text: &str| period(text).map(|(from, to)| format!("{from} {to}"));
        assert_eq!(shown("2026"), Ok("2026-01-01 2026-12-31".to_owned()));
        assert_eq!(shown("2026-Q4"), Ok("2026-10-01 2026-12-31".to_owned()));
        assert_eq!(shown("2026-02-01/2026-02-03"), Ok("2026-02-01 2026-02-03".to_owned()));
        for wrong in ["2026-Q5", "2026-Q0", "kwartaal", "2026-02-03/2026-02-01"] {
            assert!(shown(wrong).is_err(), "{wrong}");
        }
    }
}
