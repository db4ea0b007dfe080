//! `/procedure`: the company's text, sentence by sentence, with what carries each; and the scenarios of a folder.

use super::looked::{Looked, refused};
use super::shapes::{TrialSummary, Written};
use crate::rules::scenario::ScenarioOutcome;
use crate::rules::{Clause, Clauses, Covered, CoveredStatement, Gap, Subject, scenario_places};
use crate::web::api::call::Call;
use crate::web::api::parts::Parts;
use crate::web::api::problem::Problem;
use crate::web::api::shapes::{At, Named};
use crate::workflow::{LiveCounts, PlayedScenarios, RulePlaces};
use axum::Json;
use axum::response::{IntoResponse, Response};
use schemars::JsonSchema;
use serde::Serialize;
use std::collections::BTreeMap;

/// A rule, an action or a schedule that carries a sentence.
#[derive(Debug, Serialize, JsonSchema)]
struct Carrier {
    name: String,
    label: String,
    /// Where it stands.
    at: Option<Written>,
    /// How often it has worked.
    worked: i64,
}

/// A term of complaints that carries a sentence.
#[derive(Debug, Serialize, JsonSchema)]
struct CarryingTerm {
    #[serde(flatten)]
    named: Named,
    /// How many that run have passed.
    overdue: i64,
}

/// A scenario.
#[derive(Debug, Serialize, JsonSchema)]
struct NamedScenario {
    name: String,
    at: Option<Written>,
}

/// A sentence of the company's text, with what carries it.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct CarriedSentence {
    row: u32,
    text: String,
    /// Why no rule carries it, where the text asks for nothing.
    no_rule: Option<String>,
    rules: Vec<Carrier>,
    terms: Vec<CarryingTerm>,
    letters: Vec<String>,
    scenarios: Vec<NamedScenario>,
}

/// What is in force.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct Procedure {
    /// The hash of the ruleset.
    ruleset: String,
    sentences: Vec<CarriedSentence>,
    /// What nothing carries, in words.
    gaps: Vec<String>,
}

pub(super) async fn show(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let (workflow, folder) = (&call.page.workflow, &looked.folder);
    let proposals = workflow.proposals();
    let live = proposals.live_counts().await.map_err(|e| refused(&call, e))?;
    let published = workflow.published();
    let clauses = folder.clauses.as_deref().and_then(|text| Clauses::parse(text).ok()).unwrap_or_default();
    let gaps = clauses.gaps(&published.ruleset);
    let words = Words { parts: Parts::of(&call), live: &live, places: &proposals.places(folder) };
    Ok(Json(Procedure {
        ruleset: published.ruleset.hash().to_owned(),
        sentences: clauses.clauses.iter().map(|clause| words.sentence(clause)).collect(),
        gaps: gaps.iter().map(|gap| gap.in_language(call.language).to_owned()).collect(),
    })
    .into_response())
}

struct Words<'w> {
    parts: Parts<'w>,
    live: &'w LiveCounts,
    places: &'w RulePlaces,
}

impl Words<'_> {
    fn at(&self, name: &str) -> Option<Written> {
        self.places.get(name).map(|(file, line)| Written { file: file.clone(), line: Some(*line) })
    }

    fn sentence(&self, clause: &Clause) -> CarriedSentence {
        let actions = self.parts.labels.actions();
        let rule = |name: &String| {
            let label = actions.iter().find(|(id, _)| id == name).map_or(name, |(_, label)| label);
            let worked = self.live.workings.get(name).copied().unwrap_or(0);
            Carrier { name: name.clone(), label: label.clone(), at: self.at(name), worked }
        };
        let term = |name: &String| CarryingTerm {
            named: self.parts.term(&name.as_str().into()),
            overdue: self.live.overdue.get(name).copied().unwrap_or(0),
        };
        let scenario = |name: &String| NamedScenario { name: name.clone(), at: self.at(name) };
        CarriedSentence {
            row: clause.row,
            text: clause.text.clone(),
            no_rule: clause.no_rule.clone(),
            rules: clause.rules.iter().map(rule).collect(),
            terms: clause.deadlines.iter().map(term).collect(),
            letters: clause.messages.clone(),
            scenarios: clause.scenarios.iter().map(scenario).collect(),
        }
    }
}

/// A scenario, and how it ended when it was played last.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PlayedScenario {
    name: String,
    at: Written,
    /// Whether it held; null where it was not played.
    holds: Option<bool>,
    /// What did not hold, in words.
    why: Option<String>,
}

