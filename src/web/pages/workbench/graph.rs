//! `/procedure/graph`, `/proposals/ID/graph`: the states of the procedure, how many complaints are in each, and the steps between
//! them with the rules and actions that take them; as a drawing, and as tables.

use super::head::head;
use super::state_drawing::{BoxWords, drawn};
use super::{allowed, trouble};
use crate::complaint::State;
use crate::rules::{DrawnTransition, Mover, RulesFolder};
use crate::web::dates::Dates;
use crate::web::page::{Page, Shown};
use crate::web::signed::Signed;
use crate::web::texts::{counted, say};
use crate::web::trouble::Trouble;
use crate::workflow::{GraphOfRules, Labels, LiveCounts, MOST_IN_STATE, ProposalError, RulePlaces};
use axum::extract::{Path, State as OfApp};
use axum::http::StatusCode;
use axum::response::Response;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;
use url::form_urlencoded::Serializer;

/// Shows the graph of what is in force.
pub(in crate::web) async fn in_force(
    OfApp(page): OfApp<Arc<Page>>,
    signed: Signed,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let folder = page.workflow.proposals().folder_in_force().await.map_err(trouble)?;
    let of = context! { id => (), ..graph(&page, &signed, &folder, "/procedure/files").await? };
    let title = say(signed.language, "graph_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "graph", title, here: "/procedure", of })
}

/// Shows the graph of what a proposal comes to.
pub(in crate::web) async fn of_proposal(
    OfApp(page): OfApp<Arc<Page>>,
    signed: Signed,
    Path(id): Path<i64>,
) -> Result<Response, Trouble> {
    allowed(&page, &signed).await?;
    let opened = page.workflow.proposals().one(id).await.map_err(trouble)?;
    let dates = Dates::now(&page, signed.language).await?;
    let files = format!("/proposals/{id}/files");
    let of = graph(&page, &signed, &opened.folder, &files).await?;
    let of = context! { ..of, ..head(&page, &signed, &dates, &opened) };
    let title = say(signed.language, "graph_title", &[]);
    page.show(&signed, StatusCode::OK, Shown { template: "graph", title, here: "/procedure", of })
}

/// What the graph is said with.
struct Words<'w> {
    signed: &'w Signed,
    labels: Labels,
    live: Arc<LiveCounts>,
    places: Arc<RulePlaces>,
    /// The path under which files are looked at.
    files: &'w str,
}

async fn graph(page: &Page, signed: &Signed, folder: &RulesFolder, files: &str) -> Result<Value, Trouble> {
    let proposals = page.workflow.proposals();
    let found = match proposals.graph(folder).await {
        Ok(found) => found,
        // What does not load has no graph yet.
        Err(ProposalError::Unready(_)) => return Ok(context! { is_readable => false }),
        Err(e) => return Err(trouble(e)),
    };
    let live = proposals.live_counts().await.map_err(trouble)?;
    let labels = Labels::of(Arc::clone(&found.published), signed.language);
    let words = Words { signed, labels, live, places: proposals.places(folder), files };
    Ok(words.whole(&found))
}

impl Words<'_> {
    fn whole(&self, found: &GraphOfRules) -> Value {
        let graph = &found.graph;
        let phases: Vec<String> = graph.phases.iter().map(|phase| self.phase(phase.as_str())).collect();
        let states: Vec<BoxWords> = graph.states.iter().map(|state| self.state(&state.name)).collect();
        let drawing = drawn(graph, &self.say("graph_drawing"), &phases, &states);
        let initial = &found.published.ruleset.procedure().initial;
        let rows = graph.states.iter().zip(&states).map(|(state, words)| {
            let marks = [
                (state.name == *initial, "graph_first"),
                (state.is_end, "graph_end"),
                (state.is_of_imports, "graph_imports"),
            ];
            let marks: Vec<String> =
                marks.iter().filter(|(is, _)| *is).map(|(_, key)| self.say(key)).collect();
            context! {
                label => words.label, count => words.count, href => words.href, marks,
                phase => phases.get(state.phase),
            }
        });
        let rows: Vec<Value> = rows.collect();
        let label = |place: usize| states.get(place).map(|words| words.label.clone());
        let step = |step: &DrawnTransition| {
            let by: Vec<Value> = step.by.iter().map(|(by, seen)| self.mover(by, *seen)).collect();
            context! { from => label(step.from), to => label(step.to), by }
        };
        let steps: Vec<Value> = graph.transitions.iter().map(step).collect();
        let untold: Vec<Value> = graph.untold.iter().map(|by| self.mover(by, false)).collect();
        context! {
            is_readable => true, is_played => found.is_played, drawing => Value::from_safe_string(drawing), rows, steps, untold,
        }
    }

    fn say(&self, key: &str) -> String {
        say(self.signed.language, key, &[])
    }

    /// Returns the words of a phase; those of the four of the procedure's own text are known (docs/procedure.md row 3).
    fn phase(&self, name: &str) -> String {
        let key = match name {
            "received" => "phase_received",
            "registered" => "phase_registered",
            "handled" => "phase_handled",
            "evaluated" => "phase_evaluated",
            other => return other.to_owned(),
        };
        self.say(key)
    }

    fn state(&self, state: &State) -> BoxWords {
        let n = self.live.in_states.get(state);
        let many = n.copied().unwrap_or(0);
        let key = if many >= MOST_IN_STATE { "graph_many".to_owned() } else { counted("graph_n", many) };
        let count = say(self.signed.language, &key, &[("n", &many.to_string())]);
        let query = Serializer::new(String::new()).append_pair("stage", &format!("in:{state}")).finish();
        // The register lists by the states that are in force.
        let href = n.map(|_| format!("/register?{query}"));
        BoxWords { label: self.labels.state(state), count, href }
    }

    fn mover(&self, by: &Mover, is_seen: bool) -> Value {
        let (kind, label) = match by {
            Mover::Rule(name) => ("graph_rule", name.to_string()),
            Mover::Action(id) => {
                let all = self.labels.actions();
                let label = all.into_iter().find(|(known, _)| known == id.as_str()).map(|(_, label)| label);
                ("graph_action", label.unwrap_or_else(|| id.to_string()))
            }
        };
        let href =
            self.places.get(by.name()).map(|(file, line)| format!("{}/{file}#line-{line}", self.files));
        context! { kind => self.say(kind), label, href, is_seen }
    }
}
