//! The actions that a complaint does not offer now, each with what keeps it: the parts of its condition that are not so,
//! evaluated by the machine that offers actions.

use super::condition_words::in_words;
use crate::calendar::{Calendar, Moment};
use crate::complaint::{Case, Role, Text};
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::observer::unobserved;
use crate::rules::language::snippet;
use crate::rules::language::tree::conjuncts;
use crate::rules::machine::Interpreter;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::ActionRule;
use crate::rules::words::context::Eval;
use std::sync::Arc;

/// An action that the complaint does not offer now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnofferedAction {
    /// The id of the action.
    pub id: String,
    /// The label that people see.
    pub label: String,
    /// The roles that may take it when it is offered.
    pub by: Vec<Role>,
    /// What must be so first; never empty.
    pub needs: Vec<Requirement>,
}

/// Something that must be so before an action is offered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Requirement {
    /// In the words of its readers.
    Said(Text),
    /// As it stands in the rule.
    Written(String),
}

/// Returns the actions that a complaint does not offer now, in file order, with what keeps each. One whose condition fails is
/// not among them: its fault stands with the complaint.
pub fn unoffered(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    case: Case,
    now: Moment,
) -> Vec<UnofferedAction> {
    let now = now.max(case.decided_at);
    let Ok(today) = calendar.day_of(now) else { return Vec::new() };
    let eval = Arc::new(Eval::new(Arc::clone(&ruleset.procedure), Arc::clone(calendar), now, today, case));
    let rules = Arc::clone(ruleset);
    let job = move |interpreter: &mut dyn Interpreter| {
        let mut found = Vec::new();
        for action in &rules.actions {
            // Each has a budget of its own.
            let mut evaluator = Evaluator::new(interpreter, &rules, Arc::clone(&eval), &**unobserved());
            let needs = needs(&mut evaluator, &rules, action);
            if !needs.is_empty() {
                let (id, label, by) = (action.id.to_string(), action.label.clone(), action.by.clone());
                found.push(UnofferedAction { id, label, by, needs });
            }
        }
        found
    };
    ruleset.machine.run(job).unwrap_or_default()
}

/// Returns the parts of an action's condition that are not so, up to one that cannot be evaluated: a condition is looked at
/// no further either.
fn needs(evaluator: &mut Evaluator<'_>, rules: &Ruleset, action: &ActionRule) -> Vec<Requirement> {
    let parts = conjuncts(&action.when.expr);
    let texts = snippet::conjuncts(rules.source(), &action.file, parts);
    let mut needs = Vec::new();
    for (part, text) in parts.iter().zip(texts) {
        match evaluator.offer_part(action, part) {
            Ok(true) => {}
            Ok(false) => {
                let said = in_words(part, &rules.procedure);
                needs.push(said.map_or(Requirement::Written(text), Requirement::Said));
            }
            Err(_) => break,
        }
    }
    needs
}
