//! `tried`: what trying the messages of a ruleset found, kept for the last rulesets that this process tried. A proposal is
//! loaded for its check, its scenarios, its plan and its publication, and trying is half of what loading takes.

use crate::config::Settings;
use crate::rules::Ruleset;
use crate::rules::diagnostics::Diagnostic;
use std::collections::VecDeque;
use std::sync::{Arc, Mutex, PoisonError};

/// The rulesets of which it is kept.
const MOST: usize = 8;

static KEPT: Mutex<VecDeque<(Key, Arc<[Diagnostic]>)>> = Mutex::new(VecDeque::new());

/// Everything that messages are made of: the texts, and what `TemplateContext` tells of the settings.
#[derive(PartialEq, Eq)]
struct Key {
    ruleset: String,
    organisation: String,
    mailbox: String,
    fingerprint: String,
}

impl Key {
    fn of(ruleset: &Ruleset, settings: &Settings) -> Self {
        Self {
            ruleset: ruleset.hash().to_owned(),
            organisation: settings.organisation.clone(),
            mailbox: settings.mailbox.clone(),
            fingerprint: settings.fingerprint(),
        }
    }
}

/// Returns what `examine` found of a ruleset under these settings, which is done again only where it is not known.
pub(super) fn tried(
    ruleset: &Ruleset,
    settings: &Settings,
    examine: impl FnOnce() -> Vec<Diagnostic>,
) -> Arc<[Diagnostic]> {
    let key = Key::of(ruleset, settings);
    if let Some(found) = known(&key) {
        return found;
    }
    let found: Arc<[Diagnostic]> = examine().into();
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    kept.truncate(MOST - 1);
    kept.push_front((key, Arc::clone(&found)));
    found
}

/// Returns what is known, which is then the last to be let go.
fn known(key: &Key) -> Option<Arc<[Diagnostic]>> {
    let mut kept = KEPT.lock().unwrap_or_else(PoisonError::into_inner);
    let at = kept.iter().position(|(of, _)| of == key)?;
    let one = kept.remove(at)?;
    let found = Arc::clone(&one.1);
    kept.push_front(one);
    Some(found)
}
