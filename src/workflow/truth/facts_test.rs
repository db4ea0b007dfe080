//! The facts at the moment a letter goes, and whether what the table says of them holds.

use crate::calendar::{Date, Moment};
use crate::complaint::{Actor, Complaint, Deadline, MeetingStatus, State, spoken_name};
use crate::rules::{Procedure, Side, offered, unobserved};
use crate::workflow::world::Going;
use chrono::Datelike;
use serde_json::{Value, json};
use std::collections::BTreeSet;

/// What stands in a letter in the place of what somebody wrote.
pub const WRITTEN: &str = "vrije tekst";

const MONTHS: [&str; 12] = [
    "januari",
    "februari",
    "maart",
    "april",
    "mei",
    "juni",
    "juli",
    "augustus",
    "september",
    "oktober",
    "november",
    "december",
];
const DAYS: [&str; 7] = ["maandag", "dinsdag", "woensdag", "donderdag", "vrijdag", "zaterdag", "zondag"];

/// The facts by which a letter goes.
pub struct Facts<'g> {
    going: &'g Going<'g>,
    complaint: &'g Complaint,
    fields: Value,
    offered: BTreeSet<String>,
}

impl<'g> Facts<'g> {
    /// Returns the facts of a letter; none for a message about no complaint.
    pub fn of(going: &'g Going<'g>) -> Option<Self> {
        let case = going.case?;
        let (published, calendar) = (&going.renderer.published, &going.renderer.settings.calendar);
        let actions =
            offered(&Actor::System, (&published.ruleset, calendar), case.clone(), going.now, unobserved());
        let offered = actions.into_iter().map(|action| action.id).collect();
        Some(Self { going, complaint: &case.complaint, fields: json!(case.complaint), offered })
    }

    fn procedure(&self) -> &Procedure {
        self.going.renderer.published.ruleset.procedure()
    }

    fn deadline(&self, name: &str) -> Option<&Deadline> {
        let deadlines = self.going.case.map(|case| case.deadlines.as_slice()).unwrap_or_default();
        deadlines.iter().find(|d| d.name.as_str() == name && d.is_armed())
    }

    fn day(&self, moment: Moment) -> Option<Date> {
        self.going.renderer.settings.calendar.day_of(moment).ok()
    }

    fn term(&self, name: &str) -> String {
        let terms = self.going.renderer.published.ruleset.terms();
        let found = terms.get(name);
        found.and_then(Value::as_str).unwrap_or_default().to_owned()
    }

    fn is_open(&self) -> bool {
        self.procedure().is_open(&self.complaint.state)
    }

    fn happened(&self, what: &str) -> bool {
        self.complaint.last.contains_key(what)
    }

    fn has_measure(&self, states: &[&str]) -> bool {
        self.complaint.measures.iter().any(|m| states.contains(&m.state.as_str()))
    }

    /// Returns whether a condition of the table holds.
    pub fn holds(&self, condition: &str) -> bool {
        let c = self.complaint;
        let meeting = c.meeting.as_ref();
        if let Some((kind, value)) = condition.split_once('=')
            && let Some(holds) = self.holds_of(kind, value)
        {
            return holds;
        }
        match condition {
            "open" => self.is_open(),
            "ended" => !self.is_open() && c.state.as_str() != "with_third_party",
            "director" => ["submitted", "approach_told"].map(|s| Some(s.into())).contains(&c.escalation),
            "idle" => !self.asks_complainant(),
            "decides" => self.is_open() && c.decided_on.is_none() && self.deadline("decision_term").is_some(),
            "cause-to-come" => self.deadline("evaluation").is_some() || self.deadline("follow_up").is_some(),
            "decided" => !self.has_measure(&["proposed"]) || self.has_measure(&["approved", "implemented"]),
            "undecided" => self.has_measure(&["proposed"]),
            "no-measure" => !self.has_measure(&["proposed", "approved", "implemented", "effective"]),
            "no-mail" => !self.happened("complainant_replied") && c.channel.as_str() != "email",
            "other-open" => {
                self.other().is_some_and(|state| self.procedure().is_open(&State::from(state.as_str())))
            }
            "meeting-planned" => meeting.is_some_and(|m| m.status == MeetingStatus::Planned),
            "meeting-moved" => meeting.is_some_and(|m| m.sequence > 0),
            "meeting-off" => meeting.is_some_and(|m| m.status == MeetingStatus::Cancelled),
            field => match field.strip_prefix("no:") {
                Some(field) => self.is_empty(field),
                None => !self.is_empty(field),
            },
        }
    }

