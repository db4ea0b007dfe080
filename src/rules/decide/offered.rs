//! The actions that a complaint offers now, with what they ask.

use crate::calendar::{Calendar, Moment};
use crate::complaint::{Actor, Case, Role};
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::observer::Observer;
use crate::rules::evaluate::work::Work;
use crate::rules::machine::Interpreter;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words::context::Eval;
use crate::rules::words::questions::Ask;
use std::collections::BTreeMap;
use std::sync::Arc;

/// An action that the complaint offers now.
#[derive(Clone, Debug, serde::Serialize)]
pub struct OfferedAction {
    /// The id of the action.
    pub id: String,
    /// The label that people see.
    pub label: String,
    /// The roles that may take it.
    pub by: Vec<Role>,
    /// The questions that it asks.
    pub asks: Vec<Ask>,
}

/// Returns the actions possible now, with what they ask, for one actor as far as their conditions ask for who it is; for the
/// system they are those for anybody. An action whose script fails is not offered.
pub fn offered(
    actor: &Actor,
    (ruleset, calendar): (&Arc<Ruleset>, &Arc<Calendar>),
    case: Case,
    now: Moment,
    observer: &Arc<dyn Observer>,
) -> Vec<OfferedAction> {
    let now = now.max(case.decided_at);
    let Ok(today) = calendar.day_of(now) else { return Vec::new() };
    let eval = Arc::new(Eval::new(Arc::clone(&ruleset.procedure), Arc::clone(calendar), now, today, case));
    let (rules, observer, actor) = (Arc::clone(ruleset), Arc::clone(observer), actor.clone());
    let job = move |interpreter: &mut dyn Interpreter| {
        let mut found = Vec::new();
        for action in &rules.actions {
            // Each has a budget of its own.
            let mut evaluator = Evaluator::new(interpreter, &rules, Arc::clone(&eval), &*observer);
            let work = Work::Action { action, performed_by: None };
            if evaluator.offers(action, &actor, work).unwrap_or(false)
                && let Ok((asks, _)) = evaluator.asks(action, &BTreeMap::new(), work)
            {
                let (id, label, by) = (action.id.to_string(), action.label.clone(), action.by.clone());
                found.push(OfferedAction { id, label, by, asks });
            }
        }
        found
    };
    ruleset.machine.run(job).unwrap_or_default()
}
