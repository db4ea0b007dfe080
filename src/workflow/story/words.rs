//! The words of a story: what people did, what a decision did, what was expected.

use crate::complaint::{Actor, Event, EventKind, Language, Number, Recipient, Role, State, Text};
use crate::message::day_in_words;
use crate::rules::scenario::{Expected, PeopleChange};
use crate::store::{Commit, RenderedNotification};
use crate::workflow::event_words::foreseen_words;
use crate::workflow::fact_words::{NO, NOTHING, YES, fact, known};
use crate::workflow::labels::Labels;
use crate::workflow::published::Published;
use crate::workflow::world::{SentDigest, World};
use serde_json::Value;
use std::sync::Arc;

pub(super) mod done;

/// What the names of a ruleset are called in a story.
#[derive(Clone)]
pub(super) struct Words {
    published: Arc<Published>,
    nl: Labels,
    en: Labels,
}

impl Words {
    pub fn new(published: Arc<Published>) -> Self {
        let labels = |language| Labels::of(Arc::clone(&published), language);
        let (nl, en) = (labels(Language::Dutch), labels(Language::English));
        Self { published, nl, en }
    }

    fn both(&self, words: impl Fn(&Labels) -> String) -> Text {
        Text::new(words(&self.nl), words(&self.en))
    }

    /// Returns what a decision did: its events, and the messages that it sends.
    pub fn decided(&self, commit: &Commit) -> Vec<Text> {
        let number = commit.case.complaint.number.as_ref().map_or("…", Number::as_str);
        let events = commit.events.iter().filter(|event| is_told(event)).map(|event| {
            // The trail gives an event its number when it is written.
            let says = self.event(event);
            let filled = |text: &str| text.replace(Number::PENDING, number);
            Text::new(filled(&says.nl), filled(&says.en))
        });
        let messages = commit.notifications.iter().map(|row| self.sent(row));
        events.chain(messages).collect()
    }

    fn event(&self, event: &Event) -> Text {
        let says = foreseen_words(event, &self.published);
        match event.kind {
            EventKind::Entered => Text::new(format!("status: {}", says.nl), format!("state: {}", says.en)),
            EventKind::ActionTaken => {
                Text::new(format!("de regels doen “{}”", says.nl), format!("the rules do “{}”", says.en))
            }
            _ => says,
        }
    }

    /// Says that a message goes, to whom and with which subject.
    fn sent(&self, row: &RenderedNotification) -> Text {
        let subject = &row.subject;
        let to = self.recipient(&row.recipient);
        let (nl, en) = match row.recipient {
            Recipient::Complainant => ("brief", "letter"),
            _ => ("bericht", "message"),
        };
        let (mut in_nl, mut in_en) =
            (format!("{nl} aan {}: “{subject}”", to.nl), format!("{en} to {}: “{subject}”", to.en));
        if row.addresses.is_empty() {
            in_nl.push_str(" (niemand om het aan te sturen)");
            in_en.push_str(" (nobody to send it to)");
        } else if row.gathered.is_some() {
            in_nl.push_str(" (komt in het overzicht)");
            in_en.push_str(" (goes in the digest)");
        }
        Text::new(in_nl, in_en)
    }

    /// Says what a schedule sends.
    pub fn scheduled(&self, row: &RenderedNotification) -> Text {
        let (name, sent) = (row.source.name().unwrap_or_default(), self.sent(row));
        Text::new(format!("planning “{name}”: {}", sent.nl), format!("schedule “{name}”: {}", sent.en))
    }

    /// Says that a digest goes.
    pub fn digest(&self, digest: &SentDigest) -> Text {
        let (subject, n) = (digest.words.lines().next().unwrap_or_default(), digest.lines.len());
        let (to, nl, en) = (
            &digest.address,
            if n == 1 { "1 bericht" } else { "berichten" },
            if n == 1 { "1 message" } else { "messages" },
        );
        let many = |words: &str| if n == 1 { words.to_owned() } else { format!("{n} {words}") };
        Text::new(
            format!("overzicht aan {to}: “{subject}” ({})", many(nl)),
            format!("digest to {to}: “{subject}” ({})", many(en)),
        )
    }

