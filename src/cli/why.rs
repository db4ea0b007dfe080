//! `redress why`: for one complaint, why each rule fired or what it waits for, and how each term came about.

use super::pauses::{pauses, pauses_in_words};
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Moment;
use crate::complaint::{Actor, Deadline};
use crate::rules::{Explained, RuleStanding};
use crate::store::{NotificationState, NotificationSummary, StoredEvent};
use crate::workflow::because;
use clap::Args;
use serde_json::{Value, json};

#[derive(Debug, Args)]
pub(super) struct Why {
    /// K-number or intake id
    number: String,
    /// Only rules whose name contains this
    #[arg(default_value = "")]
    rule: String,
    /// Also rules that wait for something other than time
    #[arg(long)]
    all: bool,
}

impl Why {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let id = app.workflow.id_of(&self.number).await.map_err(|e| Failure::new(e.to_string()))?;
        let why = app.workflow.why(id).await?;
        let Some(why) = why else {
            return Err(Failure::new(format!("there is no complaint {}", self.number)));
        };
        let wanted = |name: &str| name.to_lowercase().contains(&self.rule.to_lowercase());
        let rules: Vec<&Explained> = why.rules.iter().filter(|r| wanted(&r.rule)).collect();
        let fired: Vec<&StoredEvent> =
            why.fired.iter().filter(|e| e.rule.as_deref().is_some_and(wanted)).collect();
        let at = |m: Moment| app.settings.calendar.rfc3339(m);
        if output.json {
            let rules = rules.iter().map(|r| rule_document(r, &at)).collect::<Vec<_>>();
            let fired = fired.iter().map(|e| firing(e, &at)).collect::<Vec<_>>();
            let deadlines = why.deadlines.iter().map(|d| deadline_document(app, d)).collect::<Vec<_>>();
            let gathered = why.gathered.iter().map(|n| {
                let mut value = json!(n);
                value["at"] = json!(at(n.at));
                value["digest_at"] = json!(n.digest_at.map(at));
                value
            });
            let gathered: Vec<Value> = gathered.collect();
            output.document(
                &json!({"fired": fired, "rules": rules, "deadlines": deadlines, "gathered": gathered}),
            );
            return Ok(());
        }
        print_fired(app, &fired, output);
        print_waiting(app, &rules, self.all || !self.rule.is_empty(), output);
        if self.rule.is_empty() && !why.deadlines.is_empty() {
            output.line("\nTerms");
            why.deadlines.iter().for_each(|d| output.line(format!("  {}", deadline_words(app, d))));
        }
        if self.rule.is_empty() && !why.gathered.is_empty() {
            output.line("\nIn digests");
            why.gathered.iter().for_each(|n| output.line(format!("  {}", gathered_words(app, n))));
        }
        Ok(())
    }
}

/// Writes a moment as the clock on the wall shows it, to the minute.
pub(super) fn local(app: &App, at: Moment) -> String {
    let local = app.settings.calendar.local(at);
    local.map_or_else(|_| "never".to_owned(), |l| l.format("%Y-%m-%d %H:%M").to_string())
}

/// Says in which digest a notification went or goes, and of which rule it is.
fn gathered_words(app: &App, n: &NotificationSummary) -> String {
    let digest = n.digest_at.map(|at| local(app, at)).unwrap_or_default();
    let what = format!("{} to {}", n.message, n.recipient);
    let rule = n.rule.as_ref().map(|rule| format!("  ({rule})")).unwrap_or_default();
    match n.state {
        NotificationState::Waiting => format!("{what} waits for the digest of {digest}{rule}"),
        NotificationState::LeftOut => {
            format!("{what} was left out of the digest of {digest}: no longer so{rule}")
        }
        NotificationState::Undeliverable => format!("{what} reaches nobody{rule}"),
        NotificationState::Deliverable(_) => format!("{what} went in the digest of {digest}{rule}"),
    }
}

fn firing(event: &StoredEvent, at: &dyn Fn(Moment) -> String) -> Value {
    json!({
        "rule": event.rule, "at": at(event.at), "by": event.by, "ruleset": event.ruleset, "kind": event.kind,
        "because": because(event),
    })
}

fn print_fired(app: &App, fired: &[&StoredEvent], output: &Output) {
    output.line("Fired");
    for event in fired {
        let rule = event.rule.as_deref().unwrap_or_default();
        let by = if event.by == Actor::System { String::new() } else { format!("  by {}", event.by) };
        let ruleset = event.ruleset.get(..12).unwrap_or_default();
        output.line(format!("  {}  {rule}{by}  (ruleset {ruleset})", local(app, event.at)));
        because(event).iter().for_each(|reason| output.line(format!("      {reason}")));
    }
    if fired.is_empty() {
        output.line("  nothing yet");
    }
}

