//! A plan as people read it: which letters and notices go to whom, which terms move, what becomes of each complaint, and
//! which rules would fail.

use crate::complaint::{DeadlineName, Language, Recipient, State};
use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::Labels;
use minijinja::context;
use minijinja::value::Value;
use serde_json::Value as Json;

/// How the names of a plan are said to one reader.
struct Words {
    language: Language,
    labels: Labels,
}

/// Returns a plan in the words of its reader. Complaints that are not for the reader are counted and not named.
pub(super) async fn worded(page: &Page, signed: &Signed, plan: &Json) -> Result<Value, Trouble> {
    let words = Words { language: signed.language, labels: page.workflow.labels(signed.language) };
    let mut complaints = Vec::new();
    let mut hidden = 0;
    for one in list(&plan["shown"]) {
        let reference = one["reference"].as_str().unwrap_or_default();
        match page.workflow.seen_by(&signed.person.email, reference).await? {
            Some(_) => complaints.push(words.complaint(reference, one)),
            None => hidden += 1,
        }
    }
    let counted = |key: &str, word: &dyn Fn(&str) -> String| -> Vec<Value> {
        let all = plan[key].as_object().into_iter().flatten();
        all.map(|(name, n)| context! { what => word(name), n => n.as_u64() }).collect()
    };
    let rules = plan["rules"].as_object().into_iter().flatten().map(|(name, rule)| {
        context! {
            name, fires => rule["fires"].as_u64(), no_longer => rule["no_longer"].as_u64(),
            faults => rule["faults"].as_u64(), adopted => rule["adopted"].as_u64(),
        }
    });
    let rules: Vec<Value> = rules.collect();
    let changes = &plan["changes"];
    let renamed = changes["renamed"].as_object().into_iter().flatten();
    let renamed: Vec<Value> = renamed.map(|(old, new)| context! { old, new => new.as_str() }).collect();
    let schedules = plan["schedules"].as_object().into_iter().flatten().map(|(name, schedule)| {
        let messages: Vec<String> = texts(&schedule["messages"]).map(|m| words.message(m)).collect();
        context! { name, runs => schedule["runs"].as_u64(), faults => schedule["faults"].as_u64(), messages }
    });
    let schedules: Vec<Value> = schedules.collect();
    Ok(context! {
        messages => counted("messages", &|name| words.message(name)), deadlines => counted("deadlines", &|name| words.change(name)),
        rules, complaints, hidden, affected => plan["affected"].as_u64(), schedules, renamed,
        added => texts(&changes["added"]).collect::<Vec<_>>(), changed => texts(&changes["changed"]).collect::<Vec<_>>(),
        removed => texts(&changes["removed"]).collect::<Vec<_>>(),
    })
}

fn list(value: &Json) -> impl Iterator<Item = &Json> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Json) -> impl Iterator<Item = &str> {
    list(value).filter_map(Json::as_str)
}

impl Words {
    fn complaint(&self, reference: &str, one: &Json) -> Value {
        let states: Vec<String> =
            texts(&one["states"]).map(|state| self.labels.state(&State::from(state))).collect();
        let deadlines: Vec<String> = texts(&one["deadlines"]).map(|change| self.change(change)).collect();
        let messages: Vec<String> = texts(&one["messages"]).map(|message| self.message(message)).collect();
        let names = |key: &str| texts(&one[key]).map(str::to_owned).collect::<Vec<_>>();
        context! {
            reference, states, deadlines, messages, fires => names("fires"), no_longer => names("no_longer"),
            adopted => names("adopted"), faults => names("faults"),
        }
    }

    /// Returns a message and whom it is for, of a plan's `recipient message`.
    fn message(&self, of_plan: &str) -> String {
        let (recipient, message) = of_plan.split_once(' ').unwrap_or(("", of_plan));
        let who = match Recipient::from(recipient) {
            Recipient::Complainant => say(self.language, "plan_to_complainant", &[]),
            Recipient::Responsible => say(self.language, "plan_to_responsible", &[]),
            other => self.labels.recipient(&other).unwrap_or_else(|| recipient.to_owned()),
        };
        let message = message.strip_suffix(" (digest)").unwrap_or(message);
        say(self.language, "plan_message", &[("who", &who), ("message", message)])
    }

    /// Returns what becomes of a term, of a plan's `name verb`.
    fn change(&self, of_plan: &str) -> String {
        let (name, verb) = of_plan.rsplit_once(' ').unwrap_or((of_plan, ""));
        let verb = match verb {
            "armed" => "change_armed",
            "moved" => "change_moved",
            "met" => "change_met",
            "cancelled" => "change_cancelled",
            "breached" => "change_breached",
            "paused" => "change_paused",
            _ => "change_resumed",
        };
        let name = self.labels.term(&DeadlineName::from(name));
        format!("{name}: {}", say(self.language, verb, &[]))
    }
}
