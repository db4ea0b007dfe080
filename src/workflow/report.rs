//! What a report on a period counts (docs/procedure.md 2.7): complaints by the day on which they came in, each once, from the
//! sums of their tallies. What a complaint counts as is declared with the states of the procedure.

use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Complaint, Course, Language, Name, State, Tally};
use crate::rules::{CountsAs, Label, Procedure};
use crate::store::{Counted, Counting, Promise, counted_alone};
use serde_json::{Value, json};
use std::collections::{BTreeMap, HashMap};

/// Counts by name; none for what is not known.
pub(super) type ByName = BTreeMap<Option<Name>, i64>;

/// The complaints of one month.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Month {
    /// The complaints that came in.
    pub received: i64,
    /// Those decided by the date first promised.
    pub kept: i64,
    /// Those decided later.
    pub broken: i64,
    /// Those not decided of which that date has passed.
    pub overdue: i64,
}

/// What a report on a period counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Counts {
    /// Everything that came in.
    pub messages: i64,
    /// What turned out to be no complaint.
    pub no_complaint: i64,
    /// What was merged with another.
    pub merged: i64,
    /// What was withdrawn.
    pub withdrawn: i64,
    /// The complaints: declined, decided, or not decided yet.
    pub received: i64,
    /// Those that have a number.
    pub registered: i64,
    /// Those declined.
    pub declined: i64,
    /// Those decided on the date first promised or before.
    pub kept: i64,
    /// Those decided later.
    pub broken: i64,
    /// Those decided to which nothing had been promised.
    pub unpromised: i64,
    /// Those not decided of which the date first promised has passed.
    pub overdue: i64,
    /// Those not decided of which it has not.
    pub pending: i64,
    /// The decided by verdict.
    pub verdicts: ByName,
    /// The decided by whether the complainant agrees.
    pub agreements: ByName,
    /// The declined by ground.
    pub grounds: ByName,
    /// The complaints by kind of cause.
    pub causes: ByName,
    /// The complaints by the way they came.
    pub channels: ByName,
    /// The complaints by the step of their escalation.
    pub escalations: ByName,
    /// The complaints that have a flag, by flag.
    pub flags: ByName,
    /// The measures of all that came in, by state.
    pub measures: ByName,
    /// The complaints by what was chosen in an own field.
    pub own: BTreeMap<Name, BTreeMap<String, i64>>,
    /// The complaints by the month in which they came in, as `2026-11`.
    pub months: BTreeMap<String, Month>,
    /// The decided by the days from receipt to decision.
    pub days: BTreeMap<i64, i64>,
}

/// Returns what reports count of a complaint.
pub(super) fn tally(c: &Complaint, procedure: &Procedure, calendar: &Calendar) -> Tally {
    Tally::of(c, calendar.day_of(c.received_at).unwrap_or_default(), procedure)
}

/// Returns the sums to which complaints in memory belong, as of a day.
pub(super) fn counted_in_memory<'c>(
    complaints: impl IntoIterator<Item = &'c Complaint>,
    procedure: &Procedure,
    calendar: &Calendar,
    as_of: Date,
) -> Vec<Counted> {
    let sums = complaints.into_iter().flat_map(|c| {
        let received_on = calendar.day_of(c.received_at).unwrap_or_default();
        counted_alone(c, &tally(c, procedure, calendar), received_on, as_of)
    });
    sums.collect()
}

impl Counts {
    /// Adds up sums of complaints.
    pub fn of(sums: &[Counted], procedure: &Procedure) -> Self {
        let (mut counts, mut known) = (Self::default(), HashMap::new());
        for sum in sums {
            let kind = known.entry(sum.course_text()).or_insert_with(|| counts_as(&sum.course(), procedure));
            counts.add(sum, *kind);
        }
        counts
    }

