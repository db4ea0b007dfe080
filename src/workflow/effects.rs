//! The effects that a ruleset would have on complaints, by the functions that decide and render in production:
//! the first decision about each, and what is to be said of one or more about the same complaint.

use super::Published;
use super::plan::{ComplaintPlan, Effect};
use super::prepare::{Job, Prepared, finish};
use super::renderer::Renderer;
use crate::calendar::{Calendar, Moment};
use crate::complaint::{Case, Event, EventKind, Fault, Latch, Recipient, is_seen_otherwise};
use crate::rules::{Decision, Outcome, Trigger, decide_all, unobserved};
use crate::store::{Commit, RenderedNotification};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The reach of a first decision.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Reach {
    /// Nothing follows at once.
    Itself,
    /// Complaints that list this one may see it otherwise, or are woken.
    Others,
    /// It is due again at once, or others of its groups are.
    Again,
}

/// Decides jobs under the renderer's ruleset.
pub(super) fn decided(renderer: &Renderer, jobs: &[Job]) -> Vec<Outcome> {
    let inputs = jobs.iter().map(|job| job.input.clone()).collect();
    decide_all(&renderer.published.ruleset, &renderer.settings.calendar, inputs, unobserved())
}

/// Compares what was decided with what the ruleset in force would do; complaints that nothing happens to are
/// left out.
pub(super) fn effects(
    renderer: &Renderer,
    in_force: &Published,
    jobs: Vec<Job>,
    outcomes: Vec<Outcome>,
) -> Vec<(Effect, Reach)> {
    let effects = outcomes.into_iter().zip(jobs).filter_map(|(outcome, job)| {
        let case = &job.input.case;
        // Most complaints are not touched; only those that are get their messages rendered.
        if let Outcome::Decided(decision) = &outcome
            && is_without_effect(decision, &job, &renderer.published)
        {
            let is_rescheduled = decision.wake_at != case.wake_at;
            let complaint = ComplaintPlan::untouched(case);
            return is_rescheduled.then_some((Effect { complaint, is_rescheduled }, Reach::Itself));
        }
        let mut complaint = ComplaintPlan::untouched(case);
        let baseline = baseline(renderer, in_force, case, job.input.now);
        let (is_rescheduled, reach) = match finish(renderer, &job, outcome, unobserved()) {
            Prepared::Commit(commit, faults) => {
                record(&mut complaint, &commit, faults, &renderer.settings.calendar);
                complaint.no_longer =
                    no_longer(case, &commit.case, &renderer.published, baseline, &complaint);
                (commit.wake_at != case.wake_at, reach(case, &commit))
            }
            // Without the rule at fault another one asks for more: it is decided on with all there is.
            Prepared::Needs(_) => {
                complaint.faults.push(NOT_EVALUATED.to_owned());
                (false, Reach::Again)
            }
            Prepared::Cancelled => {
                complaint.faults.push(NOT_EVALUATED.to_owned());
                (false, Reach::Itself)
            }
        };
        Some((Effect { complaint, is_rescheduled }, reach))
    });
    effects.collect()
}

/// Stands among the faults of a complaint about which nothing could be decided.
pub(super) const NOT_EVALUATED: &str = "not evaluated";

fn is_without_effect(decision: &Decision, job: &Job, coming: &Published) -> bool {
    let is_empty = decision.is_empty() && decision.new_faults.is_empty() && !job.has_more;
    is_empty && lost(&job.input.case, &decision.case, coming).is_empty()
}

/// Returns how far a decision reaches.
fn reach(before: &Case, commit: &Commit) -> Reach {
    if commit.sender_changed
        || !commit.concerns.is_empty()
        || commit.wake_at.is_some_and(|at| at <= commit.at)
    {
        Reach::Again
    } else if commit.concerns_others || is_seen_otherwise(&before.complaint, &commit.case.complaint) {
        Reach::Others
    } else {
        Reach::Itself
    }
}

