//! `Renames`: rules that only changed their name between two rulesets.

use crate::complaint::RuleName;
use crate::rules::ruleset::loaded::Ruleset;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The rules that only changed their name, old name to new. Latches of the old name count for the new one, so
/// a new name repeats nothing (docs/semantics.md 4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<RuleName, RuleName>", into = "BTreeMap<RuleName, RuleName>")]
pub struct Renames(Option<Arc<BTreeMap<RuleName, RuleName>>>);

impl Renames {
    /// Finds the rules of `before` that are gone in `after`, where a new rule has the same text.
    pub fn between(before: &Ruleset, after: &Ruleset) -> Self {
        let gone = before.rules.iter().filter(|rule| !after.rule_index.contains_key(&rule.name));
        let mut new: Vec<_> =
            after.rules.iter().filter(|rule| !before.rule_index.contains_key(&rule.name)).collect();
        let renamed: BTreeMap<RuleName, RuleName> = gone
            .filter_map(|old| {
                // Each new name is taken once: of two rules with one text, one cannot become both.
                let place = new.iter().position(|new| new.text == old.text)?;
                Some((old.name.clone(), new.remove(place).name.clone()))
            })
            .collect();
        renamed.into()
    }

    /// Returns the name under which a rule goes on.
    pub fn current<'n>(&'n self, name: &'n RuleName) -> &'n RuleName {
        self.0.as_ref().and_then(|renamed| renamed.get(name)).unwrap_or(name)
    }

    /// Returns old names and new ones, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&RuleName, &RuleName)> {
        self.0.iter().flat_map(|renamed| renamed.iter())
    }

    /// Returns whether no rule changed its name.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl From<BTreeMap<RuleName, RuleName>> for Renames {
    fn from(renamed: BTreeMap<RuleName, RuleName>) -> Self {
        Self((!renamed.is_empty()).then(|| Arc::new(renamed)))
    }
}

impl From<Renames> for BTreeMap<RuleName, RuleName> {
    fn from(renames: Renames) -> Self {
        renames.0.map_or_else(Self::new, Arc::unwrap_or_clone)
    }
}
