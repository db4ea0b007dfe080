//! The steps of a dossier, from the events of the trail: what happened, why, who did it, and what it changed.

use super::book::Book;
use super::telling::Telling;
use crate::complaint::{Actor, EventKind, Language, Name, Source, Text, Via, filled};
use crate::dossier::{Link, Reason, Step, Tells};
use crate::store::{StoreError, StoredEvent};
use crate::workflow::event_words::event_words;
use crate::workflow::fact_words::{self as words, fact};
use crate::workflow::why::because;
use serde_json::Value;

/// Facts of an event that its words or its reason say already, or that are for programs.
const SAID: &[&str] = &[
    "action",
    "because",
    "deadline",
    "due",
    "element",
    "instance",
    "late",
    "measure",
    "meeting",
    "message",
    "number",
    "ordinal",
    "raw_end",
    "repeat",
    "replaces_due",
    "sequence",
    "to",
];

/// Makes steps of events, one after the other.
pub(super) struct Steps<'t> {
    telling: &'t Telling,
    book: &'t mut Book,
    number: u64,
    /// The decision and the source of the last full reason, and its step.
    last: Option<(i64, String, u64)>,
}

impl<'t> Steps<'t> {
    pub fn new(telling: &'t Telling, book: &'t mut Book) -> Self {
        Self { telling, book, number: 0, last: None }
    }

    /// Returns the next step.
    pub async fn next(&mut self, event: &StoredEvent) -> Result<Step, StoreError> {
        self.number += 1;
        let telling = self.telling;
        let who = match &event.by {
            Actor::System => String::new(),
            Actor::Mail => telling.say(words::WRITER).to_owned(),
            Actor::Person(address) => telling.person(address),
        };
        let reason = self.reason(event).await?;
        let rule_text = reason.rule.as_ref().map(|rule| rule.text.clone());
        Ok(Step {
            number: self.number,
            when: telling.moment(event.at),
            at: telling.calendar.rfc3339(event.at),
            words: in_words(telling, event),
            who,
            reason,
            tells: match event.kind {
                EventKind::FactChanged => Tells::Changes,
                EventKind::ActionTaken => Tells::Answers,
                _ => Tells::Facts,
            },
            told: told(telling, event, rule_text.as_deref().unwrap_or_default()),
            link: link_of(event),
        })
    }

    async fn reason(&mut self, event: &StoredEvent) -> Result<Reason, StoreError> {
        let source = event.source();
        let key = (event.version, source.to_json());
        let as_in = self.last.as_ref().filter(|(version, source, _)| (*version, source) == (key.0, &key.1));
        let as_in = as_in.map(|(.., step)| *step);
        let held = if event.kind == EventKind::RuleFired { because(event) } else { Vec::new() };
        let rule = match source.name() {
            Some(name) => self.book.find(&event.ruleset, name, event.at).await?,
            None => None,
        };
        // A firing has what held, which what follows from it has not.
        let as_in = as_in.filter(|_| held.is_empty() && source.name().is_some());
        if as_in.is_none() {
            self.last = Some((key.0, key.1, self.number));
        }
        let title = rule.as_ref().map(|rule| rule.title.clone());
        let words = self.words(&source, title.as_deref(), event);
        Ok(Reason { words, rule, as_in, because: held })
    }

    fn words(&self, source: &Source, title: Option<&str>, event: &StoredEvent) -> String {
        let name = title.or(source.name()).unwrap_or_default();
        let (text, rule) = match source {
            Source::Rule(_) => (words::BY_RULE, ""),
            Source::Action { performed_by: Some(rule), .. } => (words::BY_RULES_ACTION, rule.as_str()),
            Source::Action { .. } => (words::BY_ACTION, ""),
            Source::Schedule(_) => (words::BY_SCHEDULE, ""),
            Source::Engine => (words::BY_ENGINE, ""),
            Source::Person if event.via == Via::Mail => (words::BY_MAIL, ""),
            Source::Person => (words::BY_PERSON, ""),
        };
        filled(self.telling.say(text), &[("name", name), ("rule", rule)])
    }
}

/// Returns an event as a dossier carries it.
pub(super) fn link_of(event: &StoredEvent) -> Link {
    let chained = event.chained();
    Link {
        seq: event.seq,
        complaint: event.complaint_id.map_or_else(String::new, |id| id.0.to_string()),
        version: event.version,
        at: event.at.millis(),
        kind: event.kind.as_str().to_owned(),
        by: event.by.as_str().to_owned(),
        via: event.via.as_str().to_owned(),
        rule: event.rule.clone().unwrap_or_default(),
        ruleset: event.ruleset.clone(),
        summary: event.summary.clone(),
        data: event.data.clone(),
        source: chained.source.to_owned(),
        on_day: chained.on_day.to_string(),
        personal_digest: chained.personal_digest.unwrap_or_default().to_owned(),
        personal: event.personal.clone(),
        salt: chained.salt.map(str::to_owned),
        prev: chained.prev.to_owned(),
        hash: event.hash.clone(),
    }
}

