//! `Cancel`: how somebody who watches the wall clock ends the evaluations of one batch
//! (docs/semantics.md 4.5).

use crate::rules::mutants::{Mutant, mutated};
use std::cell::RefCell;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, LazyLock};

/// The flag of one batch, which its inputs share. Raised, it ends their evaluations as an infrastructure
/// error, and nobody else's. The default is a flag that nobody can raise.
#[derive(Clone, Debug, Default)]
pub struct Cancel(Option<Arc<AtomicBool>>);

static OF_ALL_BATCHES: LazyLock<Arc<AtomicBool>> = LazyLock::new(Arc::default);

impl Cancel {
    /// Makes the flag of a new batch.
    pub fn of_batch() -> Self {
        let is_shared = mutated(Mutant::SharedCancel);
        Self(Some(if is_shared { Arc::clone(&OF_ALL_BATCHES) } else { Arc::default() }))
    }

    /// Ends the evaluations of the batch at their next step.
    pub fn raise(&self) {
        if let Some(flag) = &self.0 {
            flag.store(true, Ordering::Relaxed);
        }
    }
}

thread_local! {
    // Rhai's progress callback gets no context, and an evaluation never leaves its thread.
    static HEEDED: RefCell<Cancel> = const { RefCell::new(Cancel(None)) };
}

/// Makes evaluations of this thread heed a flag until it is dropped.
pub(in crate::rules) struct Heeding(Cancel);

impl Heeding {
    pub fn of(cancel: &Cancel) -> Self {
        Self(HEEDED.replace(cancel.clone()))
    }
}

impl Drop for Heeding {
    fn drop(&mut self) {
        HEEDED.set(std::mem::take(&mut self.0));
    }
}

/// Returns whether the batch that this thread works on is to end.
pub(in crate::rules) fn is_cancelled() -> bool {
    HEEDED.with_borrow(|heeded| heeded.0.as_ref().is_some_and(|flag| flag.load(Ordering::Relaxed)))
}
