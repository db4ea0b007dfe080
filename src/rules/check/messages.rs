//! Messages: each exists in every language.

use super::world::Checked;
use crate::complaint::Language;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::message_language;
use std::collections::{BTreeMap, BTreeSet};

/// Checks that no message lacks a language: whoever gets it may read either.
pub(super) fn check(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (language, message, _) in checked.source.messages() {
        languages.entry(message).or_default().insert(language);
    }
    for (message, present) in languages {
        for language in Language::ALL.iter().filter(|l| !present.contains(l.as_str())) {
            let file = format!("messages/{language}/{message}.md");
            found.push(message_language::report(&file, message, *language));
        }
    }
}
