//! Running a schedule: what it sends at its nominal time, from facts about the procedure as a whole.

use crate::calendar::{Calendar, Moment};
use crate::complaint::{
    Case, Complaint, ComplaintId, Fault, FaultKind, IntakeId, Notification, Party, Source,
};
use crate::rules::decide::decision::run;
use crate::rules::decide::settle::Settling;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words::context::{Eval, ScheduleFacts};
use std::collections::BTreeSet;
use std::sync::Arc;

/// What a schedule sends, evaluated at its nominal time (docs/semantics.md 2.10). It has no complaint.
pub fn run_schedule(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    name: &str,
    nominal: Moment,
    facts: &ScheduleFacts,
) -> Result<Vec<Notification>, Fault> {
    let fault = |text: String| Fault {
        source: Source::Schedule(name.into()),
        ruleset: ruleset.hash().to_owned(),
        kind: FaultKind::Script,
        place: String::new(),
        text,
    };
    let Some(index) = ruleset.schedules.iter().position(|s| s.name == *name) else {
        return Err(fault(format!("there is no schedule \"{name}\"")));
    };
    let today = calendar.day_of(nominal).map_err(|e| fault(e.to_string()))?;
    let procedure = Arc::clone(&ruleset.procedure);
    let eval = Eval::new(procedure, Arc::clone(calendar), nominal, today, no_case(ruleset, nominal));
    eval.working().schedule = facts.clone();
    let eval = Arc::new(eval);
    let (rules, held) = (Arc::clone(ruleset), Arc::clone(&eval));
    let outcome = run(ruleset, move |context| {
        let mut settling = Settling::new(context, Arc::clone(&rules), held, &BTreeSet::new());
        settling.run_schedule(&rules.schedules[index])
    });
    outcome.unwrap_or_else(|| Err(fault("not evaluated".to_owned())))?;
    let notifications = std::mem::take(&mut eval.working().notifications);
    Ok(notifications)
}

/// Stands where a schedule has no complaint; the lint keeps schedules from reading it.
fn no_case(ruleset: &Ruleset, now: Moment) -> Case {
    let initial = ruleset.procedure.initial.clone();
    let intake_id = IntakeId::new(0, 0);
    let complaint = Complaint::received(intake_id, initial, String::new(), Party::default(), now);
    Case::new(ComplaintId(0), complaint)
}
