//! `decide`: facts in, decision out. Pure and synchronous; the one evaluator of production, plan and tests.

use crate::calendar::{Calendar, Moment};
use crate::complaint::{
    Actor, Case, Coming, Deadline, DeadlineName, Event, EventKind, Fault, FaultKind, LetterStatus,
    MessageName, Notification, Origin, Recipient, Role, RuleName, Source, Suspension, Via,
};
use crate::rules::decide::acting::ActionEnd;
use crate::rules::decide::settle::{Abort, Firing, Settling};
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words;
use crate::rules::words::context::{Eval, Need};
use crate::rules::words::questions::Ask;
use rhai::EvalContext;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};

/// The message that the engine itself sends; its text is compiled in, so it works with every script broken.
pub const BREACH_MESSAGE: &str = "deadline_breached";

/// What sets a decision going.
#[derive(Clone, Debug, PartialEq)]
pub enum Trigger {
    /// The complaint has just come in.
    Received {
        by: String,
        via: Via,
    },
    /// Another mail for it.
    Mail {
        by: String,
        sender: Sender,
    },
    /// Its wake-up, a published ruleset, or a change elsewhere: look again.
    Due,
    Action(ActionCall),
    /// Suspended rules are to be tried again (docs/semantics.md 4.2).
    Resume {
        by: String,
    },
    /// An answer to the invitation to a meeting.
    Attendance {
        by: String,
        meeting: u32,
        coming: Coming,
    },
    /// What became of a letter that this version and ordinal sent.
    Delivered {
        message: MessageName,
        version: i64,
        ordinal: u32,
        status: LetterStatus,
    },
}

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sender {
    Complainant,
    Other,
}

#[derive(Clone, Debug, PartialEq)]
pub struct ActionCall {
    pub id: String,
    pub actor: String,
    pub roles: Vec<Role>,
    pub input: BTreeMap<String, Value>,
    pub via: Via,
}

/// Everything a decision depends on.
#[derive(Clone, Debug)]
pub struct Input {
    pub case: Case,
    pub trigger: Trigger,
    pub now: Moment,
    /// Rules whose message could not be rendered when this was decided before (docs/semantics.md 4.4).
    pub unrenderable: Vec<Fault>,
    /// Rules whose condition holds at this moment are taken for fired, without effects: a ruleset was published so.
    pub adopt_at: Option<Moment>,
}

/// What was decided.
#[derive(Clone, Debug)]
pub struct Decision {
    /// The case as it is after the decision: facts, deadlines, latches, suspensions, faults.
    pub case: Case,
    /// Effective now: never before the complaint's last decision.
    pub at: Moment,
    pub events: Vec<Event>,
    pub notifications: Vec<Notification>,
    /// Deadlines that are new or changed, older instances included.
    pub deadlines: Vec<Deadline>,
    pub wake_at: Option<Moment>,
    /// Faults that the complaint did not have before.
    pub new_faults: Vec<Fault>,
}

impl Decision {
    /// Whether nothing happened: evaluating once more at this instant changed nothing.
    pub fn is_empty(&self) -> bool {
        self.events.is_empty() && self.notifications.is_empty() && self.deadlines.is_empty()
    }
}

#[derive(Debug)]
pub enum Outcome {
    Decided(Box<Decision>),
    /// The action did not happen, in words for the person; nothing is to be committed.
    Refused(String),
    /// Load this as well and decide again.
    Needs(Need),
    /// Stopped by the wall-clock backstop; try again, it is nobody's fault.
    Cancelled,
}

/// One complaint.
pub fn decide(ruleset: &Arc<Ruleset>, calendar: &Arc<Calendar>, input: Input) -> Outcome {
    decide_all(ruleset, calendar, vec![input]).pop().unwrap_or(Outcome::Cancelled)
}

/// Many complaints in one go, which is cheaper than one by one; outcomes in the order of the inputs.
pub fn decide_all(ruleset: &Arc<Ruleset>, calendar: &Arc<Calendar>, inputs: Vec<Input>) -> Vec<Outcome> {
    let job = {
        let (ruleset, calendar) = (Arc::clone(ruleset), Arc::clone(calendar));
        move |context: &mut EvalContext| {
            inputs.into_iter().map(|input| decide_in(context, &ruleset, &calendar, input)).collect::<Vec<_>>()
        }
    };
    run(ruleset, job).unwrap_or_default()
}

/// Runs `job` on the ruleset's machine and brings its result out.
pub(in crate::rules) fn run<T: Send + 'static>(
    ruleset: &Ruleset,
    job: impl FnOnce(&mut EvalContext) -> T + Send + 'static,
) -> Option<T> {
    let slot = Arc::new(Mutex::new(None));
    let result = Arc::clone(&slot);
    ruleset.machine.run(move |context| {
        let value = job(context);
        *result.lock().unwrap_or_else(PoisonError::into_inner) = Some(value);
    });
    slot.lock().unwrap_or_else(PoisonError::into_inner).take()
}