/// Rules that wait for time alone are what people ask about; the others are many.
fn print_waiting(app: &App, rules: &[&Explained], all: bool, output: &Output) {
    let waiting: Vec<&&Explained> = rules.iter().filter(|r| is_shown(r, all)).collect();
    if waiting.is_empty() {
        return;
    }
    output.line(if all { "\nNot fired" } else { "\nWaiting for a moment (--all shows the others)" });
    for rule in waiting {
        let element = rule.element.as_deref().map(|e| format!(" [{e}]")).unwrap_or_default();
        output.line(format!("  {}{element}  (rules/{}:{})", rule.rule, rule.file, rule.line));
        match rule.standing {
            RuleStanding::NoElement => output.line("      its list is empty"),
            RuleStanding::Suspended => {
                output.line("      suspended: it went round in circles; see `redress rules resume`")
            }
            RuleStanding::Faulty => output.line("      failed for this complaint; see `redress show`"),
            RuleStanding::Due => output.line("      holds, and is about to fire"),
            RuleStanding::Fired => output.line(format!(
                "      holds since {}",
                rule.since.map(|at| local(app, at)).unwrap_or_default()
            )),
            RuleStanding::Waiting => {}
        }
        if let Some(at) = rule.can_hold_at {
            output.line(format!("      can fire on {}", local(app, at)));
        }
        let blocking = rule.first_false().map(|p| p.text.clone());
        for part in &rule.parts {
            let mark = match part.holds {
                Some(true) => "yes",
                Some(false) => "no ",
                None => "?  ",
            };
            let first =
                if blocking.as_ref() == Some(&part.text) { "  ← the first that keeps it" } else { "" };
            output.line(format!("      {mark} {}{first}", part.text));
            // Terms that do not run say nothing to a reader; --json has them.
            let telling = part.read.iter().filter(|r| !r.contains("never"));
            telling.for_each(|read| output.line(format!("            {read}")));
            if let Some(error) = &part.error {
                output.line(format!("            {}", error.in_language(app.settings.language)));
            }
            if let (Some(false), Some(at)) = (part.holds, part.turns_at) {
                output.line(format!("            can become true on {}", local(app, at)));
            }
        }
    }
}

fn is_shown(rule: &Explained, all: bool) -> bool {
    match rule.standing {
        RuleStanding::Due | RuleStanding::Suspended | RuleStanding::Faulty => true,
        RuleStanding::Waiting => all || rule.can_hold_at.is_some(),
        RuleStanding::Fired | RuleStanding::NoElement => all,
    }
}

fn rule_document(rule: &Explained, at: &dyn Fn(Moment) -> String) -> Value {
    let mut value = json!(rule);
    value["since"] = json!(rule.since.map(at));
    value["can_hold_at"] = json!(rule.can_hold_at.map(at));
    value["first_false"] = json!(rule.first_false().map(|p| &p.text));
    for (i, part) in rule.parts.iter().enumerate() {
        value["parts"][i]["turns_at"] = json!(part.turns_at.map(at));
    }
    value
}

fn deadline_document(app: &App, d: &Deadline) -> Value {
    let at = |m: Moment| app.settings.calendar.rfc3339(m);
    json!({
        "name": d.name, "instance": d.instance, "owner": d.owner, "base": d.base.map(at), "span": d.span,
        "raw_end": at(d.raw_end), "due": at(d.due), "rolled_because": d.rolled_because,
        "skipped": skipped(app, d), "armed_by": d.armed_by.name(), "paused_at": d.paused_at().map(at),
        "pauses": pauses(&app.settings.calendar, d), "words": deadline_words(app, d),
    })
}

/// Days off between base and end that a span of working days passed over.
fn skipped(app: &App, d: &Deadline) -> Vec<String> {
    let calendar = &app.settings.calendar;
    let counts_workdays = d.span.as_deref().is_some_and(|s| s.contains("working"));
    let base = d.base.filter(|_| counts_workdays).and_then(|base| calendar.day_of(base).ok());
    match (base, calendar.day_of(d.raw_end)) {
        (Some(from), Ok(to)) => calendar.days_off(from, to),
        _ => Vec::new(),
    }
}

fn deadline_words(app: &App, d: &Deadline) -> String {
    let calendar = &app.settings.calendar;
    let day = |m: Moment| calendar.day_of(m).map(|d| d.to_string()).unwrap_or_default();
    let mut text = format!("{} ends {}", d.name, day(d.due));
    if let (Some(base), Some(span)) = (d.base, &d.span) {
        text.push_str(&format!(" = {} + {span}", day(base)));
    }
    if let Some(why) = &d.rolled_because {
        text.push_str(&format!("; {} moved on: {why}", day(d.raw_end)));
    }
    let skipped = skipped(app, d);
    if !skipped.is_empty() {
        text.push_str(&format!("; not counted: {}", skipped.join(", ")));
    }
    let waited = pauses_in_words(calendar, d);
    if !waited.is_empty() {
        text.push_str(&format!("; {waited}"));
    }
    let status = match (d.met_at, d.cancelled_at, d.replaced_at, d.breached_at) {
        (Some(at), ..) => format!("met {}", day(at)),
        (_, Some(at), ..) => format!("cancelled {}", day(at)),
        (_, _, Some(at), _) => format!("replaced {}", day(at)),
        (_, _, _, Some(_)) => "overdue".to_owned(),
        _ if d.paused_at().is_some() => "waiting".to_owned(),
        _ => "running".to_owned(),
    };
    format!("{text}; set by {}; {status}", d.armed_by.subject())
}
