//! `redress person`: everything that is kept of a person by an address, for whoever asks what that is (GDPR, art. 15). It is
//! written complaint by complaint as it is read.

use super::why::local;
use super::{Failure, Output};
use crate::app::App;
use crate::complaint::{Complaint, ComplaintId};
use crate::escape;
use clap::Args;
use serde_json::{Value, json};

/// The complaints that are found at once.
const PART: usize = 50;
/// The most looks at one complaint.
const VIEWS: usize = 10_000;

#[derive(Debug, Args)]
pub(super) struct Person {
    /// The address of the person
    address: String,
}

impl Person {
    pub async fn run(self, app: &App, output: &Output) -> Result<(), Failure> {
        let address = self.address.trim().to_lowercase();
        let mut list = output.json.then(|| output.list());
        if let Some(person) = app.workflow.settings().people.find(&address) {
            let roles: Vec<String> = person.roles.iter().map(ToString::to_string).collect();
            match &mut list {
                Some(list) => list.push(&json!({"kind": "person", "name": person.name, "roles": roles})),
                None => {
                    output.line(format!("{} is one of our own people: {}", person.name, roles.join(", ")))
                }
            }
        }
        let (mut after, mut found) = (ComplaintId(0), 0);
        loop {
            let part = app.workflow.reading().of_sender_after(&address, after, PART).await?;
            let Some(last) = part.last() else { break };
            after = *last;
            for id in part {
                let Some(kept) = kept(app, id).await? else { continue };
                found += 1;
                match &mut list {
                    Some(list) => list.push(&kept),
                    None => tell(output, &kept),
                }
            }
        }
        match list {
            Some(list) => list.end(),
            None if found == 0 => output.line(format!("no complaint of {address} is kept")),
            None => output.line(format!(
                "{found} complaints; the mails as they came, with their attachments: `redress mail NUMBER --all`"
            )),
        }
        Ok(())
    }
}

/// Reads what is kept of one complaint.
async fn kept(app: &App, id: ComplaintId) -> Result<Option<Value>, Failure> {
    let reading = app.workflow.reading();
    let Some(case) = reading.case(id).await? else { return Ok(None) };
    let register = reading.register();
    let c: &Complaint = &case.complaint;
    let mails = register.mails(id).await?.into_iter().map(|mail| {
        let names: Vec<&str> = mail.attachments.iter().map(|a| a.name.as_str()).collect();
        json!({
            "at": local(app, mail.received_at), "from": mail.sender, "subject": mail.subject, "text": mail.body,
            "attachments": names,
        })
    });
    let mails: Vec<Value> = mails.collect();
    let letters = register.notifications(id).await?.into_iter().map(|letter| {
        json!({
            "at": local(app, letter.at), "to": letter.recipient, "addresses": letter.addresses,
            "subject": letter.subject, "text": letter.body,
        })
    });
    let letters: Vec<Value> = letters.collect();
    let events = reading.trail().events(id).await?.into_iter().map(|event| {
        let words = reading.event_words(&event);
        let personal = event.personal.as_deref().and_then(|text| serde_json::from_str::<Value>(text).ok());
        json!({
            "at": local(app, event.at), "by": event.by, "what": words.in_language(app.settings.language),
            "personal": personal,
        })
    });
    let events: Vec<Value> = events.collect();
    let views = reading.views(id, VIEWS).await?.into_iter();
    let views: Vec<Value> = views.map(|v| json!({"at": local(app, v.at), "by": v.email})).collect();
    Ok(Some(json!({
        "kind": "complaint", "number": c.reference(), "facts": c, "mails": mails, "letters": letters, "events": events,
        "views": views,
    })))
}

/// Writes what is kept of one complaint for people.
fn tell(output: &Output, kept: &Value) {
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    output.line(format!("== {} {}", text(&kept["number"]), escape::line(&text(&kept["facts"]["subject"]))));
    for (heading, name) in [("mails", "mails"), ("letters and messages", "letters")] {
        for one in kept[name].as_array().into_iter().flatten() {
            let who = [text(&one["from"]), text(&one["to"])].concat();
            let subject = text(&one["subject"]);
            let heading = format!("-- {heading}: {} {who}: {subject}", text(&one["at"]));
            output.line(escape::line(&heading));
            // No line of what somebody wrote begins as one of ours.
            for line in text(&one["text"]).lines() {
                output.line(format!("   {line}"));
            }
        }
    }
    for event in kept["events"].as_array().into_iter().flatten() {
        let personal = match &event["personal"] {
            Value::Null => String::new(),
            personal => format!(" {personal}"),
        };
        output.line(format!(
            "-- {} {}: {}{personal}",
            text(&event["at"]),
            text(&event["by"]),
            text(&event["what"])
        ));
    }
    for view in kept["views"].as_array().into_iter().flatten() {
        output.line(format!("-- {} {} looked", text(&view["at"]), text(&view["by"])));
    }
}
