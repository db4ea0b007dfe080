//! A saved edit of the rules folder: put in force by itself when it is sound, its scenarios hold and its plan
//! sends nothing; otherwise it waits for `rules publish`, and somebody is told.

use super::{Plan, PlanOptions, PublishOrder, Published, Workflow, WorkflowError, scenario};
use crate::complaint::Actor;
use crate::rules::RulesetSource;
use crate::rules::diagnostics::Diagnostic;
use std::path::Path;
use std::sync::Arc;

/// The fate of a saved folder.
#[derive(Debug)]
pub enum Saved {
    /// It is what is in force.
    Unchanged,
    /// It has these mistakes and is not in force.
    Broken(Vec<Diagnostic>),
    /// It is not in force: these scenarios no longer hold.
    Failing(Vec<String>),
    /// It is not in force: a person must look at its plan.
    Waits(Box<Plan>),
    /// It is in force now, under this hash.
    Published(String),
}

impl Workflow {
    /// Looks at the folder as saved.
    pub async fn consider_saved(&self, folder: &Path) -> Result<Saved, WorkflowError> {
        let source = match RulesetSource::read(folder) {
            Ok(source) => source,
            Err(found) => return self.broken(found).await,
        };
        if source.hash() == self.published().ruleset.hash() {
            return Ok(Saved::Unchanged);
        }
        let candidate = match Published::load(source, &self.settings) {
            Ok(candidate) => Arc::new(candidate),
            Err(found) => return self.broken(found).await,
        };
        let files = match RulesetSource::read_scenarios(folder) {
            Ok(files) => files,
            Err(found) => return self.broken(found).await,
        };
        let (settings, tested) = (Arc::clone(&self.settings), Arc::clone(&candidate));
        let outcomes = tokio::task::spawn_blocking(move || scenario::play(tested, &settings, &files)).await;
        let outcomes = outcomes.map_err(|_| WorkflowError::Interrupted)?;
        let failing: Vec<String> =
            outcomes.into_iter().filter(|o| o.failure.is_some()).map(|o| o.name).collect();
        if let Some(first) = failing.first() {
            self.alarm_waiting(
                candidate.ruleset.hash(),
                &format!("scenario \"{first}\" fails (+{})", failing.len() - 1),
            )
            .await?;
            return Ok(Saved::Failing(failing));
        }
        let plan = self.plan(Arc::clone(&candidate), PlanOptions::default(), &|_, _| {}).await?;
        let rules = self.settings.rules;
        if !plan.is_silent() || rules.four_eyes || !rules.publish_on_save {
            let text = format!(
                "{} complaints affected, {} messages at once: redress rules plan, then redress rules publish",
                plan.affected,
                plan.messages.values().sum::<usize>()
            );
            self.alarm_waiting(candidate.ruleset.hash(), &text).await?;
            return Ok(Saved::Waits(Box::new(plan)));
        }
        let hash = candidate.ruleset.hash().to_owned();
        let order = PublishOrder {
            by: Actor::System.as_str(),
            reason: "saved in the folder; its plan sends nothing",
            plan: Some(&plan),
        };
        self.publishing().publish(candidate, order).await?;
        Ok(Saved::Published(hash))
    }

    async fn broken(&self, found: Vec<Diagnostic>) -> Result<Saved, WorkflowError> {
        self.alarm_folder(&found).await?;
        Ok(Saved::Broken(found))
    }
}
