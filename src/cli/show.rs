//! `redress show`: everything about one complaint.

use super::pauses::{pauses, pauses_in_words};
use super::{Failure, Output};
use crate::app::App;
use crate::calendar::Moment;
use crate::complaint::{Deadline, Language};
use crate::escape;
use clap::Args;
use serde_json::{Value, json};

/// Similar complaints that are shown; `redress similar` lists more.
const SIMILAR_SHOWN: usize = 3;

#[derive(Debug, Args)]
pub(super) struct Show {
    /// K-number or intake id
    number: String,
    /// As this person may see it
    #[arg(long = "as", value_name = "EMAIL")]
    viewer: Option<String>,
}

impl Show {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let document = document(app, &self.number, self.viewer.as_deref()).await?;
        if output.json {
            output.document(&document)
        } else {
            print(output, app.settings.language, &document)
        }
        Ok(())
    }
}

async fn document(app: &App, reference: &str, viewer: Option<&str>) -> Result<Value, Failure> {
    let reading = app.workflow.reading();
    let id = app.workflow.id_of(reference).await.map_err(|e| Failure::new(e.to_string()))?;
    let Some(case) = reading.case(id).await? else {
        return Err(Failure::new(format!("there is no complaint {reference}")));
    };
    if let Some(viewer) = viewer
        && !app.workflow.sees(&case.complaint, viewer, app.workflow.now().await?)
    {
        return Err(Failure::new(format!("{viewer} may not look at {reference}")));
    }
    let at = |m: Moment| app.settings.calendar.rfc3339(m);
    let maybe = |m: Option<Moment>| m.map(at);
    let published = app.workflow.published();
    let label = |d: &Deadline| published.ruleset.procedure().deadlines.get(&d.name).map(|l| l.nl.clone());
    let deadlines: Vec<Value> = reading.deadlines(id)
        .await?
        .iter()
        .map(|d| {
            json!({
                "name": d.name, "label": label(d), "owner": d.owner, "base": maybe(d.base), "raw_end": at(d.raw_end),
                "due": at(d.due), "rolled_because": d.rolled_because, "armed_at": at(d.armed_at),
                "met_at": maybe(d.met_at), "breached_at": maybe(d.breached_at), "paused_at": maybe(d.paused_at()),
                "pauses": pauses(&app.settings.calendar, d), "waited": pauses_in_words(&app.settings.calendar, d),
            })
        })
        .collect();
    let events: Vec<Value> = reading
        .trail()
        .events(id)
        .await?
        .iter()
        .map(|e| {
            json!({
                "seq": e.seq, "at": at(e.at), "kind": e.kind, "by": e.by, "via": e.via, "rule": e.rule,
                "ruleset": e.ruleset, "summary": e.summary, "words": reading.event_words(e),
            })
        })
        .collect();
    let stamped = |mut value: Value, m: Moment, key: &str| {
        value[key] = json!(at(m));
        value
    };
    let messages = reading.register().mails(id).await?;
    let messages: Vec<Value> =
        messages.iter().map(|m| stamped(json!(m), m.received_at, "received_at")).collect();
    let notifications = reading.register().notifications(id).await?;
    let notifications = notifications.iter().map(|n| {
        let mut value = stamped(json!(n), n.at, "at");
        value["digest_at"] = json!(maybe(n.digest_at));
        value
    });
    let notifications: Vec<Value> = notifications.collect();
    let mut complaint = json!(case.complaint);
    complaint["received_at"] = json!(at(case.complaint.received_at));
    complaint["registered_at"] = json!(maybe(case.complaint.registered_at));
    let history = case.complaint.responsibilities.iter();
    let history: Vec<Value> =
        history.map(|r| json!({"person": r.person, "from_at": at(r.from), "by": r.by})).collect();
    for internal in ["last", "letters", "links", "measures", "responsibilities"] {
        complaint.as_object_mut().map(|o| o.remove(internal));
    }
    Ok(json!({
        "complaint": complaint,
        "deadlines": deadlines,
        "events": events,
        "messages": messages,
        "notifications": notifications,
        "measures": case.complaint.measures,
        "responsibilities": history,
        "actions": app.workflow.offered(id).await?,
        "similar": app.workflow.similar(id, SIMILAR_SHOWN).await?,
        "faults": case.faults,
    }))
}

fn print(output: &Output, language: Language, document: &Value) {
    let text = |v: &Value| {
        // What is said in both languages is read in one.
        let v = v.get(language.as_str()).filter(|said| said.is_string()).unwrap_or(v);
        v.as_str().map_or_else(|| if v.is_null() { String::new() } else { v.to_string() }, str::to_owned)
    };
    let day = |v: &Value| text(v).chars().take(16).collect::<String>().replace('T', " ");
    let c = &document["complaint"];
    let reference = if c["number"].is_null() { &c["intake_id"] } else { &c["number"] };
    output.line(escape::line(&format!(
        "{}  {}  {}",
        text(reference),
        text(&c["state"]),
        text(&c["subject"])
    )));
    for field in [
        "complainant",
        "received_at",
        "arose_on",
        "registered_at",
        "promised_by",
        "responsible",
        "verdict",
        "reasons",
        "solution",
        "agreement",
        "escalation",
        "ground",
        "refers_to",
        "cause_kind",
        "cause",
        "submitter",
        "about",
        "incident",
        "triage_reason",
        "flags",
    ] {
        let value = if field == "complainant" {
            format!("{} <{}>", text(&c[field]["name"]), text(&c[field]["email"]))
        } else {
            text(&c[field])
        };
        if !value.is_empty() && value != "[]" {
            // What is said in further lines stays in its column, and passes for no other field.
            let value = escape::text(&value).replace('\n', &format!("\n{:17}", ""));
            output.line(format!("  {field:<14} {value}"));
        }
    }
    let rows = |list: &Value, columns: &[&str]| -> Vec<Vec<String>> {
        let items = list.as_array().cloned().unwrap_or_default();
        let cell = |item: &Value, column: &&str| {
            let is_time = column.ends_with("at") || *column == "due";
            if is_time { day(&item[*column]) } else { text(&item[*column]) }
        };
        items.iter().map(|item| columns.iter().map(|column| cell(item, column)).collect()).collect()
    };
    for (title, key, columns) in [
        (
            "Deadlines",
            "deadlines",
            &["due", "name", "owner", "met_at", "breached_at", "rolled_because", "waited"][..],
        ),
        ("Events", "events", &["at", "by", "via", "words"][..]),
        ("Mails", "messages", &["received_at", "kind", "sender", "subject"][..]),
        (
            "Notifications",
            "notifications",
            &["at", "recipient", "message", "state", "digest_at", "subject"][..],
        ),
        ("Measures", "measures", &["id", "state", "owner", "due", "check_on", "description"][..]),
        ("Responsible", "responsibilities", &["from_at", "person", "by"][..]),
        (
            "Similar complaints",
            "similar",
            &["reference", "score", "shares", "state", "decided_on", "subject"][..],
        ),
        ("Faults", "faults", &["place", "rule", "text"][..]),
        ("Possible actions", "actions", &["id", "label", "by"][..]),
    ] {
        let rows = rows(&document[key], columns);
        if !rows.is_empty() {
            output.line(format!("\n{title}"));
            output.table(columns, &rows);
        }
    }
}
