//! The limits on scripts: all set, all deterministic (docs/semantics.md 4.5).

use super::cancel::is_cancelled;
use rhai::{Dynamic, Engine, EvalAltResult, Position};
use std::cell::Cell;

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

/// How deep lists and maps may be nested in each other.
const NESTING: u32 = 32;
/// The steps between two looks at the wall clock's flag.
const LOOK: u64 = 256;

/// The reason why an evaluation was stopped from outside the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Stop {
    Budget,
    Cancelled,
}

/// The work of the evaluation that is under way on this thread.
struct Meter {
    spent: Cell<u64>,
    allowed: Cell<u64>,
    next_look: Cell<u64>,
}

thread_local! {
    // Rhai's progress callback gets no context, and an evaluation never leaves its thread. Outside evaluations nothing
    // is limited.
    static METER: Meter = const {
        Meter { spent: Cell::new(0), allowed: Cell::new(u64::MAX), next_look: Cell::new(LOOK) }
    };
}

/// The evaluation that waits for one within it: a scenario, for what it sets going.
pub(in crate::rules) struct Outer {
    spent: u64,
    allowed: u64,
}

/// Begins an evaluation that may take so many steps.
pub(in crate::rules) fn begin(allowed: u64) -> Outer {
    METER.with(|meter| {
        meter.next_look.set(LOOK);
        Outer { spent: meter.spent.replace(0), allowed: meter.allowed.replace(allowed) }
    })
}

/// Ends an evaluation; the steps that it has taken.
pub(in crate::rules) fn end(outer: &Outer) -> u64 {
    METER.with(|meter| {
        meter.allowed.set(outer.allowed);
        meter.spent.replace(outer.spent)
    })
}

/// Counts work that Rhai does not see: that of host functions, and of values that are copied. What goes over is stopped
/// at the next operation.
pub(in crate::rules) fn charge(steps: u64) {
    METER.with(|meter| meter.spent.set(meter.spent.get().saturating_add(steps)));
}

/// Returns the steps that reading so many bytes of text counts for.
pub(in crate::rules) fn of_text(bytes: usize) -> u64 {
    (bytes / 64) as u64
}

/// Returns whether the evaluation went over its budget.
pub(in crate::rules) fn is_spent() -> bool {
    METER.with(|meter| meter.spent.get() > meter.allowed.get())
}

/// Makes the error that ends an evaluation which went over its budget.
pub(in crate::rules) fn stopped() -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(Dynamic::from(Stop::Budget), Position::NONE).into()
}

/// Counts the reading of a variable or constant, which copies its value. Every large value comes by here.
pub(in crate::rules) fn read(value: &Dynamic) -> Result<(), Box<EvalAltResult>> {
    const ITEMS_A_STEP: u64 = 16;
    if value.is_string() {
        charge(of_text(text_bytes(value)));
    } else if value.is_array() || value.is_map() {
        let items = items(value, NESTING).ok_or("lists and maps are nested too deeply in each other")?;
        charge(items / ITEMS_A_STEP);
    }
    Ok(())
}

fn text_bytes(value: &Dynamic) -> usize {
    value.as_immutable_string_ref().map_or(0, |text| text.len())
}

/// Counts what a value holds, all levels together; none when it is nested too deeply. Most items are neither list nor
/// map, and only those that are one are borrowed as one, which takes a comparison with every type that there is.
fn items(value: &Dynamic, depth: u32) -> Option<u64> {
    if value.is_array()
        && let Ok(list) = value.as_array_ref()
    {
        let depth = depth.checked_sub(1)?;
        list.iter().try_fold(1, |sum, item| Some(sum + items(item, depth)?))
    } else if value.is_map()
        && let Ok(map) = value.as_map_ref()
    {
        let depth = depth.checked_sub(1)?;
        map.values().try_fold(1, |sum, item| Some(sum + 4 + items(item, depth)?))
    } else {
        Some(1)
    }
}

/// Sets the budget and the wall-clock backstop; the sizes are set in every engine (`script.rs`).
pub(in crate::rules) fn set(engine: &mut Engine) {
    engine.on_progress(|_| {
        METER.with(|meter| {
            let spent = meter.spent.get() + 1;
            meter.spent.set(spent);
            if spent > meter.allowed.get() {
                return Some(Dynamic::from(Stop::Budget));
            }
            if spent < meter.next_look.get() {
                return None;
            }
            meter.next_look.set(spent + LOOK);
            is_cancelled().then(|| Dynamic::from(Stop::Cancelled))
        })
    });
}