    /// Returns whether what a kind of condition says of a value holds; none when it is a field of the complaint.
    fn holds_of(&self, kind: &str, value: &str) -> Option<bool> {
        if let Some(name) = kind.strip_prefix("data:") {
            return Some(self.going.notification.data[name].to_string().trim_matches('"') == value);
        }
        if let Some(field) = kind.strip_suffix('!') {
            return Some(!self.is(field, value));
        }
        Some(match kind {
            "state" => value.split(',').any(|state| self.complaint.state.as_str() == state),
            "armed" => self.deadline(value).is_some(),
            "unarmed" => self.deadline(value).is_none(),
            "offers" => self.offered.contains(value),
            "refuses" => !self.offered.contains(value),
            "flag" => self.complaint.flags.contains(value),
            "once" => self.happened(value),
            "once-letter" => self.complaint.letters.contains_key(value),
            field => self.is(field, value),
        })
    }

    fn is(&self, field: &str, value: &str) -> bool {
        self.fields[field].to_string().trim_matches('"') == value
    }

    fn is_empty(&self, field: &str) -> bool {
        assert!(self.fields.get(field).is_some(), "a complaint has no {field}");
        matches!(&self.fields[field], Value::Null) || self.fields[field] == ""
    }

    /// Returns whether a term of the complainant's runs that asks something.
    fn asks_complainant(&self) -> bool {
        let asks = self.procedure().deadlines.iter().filter(|(_, d)| d.side == Side::Complainant);
        let mut asks = asks.map(|(name, _)| name.as_str()).filter(|name| *name != "reopen_window");
        asks.any(|name| self.deadline(name).is_some_and(|d| d.due >= self.going.now))
    }

    /// Returns the state of the complaint that this one refers to.
    fn other(&self) -> Option<String> {
        let case = self.going.case?;
        let related = case.related.iter().find(|r| r.number == case.complaint.refers_to)?;
        Some(related.state.to_string())
    }

    /// Returns what must stand in a place, when that is not what stands there.
    pub fn contradicts(&self, slot: &str, said: &str) -> Option<String> {
        let (kind, name) = slot.split_once(':').unwrap_or((slot, ""));
        if ["day", "due", "missed"].contains(&kind) {
            let days = self.days(kind, name);
            let told = day_in_words(said);
            return (!told.is_some_and(|day| days.contains(&day))).then(|| format!("{slot} is {days:?}"));
        }
        let expected = self.expected(slot, kind, name);
        (!expected.iter().any(|e| e == said)).then(|| format!("{slot} is {expected:?}"))
    }

