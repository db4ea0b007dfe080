//! Actions and schedules within a settling: who may, whether it is offered, what it asks, its body.

use crate::complaint::{Actor, EventKind, Fault, FaultKind, Origin, Role, RuleName, Source, Via};
use crate::rules::decide::settle::{Abort, Settling};
use crate::rules::evaluate::failure::{Failed, Snapshot};
use crate::rules::observe::coverage::Subject;
use crate::rules::observe::probe::Probed;
use crate::rules::statements::rule::{ActionRule, ScheduleRule};
use crate::rules::words::context::{Failure, Perform, Phase, fail};
use crate::rules::words::questions::typed_inputs;
use rhai::Dynamic;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// Why an action did not happen.
#[derive(Debug)]
pub(in crate::rules) enum ActionEnd {
    Abort(Abort),
    Refused(String),
    Fault(Fault),
}

impl From<Abort> for ActionEnd {
    fn from(abort: Abort) -> Self {
        Self::Abort(abort)
    }
}

impl Settling<'_, '_, '_, '_, '_, '_, '_> {
    pub(in crate::rules) fn perform_recorded(&mut self, rule: &RuleName) -> Result<(), Failed> {
        loop {
            let next = {
                let mut working = self.eval.working();
                if working.performs.is_empty() { None } else { Some(working.performs.remove(0)) }
            };
            let Some(Perform { action, input }) = next else { return Ok(()) };
            if !self.performed.insert(action.clone()) {
                return Err(Failed::Refused(format!("`{action}` is performed twice in one settling")));
            }
            let source = Source::Action { id: action.as_str().into(), performed_by: Some(rule.clone()) };
            let system = Origin { by: Actor::System, via: Via::Rule, source };
            match self.act(&action, &input, system, None) {
                Ok(()) => {}
                Err(ActionEnd::Abort(abort)) => return Err(Failed::Abort(abort)),
                Err(ActionEnd::Refused(text)) => return Err(Failed::Refused(text)),
                Err(ActionEnd::Fault(fault)) => return Err(Failed::Fault(fault)),
            }
        }
    }

    /// Checks and carries out an action. `roles` are the actor's; none for the system, which may do all.
    pub fn act(
        &mut self,
        id: &str,
        given: &BTreeMap<String, Value>,
        origin: Origin,
        roles: Option<&[Role]>,
    ) -> Result<(), ActionEnd> {
        let ruleset = Arc::clone(&self.ruleset);
        let Some(action) = ruleset.actions.iter().find(|a| a.id == *id) else {
            let hint = crate::rules::nearest(id, ruleset.actions.iter().map(|a| a.id.as_str()));
            let hint = hint.map(|n| format!("; did you mean `{n}`?")).unwrap_or_default();
            return Err(ActionEnd::Refused(format!("there is no action `{id}`{hint}")));
        };
        if roles.is_some_and(|roles| !action.by.iter().any(|r| roles.contains(r))) {
            let by: Vec<&str> = action.by.iter().map(Role::as_str).collect();
            let text = format!("{} may not do `{id}`; it is for {}", origin.by, by.join(" or "));
            return Err(ActionEnd::Refused(text));
        }
        if !self.offers(action, &origin)? {
            let state = self.eval.working().case.complaint.state.clone();
            return Err(ActionEnd::Refused(format!(
                "`{id}` is not possible now; the complaint is in state {state}"
            )));
        }
        let (_, input) = self.asks(action, given)?;
        let input = input.map_err(ActionEnd::Refused)?;
        let snapshot = Snapshot::take(&self.eval);
        {
            let mut working = self.eval.working();
            working.phase = Phase::ActionEffects;
            working.it = None;
            working.input = input.clone();
            working.actor = origin.by.as_str().into();
            working.origin = origin;
            working.case.complaint.last.insert(id.into(), self.eval.now);
            let given = crate::rules::words::values::to_json(&self.eval.calendar, &Dynamic::from(input))
                .unwrap_or_default();
            let (data, personal) = (json!({"action": id}), Some(json!({"input": given})));
            working.record_personal(EventKind::ActionTaken, action.label.clone(), data, personal);
        }
        self.evaluate(&action.then).map(|_| ()).map_err(|failure| {
            snapshot.restore(&self.eval);
            self.action_end(action, failure)
        })
    }

    /// Runs the body of a schedule.
    pub fn run_schedule(&mut self, schedule: &ScheduleRule) -> Result<(), Fault> {
        let source = Source::Schedule(schedule.name.clone());
        {
            let mut working = self.eval.working();
            working.phase = Phase::Effects;
            working.origin = Origin { by: Actor::System, via: Via::Rule, source: source.clone() };
        }
        if let Some(coverage) = &self.ruleset.coverage {
            coverage.note(Subject::Schedule, schedule.name.as_str(), &schedule.file, None, true);
        }
        self.evaluate(&schedule.then).map(|_| ()).map_err(|failure| {
            match self.failed(source.clone(), &schedule.file, failure) {
                Failed::Fault(fault) => fault,
                Failed::Abort(_) | Failed::Refused(_) => {
                    let text = "a schedule reads no complaint and is not refused".to_owned();
                    let ruleset = self.ruleset.hash().to_owned();
                    Fault {
                        source,
                        ruleset,
                        kind: FaultKind::Script,
                        place: format!("rules/{}", schedule.file),
                        text,
                    }
                }
            }
        })
    }

    /// Whether the action is offered now. Its condition schedules nothing (docs/semantics.md 2.5).
    pub fn offers(&mut self, action: &ActionRule, origin: &Origin) -> Result<bool, ActionEnd> {
        {
            let mut working = self.eval.working();
            working.phase = Phase::Offer;
            working.it = None;
            working.actor = origin.by.as_str().into();
        }
        if let Some(coverage) = self.ruleset.coverage.clone() {
            let (name, file) = (action.id.as_str(), action.file.as_str());
            let probed = Probed { coverage: &coverage, subject: Subject::Action, name, file };
            return self.probe(probed, &action.when).map_err(|f| self.action_end(action, f));
        }
        let value = self.evaluate(&action.when).map_err(|f| self.action_end(action, f))?;
        value.as_bool().map_err(|kind| {
            let failure = fail(format!("`when` must be true or false, not a value of type {kind}"));
            self.action_end(action, failure)
        })
    }

    /// The questions of an action and the inputs they make of `given`.
    pub fn asks(
        &mut self,
        action: &ActionRule,
        given: &BTreeMap<String, Value>,
    ) -> Result<(Vec<crate::rules::words::questions::Ask>, Result<rhai::Map, String>), ActionEnd> {
        self.eval.working().phase = Phase::Asks;
        let map = match &action.asks {
            Some(asks) => self.evaluate(asks).map_err(|f| self.action_end(action, f))?,
            None => Dynamic::from(rhai::Map::new()),
        };
        let map = map.try_cast::<rhai::Map>().unwrap_or_default();
        typed_inputs(&self.eval.calendar, &map, given).map_err(|f| self.action_end(action, f))
    }

    fn action_end(&self, action: &ActionRule, failure: Failure) -> ActionEnd {
        match self.failed(self.eval.working().origin.source.clone(), &action.file, failure) {
            Failed::Abort(abort) => ActionEnd::Abort(abort),
            Failed::Refused(text) => ActionEnd::Refused(text),
            Failed::Fault(fault) => ActionEnd::Fault(fault),
        }
    }
}