fn decide_in(
    context: &mut EvalContext,
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    input: Input,
) -> Outcome {
    let mut case = input.case;
    case.suspensions.retain(|s| s.ruleset == ruleset.hash());
    if matches!(input.trigger, Trigger::Resume { .. }) {
        case.suspensions.clear();
        case.faults.clear();
    }
    let now = input.now.max(case.decided_at);
    let Ok(today) = calendar.day_of(now) else {
        return Outcome::Refused("the clock is out of range".to_owned());
    };
    loop {
        let started = Start {
            adopt_at: input.adopt_at,
            ruleset,
            calendar,
            now,
            today,
            unrenderable: &input.unrenderable,
            trigger: &input.trigger,
        };
        match started.attempt(context, case.clone()) {
            Ok(decision) => return Outcome::Decided(Box::new(decision)),
            Err(ActionEnd::Refused(text)) => return Outcome::Refused(text),
            Err(ActionEnd::Fault(f)) => return Outcome::Refused(format!("{} ({})", f.text, f.place)),
            Err(ActionEnd::Abort(Abort::Need(need))) => return Outcome::Needs(need),
            Err(ActionEnd::Abort(Abort::Cancelled)) => return Outcome::Cancelled,
            // Each turn suspends one rule more, so this ends.
            Err(ActionEnd::Abort(Abort::Cycle(rule))) => {
                case.suspensions.push(Suspension { rule, ruleset: ruleset.hash().to_owned() });
            }
        }
    }
}

struct Start<'s> {
    ruleset: &'s Arc<Ruleset>,
    calendar: &'s Arc<Calendar>,
    now: Moment,
    today: crate::calendar::Date,
    unrenderable: &'s [Fault],
    trigger: &'s Trigger,
    adopt_at: Option<Moment>,
}

