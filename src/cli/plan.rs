//! `redress rules plan`: what the folder would do to every live complaint, before it is in force.

use super::{Failure, Output};
use crate::app::App;
use crate::workflow::{Plan, PlanOptions, Published};
use std::sync::Arc;

/// Makes a plan and prints it. Nothing is changed, so what is due already is counted in, and said.
pub(super) async fn show(
    app: &App,
    candidate: &Arc<Published>,
    options: PlanOptions,
    output: &Output,
) -> Result<(), Failure> {
    let plan = make(app, candidate, options, output).await?;
    print(&plan, output);
    let back = app.workflow.proposals().taken_back(candidate.ruleset.source()).await?;
    for path in back.iter().filter(|_| !output.json) {
        output.line(format!(
            "{path} stands as it was before the ruleset in force was published: publishing takes that back"
        ));
    }
    let now = app.workflow.now().await?;
    if !output.json && app.workflow.next_due().await?.is_some_and(|due| due <= now) {
        output.line("something is due already and is counted in; `redress tick` settles it, then plan again");
    }
    Ok(())
}

/// Plans with progress for people.
pub(super) async fn make(
    app: &App,
    candidate: &Arc<Published>,
    options: PlanOptions,
    output: &Output,
) -> Result<Plan, Failure> {
    let progress =
        |done: usize, all: usize| output.progress(&format!("planning: {done} of {all} complaints"));
    let plan = app.workflow.plan(Arc::clone(candidate), options, &progress).await?;
    output.progress("");
    Ok(plan)
}

fn print(plan: &Plan, output: &Output) {
    if output.json {
        output.document(&plan.to_json());
        return;
    }
    let short = |hash: &str| hash.get(..12).unwrap_or(hash).to_owned();
    output.line(format!(
        "ruleset {} against {}, which is in force",
        short(&plan.candidate),
        short(&plan.published)
    ));
    print_changes(plan, output);
    let closed = if plan.closed > 0 { format!(" and {} finished", plan.closed) } else { String::new() };
    output
        .line(format!("\n{} live complaints{closed} looked at, {} affected", plan.complaints, plan.affected));
    if plan.adopts {
        output.line("what holds already is taken for fired (--adopt)");
    }
    output.line(match plan.mails_to_complainants() {
        0 => "would write to no complainant".to_owned(),
        1 => "would write to 1 complainant at once".to_owned(),
        n => format!("would write to {n} complainants at once"),
    });
    if plan.rescheduled > 0 {
        output.line(format!("for {} complaints something would happen at another moment", plan.rescheduled));
    }
    let number = |n: usize| if n == 0 { String::new() } else { n.to_string() };
    let rules: Vec<Vec<String>> = plan
        .rules
        .iter()
        .map(|(name, r)| {
            vec![
                number(r.fires),
                number(r.no_longer),
                number(r.faults),
                number(r.adopted),
                r.example.clone(),
                name.clone(),
            ]
        })
        .collect();
    if !rules.is_empty() {
        output.line("");
        output.table(&["fires", "no longer", "fails", "adopted", "such as", "rule"], &rules);
    }
    for (title, counts) in [("messages at once", &plan.messages), ("terms", &plan.deadlines)] {
        if !counts.is_empty() {
            output.line(format!("\n{title}"));
            counts.iter().for_each(|(name, n)| output.line(format!("  {n:>6}  {name}")));
        }
    }
    for (name, schedule) in &plan.schedules {
        output.line(format!("\nschedule \"{name}\" runs at once, {} times", schedule.runs));
    }
    if !plan.finished.is_empty() {
        let references: Vec<&str> = plan.finished.iter().map(|c| c.reference.as_str()).collect();
        output.line(format!(
            "\nif they were not finished, something would happen to {} (nothing does): {}",
            references.len(),
            references.join(", ")
        ));
    }
    output.line(format!("\nplan {}", plan.digest()));
    let adopt = if plan.adopts { " --adopt" } else { "" };
    output.line(format!(
        "to put it in force: redress rules publish --plan {}{adopt} --as YOU --reason \"WHY\"",
        plan.digest()
    ));
}

fn print_changes(plan: &Plan, output: &Output) {
    let changes = &plan.changes;
    for (what, names) in [("new", &changes.added), ("changed", &changes.changed), ("gone", &changes.removed)]
    {
        names.iter().for_each(|name| output.line(format!("  {what:<8} {name}")));
    }
    for (old, new) in changes.renamed.iter() {
        let twin = if changes.renamed.has_twin(old) { "; another rule reads the same" } else { "" };
        output.line(format!("  renamed  {old} → {new}; it repeats nothing{twin}"));
    }
}
