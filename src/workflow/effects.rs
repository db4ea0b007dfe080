//! The effects that a ruleset would have on complaints at once, by the functions that decide and render in
//! production.

use super::Published;
use super::plan::{ComplaintPlan, Effect};
use super::prepare::{Job, Prepared, finish};
use super::renderer::Renderer;
use crate::calendar::Moment;
use crate::complaint::{Case, Event, EventKind, Latch, Recipient};
use crate::rules::{Decision, Outcome, Trigger, decide_all, unobserved};
use crate::store::RenderedNotification;
use std::collections::BTreeSet;

/// Decides about complaints as if the renderer's ruleset had just come in force.
pub(super) fn decided(renderer: &Renderer, cases: &[Case], now: Moment) -> Vec<Outcome> {
    outcomes(&renderer.published, renderer, cases, now)
}

fn outcomes(published: &Published, renderer: &Renderer, cases: &[Case], now: Moment) -> Vec<Outcome> {
    let inputs = cases.iter().map(|case| published.input(case.clone(), Trigger::Due, now)).collect();
    decide_all(&published.ruleset, &renderer.settings.calendar, inputs, unobserved())
}

/// Compares what was decided with what the ruleset in force would do; complaints that nothing happens to are
/// left out.
pub(super) fn effects(
    renderer: &Renderer,
    in_force: &Published,
    cases: Vec<Case>,
    outcomes: Vec<Outcome>,
    now: Moment,
) -> Vec<Effect> {
    let effects = outcomes.into_iter().zip(cases).filter_map(|(outcome, case)| {
        let decision = match &outcome {
            Outcome::Decided(decision) => Some(&**decision),
            Outcome::Needs(_) | Outcome::Cancelled => None,
        };
        let lost = decision.map(|d| lost(&case, d, &renderer.published)).unwrap_or_default();
        let is_rescheduled = decision.is_some_and(|d| d.wake_at != case.wake_at);
        // Most complaints are not touched; only those that are get their messages rendered.
        if decision.is_some_and(|d| d.is_empty() && d.new_faults.is_empty()) && lost.is_empty() {
            let complaint = ComplaintPlan::untouched(&case);
            return is_rescheduled.then_some(Effect { complaint, is_rescheduled });
        }
        let complaint = effect(renderer, in_force, case, outcome, lost, now);
        Some(Effect { complaint, is_rescheduled })
    });
    effects.collect()
}

/// Returns the rules whose latches the ruleset lets go: they have fired, and their condition no longer holds
/// or they are gone.
fn lost(case: &Case, decision: &Decision, coming: &Published) -> Vec<String> {
    let is_kept = |l: &&Latch| {
        let name = coming.renames.current(&l.rule);
        let after = &decision.case.latches;
        coming.ruleset.has_rule(name) && after.iter().any(|a| a.rule == *name && a.element == l.element)
    };
    case.latches.iter().filter(|l| !is_kept(l)).map(|l| l.rule.to_string()).collect()
}

fn fired(events: &[Event]) -> Vec<String> {
    let fired = events.iter().filter(|e| e.kind == EventKind::RuleFired);
    fired.filter_map(|e| e.origin.source.name().map(str::to_owned)).collect()
}

fn effect(
    renderer: &Renderer,
    in_force: &Published,
    case: Case,
    outcome: Outcome,
    lost: Vec<String>,
    now: Moment,
) -> ComplaintPlan {
    let mut plan = ComplaintPlan::untouched(&case);
    // The rules that would fire under the ruleset in force, to name those that no longer do.
    let baseline = match outcomes(in_force, renderer, std::slice::from_ref(&case), now).pop() {
        Some(Outcome::Decided(decision)) => fired(&decision.events),
        _ => Vec::new(),
    };
    let job = Job::of(renderer.published.input(case, Trigger::Due, now));
    match finish(renderer, &job, outcome, unobserved()) {
        Prepared::Commit(commit, faults) => {
            plan.fires = fired(&commit.events);
            let adopted = commit.events.iter().filter(|e| e.kind == EventKind::Adopted);
            let names = adopted.filter_map(|e| e.data["rules"].as_array()).flatten();
            plan.adopted = names.filter_map(|n| n.as_str().map(str::to_owned)).collect();
            plan.faults = faults.into_iter().map(|f| f.source.subject()).collect();
            let is_letter = |n: &&RenderedNotification| n.recipient == Recipient::Complainant;
            plan.letters = commit.notifications.iter().filter(is_letter).count();
            plan.messages =
                commit.notifications.iter().map(|n| format!("{} {}", n.recipient, n.message)).collect();
            plan.deadlines = commit.events.iter().filter_map(deadline_change).collect();
            plan.events = commit.events;
        }
        Prepared::Needs(_) | Prepared::Cancelled => plan.faults = vec!["not evaluated".to_owned()],
    }
    let gone = baseline.into_iter().filter(|rule| !plan.fires.contains(rule));
    plan.no_longer = lost.into_iter().chain(gone).collect::<BTreeSet<_>>().into_iter().collect();
    plan
}

fn deadline_change(event: &Event) -> Option<String> {
    let verb = match event.kind {
        EventKind::DeadlineArmed if event.data["replaces_due"].is_null() => "armed",
        EventKind::DeadlineArmed => "moved",
        EventKind::DeadlineMet => "met",
        EventKind::DeadlineCancelled => "cancelled",
        EventKind::DeadlineBreached => "breached",
        _ => return None,
    };
    Some(format!("{} {verb}", event.data["deadline"].as_str()?))
}
