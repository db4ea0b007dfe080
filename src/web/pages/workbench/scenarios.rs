//! `/procedure/scenarios` and `/proposals/ID/scenarios`: the scenarios by file, and for a proposal which of them held when they
//! were played last; and what the rules do in them.

use super::coverage::Telling;
use super::head::{head, scenarios};
use super::{allowed, trouble};
use crate::rules::scenario::ScenarioOutcome;
use crate::rules::{Covered, RulesFolder, scenario_places};
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::{PlayedScenarios, ProposalState, RulePlaces};
use axum::extract::{Path, RawQuery, State};
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
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let proposals = page.workflow.proposals();
    let folder = proposals.folder_in_force().await.map_err(trouble)?;
    let covered = proposals.covered(&folder).await.map_err(trouble)?;
    let (at, list) = ("/procedure/files", "/procedure/scenarios");
    let of = Of { page: &page, signed: &signed, folder: &folder, at, list, query: query.as_deref() };
    let of = context! {
        may_write => false, is_proposal => false, played => (), is_playing => covered.is_none(),
        ..of.whole(&BTreeMap::new(), covered.as_ref())
    };
    shown(&page, &signed, of)
}

pub(in crate::web) async fn show(
    State(page): State<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
    RawQuery(query): RawQuery,
) -> Result<Response, Trouble> {
    let may = allowed(&page, &signed).await?;
    let proposals = page.workflow.proposals();
    let opened = proposals.one(id).await.map_err(trouble)?;
    let is_mine = opened.proposal.owner.eq_ignore_ascii_case(&signed.person.email);
    let may_write = may.change && is_mine && opened.proposal.state == ProposalState::Open;
    let trials = proposals.trials(id).await.map_err(trouble)?;
    let dates = Dates::now(&page, signed.language).await?;
    let played = PlayedScenarios::last(&trials).map(|(_, played)| played).unwrap_or_default();
    let outcomes = played.outcomes.into_iter().map(|outcome| (outcome.name.clone(), outcome)).collect();
    let (at, list) = (format!("/proposals/{id}/files"), format!("/proposals/{id}/scenarios"));
    let of = Of {
        page: &page,
        signed: &signed,
        folder: &opened.folder,
        at: &at,
        list: &list,
        query: query.as_deref(),
    };
    let of = context! {
        may_write, is_proposal => true, is_playing => false, played => scenarios(&signed, &dates, &opened, &trials),
        ..context! { ..of.whole(&outcomes, played.covered.as_ref()), ..head(&page, &signed, &dates, &opened) }
    };
    shown(&page, &signed, of)
}

/// The scenarios of a folder, as they are told to somebody.
struct Of<'o> {
    page: &'o Page,
    signed: &'o Signed,
    folder: &'o RulesFolder,
    /// The path under which files are looked at, and that of the scenarios.
    at: &'o str,
    list: &'o str,
    query: Option<&'o str>,
}

impl Of<'_> {
    fn whole(&self, outcomes: &BTreeMap<String, ScenarioOutcome>, covered: Option<&Covered>) -> Value {
        let Self { page, signed, folder, at: files, list, query } = *self;
        let at: RulePlaces = scenario_places(&folder.scenarios).collect();
        let coverage = covered.map(|covered| {
            let places = &page.workflow.proposals().places(folder);
            Telling { signed, places, scenarios: &at, files, list, query }.whole(covered)
        });
        context! { files => by_file(signed, at, outcomes), at => files, list, coverage }
    }
}

fn shown(page: &Page, signed: &Signed, of: Value) -> Result<Response, Trouble> {
    let title = say(signed.language, "scenarios_title", &[]);
    page.show(signed, StatusCode::OK, Shown { template: "scenarios", title, here: "/procedure", of })
}

/// Returns the scenarios of a folder by file, in the order in which they stand there, each with how it ended.
fn by_file(signed: &Signed, places: RulePlaces, outcomes: &BTreeMap<String, ScenarioOutcome>) -> Vec<Value> {
    let mut files: BTreeMap<String, Vec<(usize, Value)>> = BTreeMap::new();
    for (name, (file, line)) in places {
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
