//! A scenario made of a real complaint: what came in and what people did, at their times, and what followed as the trail has it.
//! Names, addresses, subjects and texts are made up; of the complaint nothing personal stays. It is played before anybody sees it:
//! what does not come out as it went is left out, and told.

mod made_up;
mod not_made;
mod trail;
mod writing;

use super::published::Published;
use super::scenario::play_some;
use super::{Workflow, WorkflowError, organisation};
use crate::complaint::{Case, ComplaintId, Text};
use crate::config::Settings;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::scenario::names;
use crate::rules::{ORGANISATION, RulesFolder};
use made_up::MadeUp;
pub use not_made::NotMade;
use std::collections::BTreeMap;
use std::sync::Arc;
use trail::Course;
use writing::Script;

/// The file in which a scenario is played before it stands anywhere.
const TRIED: &str = "tests/tried.rhai";
/// How often it is played, each time without something that did not come out as it went.
const TRIES: usize = 100;

/// A scenario that was made.
#[derive(Clone, Debug)]
pub struct MadeScenario {
    /// Its name.
    pub name: String,
    /// The scenario, as it stands in a file.
    pub text: String,
    /// What is not in it, in words.
    pub left_out: Vec<Text>,
    /// Why it does not hold; none where it does.
    pub failure: Option<Text>,
}

impl Workflow {
    /// Makes a scenario of a complaint, by its id, for a folder in which it is to stand.
    pub async fn retold(&self, id: ComplaintId, folder: &RulesFolder) -> Result<MadeScenario, NotMade> {
        let case = self.store.cases().load(&[id]).await?.pop().ok_or(NotMade::Missing)?;
        let text = self.store.cases().text(id).await?;
        let (published, settings) = (self.published(), self.settings());
        let course = Course::read(&self.store, &case).await?;
        let scenarios = folder.scenarios.clone();
        let _turn = self.trials.stories.acquire().await.map_err(|_| WorkflowError::Interrupted)?;
        let work = move || made(&published, &settings, &scenarios, (&case, &text, &course));
        tokio::task::spawn_blocking(work).await.map_err(|_| WorkflowError::Interrupted)?
    }
}

fn made(
    published: &Arc<Published>,
    settings: &Settings,
    scenarios: &BTreeMap<String, String>,
    (case, text, course): (&Case, &str, &Course),
) -> Result<MadeScenario, NotMade> {
    let broken = |wrong: Box<Diagnostic>| NotMade::Unsaid(wrong.message);
    let stage = organisation::of_scenarios(scenarios, settings).map_err(broken)?;
    let called = organisation::called_by_terms(scenarios, &published.ruleset).map_err(broken)?;
    let others = scenarios.contains_key(ORGANISATION).then_some(&stage);
    let mut made_up = MadeUp::new(published, settings, others, called, (&case.complaint, text));
    let name = name(published, case, scenarios);
    let mut script = Script::write(&name, course, &mut made_up, &stage.calendar)?;
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    files.extend(scenarios.get_key_value(ORGANISATION).map(|(k, v)| (k.clone(), v.clone())));
    let mut failure = None;
    for _ in 0..TRIES {
        files.insert(TRIED.to_owned(), script.text());
        let outcome = play_some(Arc::clone(published), settings, &files, &|_| true).pop();
        let Some(outcome) = outcome else { break };
        failure = outcome.failure;
        let line = outcome.place.split(':').nth(1).and_then(|line| line.parse::<usize>().ok());
        match (&failure, line) {
            (Some(_), Some(line)) if script.leave_out(line) => {}
            _ => break,
        }
    }
    let mut left_out = course.unsaid.clone();
    left_out.extend(script.left_out.iter().cloned());
    Ok(MadeScenario { name, text: script.text(), left_out, failure })
}

/// Returns a name that no scenario has yet: how it ended.
fn name(published: &Published, case: &Case, scenarios: &BTreeMap<String, String>) -> String {
    let known = names(scenarios);
    let state = published.ruleset.procedure().states.get(&case.complaint.state);
    let state = state.map_or_else(|| case.complaint.state.to_string(), |declared| declared.nl.clone());
    let begins = format!("Zoals het ging: {state}");
    let mut all = std::iter::once(begins.clone()).chain((2..).map(|n| format!("{begins} ({n})")));
    all.find(|name| !known.contains(name)).unwrap_or(begins)
}
