//! The limits on scripts: all set, all deterministic (docs/semantics.md 4.5).

use super::cancel::is_cancelled;
use crate::script::meter;
use rhai::Engine;

/// The most work that one rule may do in one decision, all its conditions, elements and bodies together; the same for
/// an action that somebody asks for, and for a schedule. One step is one operation of Rhai.
pub(in crate::rules) const RULE_STEPS: u64 = 100_000;
/// The work that is shared out in one decision: as much for each rule as for any other, and as much again for those that
/// need more.
pub(in crate::rules) const DECISION_STEPS: u64 = 100_000;
/// The most passes of one settling; more, and its rules count as a cycle (docs/semantics.md 4.2).
pub(in crate::rules) const PASSES: u32 = 20;
/// The most firings of one rule for one complaint on one day, or for one element of its `for`; repeats do not count
/// (docs/semantics.md 4.2).
pub(in crate::rules) const FIRINGS_A_DAY: u32 = 20;
/// The most elements a `for` may range over.
pub(in crate::rules) const ELEMENTS: usize = 1_000;
/// The most effects of one decision of each kind: notifications, deadlines, measures, links, remarks, and every
/// other kind of event.
pub(in crate::rules) const EFFECTS: usize = 1_000;
/// The most events that rules and actions record in one decision; its notifications are numbered after 5,000.
pub(in crate::rules) const EVENTS: usize = 4_000;
/// The most earlier moments at which a condition is looked at again, to tell since when it holds.
pub(in crate::rules) const LOOKS_BACK: usize = 20;
/// The steps that an event counts for, so that no rule records some ten thousands.
pub(in crate::rules) const EVENT_STEPS: u64 = 20;

/// Sets the budget and the wall-clock backstop; the sizes are set in every engine (`src/script/mod.rs`).
pub(in crate::rules) fn set(engine: &mut Engine) {
    meter::set(engine, is_cancelled);
}
