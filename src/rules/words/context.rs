//! `Eval`: the context of one decision while scripts run: the facts as they stand and what was recorded.

use super::element::Element;
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{
    Actor, Case, Deadline, DeadlineName, Event, EventKind, FoldedText, GroupKey, Notification, Origin,
    Reading, Received, Text,
};
use crate::rules::language::limits;
use crate::rules::procedure::declared::Procedure;
use crate::script::meter;
use rhai::{Dynamic, EvalAltResult, ImmutableString, NativeCallContext, Position};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub(in crate::rules) type Failure = Box<EvalAltResult>;

/// The facts that schedules may know beside the calendar.
#[derive(Clone, Debug, Default)]
pub struct ScheduleFacts {
    /// The periods whose reports have been concluded: first and last day.
    pub concluded: BTreeSet<(Date, Date)>,
    /// The days on which recommendations that are not closed are to be looked at again.
    pub follow_ups: Vec<Date>,
    /// The day on which the procedure first ran here; what ended before it is nobody's to report. None before
    /// it ran.
    pub since: Option<Date>,
    /// The complaints of the periods that a schedule has asked for, newest first, by first and last day; one more
    /// than it may see where there are more.
    pub received: BTreeMap<(Date, Date), Arc<[Received]>>,
}

/// The part of a ruleset that is running, which decides what a script may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Phase {
    /// Conditions: `now` is opaque, effects are errors, comparisons schedule.
    Condition,
    /// The condition of an action: as a condition, but it schedules nothing.
    Offer,
    /// The questions of an action: `now` is a moment, effects are errors.
    Asks,
    /// The body of a rule or schedule.
    Effects,
    /// The body of an action, where `refuse` is allowed.
    ActionEffects,
}

/// More facts are needed before a decision can be made.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Need {
    /// The complaint's text (`text_mentions`, `text_length`).
    Text,
    /// The complaints of a group (`group`).
    Group(GroupKey),
    /// The complaints that were received from one day to another (`complaints`, `groups`).
    Received(Date, Date),
}

/// A refusal of an action, in words for the person who tried it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Refused(pub String);

/// An action that a rule wants carried out as `system`, after its own block.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Perform {
    pub action: String,
    pub input: BTreeMap<String, Value>,
}

/// The working copy of the facts and everything recorded so far.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Working {
    pub phase: Phase,
    pub case: Case,
    pub it: Option<Element>,
    pub input: rhai::Map,
    pub actor: ImmutableString,
    pub origin: Origin,
    /// The least instant ahead at which a comparison of this evaluation changes.
    pub wake: Moment,
    /// The latest instant, now included, at which one changed; none where none has.
    pub turned: Option<Moment>,
    pub readings: Vec<Reading>,
    /// The terms that were counted as passed, which no new instance turns on again.
    pub counted: Vec<Reading>,
    /// The readings of the condition, for the reason of a firing; none unless they are asked for.
    pub trace: Option<Vec<Reason>>,
    pub events: Vec<Event>,
    pub notifications: Vec<Notification>,
    pub retired: Vec<Deadline>,
    pub performs: Vec<Perform>,
    /// Answers about the complaint's text, which no decision changes: rules ask the same again in every pass.
    pub mentions: BTreeMap<Vec<String>, bool>,
    /// The complaint's text as its words are looked for, once a rule has asked for one.
    pub folded_text: Option<Arc<FoldedText>>,
    pub text_length: Option<i64>,
    /// The facts that a schedule may know; empty in decisions about complaints.
    pub schedule: ScheduleFacts,
}

#[derive(Debug)]
pub(in crate::rules) struct Eval {
    pub procedure: Arc<Procedure>,
    pub calendar: Arc<Calendar>,
    pub now: Moment,
    pub today: Date,
    working: Arc<Mutex<Working>>,
}

/// `complaint` in scripts.
#[derive(Clone, Debug)]
pub(in crate::rules) struct ComplaintHandle(pub Arc<Eval>);

/// The context as Rhai carries it to host functions.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Tag(pub Arc<Eval>);

impl Eval {
    pub fn new(
        procedure: Arc<Procedure>,
        calendar: Arc<Calendar>,
        now: Moment,
        today: Date,
        case: Case,
    ) -> Self {
        Self {
            procedure,
            calendar,
            now,
            today,
            working: Arc::new(Mutex::new(Working {
                phase: Phase::Condition,
                case,
                it: None,
                input: rhai::Map::new(),
                actor: Actor::System.as_str().into(),
                origin: Origin::ENGINE,
                wake: Moment::NEVER,
                turned: None,
                readings: Vec::new(),
                counted: Vec::new(),
                trace: None,
                events: Vec::new(),
                notifications: Vec::new(),
                retired: Vec::new(),
                performs: Vec::new(),
                mentions: BTreeMap::new(),
                folded_text: None,
                text_length: None,
                schedule: ScheduleFacts::default(),
            })),
        }
    }

    /// Returns the same working copy as seen from another moment; none at a time that no calendar has.
    pub fn seen_at(&self, now: Moment) -> Option<Self> {
        Some(Self {
            procedure: Arc::clone(&self.procedure),
            calendar: Arc::clone(&self.calendar),
            now,
            today: self.calendar.day_of(now).ok()?,
            working: Arc::clone(&self.working),
        })
    }

