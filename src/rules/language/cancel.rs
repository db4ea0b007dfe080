//! `Cancel`: how somebody who watches the wall clock ends one decision that takes too long, and no other
//! (docs/semantics.md 4.5).

use crate::rules::mutants::{Mutant, mutated};
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, AtomicU32, Ordering};
use std::sync::{Arc, LazyLock};

/// The flag of one decision, with all tries at it. Raised, it ends the decision as an infrastructure error. The default
/// is a flag that nobody can raise.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Option<Arc<Flag>>);

#[derive(Debug, Default)]
struct Flag {
    raised: AtomicBool,
    /// How many of its callers are at work; they are nested in each other.
    at_work: AtomicU32,
}

static OF_ALL_DECISIONS: LazyLock<Arc<Flag>> = LazyLock::new(Arc::default);

impl Cancel {
    /// Makes the flag of a new decision.
    pub fn of_decision() -> Self {
        let is_shared = mutated(Mutant::SharedCancel);
        Self(Some(if is_shared { Arc::clone(&OF_ALL_DECISIONS) } else { Arc::default() }))
    }

    /// Ends the decision at its next step.
    pub fn raise(&self) {
        if let Some(flag) = &self.0 {
            flag.raised.store(true, Ordering::Relaxed);
        }
    }

    /// Returns whether the decision is to end.
    pub fn is_raised(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| flag.raised.load(Ordering::Relaxed))
    }

    /// Returns whether somebody is at work on the decision, and not on another of its batch.
    pub fn is_at_work(&self) -> bool {
        self.0.as_ref().is_some_and(|flag| flag.at_work.load(Ordering::Relaxed) > 0)
    }

    /// Makes this thread heed the flag until what is returned is dropped.
    pub fn heed(&self) -> Heeding {
        if let Some(flag) = &self.0 {
            flag.at_work.fetch_add(1, Ordering::Relaxed);
        }
        let outer = HEEDED.replace(self.clone());
        Heeding { outer }
    }
}

thread_local! {
    // Rhai's progress callback gets no context, and an evaluation never leaves its thread.
    static HEEDED: RefCell<Cancel> = const { RefCell::new(Cancel(None)) };
}

/// The time in which a thread works on one decision.
#[derive(Debug)]
pub struct Heeding {
    outer: Cancel,
}

impl Drop for Heeding {
    fn drop(&mut self) {
        let heeded = HEEDED.replace(std::mem::take(&mut self.outer));
        if let Some(flag) = &heeded.0 {
            flag.at_work.fetch_sub(1, Ordering::Relaxed);
        }
    }
}

/// Returns whether the decision that this thread works on is to end.
pub(in crate::rules) fn is_cancelled() -> bool {
    HEEDED.with_borrow(Cancel::is_raised)
}
