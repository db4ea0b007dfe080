//! The limits on scripts: all set, all deterministic (docs/semantics.md 4.5).

use super::cancel::is_cancelled;
use rhai::{Dynamic, Engine, EvalAltResult, Position};
use std::cell::Cell;

/// The most operations of one evaluation of one condition or block.
pub(in crate::rules) const OPERATIONS: u64 = 100_000;
/// The most passes of one settling; more, and its rules count as a cycle (docs/semantics.md 4.2).
pub(in crate::rules) const PASSES: u32 = 20;
/// The most elements a `for` may range over.
pub(in crate::rules) const ELEMENTS: usize = 1_000;
/// The most effects of one decision of each kind: notifications, deadlines, measures, links, remarks, and every
/// other kind of event.
pub(in crate::rules) const EFFECTS: usize = 1_000;
/// The most events that rules and actions record in one decision; its notifications are numbered after 5,000.
pub(in crate::rules) const EVENTS: usize = 4_000;
/// The most earlier moments at which a condition is looked at again, to tell since when it holds.
pub(in crate::rules) const LOOKS_BACK: usize = 20;

/// The reason why an evaluation was stopped from outside the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Stop {
    Budget,
    Cancelled,
}

thread_local! {
    // Rhai's progress callback gets no context, and an evaluation never leaves its thread.
    static SPENT: Cell<u64> = const { Cell::new(0) };
}

pub(in crate::rules) fn refill() {
    SPENT.set(0);
}

/// Returns whether the evaluation went over its budget.
pub(in crate::rules) fn is_spent() -> bool {
    SPENT.get() > OPERATIONS
}

/// Makes the error that ends an evaluation which went over its budget.
pub(in crate::rules) fn stopped() -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(Dynamic::from(Stop::Budget), Position::NONE).into()
}

/// Sets the budget and the wall-clock backstop; the sizes are set in every engine (`script.rs`).
pub(in crate::rules) fn set(engine: &mut Engine) {
    engine.on_progress(move |_| {
        let spent = SPENT.get() + 1;
        SPENT.set(spent);
        if spent > OPERATIONS {
            Some(Dynamic::from(Stop::Budget))
        } else if spent.is_multiple_of(256) && is_cancelled() {
            Some(Dynamic::from(Stop::Cancelled))
        } else {
            None
        }
    });
}
