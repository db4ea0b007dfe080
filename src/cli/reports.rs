//! `redress reports`: the counts of a period, and the director's conclusions under them
//! (docs/procedure.md rows 36 and 37).

use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Date;
use crate::complaint::{Language, Via};
use crate::escape;
use crate::report;
use crate::workflow::RecordError;
use clap::Subcommand;
use serde_json::json;
use std::path::{Path, PathBuf};

#[derive(Debug, Subcommand)]
pub(super) enum Reports {
    /// List concluded reports
    List,
    /// Show the report on a period: each figure with what it counts
    Show {
        /// 2026, 2026-Q3, or 2026-07-01/2026-09-30
        #[arg(value_parser = period)]
        period: Period,
    },
    /// Write the report on a period into a file
    Write {
        /// 2026, 2026-Q3, or 2026-07-01/2026-09-30
        #[arg(value_parser = period)]
        period: Period,
        /// The file
        file: PathBuf,
        /// The form
        #[arg(long, value_enum, default_value = "html")]
        form: Form,
        /// Leave out numbers under three, for who may not see complaints
        #[arg(long)]
        open: bool,
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
    report::period(text).ok_or_else(|| "write 2026, 2026-Q3, or 2026-07-01/2026-09-30".to_owned())
}

impl Reports {
    pub fn changes(&self) -> bool {
        matches!(self, Self::Conclude { .. })
    }

    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        match self {
            Self::List => list(app, output).await,
            Self::Show { period } => show(app, period, output).await,
            Self::Write { period, file, form, open } => write(app, period, form, open, &file, output).await,
            Self::Conclude { period, text, by } => {
                app.workflow
                    .records()
                    .conclude_report(period, &text, (&by, Via::CommandLine))
                    .await
                    .map_err(|e| failure(e, app.settings.language))?;
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

/// The form of a report.
#[derive(Clone, Copy, Debug, clap::ValueEnum)]
pub(super) enum Form {
    /// One page that needs nothing beside it, to print or to send
    Html,
    /// Comma-separated values
    Csv,
    /// A workbook of a spreadsheet
    Xlsx,
    /// The figures as JSON
    Json,
}

async fn show(app: &App, period: Period, output: &Output) -> Result<(), Failure> {
    let report = app.workflow.records().report(period, app.workflow.settings().language).await?;
    if output.json {
        output.document(&report);
        return Ok(());
    }
    output.line(format!("{} to {}, as of {}", report.from, report.to, report.made_on));
    for figure in &report.figures {
        let written =
            |n: Option<i64>| n.map_or_else(|| number(n), |n| figure.unit.written(n, report.language));
        output.line(format!("\n{:>6}{}  {}", written(figure.count), beside(figure, &written), figure.label));
        output.line(format!("        {}", figure.definition));
    }
    for table in report.tables.iter().filter(|table| !table.rows.is_empty()) {
        output.line(format!("\n{}", escape::line(&table.title)));
        let heads: Vec<&str> =
            std::iter::once(&table.heading).chain(&table.columns).map(String::as_str).collect();
        let cells = |row: &report::Row| {
            std::iter::once(row.label.clone()).chain(row.counts.iter().map(|n| number(*n))).collect()
        };
        output.table(&heads, &table.rows.iter().map(cells).collect::<Vec<_>>());
    }
    if let Some(conclusions) = &report.conclusions {
        output.line(format!("\nconclusions\n{}", escape::text(conclusions)));
    }
    if !report.recommendations.is_empty() {
        output.line("\nrecommendations");
        let row = |a: &report::Advice| {
            vec![a.content.clone(), a.state.clone(), a.follow_up_on.to_string(), a.note.clone()]
        };
        let rows: Vec<_> = report.recommendations.iter().map(row).collect();
        output.table(&["recommendation", "state", "follow up", "note"], &rows);
    }
    Ok(())
}

fn number(count: Option<i64>) -> String {
    count.map_or_else(|| "-".to_owned(), |n| n.to_string())
}

/// Says what stands beside the count of a figure: what it is of, and what it was a year earlier.
fn beside(figure: &report::Figure, written: &dyn Fn(Option<i64>) -> String) -> String {
    let of = match figure.unit {
        report::Unit::Steps => " of 5".to_owned(),
        _ => figure.of.map(|of| format!(" of {of}")).unwrap_or_default(),
    };
    let before = figure.before.map(|n| format!(" ({} a year earlier)", written(Some(n)))).unwrap_or_default();
    format!("{of}{before}")
}

async fn write(
    app: &App,
    period: Period,
    form: Form,
    open: bool,
    file: &Path,
    output: &Output,
) -> Result<(), Failure> {
    let report = app.workflow.records().report(period, app.workflow.settings().language).await?;
    let report = if open { report.open() } else { report };
    let failed = |e: &dyn std::fmt::Display| Failure::new(format!("the report cannot be written: {e}"));
    let bytes = match form {
        Form::Html => report::page(&report).map_err(|e| failed(&e))?.into_bytes(),
        Form::Csv => report::csv(&report).into_bytes(),
        Form::Xlsx => report::xlsx(&report).map_err(|e| failed(&e))?,
        Form::Json => serde_json::to_vec_pretty(&report).map_err(|e| failed(&e))?,
    };
    crate::files::write(file, &bytes).map_err(|e| failed(&e))?;
    if output.json {
        output.document(&json!({"from": period.0, "to": period.1, "file": file}));
    } else {
        output.line(format!("the report on {} to {} is in {}", period.0, period.1, file.display()));
    }
    Ok(())
}

pub(super) fn failure(error: RecordError, language: Language) -> Failure {
    match error {
        RecordError::Refused(text) => Failure::new(text.in_language(language)),
        RecordError::Workflow(e) => e.into(),
    }
}
