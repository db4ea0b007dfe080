//! Deciding and rendering, without touching the store: what a commit will hold. A message that cannot be
//! rendered is a fault of the rule at its root, and the decision is made again without that rule
//! (docs/semantics.md 4.4).

use super::browsing::late_from;
use super::message_mistakes::{failure, place_of};
use super::nameless::nameless;
use super::renderer::{Renderer, Sending, Sent};
use super::report::tally;
use super::routing::{Carriers, Cause};
use super::undo::undo;
use crate::calendar::Moment;
use crate::complaint::{
    Actor, Case, Event, EventKind, Fault, FaultKind, GroupKey, Name, Notification, Recipient, RuleName,
    Source, State, is_about_others, is_other_sender,
};
use crate::message::TemplateError;
use crate::rules::mutants::{Mutant, mutated};
use crate::rules::{
    ActionCall, Decision, Input, Need, Observer, Outcome, Procedure, Refusal, Trigger, act, decide,
    decide_all,
};
use crate::store::{Commit, Forgets, NewDelivery, RenderedNotification, is_reworded};
use std::collections::BTreeSet;
use std::convert::Infallible;
use std::sync::Arc;

/// A trigger, or an action that somebody asks for, with the case it is for.
#[derive(Clone, Debug)]
pub(super) struct Job<T = Trigger> {
    pub input: Input<T>,
    /// The key of the stored trigger that it answers.
    pub consumed: Option<String>,
    /// True when more triggers wait, so that the complaint stays due.
    pub has_more: bool,
}

impl<T> Job<T> {
    /// Returns a job that answers no stored trigger.
    pub fn of(input: Input<T>) -> Self {
        Self { input, consumed: None, has_more: false }
    }
}

/// The result of deciding and rendering. Nothing here can be refused.
#[derive(Debug)]
pub(super) enum Prepared {
    Commit(Box<Commit>, Vec<Fault>),
    Needs(Need),
    Cancelled,
}

/// Decides and renders a batch; outcomes in order.
pub(super) fn prepare(renderer: &Renderer, jobs: &[Job], observer: &Arc<dyn Observer>) -> Vec<Prepared> {
    let inputs = jobs.iter().map(|j| j.input.clone()).collect();
    let outcomes = decide_all(&renderer.published.ruleset, &renderer.settings.calendar, inputs, observer);
    outcomes.into_iter().zip(jobs).map(|(outcome, job)| finish(renderer, job, outcome, observer)).collect()
}

/// Renders what has been decided on a trigger; a plan goes no further.
pub(super) fn finish(
    renderer: &Renderer,
    job: &Job,
    outcome: Outcome,
    observer: &Arc<dyn Observer>,
) -> Prepared {
    let _heeding = job.input.cancel.heed();
    let (ruleset, calendar) = (&renderer.published.ruleset, &renderer.settings.calendar);
    let is_staff = |by: &str| renderer.settings.people.find(by).is_some();
    let is_due = matches!(job.input.trigger, Trigger::Due);
    let about = About {
        before: &job.input.case,
        cause: Cause::of(&job.input.trigger, is_staff),
        nominal: job.input.case.wake_at.filter(|_| is_due),
        recall_minutes: 0,
    };
    let again = |input| Ok::<_, Infallible>(decide(ruleset, calendar, input, observer));
    let Ok(worded) = word(renderer, &about, &job.input, outcome, again, |_| Ok(()));
    worded.prepared(renderer, job)
}

