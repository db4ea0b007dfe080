//! `Tally`: what reports count of one complaint: names that the procedure declares and days, nothing that anybody wrote
//! (docs/procedure.md 2.7).

use super::{Channel, Complaint, Name, State, SurveyStep};
use crate::calendar::Date;
use std::collections::{BTreeMap, BTreeSet};

/// The states that a complaint has been in: the present one, then the newest first, those of one moment together.
pub type Course = Vec<Vec<State>>;

/// What reports count of one complaint.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tally {
    /// The states it has been in.
    pub course: Course,
    /// The day that was first promised.
    pub promised_first: Option<Date>,
    /// The days from receipt to decision; none without a decision.
    pub decision_days: Option<i64>,
    /// The verdict.
    pub verdict: Option<Name>,
    /// The ground on which it is not treated.
    pub ground: Option<Name>,
    /// The kind of cause.
    pub cause_kind: Option<Name>,
    /// The way it came.
    pub channel: Channel,
    /// The step of the escalation.
    pub escalation: Option<Name>,
    /// The flags that are set.
    pub flags: BTreeSet<Name>,
    /// How many measures are in which state.
    pub measures: BTreeMap<Name, i64>,
    /// The own fields that are a choice, with what was chosen.
    pub own: BTreeMap<Name, String>,
    /// The day on which it was first asked how satisfied the complainant is; none while it was not.
    pub survey_sent_on: Option<Date>,
    /// The number of the step that was answered.
    pub survey_step: Option<i64>,
}

/// The names that a procedure declares, as far as a tally depends on them.
pub trait Declared {
    /// Returns whether this is a state.
    fn is_state(&self, name: &str) -> bool;
    /// Returns whether this is an own field of which one of a few texts is chosen, and this one of them.
    fn is_choice(&self, field: &str, chosen: &str) -> bool;
}

/// Nothing is declared: for a complaint that has just come in, of which nothing but its state and channel is known.
#[derive(Clone, Copy, Debug)]
pub struct NothingDeclared;

impl Declared for NothingDeclared {
    fn is_state(&self, _: &str) -> bool {
        false
    }

    fn is_choice(&self, _: &str, _: &str) -> bool {
        false
    }
}

impl Tally {
    /// Makes it of a complaint that was received on a local day.
    pub fn of(c: &Complaint, received_on: Date, declared: &impl Declared) -> Self {
        let mut measures = BTreeMap::new();
        for measure in &c.measures {
            *measures.entry(measure.state.clone()).or_default() += 1;
        }
        let own = c.extra.iter().filter_map(|(field, value)| {
            let chosen = value.as_str().filter(|chosen| declared.is_choice(field.as_str(), chosen))?;
            Some((field.clone(), chosen.to_owned()))
        });
        Self {
            course: course(c, declared),
            promised_first: c.promised_by_original.or(c.promised_by),
            decision_days: c.decided_on.map(|decided_on| (decided_on - received_on).num_days()),
            verdict: c.verdict.clone(),
            ground: c.ground.clone(),
            cause_kind: c.cause_kind.clone(),
            channel: c.channel,
            escalation: c.escalation.clone(),
            flags: c.flags.clone(),
            measures,
            own: own.collect(),
            survey_sent_on: c.survey.sent_on,
            survey_step: c.survey.step().map(SurveyStep::number),
        }
    }
}

fn course(c: &Complaint, declared: &impl Declared) -> Course {
    let mut entered = BTreeMap::<_, Vec<State>>::new();
    for (name, at) in c.last.iter().filter(|(name, _)| declared.is_state(name.as_str())) {
        entered.entry(*at).or_default().push(State::from(name.as_str()));
    }
    std::iter::once(vec![c.state.clone()]).chain(entered.into_values().rev()).collect()
}
