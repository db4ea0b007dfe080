//! A plan as data: who gets which letter, which terms move, what becomes of each complaint that the person may see.

use crate::complaint::DeadlineName;
use crate::web::api::call::Call;
use crate::web::api::parts::Parts;
use crate::web::api::problem::Problem;
use crate::web::api::shapes::Named;
use schemars::JsonSchema;
use serde::Serialize;
use serde_json::Value;

/// A letter that would go, and how often.
#[derive(Debug, Serialize, JsonSchema)]
struct PlannedLetter {
    /// `complainant`, `responsible`, a role or an address.
    recipient: String,
    message: String,
    count: u64,
}

/// What would become of a term of complaints, and how often.
#[derive(Debug, Serialize, JsonSchema)]
struct PlannedTerm {
    #[serde(flatten)]
    named: Named,
    /// `armed`, `moved`, `met`, `cancelled`, `breached`, `paused` or `resumed`.
    change: String,
    count: u64,
}

/// What a rule would do.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PlannedRule {
    name: String,
    /// The complaints for which it would fire.
    fires: u64,
    /// Those for which it fired and would not hold any more.
    no_longer: u64,
    /// Those for which it holds and would be taken for fired.
    adopted: u64,
    /// Those for which it would fail.
    faults: u64,
}

/// A schedule that would run at once.
#[derive(Debug, Serialize, JsonSchema)]
struct PlannedSchedule {
    name: String,
    runs: u64,
    faults: u64,
    letters: Vec<PlannedLetter>,
}

/// What would become of a complaint.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
struct PlannedComplaint {
    reference: String,
    /// The states that it would enter, in order.
    states: Vec<Named>,
    letters: Vec<PlannedLetter>,
    terms: Vec<PlannedTerm>,
    fires: Vec<String>,
    no_longer: Vec<String>,
    adopted: Vec<String>,
    /// What would fail, in words.
    faults: Vec<String>,
}

/// What putting a ruleset in force would do.
#[derive(Debug, Serialize, JsonSchema)]
#[serde(rename_all = "camelCase")]
pub(super) struct Plan {
    /// The digest by which it is approved and published.
    digest: String,
    /// Whether rules that hold already are taken for fired.
    adopts: bool,
    /// The live complaints that were looked at.
    complaints: u64,
    /// Those to which something would happen.
    affected: u64,
    /// Those that would be looked at at another moment.
    rescheduled: u64,
    letters: Vec<PlannedLetter>,
    terms: Vec<PlannedTerm>,
    rules: Vec<PlannedRule>,
    schedules: Vec<PlannedSchedule>,
    /// The rules that are added, changed and removed.
    added: Vec<String>,
    changed: Vec<String>,
    removed: Vec<String>,
    /// The first complaints to which something would happen, as far as the person may see them and the key is good for complaints:read.
    shown: Vec<PlannedComplaint>,
    /// How many more of those there are.
    hidden: usize,
}

/// Returns a plan as data. Complaints that are not for the person are counted and not named.
pub(super) async fn told(call: &Call, plan: &Value) -> Result<Plan, Problem> {
    let words = Words(Parts::of(call));
    let (mut shown, mut hidden) = (Vec::new(), 0);
    for one in list(&plan["shown"]) {
        let reference = one["reference"].as_str().unwrap_or_default();
        let is_told =
            call.reads_complaints() && call.page.workflow.seen_by(call.person(), reference).await?.is_some();
        match is_told {
            true => shown.push(words.complaint(reference, one)),
            false => hidden += 1,
        }
    }
    let rules = entries(&plan["rules"]).map(|(name, rule)| PlannedRule {
        name,
        fires: count(&rule["fires"]),
        no_longer: count(&rule["no_longer"]),
        adopted: count(&rule["adopted"]),
        faults: count(&rule["faults"]),
    });
    let schedules = entries(&plan["schedules"]).map(|(name, schedule)| PlannedSchedule {
        name,
        runs: count(&schedule["runs"]),
        faults: count(&schedule["faults"]),
        letters: texts(&schedule["messages"]).map(|message| letter(message, 1)).collect(),
    });
    let names = |key: &str| texts(&plan["changes"][key]).map(str::to_owned).collect();
    Ok(Plan {
        digest: plan["digest"].as_str().unwrap_or_default().to_owned(),
        adopts: plan["adopts"] == Value::Bool(true),
        complaints: count(&plan["complaints"]),
        affected: count(&plan["affected"]),
        rescheduled: count(&plan["rescheduled"]),
        letters: entries(&plan["messages"]).map(|(name, n)| letter(&name, count(&n))).collect(),
        terms: entries(&plan["deadlines"]).map(|(name, n)| words.term(&name, count(&n))).collect(),
        rules: rules.collect(),
        schedules: schedules.collect(),
        added: names("added"),
        changed: names("changed"),
        removed: names("removed"),
        shown,
        hidden,
    })
}

struct Words<'w>(Parts<'w>);

impl Words<'_> {
    fn complaint(&self, reference: &str, one: &Value) -> PlannedComplaint {
        let names = |key: &str| texts(&one[key]).map(str::to_owned).collect();
        PlannedComplaint {
            reference: reference.to_owned(),
            states: texts(&one["states"]).map(|state| self.0.state(&state.into())).collect(),
            letters: texts(&one["messages"]).map(|message| letter(message, 1)).collect(),
            terms: texts(&one["deadlines"]).map(|change| self.term(change, 1)).collect(),
            fires: names("fires"),
            no_longer: names("no_longer"),
            adopted: names("adopted"),
            faults: names("faults"),
        }
    }

    /// Reads a plan's `name verb`.
    fn term(&self, of_plan: &str, count: u64) -> PlannedTerm {
        let (name, change) = of_plan.rsplit_once(' ').unwrap_or((of_plan, ""));
        PlannedTerm { named: self.0.term(&DeadlineName::from(name)), change: change.to_owned(), count }
    }
}

/// Reads a plan's `recipient message`.
fn letter(of_plan: &str, count: u64) -> PlannedLetter {
    let (recipient, message) = of_plan.split_once(' ').unwrap_or(("", of_plan));
    let message = message.strip_suffix(" (digest)").unwrap_or(message);
    PlannedLetter { recipient: recipient.to_owned(), message: message.to_owned(), count }
}

fn list(value: &Value) -> impl Iterator<Item = &Value> {
    value.as_array().into_iter().flatten()
}

fn texts(value: &Value) -> impl Iterator<Item = &str> {
    list(value).filter_map(Value::as_str)
}

fn entries(value: &Value) -> impl Iterator<Item = (String, Value)> {
    value.as_object().cloned().into_iter().flatten()
}

fn count(value: &Value) -> u64 {
    value.as_u64().unwrap_or(0)
}