    fn recipient(&self, recipient: &Recipient) -> Text {
        match recipient {
            Recipient::Complainant => Text::new("de klager", "the complainant"),
            Recipient::Responsible => Text::new("wie verantwoordelijk is", "who is responsible"),
            Recipient::Role(_) | Recipient::Person(_) => {
                self.both(|labels| labels.recipient(recipient).unwrap_or_else(|| recipient.to_string()))
            }
        }
    }

    /// Returns what a message is called.
    pub fn message(&self, name: &str) -> Text {
        let title = |language: Language| {
            let title = self.published.templates.title(language.as_str(), name);
            title.unwrap_or(name).to_owned()
        };
        Text::new(title(Language::Dutch), title(Language::English))
    }

    /// Returns what somebody is called in this world, with the address.
    pub fn person(&self, world: &World, email: &str) -> String {
        match world.renderer.settings.people.find(email) {
            Some(person) if person.name != email => format!("{} ({email})", person.name),
            _ => email.to_owned(),
        }
    }

    /// Says that somebody does an action.
    pub fn action(&self, who: &str, id: &str) -> Text {
        let label = self.action_label(id);
        Text::new(format!("{who} doet “{label}”"), format!("{who} does “{label}”"))
    }

    fn action_label(&self, id: &str) -> String {
        let all = self.nl.actions();
        all.into_iter().find(|(known, _)| known == id).map_or_else(|| id.to_owned(), |(_, label)| label)
    }

    /// Says what changes among the people.
    pub fn people(&self, change: &PeopleChange) -> Text {
        match change {
            PeopleChange::Person { email, roles } => {
                let named = |labels: &Labels| {
                    let roles = roles.iter().map(|role| labels.role(&Role::from(role.as_str())));
                    roles.collect::<Vec<_>>().join(", ")
                };
                let roles = self.both(named);
                Text::new(format!("{email} is nu: {}", roles.nl), format!("{email} is now: {}", roles.en))
            }
            PeopleChange::Absent { email, from, to } => Text::new(
                format!("{email} is er niet van {from} tot en met {to}"),
                format!("{email} is away from {from} up to and including {to}"),
            ),
            PeopleChange::Deputy { email, deputy } => Text::new(
                format!("{deputy} vervangt {email} bij afwezigheid"),
                format!("{deputy} stands in for {email} during absences"),
            ),
        }
    }

    /// Says what is expected, and of which complaint.
    pub fn expected(&self, expected: &Expected<'_>) -> (Option<usize>, Text) {
        match *expected {
            Expected::Fact { case, name: "state", value } => {
                let state = State::from(value.as_str().unwrap_or_default());
                let state = self.both(|labels| labels.state(&state));
                (
                    Some(case),
                    Text::new(format!("de status is {}", state.nl), format!("the state is {}", state.en)),
                )
            }
            Expected::Fact { case, name, value } => {
                let value = self.both(|labels| fact_value(value, labels));
                let said = |language, value| format!("{}: {value}", fact(name, language));
                (Some(case), Text::new(said(Language::Dutch, value.nl), said(Language::English, value.en)))
            }
            Expected::Runs { case, name, due } => {
                let (term, day) = (self.term(name), day(due));
                let nl = format!("termijn {} loopt tot en met {}", term.nl, day.nl);
                (Some(case), Text::new(nl, format!("term {} runs until the end of {}", term.en, day.en)))
            }
            Expected::Term { case, name, status } => {
                let term = self.term(name);
                let (nl, en) = standing(status);
                (Some(case), Text::new(format!("termijn {} {nl}", term.nl), format!("term {} {en}", term.en)))
            }
            Expected::Notified { case, notices } => {
                (Some(case), self.only(notices, ("verstuurd sinds de vorige vraag", "sent since last asked")))
            }
            Expected::Sent { notices } => {
                (None, self.only(notices, ("verstuurd, bij geen klacht", "sent, about no complaint")))
            }
            Expected::Digest { to, messages, words } => {
                let title = |name: &String| self.message(name);
                let nl = listed(messages.iter().map(|name| title(name).nl), words, "niets");
                let en = listed(messages.iter().map(|name| title(name).en), words, "nothing");
                (
                    None,
                    Text::new(
                        format!("in het overzicht aan {to}: {nl}"),
                        format!("in the digest to {to}: {en}"),
                    ),
                )
            }
            Expected::Letter { case, message, words } => {
                let (message, words) = (self.message(message), quoted(words));
                let nl = format!("in “{}” staat: {words}", message.nl);
                (Some(case), Text::new(nl, format!("“{}” says: {words}", message.en)))
            }
            Expected::Reached { case, notice, addresses } => {
                let (notice, to) = (self.notice(notice), addresses.join(", "));
                let nl = format!("{} bereikt: {to}", notice.nl);
                (Some(case), Text::new(nl, format!("{} reaches: {to}", notice.en)))
            }
            Expected::Offer { case, action, is_expected } => {
                let label = self.action_label(action);
                let (nl, en) =
                    if is_expected { ("kan", "is possible") } else { ("kan niet", "is not possible") };
                (Some(case), Text::new(format!("“{label}” {nl}"), format!("“{label}” {en}")))
            }
        }
    }

