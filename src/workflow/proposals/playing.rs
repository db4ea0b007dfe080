//! Playing the scenarios of a folder: behind who looks, or as a trial; whoever is second has what the first saw.

use super::error::ProposalError;
use super::handle::Proposals;
use super::plays::{Kept, KeptPlays};
use super::running::Running;
use super::start::Opened;
use crate::rules::{Covered, RulesFolder, scenario::ScenarioOutcome};
use crate::store::{Trial, TrialKind};
use crate::workflow::WorkflowError;
use crate::workflow::published::Published;
use crate::workflow::seeing_scenarios::play_and_see;
use crate::workflow::seen_in_scenarios::SeenInScenarios;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The scenarios that are played of a folder which nobody asked to be tried.
const SCENARIOS: usize = 2_000;

/// What a trial of the scenarios of a proposal found, as the store keeps it.
#[derive(Debug, Default, Serialize, Deserialize)]
pub struct PlayedScenarios {
    /// How each scenario ended.
    pub outcomes: Vec<ScenarioOutcome>,
    /// What the rules did in them; none where they could not be played.
    pub covered: Option<Covered>,
}

impl PlayedScenarios {
    /// Reads what the last trial found; none where there was none, or it cannot be read: then nothing is known to hold.
    pub fn last(trials: &[Trial]) -> Option<(&Trial, Self)> {
        let trial = trials.iter().find(|trial| trial.kind == TrialKind::Scenarios)?;
        Some((trial, Self::read(&trial.found)?))
    }

    /// Reads what a trial found. Earlier versions kept the outcomes alone.
    fn read(found: &str) -> Option<Self> {
        let outcomes = || serde_json::from_str(found).map(|outcomes| Self { outcomes, covered: None });
        serde_json::from_str(found).or_else(|_| outcomes()).ok()
    }
}

impl Proposals<'_> {
    /// Returns what the rules of a folder do in its scenarios; none while they are being played. The first who asks has them
    /// played, and does not wait for that.
    pub async fn covered(self, folder: &RulesFolder) -> Result<Option<Covered>, ProposalError> {
        let (_, seen) = self.played(folder).await?;
        Ok(seen.map(|seen| seen.covered.clone().unwrap_or_default()))
    }

    /// Returns the ruleset of a folder with what was seen in its scenarios; none of that while they are being played.
    pub(super) async fn played(
        self,
        folder: &RulesFolder,
    ) -> Result<(Arc<Published>, Option<Arc<SeenInScenarios>>), ProposalError> {
        let (plays, digest, settings) = (&self.0.trials.plays, folder.digest(), self.0.settings());
        if let Some(found) = plays.find(&digest, &settings) {
            return Ok(found);
        }
        let published = self.loaded(folder).await?;
        let begun = Kept { digest, settings, published: Arc::clone(&published), seen: None };
        begin(plays, begun, folder.scenarios.clone());
        Ok((published, None))
    }

    /// Plays every scenario of a proposal as it is now, unless that has just been done.
    pub(super) async fn play(
        self,
        opened: &Opened,
        running: &Arc<Running>,
    ) -> Result<PlayedScenarios, ProposalError> {
        let (plays, digest, settings) = (&self.0.trials.plays, opened.folder.digest(), self.0.settings());
        let _turn = plays.turn.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        let known = plays.find(&digest, &settings).and_then(|(_, seen)| seen);
        let seen = match known.filter(|seen| seen.covered.is_some()) {
            Some(seen) => seen,
            None => {
                let published = self.loaded(&opened.folder).await?;
                let (of, under) = (Arc::clone(&published), Arc::clone(&settings));
                let (files, running) = (opened.folder.scenarios.clone(), Arc::clone(running));
                let progress = move |done: usize, all: usize| running.moved(done, all);
                let play = move || play_and_see(&of, &under, &files, usize::MAX, &progress);
                let seen = tokio::task::spawn_blocking(play).await;
                let seen = Arc::new(seen.map_err(|_| WorkflowError::Interrupted)?);
                let begun =
                    Kept { digest: digest.clone(), settings: Arc::clone(&settings), published, seen: None };
                plays.enter(begun);
                plays.end(&digest, &settings, Some(Arc::clone(&seen)));
                seen
            }
        };
        Ok(PlayedScenarios { outcomes: seen.outcomes.clone(), covered: seen.covered.clone() })
    }
}

/// Has scenarios played, unless they are already or so many folders wait that this one is for later.
fn begin(plays: &KeptPlays, begun: Kept, files: BTreeMap<String, String>) {
    let (digest, settings) = (begun.digest.clone(), Arc::clone(&begun.settings));
    let published = Arc::clone(&begun.published);
    if !plays.enter(begun) {
        return;
    }
    let all = plays.clone();
    tokio::spawn(async move {
        let Ok(_turn) = all.turn.acquire().await else { return };
        // A trial may have been before.
        if all.find(&digest, &settings).is_some_and(|(_, seen)| seen.is_some()) {
            return;
        }
        let under = Arc::clone(&settings);
        let play = move || play_and_see(&published, &under, &files, SCENARIOS, &|_, _| ());
        let seen = tokio::task::spawn_blocking(play).await;
        all.end(&digest, &settings, seen.ok().map(Arc::new));
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_an_earlier_version_kept_is_read() {
        let outcome = r#"{"name":"Een","place":"rules/tests/1.rhai:1:1","failure":null}"#;
        let earlier = PlayedScenarios::read(&format!("[{outcome}]")).expect("outcomes alone");
        assert_eq!((earlier.outcomes.len(), earlier.outcomes[0].name.as_str()), (1, "Een"));
        assert_eq!(earlier.covered, None);
        let now = PlayedScenarios { outcomes: earlier.outcomes, covered: Some(Covered::default()) };
        let again = PlayedScenarios::read(&serde_json::to_string(&now).unwrap()).expect("what is kept now");
        assert_eq!((again.outcomes, again.covered), (now.outcomes, now.covered));
    }
    #[test]
    fn what_cannot_be_read_says_of_no_scenario_that_it_holds() {
        for found in ["", "{}", "{\"outcomes\":[]", "[{\"name\":\"Een\"}]", "null", "7"] {
            assert!(PlayedScenarios::read(found).is_none(), "{found}");
        }
    }
}