    /// Locks the working copy. One thread at a time uses it, and never while it calls a script.
    pub fn working(&self) -> MutexGuard<'_, Working> {
        self.working.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Ends the decision and returns its working copy, which nobody else should hold any more; what somebody does
    /// hold is copied.
    pub fn end(self: Arc<Self>) -> Working {
        match Arc::try_unwrap(self).map(|eval| Arc::try_unwrap(eval.working)) {
            Ok(Ok(working)) => working.into_inner().unwrap_or_else(PoisonError::into_inner),
            Ok(Err(held)) => held.lock().unwrap_or_else(PoisonError::into_inner).clone(),
            Err(held) => held.working().clone(),
        }
    }

    /// Notes an instant at which an answer to a condition changes by itself: the next one ahead wakes the
    /// complaint, the last one past tells since when the condition holds (docs/semantics.md 2.3, 2.9).
    pub fn turns_at(&self, instant: Moment) {
        let mut working = self.working();
        if working.phase != Phase::Condition || instant.is_never() {
            return;
        }
        if instant > self.now {
            working.wake = working.wake.min(instant);
        } else {
            working.turned = working.turned.max(Some(instant));
        }
    }

    /// Notes that an answer to a condition changes at the start of a day.
    pub fn turns_on(&self, day: Date) {
        if let Ok(start) = self.calendar.start_of(day) {
            self.turns_at(start);
        }
    }

    /// Returns the context of a running host function.
    pub fn of(context: &NativeCallContext) -> Result<Arc<Self>, Failure> {
        let tag = context.tag().and_then(|t| t.read_lock::<Tag>().map(|t| Arc::clone(&t.0)));
        tag.ok_or_else(|| {
            fail(
                "dit vraagt een klacht, en die is er hier niet",
                "this needs a complaint, and there is none here",
            )
        })
    }

    /// Returns the context as [`Eval::of`] does, for what only a body may do.
    pub fn for_effects(context: &NativeCallContext) -> Result<Arc<Self>, Failure> {
        let eval = Self::of(context)?;
        eval.require_effects(context.fn_name())?;
        Ok(eval)
    }

    pub fn require_effects(&self, what: &str) -> Result<(), Failure> {
        match self.working().phase {
            Phase::Effects | Phase::ActionEffects => Ok(()),
            Phase::Condition | Phase::Offer => Err(fail(
                format!("`{what}` doet iets; een voorwaarde mag alleen kijken"),
                format!("`{what}` has an effect; a condition may only look"),
            )),
            Phase::Asks => Err(fail(
                format!("`{what}` doet iets; `asks` beschrijft alleen wat er wordt gevraagd"),
                format!("`{what}` has an effect; `asks` only describes what is asked"),
            )),
        }
    }
}

/// One thing that a condition read.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Reason {
    /// The line in full.
    pub line: String,
    /// The line without the value, where that is personal.
    pub withheld: Option<String>,
}

impl Reason {
    pub fn plain(line: String) -> Self {
        Self { line, withheld: None }
    }

    /// Returns the line that may stand anywhere.
    pub fn shown(&self) -> &str {
        self.withheld.as_deref().unwrap_or(&self.line)
    }
}

impl Working {
    pub fn record(&mut self, kind: EventKind, summary: impl Into<String>, data: Value) {
        self.record_personal(kind, summary, data, None);
    }

    pub fn record_personal(
        &mut self,
        kind: EventKind,
        summary: impl Into<String>,
        data: Value,
        personal: Option<Value>,
    ) {
        meter::charge(limits::EVENT_STEPS);
        let origin = self.origin.clone();
        self.events.push(Event { kind, origin, summary: summary.into(), data, personal });
    }

    /// Notes that the condition depends on the instance of a deadline.
    pub fn read_deadline(&mut self, name: &DeadlineName) {
        if !self.readings.iter().any(|r| r.deadline == *name) {
            let instance = self.case.armed_instance(name);
            self.readings.push(Reading { deadline: name.clone(), instance });
        }
    }

    /// Notes what a condition read, where somebody asks for it.
    pub fn note(&mut self, line: impl FnOnce() -> String) {
        self.note_reason(|| Reason::plain(line()));
    }

    /// Notes what a condition read of `what`, whose value is personal.
    pub fn note_personal(&mut self, what: &str, line: impl FnOnce() -> String) {
        self.note_reason(|| Reason { line: line(), withheld: Some(format!("{what} was read")) });
    }

    /// Notes what a condition read, where only `shown` may stand anywhere.
    pub fn note_withheld(&mut self, shown: String, line: impl FnOnce() -> String) {
        self.note_reason(|| Reason { line: line(), withheld: Some(shown) });
    }

    fn note_reason(&mut self, reason: impl FnOnce() -> Reason) {
        if let Some(trace) = &mut self.trace {
            let reason = reason();
            if !trace.contains(&reason) && trace.len() < 20 {
                trace.push(reason);
            }
        }
    }
}

/// Makes a failure of a script in Dutch and English words.
pub(in crate::rules) fn fail(nl: impl Into<String>, en: impl Into<String>) -> Failure {
    told(Text::new(nl, en))
}

/// Makes a failure of a script.
pub(in crate::rules) fn told(text: impl Into<Text>) -> Failure {
    EvalAltResult::ErrorRuntime(Dynamic::from(text.into()), Position::NONE).into()
}

pub(in crate::rules) fn need(what: Need) -> Failure {
    EvalAltResult::ErrorRuntime(Dynamic::from(what), Position::NONE).into()
}