    /// Adds the months between the first and the last in which nothing came in, so that a drawing of months has no gap.
    pub fn with_quiet_months(mut self) -> Self {
        let first_day = |month: &String| format!("{month}-01").parse::<Date>().ok();
        let first = self.months.keys().next().and_then(first_day);
        let last = self.months.keys().next_back().and_then(first_day);
        let Some((mut month, last)) = first.zip(last) else { return self };
        while month < last {
            self.months.entry(month.format("%Y-%m").to_string()).or_default();
            let Some(next) = month.checked_add_months(chrono::Months::new(1)) else { break };
            month = next;
        }
        self
    }

    fn add(&mut self, sum: &Counted, kind: CountsAs) {
        let n = sum.count;
        match sum.by {
            Counting::Month => return self.came_in(sum, kind),
            // What is done about a cause is done whatever became of the complaint.
            Counting::Measures => {
                let states: BTreeMap<Name, i64> = read(sum);
                states
                    .into_iter()
                    .for_each(|(state, each)| *self.measures.entry(Some(state)).or_default() += each * n);
                return;
            }
            _ => {}
        }
        match (kind, sum.by) {
            (CountsAs::Declined, Counting::Ground) => count(&mut self.grounds, sum.value.as_deref(), n),
            (CountsAs::Complaint, Counting::Term) => self.promised(sum),
            (CountsAs::Complaint, Counting::Outcome) => {
                count(&mut self.verdicts, sum.value.as_deref(), n);
                count(&mut self.agreements, sum.other.as_deref(), n);
            }
            (CountsAs::Complaint, Counting::Days) => {
                let days = sum.value.as_deref().and_then(|days| days.parse().ok());
                days.into_iter().for_each(|days: i64| *self.days.entry(days).or_default() += n);
            }
            (CountsAs::Complaint | CountsAs::Declined, by) => self.shared(sum, by),
            (CountsAs::NoComplaint | CountsAs::Merged | CountsAs::Withdrawn | CountsAs::Nothing, _) => {}
        }
    }

    fn came_in(&mut self, sum: &Counted, kind: CountsAs) {
        let n = sum.count;
        if kind == CountsAs::Nothing {
            return;
        }
        self.messages += n;
        match kind {
            CountsAs::NoComplaint => return self.no_complaint += n,
            CountsAs::Merged => return self.merged += n,
            CountsAs::Withdrawn => return self.withdrawn += n,
            CountsAs::Declined => self.declined += n,
            CountsAs::Complaint | CountsAs::Nothing => {}
        }
        self.received += n;
        if sum.other.as_deref() == Some(Counted::NUMBERED) {
            self.registered += n;
        }
        self.month(sum).received += n;
    }

    fn month(&mut self, sum: &Counted) -> &mut Month {
        self.months.entry(sum.value.clone().unwrap_or_default()).or_default()
    }

    fn promised(&mut self, sum: &Counted) {
        let n = sum.count;
        let Some(promise) = sum.other.as_deref().and_then(|word| word.parse::<Promise>().ok()) else {
            return;
        };
        match promise {
            Promise::Kept => {
                self.kept += n;
                self.month(sum).kept += n;
            }
            Promise::Broken => {
                self.broken += n;
                self.month(sum).broken += n;
            }
            Promise::None => self.unpromised += n,
            Promise::Overdue => {
                self.overdue += n;
                self.month(sum).overdue += n;
            }
            Promise::Open => self.pending += n,
        }
    }

    /// Adds what is counted of every complaint, the declined ones too.
    fn shared(&mut self, sum: &Counted, by: Counting) {
        let n = sum.count;
        match by {
            Counting::Cause => count(&mut self.causes, sum.value.as_deref(), n),
            Counting::Channel => count(&mut self.channels, sum.value.as_deref(), n),
            Counting::Escalation => count(&mut self.escalations, sum.value.as_deref(), n),
            Counting::Flags => {
                let flags: Vec<Name> = read(sum);
                flags.iter().for_each(|flag| count(&mut self.flags, Some(flag.as_str()), n));
            }
            Counting::Own => {
                for (field, chosen) in read::<BTreeMap<Name, String>>(sum) {
                    *self.own.entry(field).or_default().entry(chosen).or_default() += n;
                }
            }
            Counting::Ground
            | Counting::Month
            | Counting::Term
            | Counting::Outcome
            | Counting::Measures
            | Counting::Days => {}
        }
    }

