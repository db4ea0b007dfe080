//! Putting rulesets in force, and back: publish, approve, history, diff, restore.

use super::plan;
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Moment;
use crate::complaint::Via;
use crate::rules::RulesetSource;
use crate::store::StoredCompanions;
use crate::workflow::{Plan, PlanOptions, PublishOrder, Published, RuleChange};
use serde_json::{Value, json};
use similar::TextDiff;
use std::collections::BTreeSet;
use std::path::Path;
use std::sync::Arc;

/// The words of the person who publishes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Intent<'i> {
    pub by: Option<&'i str>,
    pub reason: &'i str,
    /// The digest of the plan that was looked at.
    pub plan: Option<&'i str>,
    pub adopt: bool,
}

/// Publishes what has been checked and tested, if the plan is still the one that was looked at.
pub(super) async fn publish(
    app: &App,
    (candidate, companions): (Arc<Published>, Option<&StoredCompanions>),
    intent: Intent<'_>,
    output: &Output,
) -> Result<(), Failure> {
    // Who asks for it without a plan is shown the plan first.
    let publishing = app.workflow.publishing();
    if intent.plan.is_some() {
        publishing.permit(RuleChange::Publish, intent.by, intent.reason).await?;
    }
    // What is due under the ruleset in force happens under it, as far as it lets itself be carried out: it must not be
    // able to refuse its own cure.
    if let Err(e) = app.turn().await {
        output.warn(format!("not everything that was due under the ruleset in force was done: {e}"));
    }
    let options = PlanOptions { adopt: intent.adopt, ..PlanOptions::default() };
    let planned = plan::make(app, &candidate, options, output).await?;
    is_looked_at(&planned, intent)?;
    let by = intent.by.unwrap_or_default().to_lowercase();
    publishing.require_approval(&planned.digest(), &by).await?;
    let hash = candidate.ruleset.hash().to_owned();
    let order = PublishOrder { companions, ..PublishOrder::new(&by, intent.reason.trim(), Some(&planned)) };
    let renames = publishing.publish(candidate, order).await?;
    let (ticked, _) = app.turn().await?;
    if output.json {
        output.document(&json!({
            "ruleset": hash, "renames": renames, "evaluated": ticked.decisions, "plan": planned.digest(),
        }));
    } else {
        for (old, new) in renames.iter() {
            let twin = if renames.has_twin(old) { "; another rule reads the same" } else { "" };
            output.line(format!("rule \"{old}\" is now called \"{new}\"; it repeats nothing{twin}"));
        }
        output.line(format!(
            "ruleset {} is in force; {} complaints evaluated",
            &hash[..12],
            ticked.decisions
        ));
    }
    Ok(())
}

/// Fails unless this is the plan that was looked at.
fn is_looked_at(planned: &Plan, intent: Intent<'_>) -> Result<(), Failure> {
    let digest = planned.digest();
    match intent.plan {
        None => Err(Failure::new(format!(
            "look at the plan first: redress rules plan; then redress rules publish --plan {digest} --as EMAIL \
             --reason \"…\""
        ))),
        Some(given) if given != digest => Err(Failure::new(format!(
            "the plan is not the one you looked at ({given}): it would now affect {} complaints and write to {} \
             complainants; look again with redress rules plan, and publish with --plan {digest}",
            planned.affected,
            planned.mails_to_complainants()
        ))),
        Some(_) => Ok(()),
    }
}

/// Records that somebody has looked at a plan and agrees, and why.
pub(super) async fn approve(
    app: &App,
    digest: &str,
    by: &str,
    reason: &str,
    output: &Output,
) -> Result<(), Failure> {
    let publishing = app.workflow.publishing();
    publishing.permit(RuleChange::Approve, Some(by), reason).await?;
    publishing.approve(digest, (by, Via::CommandLine), reason).await?;
    if output.json {
        output.document(&json!({"plan": digest, "approved_by": by.to_lowercase()}));
    } else {
        output.line(format!("plan {digest} is approved by {}", by.to_lowercase()));
    }
    Ok(())
}

