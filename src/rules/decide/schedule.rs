//! Running a schedule: what it sends at its nominal time, from facts about the procedure as a whole.

use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{
    Actor, Case, Complaint, ComplaintId, Fault, FaultKind, IntakeId, Notification, Origin, Party, Source,
    Text, Via,
};
use crate::rules::evaluate::error::{EvalError, Interruption};
use crate::rules::evaluate::evaluator::Evaluator;
use crate::rules::evaluate::observer::Observer;
use crate::rules::evaluate::work::Work;
use crate::rules::machine::Interpreter;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::ScheduleRule;
use crate::rules::words::context::{Eval, Need, Phase, ScheduleFacts};
use std::sync::Arc;

/// The reason why a run came to nothing.
#[derive(Debug)]
pub enum Unrun {
    /// It asks for the complaints that were received from one day to another; with them it can be tried again.
    Needs(Date, Date),
    /// It failed.
    Failed(Box<Fault>),
}

/// Returns what a schedule sends, evaluated at its nominal time (docs/semantics.md 2.10). It has no
/// complaint.
pub fn run_schedule(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    name: &str,
    nominal: Moment,
    facts: &ScheduleFacts,
    observer: &Arc<dyn Observer>,
) -> Result<Vec<Notification>, Unrun> {
    let fault = |text: Text| {
        let (source, ruleset) = (Source::Schedule(name.into()), ruleset.hash().to_owned());
        let kind = FaultKind::Script;
        Unrun::Failed(Box::new(Fault { source, ruleset, kind, place: String::new(), text }))
    };
    let Some(index) = ruleset.schedules.iter().position(|s| s.name == *name) else {
        return Err(fault(Text::new(
            format!("planning \"{name}\" bestaat niet"),
            format!("there is no schedule \"{name}\""),
        )));
    };
    let today = calendar.day_of(nominal).map_err(|e| fault(e.into()))?;
    let procedure = Arc::clone(&ruleset.procedure);
    let eval = Eval::new(procedure, Arc::clone(calendar), nominal, today, no_case(ruleset, nominal));
    eval.working().schedule = facts.clone();
    let eval = Arc::new(eval);
    let (rules, held, observer) = (Arc::clone(ruleset), Arc::clone(&eval), Arc::clone(observer));
    let outcome = ruleset.machine.run(move |interpreter: &mut dyn Interpreter| {
        run(&mut Evaluator::new(interpreter, &rules, held, &*observer), &rules.schedules[index])
    });
    outcome.unwrap_or_else(|| Err(fault(Text::new("niet uitgevoerd", "not evaluated"))))?;
    let notifications = std::mem::take(&mut eval.working().notifications);
    Ok(notifications)
}

fn run(evaluator: &mut Evaluator<'_>, schedule: &ScheduleRule) -> Result<(), Unrun> {
    let work = Work::Schedule(schedule);
    {
        let mut working = evaluator.eval.working();
        working.phase = Phase::Effects;
        working.origin = Origin { by: Actor::System, via: Via::Rule, source: work.source() };
    }
    evaluator.ran(work);
    evaluator.body(work, &schedule.then).map_err(|error| match error {
        EvalError::Fault(fault) => Unrun::Failed(fault),
        EvalError::Interrupted(Interruption::Need(Need::Received(from, to))) => Unrun::Needs(from, to),
        EvalError::Interrupted(_) | EvalError::Refused(_) => {
            let told = Text::new(
                "een planning leest geen klacht en wordt niet geweigerd",
                "a schedule reads no complaint and is not refused",
            );
            Unrun::Failed(Box::new(work.fault(evaluator.ruleset, told)))
        }
    })
}

/// Stands where a schedule has no complaint; the lint keeps schedules from reading it.
fn no_case(ruleset: &Ruleset, now: Moment) -> Case {
    let initial = ruleset.procedure.initial.clone();
    let intake_id = IntakeId::new(0, 0);
    let complaint = Complaint::received(intake_id, initial, String::new(), Party::default(), now);
    Case::new(ComplaintId(0), complaint)
}
