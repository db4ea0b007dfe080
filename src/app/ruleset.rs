//! The ruleset that an installation runs: the one in force, or at its first start what the rules folder holds; and how
//! the folder stands beside it.

use super::check_mark::CheckMark;
use super::{AppError, Places};
use crate::calendar::Moment;
use crate::complaint::Actor;
use crate::config::Settings;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
use crate::store::Store;
use crate::workflow::{PublishOrder, Published};
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

/// Returns the ruleset to run. At a first start that is the folder's, which is published, and the scenarios that it fails
/// are named.
pub(super) async fn to_run(
    places: &Places,
    store: &Store,
    settings: &Settings,
    now: Moment,
    failing: Failing,
) -> Result<(Published, Vec<String>), AppError> {
    let mark = CheckMark::of(&places.data, settings);
    let in_force = Published::in_force(store, settings, |ruleset| mark.names(ruleset)).await?;
    let (published, failed) = match in_force {
        Some(published) => (published, Vec::new()),
        None => publish_first(&places.rules, store, settings, now, failing).await?,
    };
    mark.note(published.ruleset.hash());
    Ok((published, failed))
}

async fn publish_first(
    folder: &Path,
    store: &Store,
    settings: &Settings,
    now: Moment,
    failing: Failing,
) -> Result<(Published, Vec<String>), AppError> {
    let folder = RulesFolder::read(folder).map_err(AppError::Rules)?;
    let candidate = Arc::new(Published::load(folder.source, settings).map_err(AppError::Rules)?);
    let failed = failing(&candidate, settings, &folder.scenarios);
    let order = PublishOrder { by: Actor::System.as_str(), reason: "first start", plan: None };
    candidate.publish(store, now, &order).await?;
    Ok((Arc::unwrap_or_clone(candidate), failed))
}
