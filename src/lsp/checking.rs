//! What is wrong with the folder as it stands in the editor: all that `redress rules check` says of one that is saved.

use crate::config::Settings;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::{Clauses, RulesetSource};
use std::collections::BTreeMap;

/// Returns every mistake and warning of a folder's files.
pub(super) fn check(mut texts: BTreeMap<String, String>, settings: &Settings) -> Vec<Diagnostic> {
    let clauses = texts.remove(Clauses::FILE);
    let (scenarios, files) = texts.into_iter().partition(|(path, _)| path.starts_with("tests/"));
    RulesFolder { source: RulesetSource::new(files), scenarios, clauses }.check(settings).diagnostics
}
