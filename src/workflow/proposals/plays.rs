//! What was seen while the scenarios of a folder were played: once for a folder, behind who looks, one folder at a time.

use crate::config::Settings;
use crate::workflow::published::Published;
use crate::workflow::seen_in_scenarios::SeenInScenarios;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The folders of which it is kept.
const KEPT: usize = 8;

/// A folder whose scenarios are played.
#[derive(Debug)]
pub(super) struct Kept {
    pub digest: String,
    pub settings: Arc<Settings>,
    pub published: Arc<Published>,
    /// None while the scenarios are played.
    pub seen: Option<Arc<SeenInScenarios>>,
}

/// What was seen in the scenarios of the last folders, newest last.
#[derive(Clone, Debug)]
pub(super) struct KeptPlays {
    kept: Arc<Mutex<Vec<Kept>>>,
    pub turn: Arc<Semaphore>,
}

impl Default for KeptPlays {
    fn default() -> Self {
        Self { kept: Arc::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

type Found = (Arc<Published>, Option<Arc<SeenInScenarios>>);

impl KeptPlays {
    pub fn find(&self, digest: &str, settings: &Arc<Settings>) -> Option<Found> {
        let all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let found = all.iter().find(|kept| kept.is(digest, settings))?;
        Some((Arc::clone(&found.published), found.seen.clone()))
    }

    /// Notes that the scenarios of a folder are to be played; false where they are already, or so many wait that this one is for
    /// later.
    pub fn enter(&self, begun: Kept) -> bool {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        if all.iter().any(|kept| kept.is(&begun.digest, &begun.settings)) {
            return false;
        }
        if all.len() >= KEPT {
            let Some(oldest) = all.iter().position(|kept| kept.seen.is_some()) else { return false };
            all.remove(oldest);
        }
        all.push(begun);
        true
    }

    /// Keeps what was seen; where playing itself failed, whoever looks next begins anew.
    pub fn end(&self, digest: &str, settings: &Arc<Settings>, seen: Option<Arc<SeenInScenarios>>) {
        let mut all = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(place) = all.iter().position(|kept| kept.is(digest, settings)) else { return };
        match seen {
            Some(seen) => all[place].seen = Some(seen),
            None => drop(all.remove(place)),
        }
    }
}

impl Kept {
    fn is(&self, digest: &str, settings: &Arc<Settings>) -> bool {
        self.digest == digest && Arc::ptr_eq(&self.settings, settings)
    }
}
