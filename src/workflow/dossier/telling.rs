//! `Telling`: what the rows of a complaint say in the language of who reads the dossier: its head, terms, decisions, measures
//! and meeting.

use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Complaint, Language, MeetingStatus, Name, Recipient, Role, Words, shown_name};
use crate::config::Settings;
use crate::dossier::{Measure, Pair};
use crate::message::day_in_words;
use crate::workflow::fact_words as words;
use crate::workflow::{Labels, Published, Workflow};
use serde_json::Value;
use std::sync::Arc;

/// How one reader is told.
pub(super) struct Telling {
    pub language: Language,
    pub settings: Arc<Settings>,
    pub calendar: Arc<Calendar>,
    pub labels: Labels,
    pub published: Arc<Published>,
}

impl Telling {
    pub fn of(workflow: &Workflow, language: Language) -> Self {
        let settings = workflow.settings();
        let calendar = Arc::clone(&settings.calendar);
        let (labels, published) = (workflow.labels(language), workflow.published());
        Self { language, settings, calendar, labels, published }
    }

    pub fn say(&self, words: Words) -> &'static str {
        words.in_language(self.language)
    }

    pub fn day(&self, day: Date) -> String {
        day_in_words(day, self.language.as_str())
    }

    /// Returns the local day of a moment, in words.
    pub fn day_of(&self, moment: Moment) -> String {
        self.calendar.day_of(moment).map(|day| self.day(day)).unwrap_or_default()
    }

    pub fn moment(&self, moment: Moment) -> String {
        let local = self.calendar.local(moment);
        local.map(|l| format!("{}, {}", self.day(l.date()), l.format("%H:%M"))).unwrap_or_default()
    }

    /// Returns one of our own people by name and address; any other address as it is.
    pub fn person(&self, address: &str) -> String {
        match self.settings.people.find(address) {
            Some(person) => format!("{} ({address})", person.name),
            None => address.to_owned(),
        }
    }

    fn name(&self, name: &Option<Name>) -> String {
        name.as_ref().map(|name| self.labels.option(name.as_str())).unwrap_or_default()
    }

    /// Returns the complaint in short.
    pub fn facts(&self, c: &Complaint) -> Vec<Pair> {
        let complainant = match (shown_name(&c.complainant.name), c.complainant.address()) {
            (None, address) => address.unwrap_or_default().to_owned(),
            (Some(name), None) => name,
            (Some(name), Some(address)) => format!("{name} ({address})"),
        };
        let maybe = |address: &Option<String>| address.as_deref().map(|a| self.person(a)).unwrap_or_default();
        let day = |day: Option<Date>| day.map(|day| self.day(day)).unwrap_or_default();
        let history = c.responsibilities.iter().map(|held| {
            let who = held.person.as_deref().map_or(self.say(words::NOBODY).to_owned(), |p| self.person(p));
            format!("{}: {who}", self.moment(held.from))
        });
        let pairs = [
            (words::NUMBER, c.reference().to_owned()),
            (words::INTAKE, c.intake_id.to_string()),
            (words::STATE, self.labels.state(&c.state)),
            (words::COMPLAINANT, complainant),
            (words::SUBMITTER, maybe(&c.submitter)),
            (words::FORWARDED, maybe(&c.forwarded_by)),
            (words::ABOUT, maybe(&c.about)),
            (words::CHANNEL, words::known(c.channel.as_str(), self.language).to_owned()),
            (words::RECEIVED, self.moment(c.received_at)),
            (words::FIRST_CONTACT, day(c.first_contact_on)),
            (words::AROSE, day(c.arose_on)),
            (words::REGISTERED, c.registered_at.map(|at| self.moment(at)).unwrap_or_default()),
            (words::PROMISED, day(c.promised_by)),
            (words::PROMISED_FIRST, day(c.promised_by_original.filter(|d| Some(*d) != c.promised_by))),
            (words::RESPONSIBLE, maybe(&c.responsible)),
            (words::RESPONSIBLE_BEFORE, history.collect::<Vec<_>>().join("\n")),
            (words::REFERS_TO, c.refers_to.as_ref().map(ToString::to_string).unwrap_or_default()),
            (words::DESCRIPTION, c.description.clone().unwrap_or_default()),
        ];
        self.filled(&pairs).into_iter().chain(self.own_fields(c)).collect()
    }

    /// Returns the organisation's own fields.
    fn own_fields(&self, c: &Complaint) -> Vec<Pair> {
        let declared = &self.published.ruleset.procedure().extra;
        let own = c.extra.iter().filter(|(_, value)| !value.is_null());
        let label = |name: &Name| declared.get(name).map(|f| f.label.in_language(self.language).to_owned());
        own.map(|(name, value)| (label(name).unwrap_or_else(|| name.to_string()), self.value(value)))
            .collect()
    }

    /// Returns what was decided, and what came of it.
    pub fn decisions(&self, c: &Complaint) -> Vec<Pair> {
        let pairs = [
            (words::DECIDED, c.decided_on.map(|day| self.day(day)).unwrap_or_default()),
            (words::PROPOSED, c.proposed_by.as_deref().map(|p| self.person(p)).unwrap_or_default()),
            (words::VERDICT, self.name(&c.verdict)),
            (words::GROUND, self.name(&c.ground)),
            (words::REASONS, c.reasons.clone().unwrap_or_default()),
            (words::SOLUTION, c.solution.clone().unwrap_or_default()),
            (words::AGREEMENT, self.name(&c.agreement)),
            (words::ESCALATION, self.name(&c.escalation)),
            (words::CAUSE_KIND, self.name(&c.cause_kind)),
            (words::CAUSE, c.cause.clone().unwrap_or_default()),
        ];
        self.filled(&pairs)
    }

    fn filled(&self, pairs: &[(Words, String)]) -> Vec<Pair> {
        let filled = pairs.iter().filter(|(_, value)| !value.trim().is_empty());
        filled.map(|(name, value)| (self.say(*name).to_owned(), value.clone())).collect()
    }

    pub fn measures(&self, c: &Complaint) -> Vec<Measure> {
        let day = |day: Option<Date>| day.map(|day| self.day(day)).unwrap_or_default();
        let owner = |owner: &str| match owner.contains('@') {
            true => self.person(owner),
            false => self.labels.role(&owner.into()),
        };
        let measure = |m: &crate::complaint::Measure| Measure {
            description: m.description.clone(),
            state: self.labels.option(m.state.as_str()),
            owner: owner(&m.owner),
            due: day(m.due),
            check_on: day(m.check_on),
            note: m.note.clone().unwrap_or_default(),
        };
        c.measures.iter().map(measure).collect()
    }

    pub fn meeting(&self, c: &Complaint) -> Vec<Pair> {
        let Some(m) = &c.meeting else { return Vec::new() };
        let status = match m.status {
            MeetingStatus::Planned => words::PLANNED,
            MeetingStatus::Held => words::HELD,
            MeetingStatus::Cancelled => words::CANCELLED,
        };
        let when = format!("{}, {}", self.day(m.day), m.time.format("%H:%M"));
        let pairs = [
            (words::MEETING_WHEN, when),
            (words::MEETING_PLACE, m.place.clone()),
            (words::STATE, self.say(status).to_owned()),
        ];
        self.filled(&pairs)
    }

    /// Returns whose a term is: a role, or the complainant, who has none.
    pub fn owner(&self, owner: &Role) -> String {
        match owner.as_str() == Recipient::Complainant.to_string() {
            true => self.say(words::COMPLAINANT).to_lowercase(),
            false => self.labels.role(owner),
        }
    }

    /// Returns a value of a document as people read it.
    pub fn value(&self, value: &Value) -> String {
        match value {
            Value::Null => self.say(words::NOTHING).to_owned(),
            Value::Bool(true) => self.say(words::YES).to_owned(),
            Value::Bool(false) => self.say(words::NO).to_owned(),
            Value::String(text) => self.text(text),
            Value::Array(list) => list.iter().map(|v| self.value(v)).collect::<Vec<_>>().join(", "),
            other => other.to_string(),
        }
    }

    fn text(&self, text: &str) -> String {
        if text == words::UNSET || text.trim().is_empty() {
            return self.say(words::NOTHING).to_owned();
        }
        match text.parse::<Date>() {
            Ok(day) if text.len() == 10 => self.day(day),
            _ if self.settings.people.find(text).is_some() => self.person(text),
            _ => match self.labels.option(text) {
                option if option == text => words::known(text, self.language).to_owned(),
                option => option,
            },
        }
    }
}
