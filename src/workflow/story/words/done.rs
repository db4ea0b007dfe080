//! The words of what people do in a story, and of time going on.

use crate::complaint::{Coming, ContactChannel, Text};
use crate::rules::scenario::{ContactSketch, MailSketch};

pub fn beginning() -> Text {
    Text::new("het verhaal begint", "the story begins")
}

pub fn clock() -> Text {
    Text::new("de tijd is tot hier verder gegaan", "time has gone on to here")
}

pub fn outage(until: &str) -> Text {
    Text::new(format!("Redress staat stil tot {until}"), format!("Redress stands still until {until}"))
}

pub fn mail(mail: &MailSketch) -> Text {
    let (who, subject) = (who(&mail.name, &mail.from), &mail.subject);
    match mail.passed_on_from.as_str() {
        "" => Text::new(
            format!("er komt een mail van {who}: “{subject}”"),
            format!("a mail comes from {who}: “{subject}”"),
        ),
        from => Text::new(
            format!("{who} stuurt een mail door van {from}: “{subject}”"),
            format!("{who} passes on a mail of {from}: “{subject}”"),
        ),
    }
}

pub fn contact(contact: &ContactSketch, by: &str) -> Text {
    let (who, subject, channel) = (who(&contact.name, &contact.from), &contact.subject, &contact.channel);
    let channel = match channel.parse() {
        Ok(ContactChannel::Phone) => Text::new("een telefoongesprek", "a call"),
        Ok(ContactChannel::Paper) => Text::new("een brief", "a letter"),
        Ok(ContactChannel::Chat) => Text::new("een chatgesprek", "a chat"),
        Err(_) => Text::same(channel),
    };
    let nl = format!("{by} legt {} vast van {who}: “{subject}”", channel.nl);
    Text::new(nl, format!("{by} records {} of {who}: “{subject}”", channel.en))
}

fn who(name: &str, address: &str) -> String {
    match (name, address) {
        ("", "") => "?".to_owned(),
        ("", address) => address.to_owned(),
        (name, "") => name.to_owned(),
        (name, address) => format!("{name} ({address})"),
    }
}

pub fn reply(from: &str) -> Text {
    match from {
        "" => Text::new("de klager schrijft", "the complainant writes"),
        from => Text::new(format!("{from} schrijft"), format!("{from} writes")),
    }
}

pub fn invitation(answer: &str) -> Text {
    let (nl, en) = match answer.parse() {
        Ok(Coming::Accepted) => ("komt", "comes"),
        Ok(Coming::Declined) => ("komt niet", "does not come"),
        Ok(Coming::Tentative) => ("komt misschien", "may come"),
        Err(_) => (answer, answer),
    };
    Text::new(
        format!("de klager antwoordt op de uitnodiging: {nl}"),
        format!("the complainant answers the invitation: {en}"),
    )
}

pub fn conclude(from: &str, to: &str) -> Text {
    Text::new(
        format!("het verslag van {from} tot en met {to} is vastgesteld"),
        format!("the report of {from} up to and including {to} is concluded"),
    )
}

pub fn recommend(follow_up_on: &str) -> Text {
    Text::new(
        format!("er is een aanbeveling, te bekijken op {follow_up_on}"),
        format!("there is a recommendation, to be looked at on {follow_up_on}"),
    )
}

pub fn recall(by: &str, message: &Text) -> Text {
    Text::new(format!("{by} haalt “{}” terug", message.nl), format!("{by} calls “{}” back", message.en))
}

pub fn bounce(message: &Text) -> Text {
    Text::new(format!("“{}” komt niet aan", message.nl), format!("“{}” does not arrive", message.en))
}

pub fn refused(action: &Text, why: &Text) -> Text {
    Text::new(format!("{}: geweigerd, {}", action.nl, why.nl), format!("{}: refused, {}", action.en, why.en))
}
