//! What is wrong with the folder as it stands in the editor: all that `redress rules check` says, and what the
//! scenarios and the map of the text get wrong.

use crate::config::Settings;
use crate::rules::{Clauses, Diagnostic, RulesetSource, scenario};
use crate::workflow::Published;
use std::collections::{BTreeMap, BTreeSet};

/// How much a mistake weighs.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Weight {
    Error,
    Warning,
}

/// Returns every mistake and warning of a folder's files.
pub(super) fn check(texts: &BTreeMap<String, String>, settings: &Settings) -> Vec<(Weight, Diagnostic)> {
    let is_scenario = |path: &str| path.starts_with("tests/");
    let of = |wanted: &dyn Fn(&str) -> bool| -> BTreeMap<String, String> {
        let files = texts.iter().filter(|(path, _)| wanted(path));
        files.map(|(path, text)| (path.clone(), text.clone())).collect()
    };
    let scenarios = of(&is_scenario);
    let source = RulesetSource::new(of(&|path| !is_scenario(path) && path != Clauses::FILE));
    let (mut errors, mut warnings) = (scenario::mistakes(&scenarios), Vec::new());
    let clauses = texts.get(Clauses::FILE).map(|text| Clauses::parse(text));
    match Published::load(source, settings) {
        Ok(published) => {
            warnings.extend(published.warnings(settings));
            if let Some(Ok(clauses)) = &clauses {
                let names: BTreeSet<String> = scenario::names(&scenarios).into_iter().collect();
                errors.extend(clauses.mistakes(&published.ruleset, &names));
            }
        }
        Err(found) => errors.extend(found),
    }
    errors.extend(clauses.and_then(Result::err));
    let errors = errors.into_iter().map(|d| (Weight::Error, d));
    errors.chain(warnings.into_iter().map(|d| (Weight::Warning, d))).collect()
}
