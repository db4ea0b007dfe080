//! `Tally`: how often rules have fired for one complaint today, over all its decisions (docs/semantics.md 4.2).

use crate::calendar::Date;
use crate::complaint::{FiringCount, RuleName};
use crate::rules::language::limits;

pub(super) struct Tally {
    day: Date,
    counts: Vec<FiringCount>,
}

impl Tally {
    /// Goes on counting where the last decision stopped, or anew on another day.
    pub fn of(mut counts: Vec<FiringCount>, day: Date) -> Self {
        counts.retain(|c| c.day == day);
        Self { day, counts }
    }

    pub fn into_vec(self) -> Vec<FiringCount> {
        self.counts
    }

    /// Returns whether a rule has fired as often today as it may: for one element, or for elements that keep coming.
    pub fn is_full(&self, rule: &RuleName, element: &str) -> bool {
        let of_rule = || self.counts.iter().filter(|c| c.rule == *rule);
        of_rule().any(|c| c.element == element && c.firings >= limits::FIRINGS_A_DAY)
            || of_rule().map(|c| c.firings as usize).sum::<usize>() >= limits::ELEMENTS
    }

    pub fn count(&mut self, rule: &RuleName, element: &str) {
        match self.counts.iter_mut().find(|c| c.rule == *rule && c.element == element) {
            Some(count) => count.firings += 1,
            None => {
                let (rule, element) = (rule.clone(), element.to_owned());
                self.counts.push(FiringCount { rule, element, day: self.day, firings: 1 });
            }
        }
    }
}
