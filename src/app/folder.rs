//! The rules folder of an installation: what it holds at a first start, and how it stands beside the ruleset in force
//! later.

use crate::config::Settings;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
use crate::store::StoredCompanions;
use crate::workflow::{Published, companions_of};
use std::collections::BTreeMap;
use std::path::Path;
use std::sync::Arc;

/// Names the scenarios that a ruleset fails.
pub(super) type Failing = fn(&Arc<Published>, &Settings, &BTreeMap<String, String>) -> Vec<String>;

/// The rules folder beside the ruleset in force.
#[derive(Debug)]
pub struct FolderStanding {
    /// What it holds.
    pub read: Result<RulesFolder, Vec<Diagnostic>>,
    /// Its mistakes, when the published ruleset runs instead (docs/semantics.md 1.3); empty when it has none.
    pub faults: Vec<Diagnostic>,
    /// True when it holds another ruleset than the one in force.
    pub differs: bool,
}

impl FolderStanding {
    /// Reads the folder, and checks it where it is not what is in force.
    pub(super) fn of(folder: &Path, in_force: &Published, settings: &Settings) -> Self {
        let read = RulesFolder::read(folder);
        let (faults, differs) = match &read {
            Err(found) => (found.clone(), false),
            // The same text has no other mistakes.
            Ok(read) if read.source.hash() == in_force.ruleset.hash() => (Vec::new(), false),
            Ok(read) => match Published::load(read.source.clone(), settings) {
                Ok(_) => (Vec::new(), true),
                Err(found) => (found, false),
            },
        };
        Self { read, faults, differs }
    }
}

/// Reads the rules folder at a first start, to publish what it holds; and names the scenarios that it fails.
///
/// # Errors
/// Its mistakes.
pub(super) fn first(
    folder: &Path,
    settings: &Settings,
    failing: Failing,
) -> Result<(Arc<Published>, Vec<String>, StoredCompanions), Vec<Diagnostic>> {
    let folder = RulesFolder::read(folder)?;
    let companions = companions_of(&folder);
    let candidate = Arc::new(Published::load(folder.source, settings)?);
    let failed = failing(&candidate, settings, &folder.scenarios);
    Ok((candidate, failed, companions))
}