impl Start<'_> {
    /// Latches what holds already and has not fired; the names of the rules.
    fn adopt(
        &self,
        context: &mut EvalContext,
        case: &mut Case,
        excluded: &BTreeSet<RuleName>,
    ) -> Result<Vec<RuleName>, Abort> {
        let Some(at) = self.adopt_at.map(|at| at.min(self.now)) else { return Ok(Vec::new()) };
        let Ok(day) = self.calendar.day_of(at) else { return Ok(Vec::new()) };
        let procedure = Arc::clone(&self.ruleset.procedure);
        let eval = Arc::new(Eval::new(procedure, Arc::clone(self.calendar), at, day, case.clone()));
        let mut settling = Settling::new(context, Arc::clone(self.ruleset), eval, excluded);
        let adopted = settling.adopt()?;
        case.latches = settling.into_latches();
        Ok(adopted)
    }

    fn attempt(&self, context: &mut EvalContext, mut case: Case) -> Result<Decision, ActionEnd> {
        let before = case.deadlines.clone();
        let mut known_faults = std::mem::take(&mut case.faults);
        known_faults.retain(|f| f.ruleset == self.ruleset.hash());
        let suspended: Vec<RuleName> = case.suspensions.iter().map(|s| s.rule.clone()).collect();
        let excluded: BTreeSet<RuleName> = suspended
            .iter()
            .cloned()
            .chain(self.unrenderable.iter().filter_map(|f| f.source.rule().cloned()))
            .collect();
        let adopted = self.adopt(context, &mut case, &excluded)?;
        let procedure = Arc::clone(&self.ruleset.procedure);
        let eval = Arc::new(Eval::new(procedure, Arc::clone(self.calendar), self.now, self.today, case));
        if !adopted.is_empty() {
            let data = json!({"rules": adopted});
            eval.working().record(EventKind::Adopted, "rules that held already were taken for fired", data);
        }
        let breached = self.breach(&eval);
        self.apply(&eval);
        let mut settling = Settling::new(context, Arc::clone(self.ruleset), Arc::clone(&eval), &excluded);
        settling.settle()?;
        if let Trigger::Action(call) = self.trigger {
            let by = Actor::Person(call.actor.clone());
            let source = Source::Action { id: call.id.as_str().into(), performed_by: None };
            let origin = Origin { by, via: call.via, source };
            settling.act(&call.id, &call.input, origin, Some(&call.roles))?;
            settling.settle()?;
        }
        let mut faults = std::mem::take(&mut settling.faults);
        faults.extend(self.unrenderable.iter().cloned());
        faults.extend(suspended.into_iter().map(|rule| cycle_fault(self.ruleset, rule)));
        let firings = std::mem::take(&mut settling.firings);
        let wake = settling.wake();
        let latches = settling.into_latches();
        self.alarm(&eval, &breached, &firings);
        Ok(self.finish(&eval, Settled { before, known_faults, faults, latches, wake }))
    }

    /// The engine, not the rules, records that a deadline has passed (docs/semantics.md 3.3).
    fn breach(&self, eval: &Eval) -> Vec<DeadlineName> {
        let mut working = eval.working();
        let mut breached = Vec::new();
        for i in 0..working.case.deadlines.len() {
            let deadline = &mut working.case.deadlines[i];
            if !deadline.is_armed() || deadline.breached_at.is_some() || self.now <= deadline.due {
                continue;
            }
            deadline.breached_at = Some(deadline.due.next());
            let (name, due) = (deadline.name.clone(), deadline.due);
            let data = json!({"deadline": name, "instance": deadline.instance, "due": due});
            working.record(EventKind::DeadlineBreached, format!("deadline {name} passed"), data);
            breached.push(name);
        }
        breached
    }

    fn apply(&self, eval: &Eval) {
        let mut working = eval.working();
        let mut happened = |kind: EventKind, by: &str, via: Via, summary: String, data: Value| {
            // Who wrote is personal; the trail keeps that somebody did.
            let by_mail = via == Via::Mail;
            working.origin = Origin::person(if by_mail { Actor::Mail } else { by.into() }, via);
            working.case.complaint.last.insert(kind.as_str().into(), self.now);
            let personal = by.contains('@').then(|| json!({"from": by}));
            working.record_personal(kind, summary, data, personal);
            working.origin = Origin::ENGINE;
        };
        match self.trigger {
            Trigger::Received { by, via } => {
                happened(EventKind::Received, by, *via, "complaint received".to_owned(), json!({}))
            }
            Trigger::Mail { by, sender: Sender::Complainant } => {
                happened(
                    EventKind::ComplainantReplied,
                    by,
                    Via::Mail,
                    "the complainant wrote".to_owned(),
                    json!({}),
                );
            }
            Trigger::Mail { by, sender: Sender::Other } => {
                happened(EventKind::MailAdded, by, Via::Mail, "a mail was added".to_owned(), json!({}));
            }
            Trigger::Attendance { by, meeting, coming } => {
                let planned = working.case.complaint.meeting.as_mut();
                let Some(planned) = planned.filter(|m| m.number == *meeting) else { return };
                planned.answer = Some(*coming);
                working.origin = Origin::person(Actor::Mail, Via::Mail);
                working.record_personal(
                    EventKind::MeetingRecorded,
                    format!("invitation to meeting {meeting} {}", coming.as_str()),
                    json!({"meeting": meeting, "answer": coming}),
                    Some(json!({"from": by})),
                );
                working.origin = Origin::ENGINE;
            }
            Trigger::Delivered { message, version, ordinal, status } => {
                let letter = working.case.complaint.letters.get_mut(message);
                let Some(letter) = letter.filter(|l| l.version == *version && l.ordinal == *ordinal) else {
                    return;
                };
                if letter.status == *status {
                    return;
                }
                letter.status = *status;
                let kind = match status {
                    LetterStatus::Failed => EventKind::LetterFailed,
                    LetterStatus::Queued | LetterStatus::Accepted => EventKind::LetterAccepted,
                };
                working.origin = Origin { via: Via::Delivery, ..Origin::ENGINE };
                working.record(
                    kind,
                    format!("letter {message} {}", status.as_str()),
                    json!({"message": message}),
                );
                working.origin = Origin::ENGINE;
            }
            Trigger::Resume { by } => {
                working.origin = Origin::person(by.as_str().into(), Via::CommandLine);
                working.record(EventKind::Resumed, "suspended rules are tried again", json!({}));
                working.origin = Origin::ENGINE;
            }
            Trigger::Due | Trigger::Action(_) => {}
        }
    }

    /// Tells of a breach that no rule told to somebody entitled to hear (docs/semantics.md 3.3).
    fn alarm(&self, eval: &Eval, breached: &[DeadlineName], firings: &[Firing]) {
        let mut working = eval.working();
        for name in breached {
            let Some(declaration) = self.ruleset.procedure.deadlines.get(name) else { continue };
            let told = firings.iter().filter(|f| f.readings.iter().any(|r| r.deadline == *name)).any(|f| {
                let sent = working.notifications.get(f.notifications.clone()).unwrap_or_default();
                sent.iter().any(|n| {
                    declaration.alarms.iter().any(|role| n.recipient == Recipient::Role(role.clone()))
                })
            });
            if told {
                continue;
            }
            working.origin = Origin::ENGINE;
            let due = working.case.deadlines.iter().find(|d| d.name == *name).map(|d| d.due);
            let data = json!({
                "deadline": name, "label": {"nl": declaration.nl, "en": declaration.en},
                "due": due.map(|d| self.calendar.rfc3339(d)),
            });
            for role in &declaration.alarms {
                let (recipient, message) = (role.clone().into(), BREACH_MESSAGE.into());
                words::notices::record_notification(
                    &mut working,
                    recipient,
                    message,
                    data.clone(),
                    Source::Engine,
                );
            }
        }
    }

    fn finish(&self, eval: &Eval, settled: Settled) -> Decision {
        let mut working = eval.working();
        let mut faults = settled.known_faults;
        let mut new_faults: Vec<Fault> = Vec::new();
        for fault in settled.faults {
            if !faults.iter().any(|f| f.source == fault.source) {
                faults.push(fault.clone());
                new_faults.push(fault);
            }
        }
        for fault in &new_faults {
            working.origin = Origin { source: fault.source.clone(), ..Origin::ENGINE };
            let kind = if fault.kind == FaultKind::Cycle { EventKind::Suspended } else { EventKind::Faulted };
            let data = json!({"kind": fault.kind, "place": fault.place, "text": fault.text});
            working.record(kind, format!("{} failed", fault.source), data);
        }
        let changed = working.case.deadlines.iter().filter(|d| !settled.before.contains(d));
        let deadlines: Vec<Deadline> = working.retired.iter().chain(changed).cloned().collect();
        let ends = working.case.deadlines.iter().filter(|d| d.is_armed() && d.breached_at.is_none());
        let breach = ends.map(|d| d.due.next()).min().filter(|_| !mutated(Mutant::BreachesMissing));
        let wake = settled.wake.min(breach.unwrap_or(Moment::NEVER));
        let is_terminal = self.ruleset.procedure.is_terminal(&working.case.complaint.state);
        let mut case = working.case.clone();
        case.latches = settled.latches;
        case.faults = faults;
        case.version += 1;
        case.decided_at = self.now;
        if case.complaint.registered_at == Some(self.now) && case.complaint.registered_under.is_none() {
            case.complaint.registered_under = Some(self.ruleset.hash().to_owned());
        }
        Decision {
            case,
            at: self.now,
            events: std::mem::take(&mut working.events),
            notifications: std::mem::take(&mut working.notifications),
            deadlines,
            wake_at: (!wake.is_never() && !is_terminal).then_some(wake),
            new_faults,
        }
    }
}

