//! What the tallies of complaints, and what stays of one that is forgotten, depend on of a procedure: its states, and the
//! kinds of own fields.

use super::declared::Procedure;
use super::extra::ExtraKind;
use crate::complaint::{Declared, Name};
use serde_json::Value;

impl Declared for Procedure {
    fn is_state(&self, name: &str) -> bool {
        self.states.contains_key(name)
    }

    fn is_choice(&self, field: &str, chosen: &str) -> bool {
        let kind = self.extra.get(field).map(|own| &own.kind);
        matches!(kind, Some(ExtraKind::Choice(options)) if options.iter().any(|option| option == chosen))
    }
}

impl Procedure {
    /// Returns whether an own field stays when a complaint is forgotten: what nobody could write a name into.
    pub fn stays_forgotten(&self, field: &Name, value: &Value) -> bool {
        match self.extra.get(field).map(|own| &own.kind) {
            Some(ExtraKind::Choice(_)) => value.as_str().is_some_and(|v| self.is_choice(field.as_str(), v)),
            Some(ExtraKind::Date | ExtraKind::Number | ExtraKind::YesNo) => true,
            Some(ExtraKind::Text) | None => false,
        }
    }
}