/// The scenarios of a folder.
#[derive(Debug, Serialize, JsonSchema)]
pub(super) struct ScenarioList {
    /// When they were played last; null for what is in force, and where they were not.
    played: Option<TrialSummary>,
    scenarios: Vec<PlayedScenario>,
    /// What the rules do in them; null where they were not played, and for what is in force while they are being played.
    coverage: Option<Coverage>,
}

/// A rule, an action or a schedule, and in which scenarios it does something.
#[derive(Debug, Serialize, JsonSchema)]
struct CoveredRule {
    /// `rule`, `action` or `schedule`.
    kind: &'static str,
    name: String,
    at: Option<Written>,
    /// The scenarios in which the rule fires, the action is offered or the schedule runs; none where no scenario tries it.
    scenarios: Vec<String>,
}

/// A condition, or a part of one, that the scenarios have not seen both ways.
#[derive(Debug, Serialize, JsonSchema)]
struct UnseenPart {
    /// `rule`, `action` or `schedule`.
    kind: &'static str,
    name: String,
    /// Without a line for the condition as a whole.
    at: Written,
    /// From 1; null for the condition as a whole.
    column: Option<usize>,
    /// What never happens: `true`, `false`, `reached`, or of a schedule `run`.
    never: &'static str,
}

/// What the rules do in the scenarios.
#[derive(Debug, Serialize, JsonSchema)]
struct Coverage {
    rules: Vec<CoveredRule>,
    unseen: Vec<UnseenPart>,
}

impl Coverage {
    fn of(covered: &Covered, places: &RulePlaces) -> Self {
        let kind = |subject: Subject| match subject {
            Subject::Rule => "rule",
            Subject::Action => "action",
            Subject::Schedule => "schedule",
        };
        let rule = |one: &CoveredStatement| CoveredRule {
            kind: kind(one.subject),
            name: one.name.clone(),
            at: places.get(&one.name).map(|(file, line)| Written { file: file.clone(), line: Some(*line) }),
            scenarios: covered.scenarios_of(one).map(str::to_owned).collect(),
        };
        let part = |gap: &Gap| UnseenPart {
            kind: kind(gap.subject),
            name: gap.name.clone(),
            at: Written { file: gap.file.clone(), line: (gap.line > 0).then_some(gap.line) },
            column: (gap.column > 0).then_some(gap.column),
            never: gap.never.as_str(),
        };
        Self {
            rules: covered.statements.iter().map(rule).collect(),
            unseen: covered.gaps.iter().map(part).collect(),
        }
    }
}

pub(super) async fn scenarios(call: Call) -> Result<Response, Problem> {
    let looked = Looked::at(&call).await?;
    let proposals = call.page.workflow.proposals();
    let (played, outcomes, covered) = match &looked.opened {
        None => {
            let covered = proposals.covered(&looked.folder).await.map_err(|e| refused(&call, e))?;
            (None, Vec::new(), covered)
        }
        Some(opened) => {
            let trials = proposals.trials(opened.proposal.id).await.map_err(|e| refused(&call, e))?;
            let last = PlayedScenarios::last(&trials).map(|(trial, found)| {
                let is_current = trial.tried == opened.tried();
                let path = format!("{}/scenarios", looked.base());
                (TrialSummary { at: At(trial.at), is_current, path }, found)
            });
            let (played, found) = last.unzip();
            let PlayedScenarios { outcomes, covered } = found.unwrap_or_default();
            (played, outcomes, covered)
        }
    };
    let outcomes: BTreeMap<String, ScenarioOutcome> =
        outcomes.into_iter().map(|outcome| (outcome.name.clone(), outcome)).collect();
    let coverage = covered.map(|covered| Coverage::of(&covered, &proposals.places(&looked.folder)));
    let scenario = |(name, (file, line)): (String, (String, usize))| {
        let outcome = outcomes.get(&name);
        let why = outcome.and_then(|outcome| outcome.failure.as_ref());
        PlayedScenario {
            holds: outcome.map(|outcome| outcome.failure.is_none()),
            why: why.map(|why| why.in_language(call.language).to_owned()),
            at: Written { file, line: Some(line) },
            name,
        }
    };
    let scenarios = scenario_places(&looked.folder.scenarios).map(scenario).collect();
    Ok(Json(ScenarioList { played, scenarios, coverage }).into_response())
}
