//! `Budget`: the work that each rule may do in one decision (docs/semantics.md 4.5). What one rule uses up takes nothing
//! of what every other is sure of.

use crate::rules::language::limits::{DECISION_STEPS, RULE_STEPS};

/// The most that a rule is sure of; few need as much.
const SURE: u64 = 5_000;

/// Who does the work.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Account {
    /// A rule, by its place in the ruleset.
    Rule(usize),
    /// An action that somebody asks for, or a schedule: nobody else's work takes from it.
    Asked,
}

#[derive(Debug)]
pub(in crate::rules) struct Budget {
    /// The steps that each rule is sure of.
    sure: u64,
    /// The steps that are left for rules that need more.
    shared: u64,
    /// What each rule has spent, as far as any has: most are decided without evaluating.
    spent_by_rule: Vec<u64>,
    spent_by_asked: u64,
}

impl Budget {
    /// Makes the budget of a decision under so many rules.
    pub fn of(rules: usize) -> Self {
        let sure = SURE.min(DECISION_STEPS / (rules as u64).max(1));
        Self { sure, shared: DECISION_STEPS, spent_by_rule: Vec::new(), spent_by_asked: 0 }
    }

    /// Returns how many steps are left.
    pub fn left(&self, account: Account) -> u64 {
        match account {
            Account::Asked => RULE_STEPS.saturating_sub(self.spent_by_asked),
            Account::Rule(rule) => {
                let spent = self.spent_by_rule.get(rule).copied().unwrap_or(0);
                let left = self.sure.saturating_sub(spent) + self.shared;
                left.min(RULE_STEPS.saturating_sub(spent))
            }
        }
    }

    /// Writes off what an evaluation took.
    pub fn spend(&mut self, account: Account, steps: u64) {
        let spent = match account {
            Account::Asked => return self.spent_by_asked += steps,
            Account::Rule(rule) => {
                if self.spent_by_rule.len() <= rule {
                    self.spent_by_rule.resize(rule + 1, 0);
                }
                &mut self.spent_by_rule[rule]
            }
        };
        let over = spent.saturating_sub(self.sure);
        *spent += steps;
        self.shared = self.shared.saturating_sub(spent.saturating_sub(self.sure) - over);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_some_rules_use_up_leaves_every_other_what_it_is_sure_of() {
        let mut budget = Budget::of(62);
        for greedy in 0..4 {
            let left = budget.left(Account::Rule(greedy));
            assert!(left <= RULE_STEPS);
            budget.spend(Account::Rule(greedy), left + 1);
            assert_eq!(budget.left(Account::Rule(greedy)), 0);
        }
        for honest in 4..62 {
            assert!(budget.left(Account::Rule(honest)) >= DECISION_STEPS / 62 - 1, "rule {honest}");
        }
        assert_eq!(budget.left(Account::Asked), RULE_STEPS);
    }

    #[test]
    fn all_rules_together_have_a_limit_however_many_there_are() {
        for rules in [0, 1, 10, 62, 1_000, 100_000] {
            let mut budget = Budget::of(rules);
            let mut taken = 0;
            for rule in 0..rules {
                let left = budget.left(Account::Rule(rule));
                budget.spend(Account::Rule(rule), left);
                taken += left;
            }
            assert!(taken <= 2 * DECISION_STEPS, "{rules} rules take {taken}");
        }
    }

    #[test]
    fn a_rule_is_charged_once() {
        let mut budget = Budget::of(10);
        budget.spend(Account::Rule(3), SURE - 10);
        budget.spend(Account::Rule(3), 20);
        assert_eq!(budget.shared, DECISION_STEPS - 10);
        assert_eq!(budget.left(Account::Rule(3)), RULE_STEPS - SURE - 10);
    }
}
