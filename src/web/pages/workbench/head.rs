//! What stands at the top of each page of a proposal, and what its trials found, in short.

use crate::web::dates::Dates;
use crate::web::form::Fields;
use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::workflow::{Opened, PlayedScenarios, ProposalState, Trial, TrialKind};
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;

/// Returns what stands at the top of each page of a proposal.
pub(super) fn head(page: &Page, signed: &Signed, dates: &Dates, opened: &Opened) -> Value {
    let proposal = &opened.proposal;
    let settings = page.workflow.settings();
    let owner = settings.people.find(&proposal.owner).map_or(proposal.owner.clone(), |p| p.name.clone());
    let state = match proposal.state {
        ProposalState::Open => "proposal_is_open",
        ProposalState::Published => "proposal_is_published",
        ProposalState::Withdrawn => "proposal_is_withdrawn",
    };
    context! {
        id => proposal.id, name => proposal.name, owner, version => proposal.version, is_behind => opened.is_behind,
        state => say(signed.language, state, &[]), is_withdrawn => proposal.state == ProposalState::Withdrawn,
        changed => dates.moment(proposal.changed_at),
    }
}

/// Returns the version that somebody saw; none that there is where it cannot be read.
pub(super) fn version(fields: &Fields) -> i64 {
    fields.get("version").parse().unwrap_or(0)
}

/// Returns what the scenarios of a proposal said last, as a template shows it.
pub(super) fn scenarios(signed: &Signed, dates: &Dates, opened: &Opened, trials: &[Trial]) -> Value {
    let Some((trial, PlayedScenarios { outcomes, .. })) = PlayedScenarios::last(trials) else {
        return Value::from(());
    };
    let failed = outcomes.iter().filter_map(|outcome| {
        let why = outcome.failure.as_ref()?.in_language(signed.language).to_owned();
        let place = outcome.place.strip_prefix("rules/").unwrap_or(&outcome.place);
        let mut parts = place.split(':');
        let (file, line) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        Some(context! { name => outcome.name, why, file, line })
    });
    let failed: Vec<Value> = failed.collect();
    context! {
        all => outcomes.len(), passed => outcomes.len() - failed.len(), failed, at => dates.moment(trial.at),
        is_current => trial.tried == opened.tried(),
    }
}

/// Returns what the plan of a proposal says in short.
pub(super) fn plan_in_short(dates: &Dates, opened: &Opened, trials: &[Trial]) -> Value {
    let Some(trial) = last(trials, TrialKind::Plan) else { return Value::from(()) };
    let found: Json = serde_json::from_str(&trial.found).unwrap_or_default();
    let (plan, letters) = (&found["plan"], &found["letters"]);
    let faults: u64 =
        plan["rules"].as_object().into_iter().flatten().filter_map(|(_, r)| r["faults"].as_u64()).sum();
    context! {
        complaints => number(&plan["complaints"]), affected => number(&plan["affected"]), letters => number(letters),
        rescheduled => number(&plan["rescheduled"]), faults, adopts => plan["adopts"] == Json::Bool(true),
        digest => plan["digest"].as_str().unwrap_or_default(), at => dates.moment(trial.at),
        is_current => trial.tried == opened.tried(),
    }
}

fn number(value: &Json) -> u64 {
    value.as_u64().unwrap_or(0)
}

/// Returns what a trial found, of whatever state of the proposal.
pub(super) fn last(trials: &[Trial], kind: TrialKind) -> Option<&Trial> {
    trials.iter().find(|trial| trial.kind == kind)
}
