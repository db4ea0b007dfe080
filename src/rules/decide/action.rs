//! Carrying out an action: who may, whether it is offered, what it asks, its body.

use crate::complaint::{ActionId, Actor, EventKind, Origin, Role, RuleName, Source, Text, Via};
use crate::rules::diagnostics::nearest;
use crate::rules::evaluate::error::EvalError;
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::snapshot::Snapshot;
use crate::rules::evaluate::work::Work;
use crate::rules::words::context::{Perform, Phase};
use crate::rules::words::values::to_json;
use rhai::Dynamic;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The one who wants an action carried out.
#[derive(Clone)]
pub(super) enum Asker<'a> {
    Person {
        by: Actor,
        via: Via,
        roles: &'a [Role],
    },
    /// A rule that performs it, which may do all.
    Rule(&'a RuleName),
}

/// An action to be carried out.
pub(super) struct Call<'c> {
    pub id: &'c str,
    pub given: &'c BTreeMap<String, Value>,
    pub asker: Asker<'c>,
}

impl Call<'_> {
    fn performed_by(&self) -> Option<&RuleName> {
        match self.asker {
            Asker::Rule(rule) => Some(rule),
            Asker::Person { .. } => None,
        }
    }

    fn origin(&self) -> Origin {
        let (by, via) = match &self.asker {
            Asker::Person { by, via, .. } => (by.clone(), *via),
            Asker::Rule(_) => (Actor::System, Via::Rule),
        };
        let source = Source::Action { id: self.id.into(), performed_by: self.performed_by().cloned() };
        Origin { by, via, source }
    }
}

/// Carries out what a body performs for the one who asked for it, each action at most once per settling
/// (docs/semantics.md 4.7).
pub(super) fn perform_recorded(
    evaluator: &mut Evaluator<'_>,
    performed: &mut BTreeSet<ActionId>,
    asker: &Asker<'_>,
) -> Result<(), EvalError> {
    loop {
        let next = {
            let mut working = evaluator.eval.working();
            if working.performs.is_empty() { None } else { Some(working.performs.remove(0)) }
        };
        let Some(Perform { action, input }) = next else { return Ok(()) };
        if !performed.insert(action.as_str().into()) {
            return Err(EvalError::Refused(Text::new(
                format!("`{action}` wordt twee keer achter elkaar uitgevoerd"),
                format!("`{action}` is performed twice in one settling"),
            )));
        }
        carry_out(evaluator, &Call { id: &action, given: &input, asker: asker.clone() })?;
    }
}

/// Checks and carries out an action; when it fails, nothing of it is left.
pub(super) fn carry_out(evaluator: &mut Evaluator<'_>, call: &Call<'_>) -> Result<(), EvalError> {
    let ruleset = evaluator.ruleset;
    let id = call.id;
    let Some(action) = ruleset.actions.iter().find(|a| a.id == *id) else {
        let hint = nearest(id, ruleset.actions.iter().map(|a| a.id.as_str()));
        let (nl, en) = (format!("actie `{id}` bestaat niet"), format!("there is no action `{id}`"));
        let text = match hint {
            Some(n) => Text::new(format!("{nl}; bedoelt u `{n}`?"), format!("{en}; did you mean `{n}`?")),
            None => Text::new(nl, en),
        };
        return Err(EvalError::Refused(text));
    };
    let origin = call.origin();
    if let Asker::Person { roles, .. } = call.asker
        && !action.by.iter().any(|r| roles.contains(r))
    {
        let by: Vec<&str> = action.by.iter().map(Role::as_str).collect();
        let text = Text::new(
            format!("{} mag `{id}` niet doen; het is voor {}", origin.by, by.join(" of ")),
            format!("{} may not do `{id}`; it is for {}", origin.by, by.join(" or ")),
        );
        return Err(EvalError::Refused(text));
    }
    let work = Work::Action { action, performed_by: call.performed_by() };
    if !evaluator.offers(action, &origin.by, work)? {
        let state = evaluator.eval.working().case.complaint.state.clone();
        let text = Text::new(
            format!("`{id}` kan nu niet; de klacht heeft de status {state}"),
            format!("`{id}` is not possible now; the complaint is in state {state}"),
        );
        return Err(EvalError::Refused(text));
    }
    let (_, input) = evaluator.asks(action, call.given, work)?;
    let input = input.map_err(EvalError::Refused)?;
    let given = to_json(&evaluator.eval.calendar, &Dynamic::from(input.clone()));
    let given = given.map_err(|f| EvalError::of(ruleset, work, &f))?;
    let snapshot = Snapshot::take(&evaluator.eval);
    {
        let mut working = evaluator.eval.working();
        working.phase = Phase::ActionEffects;
        working.it = None;
        working.input = input;
        working.actor = origin.by.as_str().into();
        working.origin = origin;
        working.case.complaint.last.insert(id.into(), evaluator.eval.now);
        let (data, personal) = (json!({"action": id}), Some(json!({"input": given})));
        working.record_personal(EventKind::ActionTaken, action.label.clone(), data, personal);
    }
    let outcome = evaluator.body(work, &action.then);
    if outcome.is_err() {
        snapshot.restore(&evaluator.eval);
    }
    outcome
}