    /// Returns how many were decided.
    pub fn decided(&self) -> i64 {
        self.kept + self.broken + self.unpromised
    }

    /// Returns how many were not decided yet, and not declined.
    pub fn undecided(&self) -> i64 {
        self.overdue + self.pending
    }

    /// Returns how many were laid before somebody: every step of the escalation counts.
    pub fn escalated(&self) -> i64 {
        self.escalations.iter().filter(|(step, _)| step.is_some()).map(|(_, n)| n).sum()
    }

    /// Returns the days within which so many per cent of the decisions came; none without a decision.
    pub fn days_within(&self, percent: i64) -> Option<i64> {
        let all: i64 = self.days.values().sum();
        let mut sum = 0;
        self.days
            .iter()
            .find(|(_, n)| {
                sum += **n;
                sum * 100 >= all * percent
            })
            .map(|(days, _)| *days)
    }

    /// Returns what messages can say of it, with names in a language.
    pub fn to_json(&self, procedure: &Procedure, language: Language, (from, to): (Date, Date)) -> Value {
        let named = |names: &BTreeMap<Name, Label>, counted: &ByName| {
            let rows = names.iter().map(|(name, label)| {
                let count = counted.get(&Some(name.clone())).copied().unwrap_or(0);
                json!({"name": name, "label": label.in_language(language), "count": count})
            });
            rows.collect::<Value>()
        };
        json!({
            "from": from, "to": to,
            "messages": self.messages,
            "no_complaint": self.no_complaint,
            "merged": self.merged,
            "withdrawn": self.withdrawn,
            "received": self.received,
            "registered": self.registered,
            "declined": self.declined,
            "grounds": named(&procedure.grounds, &self.grounds),
            "decided": self.decided(),
            "in_time": self.kept,
            "verdicts": named(&procedure.verdicts, &self.verdicts),
            "agreements": named(&procedure.agreements, &self.agreements),
            "awaiting_reply": self.agreements.get(&None).copied().unwrap_or(0),
            "escalated": self.escalated(),
            "open": self.undecided(),
            "recommendations": [],
        })
    }
}

fn count(counted: &mut ByName, name: Option<&str>, n: i64) {
    *counted.entry(name.map(Name::from)).or_default() += n;
}

fn read<T: serde::de::DeserializeOwned + Default>(sum: &Counted) -> T {
    sum.value.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default()
}

/// Returns what a complaint counts as: by the state it is in, or, where that says nothing of it, by the state that it
/// entered last of those that do and of those in which it was open.
pub(super) fn counts_as(course: &Course, procedure: &Procedure) -> CountsAs {
    let says = |state: &State| {
        let declared = procedure.states.get(state)?;
        let is_said = declared.open || declared.counts_as != CountsAs::Complaint;
        is_said.then_some((declared.open, declared.counts_as))
    };
    // At one moment the end comes after what was open.
    let of_moment = |states: &Vec<State>| states.iter().filter_map(says).max_by_key(|(is_open, _)| !is_open);
    course.iter().find_map(of_moment).map_or(CountsAs::Complaint, |(_, kind)| kind)
}

/// Returns whether the decision came by the date that was first promised; none without a decision or a promise.
pub(super) fn decided_in_time(c: &Complaint) -> Option<bool> {
    Some(c.decided_on? <= c.promised_by_original.or(c.promised_by)?)
}

/// Returns the moment at which a complaint last stopped waiting for its outcome; none while it waits.
pub(super) fn ended_at(c: &Complaint, procedure: &Procedure) -> Option<Moment> {
    if procedure.is_open(&c.state) {
        return None;
    }
    let entered =
        procedure.states.iter().filter_map(|(name, state)| Some((state.open, *c.last.get(name.as_str())?)));
    let (open, ended): (Vec<_>, Vec<_>) = entered.partition(|(is_open, _)| *is_open);
    let opened = open.into_iter().map(|(_, at)| at).max();
    ended.into_iter().map(|(_, at)| at).filter(|at| opened.is_none_or(|opened| *at >= opened)).min()
}
