//! The letters that `[survey]` of `procedure.toml` names.

use super::world::Checked;
use crate::rules::diagnostics::kinds::unknown_name;
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::procedure::declared::FILE;
use crate::rules::words::vocabulary::Vocabulary;

/// Says which letters are not there.
pub(super) fn check(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let known = Vocabulary::Message.names(&checked.declared);
    let named = checked.procedure.survey.iter().flat_map(|survey| &survey.letters);
    for letter in named.filter(|letter| !known.contains(&letter.as_str())) {
        let at = Location::quoted(FILE, checked.source.text(FILE), letter.as_str());
        found.push(unknown_name::report(at, Vocabulary::Message.word(), letter.as_str(), known.clone()));
    }
}
