//! The director's records: conclusions under reports, and recommendations.

use crate::calendar::Date;
use crate::report::{period, period_text};
use crate::web::api::call::Call;
use crate::web::api::problem::{Kind, Problem};
use crate::web::api::shapes::{Day, Named};
use crate::workflow::{Recommendation as Kept, RecommendationChange, RecordError};
use axum::Json;
use axum::http::StatusCode;
use axum::http::header::LOCATION;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// Conclusions under a report.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub(super) struct ConclusionWish {
    conclusions: String,
}

/// A report that was concluded.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Concluded {
    /// Where it is read, as it was kept.
    path: String,
}

fn refused(error: RecordError) -> Problem {
    match error {
        RecordError::Workflow(e) => e.into(),
        RecordError::Refused(why) => Problem { detail: Some(why), ..Kind::Refused.into() },
    }
}

pub(super) async fn conclude(call: Call) -> Result<Response, Problem> {
    let wish: ConclusionWish = call.wish()?;
    let days = period(call.part("period")).ok_or(Kind::NotFound)?;
    let records = call.page.workflow.records();
    if !records.concludes(call.person()).await? {
        return Err(Kind::NotFound.into());
    }
    records.conclude_report(days, &wish.conclusions, call.by()).await.map_err(refused)?;
    let path = format!("/api/v1/reports/{}", period_text(days));
    Ok((StatusCode::CREATED, [(LOCATION, path.clone())], Json(Concluded { path })).into_response())
}

/// Something that is recommended.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Recommendation {
    id: i64,
    made_on: Day,
    content: String,
    /// Who follows it up.
    owner: String,
    state: Named,
    /// The day on which it is to be looked at again.
    follow_up_on: Day,
    /// The latest finding about it; null for who may not see the complaints that it follows from.
    note: Option<String>,
    /// The numbers of these; null for who may not see them.
    complaints: Option<Vec<String>>,
}

/// What is recommended, newest first.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct RecommendationList {
    recommendations: Vec<Recommendation>,
}

fn told(call: &Call, kept: Kept, sees_all: bool) -> Recommendation {
    let states = call.page.workflow.labels(call.language).recommendation_states();
    let label = states.into_iter().find(|(name, _)| *name == kept.state).map(|(_, label)| label);
    Recommendation {
        id: kept.id,
        made_on: Day(kept.made_on),
        content: kept.content,
        owner: kept.owner,
        state: Named { label: label.unwrap_or_else(|| kept.state.clone()), name: kept.state },
        follow_up_on: Day(kept.follow_up_on),
        note: sees_all.then_some(kept.note),
        complaints: sees_all.then_some(kept.complaints),
    }
}

pub(super) async fn list(call: Call) -> Result<Response, Problem> {
    let records = call.page.workflow.records();
    let keeps = records.keeps_recommendations(call.person()).await?;
    // What became of it and which complaints it follows from is for who may see those.
    let sees_all = keeps || !records.reads_open(call.person()).await?;
    let all = records.recommendations().await?.into_iter().rev();
    let recommendations = all.map(|kept| told(&call, kept, sees_all)).collect();
    Ok(Json(RecommendationList { recommendations }).into_response())
}

/// A recommendation as it is to be; what is left out stays as it is.
#[derive(Debug, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields, rename_all = "camelCase")]
pub(super) struct RecommendationWish {
    #[serde(default)]
    content: Option<String>,
    /// The address of who follows it up.
    #[serde(default)]
    owner: Option<String>,
    /// The name of its state.
    #[serde(default)]
    state: Option<String>,
    #[serde(default)]
    note: Option<String>,
    /// The local day, as `2026-11-22`.
    #[serde(default)]
    follow_up_on: Option<String>,
    #[serde(default)]
    complaints: Option<Vec<String>>,
}

impl RecommendationWish {
    fn change(self) -> Result<RecommendationChange, Problem> {
        let day = self.follow_up_on.map(|text| {
            let day: Option<Date> = text.parse().ok().filter(|_| text.len() == 10);
            let (nl, en) = ("is geen dag als 2026-11-22", "is no day as 2026-11-22");
            day.ok_or_else(|| Problem::invalid("body", "/followUpOn", nl, en))
        });
        let upper = |all: Vec<String>| all.iter().map(|c| c.trim().to_uppercase()).collect();
        Ok(RecommendationChange {
            content: self.content,
            owner: self.owner,
            state: self.state,
            note: self.note,
            follow_up_on: day.transpose()?,
            complaints: self.complaints.map(upper),
        })
    }
}

async fn kept(call: &Call) -> Result<Kept, Problem> {
    let records = call.page.workflow.records();
    let id: i64 = call.part("recommendation").parse().map_err(|_| Kind::NotFound)?;
    let found = records.recommendations().await?.into_iter().find(|r| r.id == id);
    found.ok_or_else(|| Kind::NotFound.into())
}

async fn keeps(call: &Call) -> Result<(), Problem> {
    match call.page.workflow.records().keeps_recommendations(call.person()).await? {
        true => Ok(()),
        false => Err(Kind::NotFound.into()),
    }
}

pub(super) async fn make(call: Call) -> Result<Response, Problem> {
    let wish: RecommendationWish = call.wish()?;
    keeps(&call).await?;
    let records = call.page.workflow.records();
    let id = records.keep_recommendation(None, wish.change()?, call.by()).await.map_err(refused)?;
    let made = records.recommendations().await?.into_iter().find(|r| r.id == id).ok_or(Kind::NotFound)?;
    let headers = [(LOCATION, format!("/api/v1/recommendations/{id}"))];
    Ok((StatusCode::CREATED, headers, Json(told(&call, made, true))).into_response())
}

pub(super) async fn one(call: Call) -> Result<Response, Problem> {
    keeps(&call).await?;
    let kept = kept(&call).await?;
    let tag = tag(&kept);
    Ok(([(axum::http::header::ETAG, tag)], Json(told(&call, kept, true))).into_response())
}

/// Returns the ETag of a recommendation: the moment of its latest change.
fn tag(kept: &Kept) -> String {
    crate::web::api::conditions::etag(kept.changed_at.millis())
}

pub(super) async fn change(call: Call) -> Result<Response, Problem> {
    let wish: RecommendationWish = call.wish()?;
    keeps(&call).await?;
    let before = kept(&call).await?;
    let seen = crate::web::api::conditions::seen_version(&call, ("een aanbeveling", "a recommendation"))?;
    if seen.is_some_and(|seen| seen != before.changed_at.millis()) {
        return Err(Kind::Changed.into());
    }
    let records = call.page.workflow.records();
    records.keep_recommendation(Some(before.id), wish.change()?, call.by()).await.map_err(refused)?;
    let kept = kept(&call).await?;
    let tag = tag(&kept);
    Ok(([(axum::http::header::ETAG, tag)], Json(told(&call, kept, true))).into_response())
}