/// Returns what happened; a fact that changed by what people call it.
fn in_words(telling: &Telling, event: &StoredEvent) -> Text {
    let words = event_words(event, &telling.published);
    let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
    let field = data["field"].as_str().filter(|_| event.kind == EventKind::FactChanged);
    let Some(field) = field else { return words };
    let called = |language| {
        filled(words::FACT_CHANGED.in_language(language), &[("name", &name(telling, field, language))])
    };
    Text::new(called(Language::Dutch), called(Language::English))
}

/// Returns what a fact is called, the organisation's own too.
fn name(telling: &Telling, field: &str, language: Language) -> String {
    let own = field.strip_prefix("extra.").unwrap_or(field);
    let declared = telling.published.ruleset.procedure().extra.get(&Name::from(own));
    declared.map_or_else(|| fact(field, language), |field| field.label.in_language(language).to_owned())
}

/// Returns what an event tells beside its words: names and values. An answer is called what its action called it, which
/// says `name: kind("what is asked")`.
fn told(telling: &Telling, event: &StoredEvent, rule: &str) -> Vec<(String, String)> {
    let read = |text: &str| serde_json::from_str::<Value>(text).unwrap_or_default();
    let (data, personal) = (read(&event.data), event.personal.as_deref().map(read));
    let is_removed = personal.is_none() && event.chained().personal_digest.is_some();
    let personal = personal.unwrap_or_default();
    let mut found = match event.kind {
        EventKind::FactChanged => fact_changed(telling, &data, &personal),
        EventKind::RuleFired | EventKind::Escalated | EventKind::Entered | EventKind::Notified => Vec::new(),
        EventKind::ActionTaken => facts(telling, &personal["input"], rule),
        _ => [facts(telling, &data, ""), facts(telling, &personal, "")].concat(),
    };
    // What a measure was before, and not whom it is from.
    if event.kind == EventKind::MeasureRecorded {
        let sender = telling.say(words::SENDER);
        found
            .iter_mut()
            .filter(|(name, _)| name == sender)
            .for_each(|(name, _)| *name = telling.say(words::WAS).to_owned());
    }
    if is_removed {
        found.push((telling.say(words::REMOVED).to_owned(), String::new()));
    }
    found
}

fn fact_changed(telling: &Telling, data: &Value, personal: &Value) -> Vec<(String, String)> {
    let whole = if personal["field"].is_string() { personal } else { data };
    let name = ["field", "counter"].iter().find_map(|key| whole[*key].as_str());
    let Some(name) = name.filter(|_| !whole["to"].is_null()) else { return Vec::new() };
    let label = self::name(telling, name, telling.language);
    let to = telling.value(&whole["to"]);
    let said = match &whole["from"] {
        Value::Null => to,
        from => filled(telling.say(words::FROM_TO), &[("from", &telling.value(from)), ("to", &to)]),
    };
    vec![(label, said)]
}

fn facts(telling: &Telling, document: &Value, rule: &str) -> Vec<(String, String)> {
    let told = document.as_object().into_iter().flatten();
    let told = told.filter(|(name, value)| !SAID.contains(&name.as_str()) && !value.is_null());
    let called = |name: &str| asked(rule, name).unwrap_or_else(|| fact(name, telling.language));
    told.map(|(name, value)| (called(name), telling.value(value))).collect()
}

/// Returns what an action asks under a name; none where its text does not say so.
fn asked(rule: &str, name: &str) -> Option<String> {
    let mut places = rule.match_indices(name).filter(|(at, _)| {
        let before = rule[..*at].chars().next_back();
        before.is_none_or(|c| !c.is_alphanumeric() && c != '_' && c != '.')
    });
    places.find_map(|(at, _)| {
        let behind = rule[at + name.len()..].trim_start().strip_prefix(':')?.trim_start();
        let (kind, rest) = behind.split_once("(\"")?;
        let is_kind = !kind.is_empty() && kind.chars().all(|c| c.is_ascii_alphabetic() || c == '_');
        Some(rest.split_once('"')?.0.to_owned()).filter(|_| is_kind)
    })
}

#[cfg(test)]
mod tests {
    use super::asked;

    #[test]
    fn what_an_action_asks_is_read_from_its_text() {
        let rule =
            "action a \"A\"\n asks #{ x_day: date(\"Welke dag?\"), day: text(\"Tekst\").optional(), n: 3 }";
        for (name, said) in [("day", Some("Tekst")), ("x_day", Some("Welke dag?")), ("n", None), ("z", None)]
        {
            assert_eq!(asked(rule, name).as_deref(), said, "{name}");
        }
        assert_eq!(asked("é: text(\"x", "é"), None);
    }
}