pub(super) async fn history(app: &App, output: &Output) -> Result<(), Failure> {
    let past = app.workflow.publishing().history().await?;
    let at = |m: Moment| app.settings.calendar.rfc3339(m);
    if output.json {
        let rows = past.iter().map(|p| {
            let mut value = json!(p);
            value["at"] = json!(at(p.at));
            value["plan"] = serde_json::from_str(&p.plan).unwrap_or(Value::Null);
            value
        });
        output.document(&rows.collect::<Vec<_>>());
        return Ok(());
    }
    let in_force = app.workflow.published().ruleset.hash().to_owned();
    let rows = past.iter().enumerate().map(|(i, p)| {
        let plan: Value = serde_json::from_str(&p.plan).unwrap_or_default();
        let affected = plan["affected"].as_u64().map(|n| format!("{n} affected")).unwrap_or_default();
        let mark = if i == 0 && p.ruleset == in_force { "in force" } else { "" };
        let when = at(p.at).chars().take(16).collect::<String>().replace('T', " ");
        let hash = p.ruleset.get(..12).unwrap_or_default().to_owned();
        vec![hash, when, p.by.clone(), affected, mark.to_owned(), p.reason.clone()]
    });
    output.table(&["ruleset", "at", "by", "plan", "", "reason"], &rows.collect::<Vec<_>>());
    Ok(())
}

/// Finds the stored ruleset that a hash, or the beginning of one, means.
async fn stored(app: &App, prefix: &str) -> Result<RulesetSource, Failure> {
    if prefix.len() < 4 {
        return Err(Failure::new(
            "give at least four characters of the ruleset's hash; redress rules history lists them",
        ));
    }
    let mut found = app.workflow.publishing().rulesets_like(prefix).await?;
    match (found.pop(), found.is_empty()) {
        (None, _) => {
            Err(Failure::new(format!("there is no ruleset {prefix}; redress rules history lists them")))
        }
        (Some(_), false) => {
            Err(Failure::new(format!("several rulesets begin with {prefix}; give more of it")))
        }
        (Some(found), true) => RulesetSource::from_json(&found.content)
            .map_err(|e| Failure::new(format!("ruleset {prefix} cannot be read: {e}"))),
    }
}

/// Shows how the folder differs from the ruleset in force, or from an earlier one.
pub(super) async fn diff(
    app: &App,
    folder: &Path,
    hash: Option<&str>,
    output: &Output,
) -> Result<(), Failure> {
    let old = match hash {
        Some(hash) => stored(app, hash).await?,
        None => app.workflow.published().ruleset.source().clone(),
    };
    let new =
        RulesetSource::read(folder).map_err(|found| Failure::of_rules(&found, app.settings.language))?;
    let names: BTreeSet<&String> = old.files().keys().chain(new.files().keys()).collect();
    let nothing = String::new();
    let changed = names.into_iter().filter_map(|name| {
        let (before, after) =
            (old.files().get(name).unwrap_or(&nothing), new.files().get(name).unwrap_or(&nothing));
        (before != after).then_some((name, before, after))
    });
    let mut documents = Vec::new();
    for (name, before, after) in changed {
        let diff = TextDiff::from_lines(before, after);
        let text = diff
            .unified_diff()
            .context_radius(2)
            .header(&format!("in force/{name}"), &format!("rules/{name}"))
            .to_string();
        if output.json {
            documents.push(json!({"file": name, "diff": text}));
        } else {
            output.line(text.trim_end());
        }
    }
    if output.json {
        output.document(&documents);
    }
    Ok(())
}

/// Loads an earlier ruleset as the candidate.
pub(super) async fn earlier(app: &App, hash: &str) -> Result<Published, Failure> {
    let source = stored(app, hash).await?;
    Published::load(source, &app.settings).map_err(|found| {
        let mistakes = Failure::of_rules(&found, app.settings.language).text;
        Failure::new(format!("that ruleset no longer loads:\n{mistakes}"))
    })
}
