//! `Heard`: what was heard of a scenario while it was played, up to what is told.

use crate::calendar::Moment;
use crate::complaint::Text;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// The most that is told of one scenario.
const MOST: usize = 2_000;

/// What something is that was heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum What {
    /// It was done, as the scenario says.
    Done,
    /// It followed from the rules.
    Follows,
    /// It was expected; whether it holds.
    Expected { holds: bool },
}

/// Something that was heard.
#[derive(Clone, Debug)]
pub(super) struct Noted {
    pub at: Moment,
    pub line: usize,
    pub what: What,
    /// The place of the complaint that it is about; none where it is about none.
    pub case: Option<usize>,
    pub says: Text,
}

#[derive(Debug, Default)]
struct Ear {
    noted: Vec<Noted>,
    line: usize,
    is_cut: bool,
}

/// What was heard, which who plays and who tells share.
#[derive(Clone, Debug, Default)]
pub(super) struct Heard(Arc<Mutex<Ear>>);

impl Heard {
    pub fn new() -> Self {
        Self::default()
    }

    fn ear(&self) -> MutexGuard<'_, Ear> {
        self.0.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Hears the line that is carried out.
    pub fn line(&self, line: usize) {
        self.ear().line = line;
    }

    /// Notes something at the line that is carried out; what is more than is told is left out.
    pub fn note(&self, at: Moment, what: What, case: Option<usize>, says: Text) {
        let mut ear = self.ear();
        if ear.noted.len() >= MOST {
            ear.is_cut = true;
            return;
        }
        let line = ear.line;
        ear.noted.push(Noted { at, line, what, case, says });
    }

    /// Changes what was noted last.
    pub fn last(&self, change: impl FnOnce(&mut Noted)) {
        if let Some(last) = self.ear().noted.last_mut() {
            change(last);
        }
    }

    /// Changes what was done last.
    pub fn last_done(&self, change: impl FnOnce(&mut Noted)) {
        if let Some(done) = self.ear().noted.iter_mut().rev().find(|noted| noted.what == What::Done) {
            change(done);
        }
    }

    /// Notes that no more is told.
    pub fn cut(&self) {
        self.ear().is_cut = true;
    }

    pub fn is_cut(&self) -> bool {
        self.ear().is_cut
    }

    /// Takes everything, in the order of time, and whether there was more.
    pub fn taken(&self) -> (Vec<Noted>, bool) {
        let mut ear = self.ear();
        let mut noted = std::mem::take(&mut ear.noted);
        noted.sort_by_key(|noted| noted.at);
        (noted, ear.is_cut)
    }
}