/// Decides and renders an action that somebody asks for. A message of the action's own that cannot be
/// rendered is an error for who asked; one of a rule that fires on it is that rule's fault.
pub(super) fn prepare_action(
    renderer: &Renderer,
    job: &Job<ActionCall>,
    observer: &Arc<dyn Observer>,
) -> Result<Prepared, Refusal> {
    let _heeding = job.input.cancel.heed();
    let (ruleset, calendar) = (&renderer.published.ruleset, &renderer.settings.calendar);
    let recall_minutes = renderer.settings.delivery.recall_minutes;
    let about = About { before: &job.input.case, cause: Cause::Person, nominal: None, recall_minutes };
    let again = |input| act(ruleset, calendar, input, observer);
    let refuse = |failed: &Unrenderable| match failed.source {
        Source::Action { performed_by: None, .. } => {
            let (error, kind) = (&failed.error, &failed.error.mistake.kind);
            let place = place_of(ruleset.source(), error);
            Err(Refusal(failure(kind).map(|text| format!("{place}: {text}"))))
        }
        _ => Ok(()),
    };
    let first = again(job.input.clone())?;
    Ok(word(renderer, &about, &job.input, first, again, refuse)?.prepared(renderer, job))
}

/// The facts that rendering needs beside the decision.
struct About<'a> {
    before: &'a Case,
    cause: Cause,
    nominal: Option<Moment>,
    /// The minutes for which letters that follow from a person's action wait; 0 for none.
    recall_minutes: i64,
}

/// A notification that cannot be rendered.
struct Unrenderable {
    ordinal: u32,
    source: Source,
    error: TemplateError,
}

/// A decision with its messages in words.
struct Worded {
    decision: Decision,
    notifications: Vec<RenderedNotification>,
    deliveries: Vec<NewDelivery>,
}

/// The result of wording an outcome.
enum Wording {
    Worded(Box<Worded>),
    Needs(Need),
    Cancelled,
}

/// Words a decision, deciding `again` without each rule whose message cannot be rendered. `refuse` may end it
/// instead.
fn word<T: Clone, R>(
    renderer: &Renderer,
    about: &About<'_>,
    input: &Input<T>,
    mut outcome: Outcome,
    again: impl Fn(Input<T>) -> Result<Outcome, R>,
    refuse: impl Fn(&Unrenderable) -> Result<(), R>,
) -> Result<Wording, R> {
    let mut without = input.without.clone();
    loop {
        let mut decision = match outcome {
            Outcome::Decided(decision) => *decision,
            Outcome::Needs(need) => return Ok(Wording::Needs(need)),
            Outcome::Cancelled => return Ok(Wording::Cancelled),
        };
        let failed = loop {
            if input.cancel.is_raised() {
                return Ok(Wording::Cancelled);
            }
            let failed = match messages(renderer, about, &decision) {
                Ok(messages) => return Ok(worded(renderer, about, decision, messages)),
                Err(failed) => *failed,
            };
            refuse(&failed)?;
            match root(&failed.source, &without) {
                Some(rule) => break renderer.fault(Source::Rule(rule), failed.error),
                // Nothing can be left out for it, or it was already: the message alone is dropped, and told.
                None => {
                    let fault = renderer.fault(failed.source, failed.error);
                    decision.drop_notification(failed.ordinal, fault);
                }
            }
        };
        // What took too much once would again, and this is the same decision.
        let overspent = decision.new_faults.iter().filter(|f| f.kind == FaultKind::Limit);
        let overspent = overspent.filter(|f| f.source.rule().is_some() && !without.contains(f));
        let overspent: Vec<Fault> = overspent.cloned().collect();
        without.extend(overspent);
        without.push(failed);
        outcome = again(Input { without: without.clone(), ..input.clone() })?;
    }
}

/// Returns the rule that a decision can be made without, where that has not been tried.
fn root(source: &Source, without: &[Fault]) -> Option<RuleName> {
    let rule = match source {
        Source::Action { id, .. } if mutated(Mutant::ExcludedByAction) => RuleName::from(id.as_str()),
        source => source.rule()?.clone(),
    };
    (!without.iter().any(|f| f.source.rule() == Some(&rule))).then_some(rule)
}

