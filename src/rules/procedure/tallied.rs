//! What the tallies of complaints depend on of a procedure: its states, and the own fields that are a choice.

use super::declared::Procedure;
use super::extra::ExtraKind;
use crate::complaint::Declared;

impl Declared for Procedure {
    fn is_state(&self, name: &str) -> bool {
        self.states.contains_key(name)
    }

    fn is_choice(&self, field: &str, chosen: &str) -> bool {
        let kind = self.extra.get(field).map(|own| &own.kind);
        matches!(kind, Some(ExtraKind::Choice(options)) if options.iter().any(|option| option == chosen))
    }
}