    fn expected(&self, slot: &str, kind: &str, name: &str) -> Vec<String> {
        let (c, settings) = (self.complaint, &self.going.renderer.settings);
        let (phone, hours) = (self.term("CONTACT_PHONE"), self.term("CONTACT_HOURS"));
        let meeting = c.meeting.as_ref();
        let given = |key: &str| self.going.notification.data[key].as_str().unwrap_or_default().to_owned();
        let text = match (kind, slot) {
            ("term", _) => in_words(&self.term(name)),
            (_, "text") => WRITTEN.to_owned(),
            (_, "name") => spoken_name(&c.complainant.name).unwrap_or_default().to_string(),
            (_, "handler") => return self.handler().into_iter().collect(),
            (_, "reference") => c.reference().to_owned(),
            (_, "earlier") => c.refers_to.as_ref().map(ToString::to_string).unwrap_or_default(),
            (_, "organisation") => settings.organisation.clone(),
            (_, "place") => WRITTEN.to_owned(),
            (_, "minutes") => meeting.map(|m| m.minutes.to_string()).unwrap_or_default(),
            (_, "time") => meeting.map(|m| m.time.format("%H:%M").to_string()).unwrap_or_default(),
            (_, "phone") => format!("{phone} ({hours})"),
            (_, "privacy") => self.term("PRIVACY_PAGE"),
            (_, "body") => self.term("EXTERNAL_BODY"),
            (_, "site") => self.term("EXTERNAL_BODY_SITE"),
            (_, "body-given") => {
                return vec![given("body"), format!("{} ({})", given("body"), given("site"))];
            }
            (_, "iso:promise") => return self.days("day", "promise").iter().map(Date::to_string).collect(),
            _ => panic!("the table has no {{{slot}}}"),
        };
        if text.is_empty() { Vec::new() } else { vec![text] }
    }

    /// Returns the name of who is responsible, unless the complaint is about that person.
    fn handler(&self) -> Option<String> {
        let email = self.complaint.responsible.as_ref()?;
        let is_about = self.complaint.about.as_ref() == Some(email);
        let name = self.going.renderer.settings.people.find(email).map_or(email.as_str(), |p| &p.name);
        (!is_about).then(|| name.to_owned())
    }

    fn days(&self, kind: &str, name: &str) -> Vec<Date> {
        let (c, now) = (self.complaint, self.going.now);
        let day = match (kind, name) {
            ("due", name) => self.deadline(name).filter(|d| d.due >= now).and_then(|d| self.day(d.due)),
            ("missed", name) => self.deadline(name).filter(|d| d.due < now).and_then(|d| self.day(d.due)),
            (_, "promise") => {
                let runs = self.deadline("decision_term").is_some_and(|d| d.due >= now);
                c.promised_by.filter(|_| runs)
            }
            (_, "original") => c.promised_by_original,
            (_, "received") => self.day(c.received_at),
            (_, "contact") => c.first_contact_on,
            (_, "meeting") => c.meeting.as_ref().map(|m| m.day),
            (_, "measure") => return c.measures.iter().filter_map(|m| m.due).collect(),
            (_, "decided") => c.last.get("decided").and_then(|at| self.day(*at)),
            (_, "earlier") => {
                let case = self.going.case;
                let mut related = case.into_iter().flat_map(|case| &case.related);
                related.find(|r| r.number == c.refers_to).and_then(|r| r.decided_on)
            }
            _ => panic!("the table has no day {name}"),
        };
        day.into_iter().collect()
    }
}

/// Reads a day as letters write it: "maandag 4 januari 2027"; none for another day of the week.
fn day_in_words(text: &str) -> Option<Date> {
    let [weekday, day, month, year] = text.split(' ').collect::<Vec<_>>()[..] else { return None };
    let month = MONTHS.iter().position(|m| *m == month)? + 1;
    let date = Date::from_ymd_opt(year.parse().ok()?, u32::try_from(month).ok()?, day.parse().ok()?)?;
    (DAYS[date.weekday().num_days_from_monday() as usize] == weekday).then_some(date)
}

/// Returns a term in Dutch words.
fn in_words(term: &str) -> String {
    let Some((count, unit)) = term.split_once(' ') else { return String::new() };
    let (one, more) = match unit {
        "days" => ("dag", "dagen"),
        "working days" => ("werkdag", "werkdagen"),
        "weeks" => ("week", "weken"),
        "months" => ("maand", "maanden"),
        "years" => ("jaar", "jaar"),
        other => panic!("no term is in {other}"),
    };
    format!("{count} {}", if count == "1" { one } else { more })
}
