//! `/procedure/scenarios` and `/proposals/ID/scenarios`: the scenarios by file, and for a proposal which of them held when they
//! were played last.

use super::head::{head, last, scenarios};
use super::{allowed, trouble};
use crate::rules::RulesFolder;
use crate::rules::scenario::ScenarioOutcome;
use crate::rules::scenario_places;
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{ProposalState, TrialKind};
use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::collections::BTreeMap;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

pub(in crate::web) async fn in_force(
    State(page): State<Arc<Page>>,
    signed: Signed,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let files = by_file(&signed, &folder, &BTreeMap::new());
    let of = context! { files, at => "/procedure/files", list => "/procedure/scenarios", may_write => false, is_proposal => false, played => () };
    shown(&page, &signed, of)
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    let may = allowed(&page, &signed).await?;
    let proposals = page.workflow.proposals();
    let opened = proposals.one(id).await.map_err(trouble)?;
    let is_mine = opened.proposal.owner.eq_ignore_ascii_case(&signed.person.email);
    let may_write = may.change && is_mine && opened.proposal.state == ProposalState::Open;
    let trials = proposals.trials(id).await.map_err(trouble)?;
    let dates = Dates::now(&page, signed.language).await?;
    let trial = last(&trials, TrialKind::Scenarios);
    let outcomes: Vec<ScenarioOutcome> =
        trial.and_then(|trial| serde_json::from_str(&trial.found).ok()).unwrap_or_default();
    let outcomes = outcomes.into_iter().map(|outcome| (outcome.name.clone(), outcome)).collect();
    let files = by_file(&signed, &opened.folder, &outcomes);
    let of = context! {
        files, at => format!("/proposals/{id}/files"), list => format!("/proposals/{id}/scenarios"), may_write, is_proposal => true,
        played => scenarios(&signed, &dates, &opened, &trials), ..head(&page, &signed, &dates, &opened)
    };
    shown(&page, &signed, of)
}

fn shown(page: &Page, signed: &Signed, of: Value) -> Result<Response, Trouble> {
    let title = say(signed.language, "scenarios_title", &[]);
    page.show(signed, StatusCode::OK, Shown { template: "scenarios", title, here: "/procedure", of })
}

/// Returns the scenarios of a folder by file, in the order in which they stand there, each with how it ended.
fn by_file(
    signed: &Signed,
    folder: &RulesFolder,
    outcomes: &BTreeMap<String, ScenarioOutcome>,
) -> Vec<Value> {
    let mut files: BTreeMap<String, Vec<(usize, Value)>> = BTreeMap::new();
    for (name, (file, line)) in scenario_places(&folder.scenarios) {
        let outcome = outcomes.get(&name);
        let why =
            outcome.and_then(|outcome| outcome.failure.as_ref()).map(|why| why.in_language(signed.language));
        let asked = Serializer::new(String::new()).append_pair("name", &name).finish();
        let row = context! { name, line, why, is_played => outcome.is_some(), asked };
        files.entry(file).or_default().push((line, row));
    }
    let file = |(file, mut rows): (String, Vec<(usize, Value)>)| {
        rows.sort_by_key(|(line, _)| *line);
        let rows: Vec<Value> = rows.into_iter().map(|(_, row)| row).collect();
        context! { file, rows }
    };
    files.into_iter().map(file).collect()
}
