//! The states of a folder, and the steps between them.

use super::looked::{Looked, refused};
use super::shapes::Written;
use crate::rules::Mover;
use crate::web::api::call::Call;
use crate::web::api::problem::Problem;
use crate::web::api::shapes::Named;
use crate::workflow::{Labels, RulePlaces};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::sync::Arc;

/// A state of the procedure.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct GraphState {
    #[serde(flatten)]
    named: Named,
    /// The name of its phase.
    phase: Option<String>,
    is_first: bool,
    is_end: bool,
    is_of_imports: bool,
    /// The complaints in it, up to 1000; null for a state that is not in force.
    complaints: Option<i64>,
}

/// Who takes a step.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct Moves {
    /// `rule` or `action`.
    kind: &'static str,
    name: String,
    at: Option<Written>,
    /// Whether a scenario took it.
    is_seen: bool,
}

/// A step from one state to another.
#[derive(Debug, Serialize, JsonSchema)]
struct GraphStep {
    from: String,
    to: String,
    by: Vec<Moves>,
}

/// The states and the steps between them.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Graph {
    states: Vec<GraphState>,
    steps: Vec<GraphStep>,
    /// Who also enters a state that cannot be told from the text of the rules.
    untold: Vec<Moves>,
    /// Whether the scenarios were played; until then the steps are those that the rules say.
    is_played: bool,
}

pub(super) async fn show(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let proposals = call.page.workflow.proposals();
    let found = proposals.graph(&looked.folder).await.map_err(|e| refused(&call, e))?;
    let live = proposals.live_counts().await.map_err(|e| refused(&call, e))?;
    let labels = Labels::of(Arc::clone(&found.published), call.language);
    let places = proposals.places(&looked.folder);
    let (graph, first) = (&found.graph, &found.published.ruleset.procedure().initial);
    let states = graph.states.iter().map(|state| GraphState {
        named: Named { name: state.name.to_string(), label: labels.state(&state.name) },
        phase: graph.phases.get(state.phase).map(ToString::to_string),
        is_first: state.name == *first,
        is_end: state.is_end,
        is_of_imports: state.is_of_imports,
        complaints: live.in_states.get(&state.name).copied(),
    });
    let name = |place: usize| graph.states.get(place).map(|state| state.name.to_string()).unwrap_or_default();
    let steps = graph.transitions.iter().map(|step| GraphStep {
        from: name(step.from),
        to: name(step.to),
        by: step.by.iter().map(|(by, seen)| moves(&places, by, *seen)).collect(),
    });
    Ok(Json(Graph {
        states: states.collect(),
        steps: steps.collect(),
        untold: graph.untold.iter().map(|by| moves(&places, by, false)).collect(),
        is_played: found.is_played,
    })
    .into_response())
}

fn moves(places: &RulePlaces, by: &Mover, is_seen: bool) -> Moves {
    let kind = match by {
        Mover::Rule(_) => "rule",
        Mover::Action(_) => "action",
    };
    let at = places.get(by.name());
    Moves {
        kind,
        name: by.name().to_owned(),
        at: at.map(|(file, line)| Written { file: file.clone(), line: Some(*line) }),
        is_seen,
    }
}