    fn term(&self, name: &str) -> Text {
        self.both(|labels| labels.term(&name.into()))
    }

    /// Says what was sent, and nothing else.
    fn only(&self, notices: &[String], (nl, en): (&str, &str)) -> Text {
        let notice = |notice: &String| self.notice(notice);
        let in_nl = listed(notices.iter().map(|n| notice(n).nl), &[], "niets");
        let in_en = listed(notices.iter().map(|n| notice(n).en), &[], "nothing");
        Text::new(format!("{nl}: {in_nl}"), format!("{en}: {in_en}"))
    }

    /// Says `recipient message` as people read it.
    fn notice(&self, notice: &str) -> Text {
        let (to, message) = notice.split_once(' ').unwrap_or((notice, ""));
        let (to, message) = (self.recipient(&Recipient::from(to)), self.message(message));
        Text::new(format!("“{}” aan {}", message.nl, to.nl), format!("“{}” to {}", message.en, to.en))
    }
}

/// Returns whether an event is told: what people did stands beside it, and messages are told with their subjects.
fn is_told(event: &Event) -> bool {
    match event.kind {
        EventKind::Received
        | EventKind::MailAdded
        | EventKind::ComplainantReplied
        | EventKind::Notified
        | EventKind::LetterAccepted => false,
        EventKind::ActionTaken => event.origin.by == Actor::System,
        // Of facts the marks alone have words of their own.
        EventKind::FactChanged => event.data.get("flag").is_some_and(|flag| !flag.is_null()),
        _ => true,
    }
}

/// Says what a fact is, as people read it.
fn fact_value(value: &Value, labels: &Labels) -> String {
    match value {
        Value::Null => NOTHING.in_language(labels.language()).to_owned(),
        Value::Bool(true) => YES.in_language(labels.language()).to_owned(),
        Value::Bool(false) => NO.in_language(labels.language()).to_owned(),
        Value::String(text) => format!("“{}”", known(&labels.option(text), labels.language())),
        Value::Array(all) => all.iter().map(|one| fact_value(one, labels)).collect::<Vec<_>>().join(", "),
        Value::Object(all) => {
            let each = all.iter().map(|(name, value)| format!("{name} {}", fact_value(value, labels)));
            each.collect::<Vec<_>>().join(", ")
        }
        Value::Number(number) => number.to_string(),
    }
}

fn standing(status: &str) -> (&str, &str) {
    match status {
        "met" => ("is gehaald", "is met"),
        "cancelled" => ("is vervallen", "is cancelled"),
        "overdue" => ("is verstreken", "has passed"),
        "paused" => ("wacht", "waits"),
        other => (other, other),
    }
}

fn day(due: &str) -> Text {
    match due.parse() {
        Ok(day) => Text::new(
            day_in_words(day, Language::Dutch.as_str()),
            day_in_words(day, Language::English.as_str()),
        ),
        Err(_) => Text::same(due),
    }
}

fn listed(names: impl Iterator<Item = String>, words: &[String], nothing: &str) -> String {
    let names: Vec<String> = names.collect();
    let names = if names.is_empty() { nothing.to_owned() } else { names.join(", ") };
    if words.is_empty() { names } else { format!("{names} ({})", quoted(words)) }
}

fn quoted(words: &[String]) -> String {
    words.iter().map(|word| format!("“{word}”")).collect::<Vec<_>>().join(", ")
}