/// Words every message of a decision, or returns the first that fails.
fn messages(
    renderer: &Renderer,
    about: &About<'_>,
    decision: &Decision,
) -> Result<Vec<Sent>, Box<Unrenderable>> {
    let mut messages = Vec::new();
    let mut is_first_letter = about.before.complaint.letters.is_empty();
    let (following, until) = (following(decision), decision.at.plus_millis(about.recall_minutes * 60_000));
    for n in &decision.notifications {
        let case = &decision.case;
        let told = told(n, &decision.notifications, &messages);
        if renderer.is_told(n, Some(case), decision.at, &told) {
            continue;
        }
        let sending = Sending {
            id: format!("{}/{}/{}", case.id.0, case.version, n.ordinal),
            notification: n,
            case: Some(case),
            now: decision.at,
            nominal: about.nominal,
            cause: about.cause,
            is_first_letter,
            carriers: Carriers::Subscribers,
            told: &told,
            recallable_until: (until > decision.at && following.contains(&n.ordinal)).then_some(until),
        };
        let sent = renderer.notification(sending);
        let failed = |error| Box::new(Unrenderable { ordinal: n.ordinal, source: n.source.clone(), error });
        messages.push(sent.map_err(failed)?);
        is_first_letter &= n.recipient != Recipient::Complainant;
    }
    Ok(messages)
}

/// Returns the notifications that follow from what a person did, and not from what was due before it in the same decision.
fn following(decision: &Decision) -> BTreeSet<u32> {
    let is_persons = |e: &&Event| e.kind == EventKind::ActionTaken && matches!(e.origin.by, Actor::Person(_));
    let after = decision.events.iter().skip_while(|e| !is_persons(e));
    let notified = after.filter(|e| e.kind == EventKind::Notified);
    notified.filter_map(|e| e.data["ordinal"].as_u64().and_then(|n| u32::try_from(n).ok())).collect()
}

/// Returns the addresses at which other messages of the decision tell the same: the breach that this one tells of, or the
/// same words for the same reason in another role.
fn told(n: &Notification, decided: &[Notification], sent: &[Sent]) -> Vec<String> {
    let is_same = |other: &&Notification| {
        let same_words = other.message == n.message && other.data == n.data && other.source == n.source;
        other.ordinal < n.ordinal && same_words && other.recipient != Recipient::Complainant
    };
    let same: BTreeSet<u32> = decided.iter().filter(is_same).map(|other| other.ordinal).collect();
    let is_for_us = n.recipient != Recipient::Complainant;
    let same = sent.iter().filter(|s| is_for_us && s.row.is_deliverable && same.contains(&s.row.ordinal));
    let same = same.flat_map(|s| s.row.addresses.iter().cloned());
    // What waits for a morning or a digest has told nobody yet.
    let others = sent.iter().filter(|s| s.goes_at_once).map(|s| &s.row);
    let others = others.filter(|row| row.is_deliverable && n.unless_reached_by.contains(&row.ordinal));
    others.flat_map(|row| row.addresses.iter().cloned()).chain(same).collect()
}

/// Puts a decision and its messages together; what was wrong with a text of the engine's is a fault as well.
fn worded(renderer: &Renderer, about: &About<'_>, mut decision: Decision, messages: Vec<Sent>) -> Wording {
    // Who has been told already is told no more, and the record does not say so.
    let sent: BTreeSet<u32> = messages.iter().map(|m| m.row.ordinal).collect();
    decision.keep_notifications(&sent);
    let (mut notifications, mut letters) = (Vec::new(), Vec::new());
    for Sent { row, deliveries, asks, broken, .. } in messages {
        if asks {
            decision.note_question(row.ordinal);
        }
        notifications.push(row);
        letters.extend(deliveries);
        broken.into_iter().for_each(|fault| decision.record_fault(fault));
    }
    let mut deliveries = event_deliveries(renderer, about, &decision);
    deliveries.extend(letters);
    Wording::Worded(Box::new(Worded { decision, notifications, deliveries }))
}

