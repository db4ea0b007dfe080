//! `redress person`: every complaint that names a person by an address or has a mail of theirs, and every mail of theirs that
//! belongs to no complaint, for whoever asks what is kept of them (GDPR, art. 15). It is written one by one as it is read.

use super::why::local;
use super::{Failure, Output};
use crate::app::App;
use crate::complaint::{Complaint, ComplaintId};
use crate::escape;
use crate::store::MailSummary;
use clap::Args;
use serde_json::{Value, json};

/// The complaints that are looked at at once.
const PART: usize = 500;
/// The mails of no complaint that are read at once.
const MAILS: usize = 50;
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
        let wrote_in = app.workflow.reading().with_mail_of(&address).await?;
        let (mut after, mut found) = (ComplaintId(0), 0_u64);
        loop {
            let part = app.workflow.reading().facts_after(after, PART).await?;
            let Some((last, _)) = part.last() else { break };
            after = *last;
            let theirs = part.iter().filter(|(id, c)| wrote_in.contains(id) || names(c, &address));
            for (id, _) in theirs {
                let Some(kept) = kept(app, *id).await? else { continue };
                found += 1;
                match &mut list {
                    Some(list) => list.push(&kept),
                    None => tell(output, &kept),
                }
            }
        }
        let (mut after, mut alone) = (0, 0);
        loop {
            let part = app.workflow.reading().register().mails_of_none(&address, after, MAILS).await?;
            let Some(last) = part.last() else { break };
            after = last.id;
            alone += part.len();
            for mail in part {
                let mut kept = in_json(app, &mail);
                (kept["kind"], kept["id"]) = ("mail".into(), mail.id.into());
                match &mut list {
                    Some(list) => list.push(&kept),
                    None => tell_alone(output, &kept),
                }
            }
        }
        match list {
            Some(list) => list.end(),
            None => summed(output, &address, found, alone),
        }
        Ok(())
    }
}

/// Says how much was found.
fn summed(output: &Output, address: &str, complaints: u64, mails: usize) {
    match (complaints, mails) {
        (0, 0) => output.line(format!("no complaint of {address} is kept, and no mail")),
        (0, _) => {}
        _ => output.line(format!(
            "{complaints} complaints; the mails as they came, with their attachments: `redress mail NUMBER --all`"
        )),
    }
    if mails > 0 {
        output.line(format!(
            "{mails} mails that belong to no complaint; as they came: `redress mail --filed --raw ID`"
        ));
    }
}

/// Returns whether a complaint names somebody by an address in lower case: as the complainant, or the likely one, as who wrote for
/// them, or as who is complained of.
fn names(c: &Complaint, address: &str) -> bool {
    let mut all = c.addresses().chain(c.about.as_deref());
    all.any(|named| named.trim().to_lowercase() == address)
}

fn in_json(app: &App, mail: &MailSummary) -> Value {
    let names: Vec<&str> = mail.attachments.iter().map(|a| a.name.as_str()).collect();
    json!({
        "at": local(app, mail.received_at), "from": mail.sender, "subject": mail.subject, "text": mail.body,
        "attachments": names,
    })
}

/// Reads what is kept of one complaint.
async fn kept(app: &App, id: ComplaintId) -> Result<Option<Value>, Failure> {
    let reading = app.workflow.reading();
    let Some(case) = reading.case(id).await? else { return Ok(None) };
    let register = reading.register();
    let c: &Complaint = &case.complaint;
    let mails: Vec<Value> = register.mails(id).await?.iter().map(|mail| in_json(app, mail)).collect();
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

/// Writes a mail that belongs to no complaint for people.
fn tell_alone(output: &Output, mail: &Value) {
    let heading = format!(
        "== mail {} of no complaint: {} {}: {}",
        mail["id"],
        text(&mail["at"]),
        text(&mail["from"]),
        text(&mail["subject"])
    );
    output.line(escape::line(&heading));
    quote(output, mail);
}

/// Writes what somebody wrote; no line of it begins as one of ours.
fn quote(output: &Output, written: &Value) {
    for line in escape::text(&text(&written["text"])).lines() {
        output.line(format!("   {line}"));
    }
}

fn text(value: &Value) -> String {
    value.as_str().unwrap_or_default().to_owned()
}

/// Writes what is kept of one complaint for people.
fn tell(output: &Output, kept: &Value) {
    output.line(format!("== {} {}", text(&kept["number"]), escape::line(&text(&kept["facts"]["subject"]))));
    for (heading, name) in [("mails", "mails"), ("letters and messages", "letters")] {
        for one in kept[name].as_array().into_iter().flatten() {
            let who = [text(&one["from"]), text(&one["to"])].concat();
            let subject = text(&one["subject"]);
            let heading = format!("-- {heading}: {} {who}: {subject}", text(&one["at"]));
            output.line(escape::line(&heading));
            quote(output, one);
        }
    }
    for event in kept["events"].as_array().into_iter().flatten() {
        let personal = match &event["personal"] {
            Value::Null => String::new(),
            personal => format!(" {personal}"),
        };
        let heading =
            format!("-- {} {}: {}{personal}", text(&event["at"]), text(&event["by"]), text(&event["what"]));
        output.line(escape::line(&heading));
    }
    for view in kept["views"].as_array().into_iter().flatten() {
        output.line(format!("-- {} {} looked", text(&view["at"]), text(&view["by"])));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::calendar::Moment;
    use crate::complaint::{IntakeId, Party, State};

    #[test]
    fn whoever_is_named_in_any_part_is_found() {
        let party = |email: &str| Party { name: String::new(), email: email.to_owned() };
        let (id, at) = (IntakeId::new(2026, 1), Moment::from_millis(0));
        let mut c = Complaint::received(id, State::from("new"), String::new(), party("Jan@example.nl"), at);
        c.proposed_complainant = Some(party("kim@example.nl"));
        c.submitter = Some(" Piet@example.nl".to_owned());
        c.about = Some("medewerker@lagant.nl".to_owned());
        for address in ["jan@example.nl", "kim@example.nl", "piet@example.nl", "medewerker@lagant.nl"] {
            assert!(names(&c, address), "{address}");
        }
        for address in ["an@example.nl", "jan@example", "", "other@example.nl"] {
            assert!(!names(&c, address), "{address}");
        }
    }
}
