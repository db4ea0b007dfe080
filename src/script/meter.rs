//! The work of scripts, counted in steps: the operations that Rhai sees, and what it does not see. Whoever evaluates says
//! how many steps it may take.

use rhai::{Dynamic, Engine, EvalAltResult, Position};
use std::cell::Cell;

/// How deep lists and maps may be nested in each other.
const NESTING: u32 = 32;
/// The steps between two looks at the wall clock's flag.
const LOOK: u64 = 256;

/// The reason why an evaluation was stopped from outside the script.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stop {
    /// It took more steps than it may.
    Budget,
    /// Somebody who watches the wall clock ended it.
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
#[derive(Debug)]
pub struct Outer {
    spent: u64,
    allowed: u64,
}

/// Begins an evaluation that may take so many steps.
pub fn begin(allowed: u64) -> Outer {
    METER.with(|meter| {
        meter.next_look.set(LOOK);
        Outer { spent: meter.spent.replace(0), allowed: meter.allowed.replace(allowed) }
    })
}

/// Ends an evaluation; the steps that it has taken.
pub fn end(outer: &Outer) -> u64 {
    METER.with(|meter| {
        meter.allowed.set(outer.allowed);
        meter.spent.replace(outer.spent)
    })
}

/// Counts work that Rhai does not see: that of host functions, and of values that are copied. What goes over is stopped
/// at the next operation.
pub fn charge(steps: u64) {
    METER.with(|meter| meter.spent.set(meter.spent.get().saturating_add(steps)));
}

/// Returns the steps that reading so many bytes of text counts for.
pub fn of_text(bytes: usize) -> u64 {
    (bytes / 64) as u64
}

/// Returns whether the evaluation went over its budget.
pub fn is_spent() -> bool {
    METER.with(|meter| meter.spent.get() > meter.allowed.get())
}

/// Makes the error that ends an evaluation which went over its budget.
pub fn stopped() -> Box<EvalAltResult> {
    EvalAltResult::ErrorTerminated(Dynamic::from(Stop::Budget), Position::NONE).into()
}

/// Counts the reading of a variable or constant, which copies its value. Every large value comes by here.
pub fn read(value: &Dynamic) -> Result<(), Box<EvalAltResult>> {
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

/// Counts what `engine` evaluates, and looks now and then whether somebody wants it stopped.
pub fn set(engine: &mut Engine, is_cancelled: fn() -> bool) {
    engine.on_progress(move |_| {
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

/// Counts what reading the variables of `engine` copies.
pub fn count_variables(engine: &mut Engine) {
    #[expect(deprecated, reason = "Rhai's mark for an API that may change; the version is pinned")]
    engine.on_var(|name, _, context| {
        if let Some(value) = context.scope().get(name) {
            read(value)?;
        }
        Ok(None)
    });
}

/// Runs an evaluation that may take so many steps.
///
/// # Errors
/// What the script fails with, or that it was stopped: a native callback, such as that of `sort`, may swallow the stop.
pub fn run<T>(
    allowed: u64,
    evaluate: impl FnOnce() -> Result<T, Box<EvalAltResult>>,
) -> Result<T, Box<EvalAltResult>> {
    let outer = begin(allowed);
    let outcome = evaluate();
    let outcome = if is_spent() { Err(stopped()) } else { outcome };
    end(&outer);
    outcome
}
