//! What a process keeps of what it found a moment ago: counts, places, texts that are read. None of it decides anything.

use crate::calendar::Moment;
use crate::complaint::{Language, State, Text};
use crate::rules::Clauses;
use crate::rules::editor::Workspace;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::sync::Semaphore;

/// The complaints that are counted in a state; where it is this many, there may be more.
pub const MOST_IN_STATE: i64 = 1_000;
/// The proposals whose texts are kept read.
const KEPT: usize = 3;

/// Where something stands: the file and the line.
pub type WrittenAt = (String, usize);

/// Where each rule, action, schedule and scenario stands, by its name.
pub type Places = BTreeMap<String, WrittenAt>;

/// How often what is named has worked, and how many of its terms have passed.
#[derive(Debug, Default)]
pub struct LiveCounts {
    /// The firings of rules, the actions taken, the runs of schedules.
    pub workings: BTreeMap<String, i64>,
    /// The running terms that have passed, by name.
    pub overdue: BTreeMap<String, i64>,
    /// The complaints in each state of the procedure, up to [`MOST_IN_STATE`].
    pub in_states: BTreeMap<State, i64>,
}

/// The counts of a moment ago; one at a time counts anew.
#[derive(Debug)]
pub(super) struct KeptCounts {
    kept: Mutex<Option<(Moment, Arc<LiveCounts>)>>,
    pub turn: Arc<Semaphore>,
}

impl Default for KeptCounts {
    fn default() -> Self {
        Self { kept: Mutex::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

impl KeptCounts {
    pub fn kept(&self) -> Option<(Moment, Arc<LiveCounts>)> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner).clone()
    }

    pub fn keep(&self, at: Moment, counts: Arc<LiveCounts>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((at, counts));
    }
}

/// A term with its value, as a sentence shows it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SentenceNumber {
    /// The name of the term.
    pub name: String,
    /// What it is called.
    pub label: Text,
    /// Its value in words.
    pub value: Text,
}

/// The numbers of each sentence, by its row.
pub type SentenceNumbers = BTreeMap<u32, Vec<SentenceNumber>>;

/// The numbers of the folder that was asked about last.
#[derive(Debug)]
pub(super) struct KeptNumbers {
    kept: Mutex<Option<(String, Arc<SentenceNumbers>)>>,
    pub turn: Arc<Semaphore>,
}

impl Default for KeptNumbers {
    fn default() -> Self {
        Self { kept: Mutex::default(), turn: Arc::new(Semaphore::new(1)) }
    }
}

impl KeptNumbers {
    pub fn find(&self, digest: &str) -> Option<Arc<SentenceNumbers>> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.as_ref().filter(|(of, _)| of == digest).map(|(_, numbers)| Arc::clone(numbers))
    }

    pub fn keep(&self, digest: String, numbers: Arc<SentenceNumbers>) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some((digest, numbers));
    }
}

/// What was found of the procedure in force a moment ago.
#[derive(Debug, Default)]
pub(super) struct KeptOfProcedure {
    pub counts: Arc<KeptCounts>,
    pub places: Mutex<Option<(String, Arc<Places>)>>,
    /// The company's text, by the digest of what it was published with.
    pub texts: Mutex<BTreeMap<String, Arc<Clauses>>>,
    /// The numbers of the sentences.
    pub numbers: Arc<KeptNumbers>,
}

/// The texts of a proposal, read for one who reads a language.
#[derive(Debug)]
pub(super) struct KeptTexts {
    pub digest: String,
    pub language: Language,
    pub workspace: Arc<Mutex<Workspace>>,
}

/// The texts that are kept read, those used last behind.
#[derive(Debug, Default)]
pub(super) struct KeptWorkspaces(Mutex<Vec<KeptTexts>>);

impl KeptWorkspaces {
    pub fn find(&self, digest: &str, language: Language) -> Option<Arc<Mutex<Workspace>>> {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let at = all.iter().position(|kept| kept.digest == digest && kept.language == language)?;
        let kept = all.remove(at);
        let workspace = Arc::clone(&kept.workspace);
        all.push(kept);
        Some(workspace)
    }

    pub fn keep(&self, kept: KeptTexts) {
        let mut all = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if all.len() >= KEPT {
            all.remove(0);
        }
        all.push(kept);
    }
}