struct Settled {
    before: Vec<Deadline>,
    known_faults: Vec<Fault>,
    faults: Vec<Fault>,
    latches: Vec<crate::complaint::Latch>,
    wake: Moment,
}

fn cycle_fault(ruleset: &Ruleset, rule: RuleName) -> Fault {
    let found = ruleset.rule_index.get(&rule).and_then(|i| ruleset.rules.get(*i));
    let place =
        found.map_or_else(String::new, |r| format!("rules/{}:{}", r.file, r.position.line().unwrap_or(0)));
    let text = "its effects turn it on again and again; it is suspended for this complaint".to_owned();
    Fault {
        source: Source::Rule(rule),
        ruleset: ruleset.hash().to_owned(),
        kind: FaultKind::Cycle,
        place,
        text,
    }
}

/// An action that the complaint offers now.
#[derive(Clone, Debug, serde::Serialize)]
pub struct OfferedAction {
    pub id: String,
    pub label: String,
    pub by: Vec<Role>,
    pub asks: Vec<Ask>,
}

/// The actions possible now, with what they ask. An action whose script fails is not offered.
pub fn offered(
    ruleset: &Arc<Ruleset>,
    calendar: &Arc<Calendar>,
    case: Case,
    now: Moment,
) -> Vec<OfferedAction> {
    let now = now.max(case.decided_at);
    let Ok(today) = calendar.day_of(now) else { return Vec::new() };
    let eval = Arc::new(Eval::new(Arc::clone(&ruleset.procedure), Arc::clone(calendar), now, today, case));
    let rules = Arc::clone(ruleset);
    let job = move |context: &mut EvalContext| {
        let mut settling = Settling::new(context, Arc::clone(&rules), eval, &BTreeSet::new());
        let mut found = Vec::new();
        for action in &rules.actions {
            let is_offered = settling.offers(action, &Origin::ENGINE).unwrap_or(false);
            if let Some((asks, _)) =
                is_offered.then(|| settling.asks(action, &BTreeMap::new()).ok()).flatten()
            {
                found.push(OfferedAction {
                    id: action.id.to_string(),
                    label: action.label.clone(),
                    by: action.by.clone(),
                    asks,
                });
            }
        }
        found
    };
    run(ruleset, job).unwrap_or_default()
}
