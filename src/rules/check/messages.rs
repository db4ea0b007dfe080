//! Messages: each exists in every language, and so does what it includes.

use super::world::Checked;
use crate::complaint::Language;
use crate::rules::diagnostics::kinds::{message_language, missing_part, too_large};
use crate::rules::diagnostics::{Diagnostic, Location};
use std::collections::{BTreeMap, BTreeSet};

/// Checks that no message lacks a language, because whoever gets it may read either, or a part.
pub(super) fn check(checked: &Checked, found: &mut Vec<Diagnostic>) {
    let mut languages: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
    for (language, message, _) in checked.source.messages() {
        languages.entry(message).or_default().insert(language);
    }
    for (file, line, name, part) in checked.source.missing_parts() {
        let at = Location::line(file, checked.source.lines(file), line);
        found.push(missing_part::report(at, name, &part, checked.source.parts_beside(file)));
    }
    found.extend(checked.source.too_long().map(too_large::report));
    for (message, present) in languages {
        for language in Language::ALL.iter().filter(|l| !present.contains(l.as_str())) {
            let file = format!("messages/{language}/{message}.md");
            found.push(message_language::report(&file, message, *language));
        }
    }
}
