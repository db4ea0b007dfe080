//! `Renames`: rules that only changed their name between two rulesets.

use crate::complaint::RuleName;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::Rule;
use serde::{Deserialize, Serialize};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The rules that only changed their name, old name to new. Latches of the old name count for the new one, so
/// a new name repeats nothing (docs/semantics.md 4.3).
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(from = "BTreeMap<RuleName, RuleName>", into = "BTreeMap<RuleName, RuleName>")]
pub struct Renames(Option<Arc<Renamed>>);

#[derive(Clone, Debug, Default, PartialEq, Eq)]
struct Renamed {
    names: BTreeMap<RuleName, RuleName>,
    /// The old names whose tokens another rule had that is gone, or another new rule has. It is for those who
    /// look at the change, and not kept.
    twins: BTreeSet<RuleName>,
}

impl Renames {
    /// Finds the rules of `before` that are gone in `after`, where a new rule has the same tokens. Of several with
    /// the same tokens, the first that is gone goes on as the first that is new, and so on, in file order.
    pub fn between(before: &Ruleset, after: &Ruleset) -> Self {
        let gone = before.rules.iter().filter(|rule| !after.rule_index.contains_key(&rule.name));
        let new = after.rules.iter().filter(|rule| !before.rule_index.contains_key(&rule.name));
        let (gone, new): (Vec<&Rule>, Vec<&Rule>) = (gone.collect(), new.collect());
        let mut left = new.clone();
        let mut renamed = Renamed::default();
        for old in &gone {
            let is_same = |rule: &&&Rule| rule.text == old.text;
            // Each new name is taken once: of two rules with the same tokens, one cannot become both.
            let Some(place) = left.iter().position(|rule| is_same(&rule)) else { continue };
            if gone.iter().filter(is_same).count().max(new.iter().filter(is_same).count()) > 1 {
                renamed.twins.insert(old.name.clone());
            }
            renamed.names.insert(old.name.clone(), left.remove(place).name.clone());
        }
        Self((!renamed.names.is_empty()).then(|| Arc::new(renamed)))
    }

    /// Returns the name under which a rule goes on.
    pub fn current<'n>(&'n self, name: &'n RuleName) -> &'n RuleName {
        self.0.as_ref().and_then(|renamed| renamed.names.get(name)).unwrap_or(name)
    }

    /// Returns old names and new ones, in order.
    pub fn iter(&self) -> impl Iterator<Item = (&RuleName, &RuleName)> {
        self.0.iter().flat_map(|renamed| renamed.names.iter())
    }

    /// Returns whether a rule that is gone could as well have gone on under another name, or another rule under
    /// its name: they read the same.
    pub fn has_twin(&self, old: &RuleName) -> bool {
        self.0.as_ref().is_some_and(|renamed| renamed.twins.contains(old))
    }

    /// Returns whether no rule changed its name.
    pub fn is_empty(&self) -> bool {
        self.0.is_none()
    }
}

impl From<BTreeMap<RuleName, RuleName>> for Renames {
    fn from(names: BTreeMap<RuleName, RuleName>) -> Self {
        let twins = BTreeSet::new();
        Self((!names.is_empty()).then(|| Arc::new(Renamed { names, twins })))
    }
}

impl From<Renames> for BTreeMap<RuleName, RuleName> {
    fn from(renames: Renames) -> Self {
        renames.0.map_or_else(Self::new, |renamed| Arc::unwrap_or_clone(renamed).names)
    }
}
