//! The steps that complaints take while the scenarios of a folder are played: once for a folder, behind who looks, one folder at
//! a time.

use crate::config::Settings;
use crate::rules::Transition;
use crate::workflow::published::Published;
use crate::workflow::steps_taken::steps_taken;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The folders of which the steps are kept, and the scenarios that are played of each.
const KEPT: usize = 8;
const SCENARIOS: usize = 2_000;

/// A folder whose scenarios are played.
#[derive(Debug)]
pub(super) struct Kept {
    pub digest: String,
    pub settings: Arc<Settings>,
    pub published: Arc<Published>,
    /// None while the scenarios are played.
    pub taken: Option<Arc<BTreeSet<Transition>>>,
}

/// The steps that were taken in the scenarios of the last folders, newest last.
#[derive(Clone, Debug)]
pub(super) struct KeptSteps {
    kept: Arc<Mutex<Vec<Kept>>>,
    turn: Arc<Semaphore>,
}

impl Default for KeptSteps {
    fn default() -> Self {
        Self { kept: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

type Found = (Arc<Published>, Option<Arc<BTreeSet<Transition>>>);

impl KeptSteps {
    pub fn find(&self, digest: &str, settings: &Arc<Settings>) -> Option<Found> {
        let all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|kept| kept.is(digest, settings))?;
        Some((Arc::clone(&found.published), found.taken.clone()))
    }

    /// Has scenarios played, unless they are already or so many folders wait that this one is for later.
    pub fn begin(&self, begun: Kept, files: BTreeMap<String, String>) {
        let (digest, settings) = (begun.digest.clone(), Arc::clone(&begun.settings));
        let published = Arc::clone(&begun.published);
        if !self.enter(begun) {
            return;
        }
        let all = self.clone();
        tokio::spawn(async move {
            let Ok(_turn) = all.turn.acquire().await else { return };
            let under = Arc::clone(&settings);
            let play = move || steps_taken(&published, &under, &files, SCENARIOS);
            let taken = tokio::task::spawn_blocking(play).await;
            all.end(&digest, &settings, taken.ok());
        });
    }

    fn enter(&self, begun: Kept) -> bool {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().any(|kept| kept.is(&begun.digest, &begun.settings)) {
            return false;
        }
        if all.len() >= KEPT {
            let Some(oldest) = all.iter().position(|kept| kept.taken.is_some()) else { return false };
            all.remove(oldest);
        }
        all.push(begun);
        true
    }

    /// Keeps what was seen; where playing itself failed, whoever looks next begins anew.
    fn end(&self, digest: &str, settings: &Arc<Settings>, taken: Option<BTreeSet<Transition>>) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = all.iter().position(|kept| kept.is(digest, settings)) else { return };
        match taken {
            Some(taken) => all[place].taken = Some(Arc::new(taken)),
            None => drop(all.remove(place)),
        }
    }
}

impl Kept {
    fn is(&self, digest: &str, settings: &Arc<Settings>) -> bool {
        self.digest == digest && Arc::ptr_eq(&self.settings, settings)
    }
}
