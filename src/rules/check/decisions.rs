//! The names that `[[decisions]]` of `procedure.toml` uses.

use super::world::Checked;
use crate::rules::diagnostics::kinds::unknown_name;
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::procedure::declared::FILE;
use crate::rules::words::vocabulary::Vocabulary;

/// Says which messages, actions and states are not there.
pub(super) fn check(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let text = checked.source.text(FILE);
    for decision in &checked.procedure.decisions {
        let messages = decision.asked_by.iter().map(|m| (Vocabulary::Message, m.as_str()));
        let actions = decision.actions.iter().map(|a| (Vocabulary::Action, a.as_str()));
        let states = decision.states.iter().map(|s| (Vocabulary::State, s.as_str()));
        for (vocabulary, name) in messages.chain(actions).chain(states) {
            let known = vocabulary.names(&checked.declared);
            if !known.contains(&name) {
                let at = Location::quoted(FILE, text, name);
                found.push(unknown_name::report(at, vocabulary.word(), name, known));
            }
        }
    }
}
