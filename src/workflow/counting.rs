//! What is counted over the whole register for who oversees: anew each time while there is little to count, and kept for a
//! minute where there is much.

use crate::calendar::{Date, Moment};
use crate::complaint::State;
use crate::store::{Intake, Load, Store, StoreError, TermCount, Viewer};
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The rows above which what was counted of them is kept.
const MANY: i64 = 20_000;
/// The time after which kept counts are made anew behind the one who asks, and after which nobody is shown them.
const FRESH_MILLIS: i64 = 60_000;
const OLDEST_MILLIS: i64 = 600_000;

/// What is counted: of the complaints that somebody may see, the open ones among them, and those received from a day on.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    pub viewer: Viewer,
    pub open: Vec<State>,
    pub from: Date,
}

/// The counts of one moment.
#[derive(Clone, Debug)]
pub(super) struct Counts {
    /// The moment.
    pub at: Moment,
    /// The running terms, by name and owner.
    pub terms: Vec<TermCount>,
    /// The open complaints, by who is responsible.
    pub loads: Vec<Load>,
    /// The registered complaints, by month.
    pub intake: Vec<Intake>,
}

/// The counts that are kept, by who asked for them.
#[derive(Clone, Debug, Default)]
pub(super) struct KeptCounts(Arc<Mutex<BTreeMap<String, Kept>>>);

#[derive(Clone, Debug)]
struct Kept {
    question: Question,
    counts: Arc<Counts>,
    is_counted_anew: bool,
}

impl Counts {
    async fn make(store: &Store, question: &Question, now: Moment) -> Result<Self, StoreError> {
        let (register, viewer) = (store.register(), &question.viewer);
        Ok(Self {
            at: now,
            terms: register.running_counts(viewer, now).await?,
            loads: register.loads(viewer, &question.open, now).await?,
            intake: register.intake(viewer, question.from).await?,
        })
    }

    fn are_many(&self) -> bool {
        let running: i64 = self.terms.iter().map(|term| term.running).sum();
        let received: i64 = self.intake.iter().map(|month| month.registered).sum();
        let open: i64 = self.loads.iter().map(|load| load.open).sum();
        running + open + received > MANY
    }
}

impl KeptCounts {
    /// Counts, or returns what was counted a moment ago.
    pub async fn counts(
        &self,
        store: &Store,
        question: Question,
        now: Moment,
    ) -> Result<Arc<Counts>, StoreError> {
        match self.find(&question, now) {
            Some((counts, true)) => {
                tokio::spawn(count_anew(self.clone(), store.clone(), question, now));
                Ok(counts)
            }
            Some((counts, false)) => Ok(counts),
            None => {
                let counts = Arc::new(Counts::make(store, &question, now).await?);
                self.keep(question, &counts);
                Ok(counts)
            }
        }
    }

    /// Returns what is kept for a question, and whether the one who asks is to see that it is made anew; none where nothing is
    /// kept that may be shown.
    fn find(&self, question: &Question, now: Moment) -> Option<(Arc<Counts>, bool)> {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let found = kept.get_mut(&question.viewer.person).filter(|kept| kept.question == *question)?;
        let age = now.millis() - found.counts.at.millis();
        if !(0..OLDEST_MILLIS).contains(&age) {
            return None;
        }
        let is_to_count = age >= FRESH_MILLIS && !found.is_counted_anew;
        found.is_counted_anew |= is_to_count;
        Some((Arc::clone(&found.counts), is_to_count))
    }

    /// Keeps counts where there are many, and forgets those before.
    fn keep(&self, question: Question, counts: &Arc<Counts>) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let person = question.viewer.person.clone();
        if counts.are_many() {
            kept.insert(person, Kept { question, counts: Arc::clone(counts), is_counted_anew: false });
        } else {
            kept.remove(&person);
        }
    }

    fn gave_up(&self, person: &str) {
        let mut kept = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(kept) = kept.get_mut(person) {
            kept.is_counted_anew = false;
        }
    }
}

async fn count_anew(kept: KeptCounts, store: Store, question: Question, now: Moment) {
    match Counts::make(&store, &question, now).await {
        Ok(counts) => kept.keep(question, &Arc::new(counts)),
        Err(e) => {
            tracing::warn!("the register cannot be counted anew, the counts before are shown: {e}");
            kept.gave_up(&question.viewer.person);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::store::Sight;

    const AT: i64 = 1_795_600_000_000;

    fn asked(person: &str) -> Question {
        let viewer = Viewer { person: person.to_owned(), sight: Sight::Everything };
        Question { viewer, open: vec![State::from("open")], from: Date::default() }
    }

    fn counted(running: i64) -> Arc<Counts> {
        let term = TermCount { name: "reply".into(), owner: "handler".into(), running, late: 0 };
        let (loads, intake) = (Vec::new(), Vec::new());
        Arc::new(Counts { at: Moment::from_millis(AT), terms: vec![term], loads, intake })
    }

    fn found(kept: &KeptCounts, question: &Question, after: i64) -> Option<bool> {
        kept.find(question, Moment::from_millis(AT + after)).map(|(_, is_to_count)| is_to_count)
    }

    #[test]
    fn many_are_kept_for_a_minute_and_counted_anew_by_one() {
        let (kept, question) = (KeptCounts::default(), asked("d@lagant.nl"));
        kept.keep(question.clone(), &counted(MANY + 1));
        assert_eq!(found(&kept, &question, FRESH_MILLIS - 1), Some(false));
        assert_eq!(found(&kept, &question, FRESH_MILLIS), Some(true), "who comes first counts");
        assert_eq!(found(&kept, &question, FRESH_MILLIS), Some(false), "and nobody beside");
        kept.gave_up("d@lagant.nl");
        assert_eq!(found(&kept, &question, FRESH_MILLIS), Some(true), "what failed is tried again");
        assert_eq!(found(&kept, &question, OLDEST_MILLIS), None, "nobody sees what is old");
        assert_eq!(found(&kept, &question, -1), None, "nor what is from the future");
    }

    #[test]
    fn many_are_kept_where_no_term_runs() {
        let (kept, question) = (KeptCounts::default(), asked("d@lagant.nl"));
        let counts = |open, registered| {
            let loads = vec![Load { responsible: None, open, late: 0 }];
            let intake = vec![Intake { month: "2026-11".to_owned(), registered }];
            Arc::new(Counts { loads, intake, ..(*counted(0)).clone() })
        };
        for (open, registered) in [(MANY, 0), (0, MANY), (1, MANY - 1)] {
            kept.keep(question.clone(), &counts(open, registered));
            assert_eq!(found(&kept, &question, 0), None, "{open} {registered}");
            kept.keep(question.clone(), &counts(open, registered + 1));
            assert_eq!(found(&kept, &question, 0), Some(false), "{open} {registered}");
        }
    }

    #[test]
    fn few_are_never_kept_and_another_question_is_another() {
        let (kept, question) = (KeptCounts::default(), asked("d@lagant.nl"));
        kept.keep(question.clone(), &counted(MANY));
        assert_eq!(found(&kept, &question, 0), None);
        kept.keep(question.clone(), &counted(MANY + 1));
        assert_eq!(found(&kept, &asked("k@lagant.nl"), 0), None, "somebody else may see other ones");
        assert_eq!(found(&kept, &Question { open: Vec::new(), ..question.clone() }, 0), None);
        kept.keep(question.clone(), &counted(1));
        assert_eq!(found(&kept, &question, 0), None, "they have become few");
    }
}
