//! `/reports`: the reports that were sent or concluded and what is recommended; `/reports/PERIOD`: the report on a period, as of
//! today or as it was kept, with its files and its conclusions. Who may not see all complaints has the open one, and that only as
//! it was kept.

use crate::calendar::{Date, Moment};
use crate::complaint::Via;
use crate::report::{self, Report, day_in_words, period, period_text};
use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::own_form::OwnForm;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::{Trouble, see_other};
use crate::workflow::{KeptReport, KeptReportLine, RecordError};
use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::http::header::{CONTENT_DISPOSITION, CONTENT_TYPE};
use axum::response::{IntoResponse, Response};
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The longest period, in days: what is longer is asked for by mistake.
const LONGEST_DAYS: i64 = 3_700;

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let fields = Fields::of_query(query.as_deref());
    let asked = !fields.get("from").is_empty() || !fields.get("to").is_empty();
    match day(fields.get("from")).zip(day(fields.get("to"))).filter(|(from, to)| from <= to) {
        Some(chosen) => Ok(see_other(&format!("/reports/{}", period_text(chosen)))),
        None => list(&page, &signed, &fields, asked).await,
    }
}

async fn list(page: &Page, signed: &Signed, typed: &Fields, is_wrong: bool) -> Result<Response, Trouble> {
    let (records, dates) = (page.workflow.records(), Dates::now(page, signed.language).await?);
    let kept = records.kept_reports(&signed.person.email).await?;
    let kept: Vec<Value> = kept.iter().map(|line| row(signed, &dates, line)).collect();
    let mistake = if is_wrong { say(signed.language, "reports_period_wrong", &[]) } else { String::new() };
    let asks = !records.reads_open(&signed.person.email).await?;
    let of = context! {
        asks,
        packs => if records.reads_open(&signed.person.email).await? { Vec::new() } else { packs(&dates) },
        kept, mistake, from => typed.get("from"), to => typed.get("to"), recent => recent(signed, &dates),
    };
    let status = if is_wrong { StatusCode::UNPROCESSABLE_ENTITY } else { StatusCode::OK };
    let title = say(signed.language, "reports_title", &[]);
    page.show(signed, status, Shown { template: "reports", title, here: "/reports", of })
}

fn row(signed: &Signed, dates: &Dates, line: &KeptReportLine) -> Value {
    let path = format!("/reports/{}?made={}", period_text((line.from, line.to)), line.made_at.millis());
    context! {
        path, period => of_period(signed, (line.from, line.to)), made => made(signed, dates, line),
        kind => say(signed.language, if line.is_concluded { "reports_concluded" } else { "reports_sent" }, &[]),
    }
}

/// Returns the day on which a report was made, with its year: the list goes back for years.
fn made(signed: &Signed, dates: &Dates, line: &KeptReportLine) -> String {
    let day = dates.day_of(line.made_at).unwrap_or(line.made_on);
    day_in_words(day, signed.language)
}

/// Returns the quarters and years that somebody is likely to look for.
fn recent(signed: &Signed, dates: &Dates) -> Vec<Value> {
    use chrono::Datelike;
    let (year, quarter) = (dates.today.year(), dates.today.month0() / 3 + 1);
    let before = if quarter == 1 { format!("{}-Q4", year - 1) } else { format!("{year}-Q{}", quarter - 1) };
    let texts = [format!("{year}-Q{quarter}"), before, year.to_string(), (year - 1).to_string()];
    let link = |text: String| {
        let days = period(&text)?;
        Some(
            context! { path => format!("/reports/{}", period_text(days)), period => of_period(signed, days) },
        )
    };
    texts.into_iter().filter_map(link).collect()
}

/// Returns the years of which an auditor is likely to ask for a pack.
fn packs(dates: &Dates) -> Vec<Value> {
    use chrono::Datelike;
    let year = dates.today.year();
    [year, year - 1].map(|year| context! { path => format!("/reports/{year:04}/pack"), year }).to_vec()
}

pub(super) fn of_period(signed: &Signed, (from, to): (Date, Date)) -> String {
    let day = |day: Date| day_in_words(day, signed.language);
    say(signed.language, "reports_period", &[("from", &day(from)), ("to", &day(to))])
}

/// A report that somebody asked for.
struct Asked {
    days: (Date, Date),
    report: Report,
    /// As it was kept; none where it is as of today.
    kept: Option<KeptReport>,
}