/// Adds a decision to what happens to its complaint.
pub(super) fn record(plan: &mut ComplaintPlan, commit: &Commit, faults: Vec<Fault>, calendar: &Calendar) {
    plan.decisions += 1;
    plan.fires.extend(fired(&commit.events));
    let adopted = commit.events.iter().filter(|e| e.kind == EventKind::Adopted);
    let names = adopted.filter_map(|e| e.data["rules"].as_array()).flatten();
    plan.adopted.extend(names.filter_map(|n| n.as_str().map(str::to_owned)));
    plan.faults.extend(faults.into_iter().map(|f| f.source.subject()));
    let is_letter = |n: &&RenderedNotification| n.recipient == Recipient::Complainant;
    plan.letters += commit.notifications.iter().filter(is_letter).count();
    plan.messages.extend(commit.notifications.iter().map(notice));
    plan.deadlines.extend(commit.events.iter().filter_map(deadline_change));
    let entered = commit.events.iter().filter(|e| e.kind == EventKind::Entered);
    plan.states.extend(entered.filter_map(|e| e.data["to"].as_str().map(str::to_owned)));
    plan.gets.extend(commit.events.iter().map(|e| substance(e, calendar)));
    plan.gets.extend(
        commit.notifications.iter().map(|n| format!("{} {} {:?}", n.recipient, n.message, n.addresses)),
    );
    plan.events.extend(commit.events.iter().cloned());
}

/// Returns what plans call a message by: `recipient message`, and whether it goes in a digest.
pub(super) fn notice(n: &RenderedNotification) -> String {
    let in_digest = if n.gathered.is_some() { " (digest)" } else { "" };
    format!("{} {}{in_digest}", n.recipient, n.message)
}

/// Returns the rules that have fired before and no longer hold, or would fire now only under the ruleset in
/// force.
pub(super) fn no_longer(
    before: &Case,
    after: &Case,
    coming: &Published,
    baseline: Vec<String>,
    plan: &ComplaintPlan,
) -> Vec<String> {
    let gone = baseline.into_iter().filter(|rule| !plan.fires.contains(rule));
    lost(before, after, coming).into_iter().chain(gone).collect::<BTreeSet<_>>().into_iter().collect()
}

/// Returns the rules that would fire under the ruleset in force, to name those that no longer do.
pub(super) fn baseline(
    renderer: &Renderer,
    in_force: &Published,
    case: &Arc<Case>,
    now: Moment,
) -> Vec<String> {
    let input = in_force.input(Arc::clone(case), Trigger::Due, now);
    let decided = decide_all(&in_force.ruleset, &renderer.settings.calendar, vec![input], unobserved()).pop();
    match decided {
        Some(Outcome::Decided(decision)) => fired(&decision.events),
        _ => Vec::new(),
    }
}

/// Returns the rules whose latches the ruleset lets go: they have fired, and their condition no longer holds
/// or they are gone.
fn lost(before: &Case, after: &Case, coming: &Published) -> Vec<String> {
    let is_kept = |l: &&Latch| {
        let name = coming.renames.current(&l.rule);
        let latched = after.latches.iter().any(|a| a.rule == *name && a.element == l.element);
        coming.ruleset.has_rule(name) && latched
    };
    before.latches.iter().filter(|l| !is_kept(l)).map(|l| l.rule.to_string()).collect()
}

fn fired(events: &[Event]) -> Vec<String> {
    let fired = events.iter().filter(|e| e.kind == EventKind::RuleFired);
    fired.filter_map(|e| e.origin.source.name().map(str::to_owned)).collect()
}

fn deadline_change(event: &Event) -> Option<String> {
    let verb = match event.kind {
        EventKind::DeadlineArmed if event.data["replaces_due"].is_null() => "armed",
        EventKind::DeadlineArmed => "moved",
        EventKind::DeadlineMet => "met",
        EventKind::DeadlineCancelled => "cancelled",
        EventKind::DeadlineBreached => "breached",
        EventKind::DeadlinePaused => "paused",
        EventKind::DeadlineResumed => "resumed",
        _ => return None,
    };
    Some(format!("{} {verb}", event.data["deadline"].as_str()?))
}

/// Returns what an event comes to, without the hour at which it is planned: a plan that is looked at now is
/// the same a little later. A term counts by the day on which it ends.
fn substance(event: &Event, calendar: &Calendar) -> String {
    let ends = event.data["due"].as_i64().map(|at| calendar.day_of(Moment::from_millis(at)));
    let ends = ends.and_then(Result::ok).map(|day| day.to_string()).unwrap_or_default();
    let of = ["deadline", "field", "flag", "counter", "message", "to"];
    let of = of.iter().map(|name| event.data[*name].as_str().unwrap_or_default());
    let of: Vec<&str> = of.collect();
    // Who becomes responsible is part of who gets what.
    let to = event.personal.as_ref().and_then(|personal| personal["to"].as_str()).unwrap_or_default();
    format!("{} {} {} {to} {ends}", event.kind, event.origin.source, of.join(" "))
}