/// Returns what plugins that subscribe to events get of a decision.
fn event_deliveries(renderer: &Renderer, about: &About<'_>, decision: &Decision) -> Vec<NewDelivery> {
    if !renderer.router.takes_events() {
        return Vec::new();
    }
    // Backwards from how the decision left the complaint, so that each event goes out with what held then.
    let mut case = decision.case.clone();
    let mut deliveries = Vec::new();
    let events: Vec<(u32, &Event)> = (1..).zip(&decision.events).collect();
    for (ordinal, event) in events.into_iter().rev() {
        let rows = renderer.event(event, ordinal, &case, about.cause, decision.at);
        deliveries.extend(rows.into_iter().rev());
        undo(&mut case.complaint, event.kind, &event.data);
    }
    deliveries.reverse();
    deliveries
}

impl Wording {
    fn prepared<T>(self, renderer: &Renderer, job: &Job<T>) -> Prepared {
        match self {
            Self::Worded(worded) => {
                let faults = worded.decision.new_faults.clone();
                Prepared::Commit(Box::new(worded.commit(renderer, job)), faults)
            }
            Self::Needs(need) => Prepared::Needs(need),
            Self::Cancelled => Prepared::Cancelled,
        }
    }
}

/// Returns who brought a complaint to a state that forgets, and why it is forgotten early; none where it is in another.
fn forgets(events: &[Event], state: &State, procedure: &Procedure) -> Option<Forgets> {
    if !procedure.forgets(state) {
        return None;
    }
    let entered = events.iter().rev().find(|e| e.kind == EventKind::Entered);
    let early = procedure.forgets_early.as_ref().map(Name::as_str);
    let is_early = |e: &&Event| e.kind == EventKind::ActionTaken && e.data["action"].as_str() == early;
    let taken = events.iter().find(is_early).and_then(|e| e.personal.as_ref());
    let reason = taken.and_then(|personal| personal["input"]["reason"].as_str());
    let by = entered.map_or(Actor::System, |e| e.origin.by.clone());
    Some(Forgets { by, reason: reason.map(str::to_owned) })
}

/// Takes names out of events: whoever hears that a complaint is forgotten is told none once more.
fn unname(deliveries: &mut [NewDelivery]) {
    for event in deliveries.iter_mut().filter(|delivery| delivery.notification_id.is_none()) {
        if let Some(payload) = nameless(&event.payload) {
            event.payload = payload;
        }
    }
}

impl Worded {
    fn commit<T>(self, renderer: &Renderer, job: &Job<T>) -> Commit {
        let Self { decision, notifications, mut deliveries } = self;
        let (old, new) = (&job.input.case.complaint, &decision.case.complaint);
        let ruleset = &renderer.published.ruleset;
        let is_first = job.input.case.evaluated_under.is_empty();
        let forgets = forgets(&decision.events, &new.state, ruleset.procedure());
        if forgets.is_some() {
            unname(&mut deliveries);
        }
        Commit {
            at: decision.at,
            wake_at: if job.has_more { Some(decision.at) } else { decision.wake_at },
            is_live: !ruleset.procedure().is_terminal(&new.state),
            stamp: renderer.published.stamp.clone(),
            ruleset: ruleset.hash().to_owned(),
            events: decision.events,
            deadlines: decision.deadlines,
            notifications,
            deliveries,
            consumed: job.consumed.clone(),
            sent_draft: None,
            concerns_others: is_about_others(old, new),
            sender_changed: is_other_sender(old, new),
            is_regrouped: is_first || GroupKey::may_differ(old, new),
            is_reworded: is_first || is_reworded(old, new),
            forgets,
            tally: tally(new, ruleset.procedure(), &renderer.settings.calendar),
            late_from: late_from(&decision.case, ruleset.procedure()),
            is_handed_over: old.responsible != new.responsible,
            concerns: ruleset.grouping().concerned(decision.case.id, (!is_first).then_some(old), new),
            case: decision.case,
        }
    }
}