async fn asked(page: &Page, signed: &Signed, path: &str, query: Option<&str>) -> Result<Asked, Trouble> {
    let days = period(path).filter(|(from, to)| (*to - *from).num_days() < LONGEST_DAYS);
    let days = days.ok_or(Trouble::NotFound)?;
    let (records, fields) = (page.workflow.records(), Fields::of_query(query));
    let is_open = records.reads_open(&signed.person.email).await?;
    let made_at = match fields.get("made") {
        "" if is_open => records.last_kept(days, is_open).await?.ok_or(Trouble::NotFound)?.made_at,
        "" => {
            let report = records.report(days, signed.language).await?;
            return Ok(Asked { days, report, kept: None });
        }
        made => made.parse().map(Moment::from_millis).map_err(|_| Trouble::NotFound)?,
    };
    let kept = records.kept_report(days, made_at, is_open).await?.ok_or(Trouble::NotFound)?;
    let unreadable = |e| Trouble::Failed(format!("the report of {}: {e}", kept.made_at.millis()));
    let report = serde_json::from_str(&kept.content).map_err(unreadable)?;
    Ok(Asked { days, report, kept: Some(kept) })
}

pub(in crate::web) async fn one(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(path): Path<String>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let asked = asked(&page, &signed, &path, query.as_deref()).await?;
    shown(&page, &signed, asked, StatusCode::OK, ("", "")).await
}

async fn shown(
    page: &Page,
    signed: &Signed,
    asked: Asked,
    status: StatusCode,
    (mistake, typed): (&str, &str),
) -> Result<Response, Trouble> {
    let dates = Dates::now(page, signed.language).await?;
    let Asked { days, report, kept } = asked;
    let body = report::body(&report).map_err(|e| Trouble::Failed(e.to_string()))?;
    let made = kept.as_ref().map(|kept| format!("?made={}", kept.made_at.millis())).unwrap_or_default();
    let may_conclude = kept.is_none()
        && report.conclusions.is_none()
        && days.1 < dates.today
        && page.workflow.records().concludes(&signed.person.email).await?;
    let of = context! {
        period => of_period(signed, days), path => format!("/reports/{}", period_text(days)), made,
        kept => kept.as_ref().map(|kept| context! { at => dates.moment(kept.made_at), sha256 => kept.sha256, is_open => kept.is_open }),
        body => Value::from_safe_string(body), may_conclude, mistake, typed,
        report_language => report.language.as_str(),
    };
    let title = say(signed.language, "report_title", &[("period", &of_period(signed, days))]);
    page.show(signed, status, Shown { template: "report", title, here: "/reports", of })
}

/// Hands a report out as a file.
pub(in crate::web) async fn file(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path((path, form)): Path<(String, String)>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let Asked { days, report, kept } = asked(&page, &signed, &path, query.as_deref()).await?;
    let failed = |e: &dyn std::fmt::Display| Trouble::Failed(format!("a report cannot be written: {e}"));
    let (kind, bytes) = match (form.as_str(), kept) {
        ("report.html", Some(kept)) => ("text/html; charset=utf-8", kept.page.into_bytes()),
        ("report.html", None) => {
            ("text/html; charset=utf-8", report::page(&report).map_err(|e| failed(&e))?.into_bytes())
        }
        ("report.json", Some(kept)) => ("application/json", kept.content.into_bytes()),
        ("report.json", None) => {
            ("application/json", serde_json::to_vec_pretty(&report).map_err(|e| failed(&e))?)
        }
        ("report.csv", _) => ("text/csv; charset=utf-8", report::csv(&report).into_bytes()),
        ("report.xlsx", _) => (super::workbook::KIND, report::xlsx(&report)?),
        _ => return Err(Trouble::NotFound),
    };
    let (_, ending) = form.split_once('.').unwrap_or_default();
    let name = format!("attachment; filename=\"report-{}.{ending}\"", period_text(days));
    Ok(([(CONTENT_TYPE, kind.to_owned()), (CONTENT_DISPOSITION, name)], bytes).into_response())
}

/// Records the conclusions under a report; what is refused is shown again with what was typed.
pub(in crate::web) async fn conclude(
    State(page): State<Arc<Page>>,
    Path(path): Path<String>,
    OwnForm { signed, fields }: OwnForm,
) -> Result<Response, Trouble> {
    let asked = asked(&page, &signed, &path, None).await?;
    let (person, text) = (signed.person.email.as_str(), fields.get("conclusions"));
    if !page.workflow.records().concludes(person).await? {
        return Err(Trouble::NotFound);
    }
    match page.workflow.records().conclude_report(asked.days, text, (person, Via::Page)).await {
        Ok(()) => Ok(see_other(&format!("/reports/{}", period_text(asked.days)))),
        Err(RecordError::Workflow(e)) => Err(e.into()),
        Err(RecordError::Refused(why)) => {
            let why = why.in_language(signed.language).to_owned();
            shown(&page, &signed, asked, StatusCode::UNPROCESSABLE_ENTITY, (&why, text)).await
        }
    }
}

pub(super) fn day(text: &str) -> Option<Date> {
    text.parse().ok().filter(|_| text.len() == 10)
}
