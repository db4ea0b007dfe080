//! A saved edit of the rules folder: put in force by itself when it is sound, its scenarios hold, it takes
//! nothing away and its plan sends nothing; otherwise it waits for `rules publish`, and somebody is told.

use super::proposals::companions_of;
use super::{Plan, PlanOptions, PublishOrder, Published, Workflow, WorkflowError, scenario};
use crate::complaint::{Actor, Text};
use crate::config::Settings;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::Diagnostic;
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

/// A saved folder that loads.
struct Tested {
    candidate: Arc<Published>,
    failing: Vec<String>,
}

impl Workflow {
    /// Considers the folder as it was read.
    pub async fn consider_saved(
        &self,
        read: Result<RulesFolder, Vec<Diagnostic>>,
    ) -> Result<Saved, WorkflowError> {
        let folder = match read {
            Ok(folder) => folder,
            Err(found) => return self.broken(found).await,
        };
        let before = self.published();
        if folder.source.hash() == before.ruleset.hash() {
            return Ok(Saved::Unchanged);
        }
        let cut: Vec<String> = before.ruleset.source().cut_short(&folder.source).map(str::to_owned).collect();
        let back = self.proposals().taken_back(&folder.source).await?;
        let companions = companions_of(&folder);
        let settings = self.settings();
        let tested = tokio::task::spawn_blocking(move || test(folder, &settings)).await;
        let Tested { candidate, failing } = match tested.map_err(|_| WorkflowError::Interrupted)? {
            Ok(tested) => tested,
            Err(found) => return self.broken(found).await,
        };
        if !failing.is_empty() {
            self.tell_failing(candidate.ruleset.hash(), &failing).await?;
            return Ok(Saved::Failing(failing));
        }
        let plan = self.plan(Arc::clone(&candidate), PlanOptions::default(), &|_, _| {}).await?;
        let rules = self.settings().rules;
        let takes_away = !cut.is_empty() || !back.is_empty() || !plan.changes.removed.is_empty();
        if takes_away || !plan.is_silent() || rules.four_eyes || !rules.publish_on_save {
            self.alarm_waiting(candidate.ruleset.hash(), &waiting(&plan, (&cut, &back))).await?;
            return Ok(Saved::Waits(Box::new(plan)));
        }
        let hash = candidate.ruleset.hash().to_owned();
        let reason = "saved in the folder; its plan sends nothing";
        let order = PublishOrder {
            companions: Some(&companions),
            ..PublishOrder::new(Actor::System.as_str(), reason, Some(&plan))
        };
        self.publishing().publish(candidate, order).await?;
        Ok(Saved::Published(hash))
    }

    /// Tells which scenarios a ruleset fails, if it fails any.
    pub async fn tell_failing(&self, ruleset: &str, failing: &[String]) -> Result<(), WorkflowError> {
        let Some(first) = failing.first() else { return Ok(()) };
        let more = failing.len() - 1;
        let text = Text::new(
            format!("scenario \"{first}\" slaagt niet (+{more}): redress rules test"),
            format!("scenario \"{first}\" fails (+{more}): redress rules test"),
        );
        self.alarm_waiting(ruleset, &text).await
    }

    async fn broken(&self, found: Vec<Diagnostic>) -> Result<Saved, WorkflowError> {
        self.alarm_folder(&found).await?;
        Ok(Saved::Broken(found))
    }
}

/// Loads a folder and plays its scenarios.
fn test(folder: RulesFolder, settings: &Settings) -> Result<Tested, Vec<Diagnostic>> {
    let RulesFolder { source, scenarios, .. } = folder;
    let candidate = Arc::new(Published::load(source, settings)?);
    let failing = scenario::failing(&candidate, settings, &scenarios);
    Ok(Tested { candidate, failing })
}

/// Says why an edit waits: what it takes away first, because that may be a save that was broken off.
fn waiting(plan: &Plan, (cut, back): (&[String], &[String])) -> Text {
    let messages: usize = plan.messages.values().sum();
    let say = |gone: &str, (cut_short, older): (&str, &str), affected: &str, next: &str| {
        let removed = plan.changes.removed.iter().map(|name| format!("\"{name}\" {gone}"));
        let cut = cut.iter().map(|path| format!("{path} {cut_short}"));
        let back = back.iter().map(|path| format!("{path} {older}"));
        let mut reasons: Vec<String> = cut.chain(removed).chain(back).collect();
        reasons.push(affected.to_owned());
        format!("{}: {next}", reasons.join("; "))
    };
    let affected = plan.affected;
    Text::new(
        say(
            "is weg",
            ("is weg of ingekort", "is ouder dan wat op de pagina is gepubliceerd"),
            &format!("{affected} klachten geraakt, {messages} berichten meteen"),
            "redress rules plan, dan redress rules publish",
        ),
        say(
            "is gone",
            ("is gone or cut short", "is older than what was published on the page"),
            &format!("{affected} complaints affected, {messages} messages at once"),
            "redress rules plan, then redress rules publish",
        ),
    )
}
