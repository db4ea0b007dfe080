//! `/reports`: the reports that are kept, and the report on any period, by the functions behind the page.

use super::super::pages::{audit_pack, personal_data, reports as of_page};
use super::call::Call;
use super::problem::{Kind, Problem};
use super::shapes::{At, Day, KeptReport, PersonalDataWish, ReportList};
use crate::report::period_text;
use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse, Response};
use chrono::DateTime;
use std::sync::Arc;
use url::form_urlencoded::byte_serialize;

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let kept = call.page.workflow.records().kept_reports(call.person()).await?;
    let reports = kept.into_iter().map(|line| {
        let made = DateTime::from_timestamp_millis(line.made_at.millis()).unwrap_or_default();
        let made: String = byte_serialize(made.to_rfc3339().as_bytes()).collect();
        KeptReport {
            from: Day(line.from),
            to: Day(line.to),
            made_at: At(line.made_at),
            is_concluded: line.is_concluded,
            sha256: line.sha256,
            path: format!("/api/v1/reports/{}?made={made}", period_text((line.from, line.to))),
        }
    });
    Ok(Json(ReportList { reports: reports.collect() }).into_response())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    handed_out(&call, "report.json").await
}

pub(super) async fn file(call: Call) -> Result<Response, Problem> {
    handed_out(&call, call.part("file")).await
}

/// Hands out what an auditor takes home on a year.
pub(super) async fn pack(call: Call) -> Result<Response, Problem> {
    let (page, signed) = (Arc::clone(&call.page), call.who.signed.clone());
    Ok(audit_pack::download(State(page), signed, Path(call.part("year").to_owned())).await?)
}

/// Hands out what is kept of one person.
pub(super) async fn of_person(call: Call) -> Result<Response, Problem> {
    let wish: PersonalDataWish = call.wish()?;
    let (page, signed) = (Arc::clone(&call.page), call.who.signed.clone());
    if !page.workflow.audits(&signed.person.email).await? {
        return Err(Kind::NotFound.into());
    }
    let address = wish.address.trim();
    if !personal_data::is_address(address) {
        return Err(Problem::invalid("body", "/address", "is geen e-mailadres", "is no mail address"));
    }
    Ok(personal_data::file(&page, &signed, address).await?)
}

async fn handed_out(call: &Call, file: &str) -> Result<Response, Problem> {
    let path = Path((call.part("period").to_owned(), file.to_owned()));
    let made = DateTime::parse_from_rfc3339(call.fields().get("made")).ok();
    // The page names a moment by its milliseconds.
    let query = made.map(|made| format!("made={}", made.timestamp_millis()));
    let (page, signed) = (Arc::clone(&call.page), call.who.signed.clone());
    Ok(of_page::file(State(page), signed, path, RawQuery(query)).await?)
}
