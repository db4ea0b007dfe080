//! `Sheet`: the register as people keep it in a spreadsheet: its columns, the six of the procedure first
//! (docs/procedure.md row 25), and the cells of each complaint.

use super::report::{decided_in_time, ended_at};
use super::{Published, Workflow};
use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, Language, Name};
use crate::config::Settings;
use crate::rules::{ExtraKind, Label};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

/// A column: its name for programs, its Dutch and its English heading.
type Column = (&'static str, &'static str, &'static str);

const COLUMNS: &[Column] = &[
    ("description", "omschrijving", "description"),
    ("complainant", "naam klager", "complainant"),
    ("responsible", "verantwoordelijke", "responsible"),
    ("solution", "oplossing", "solution"),
    ("agreement", "overeenstemming", "agreement"),
    ("date", "datum", "date"),
    ("number", "nummer", "number"),
    ("state", "stand", "state"),
    ("verdict", "oordeel", "verdict"),
    ("ground", "grond", "ground"),
    ("decided", "besloten", "decided"),
    ("in_time", "op tijd", "in time"),
    ("closed", "afgesloten", "closed"),
    ("cause", "oorzaak", "cause"),
    ("measures", "maatregelen", "measures"),
    ("channel", "kanaal", "channel"),
    ("escalation", "escalatie", "escalation"),
];

/// The register in one language.
#[derive(Clone, Debug)]
pub struct Sheet {
    published: Arc<Published>,
    settings: Arc<Settings>,
    language: Language,
}

impl Workflow {
    /// Returns the register in a language.
    pub fn sheet(&self, language: Language) -> Sheet {
        Sheet { published: self.published(), settings: self.settings(), language }
    }
}

impl Sheet {
    /// Returns the columns in order: the name of each for programs, and its heading.
    pub fn columns(&self) -> Vec<(String, String)> {
        let extra = self.published.ruleset.procedure().extra.iter();
        let own =
            extra.map(|(name, f)| (format!("extra.{name}"), f.label.in_language(self.language).to_owned()));
        let heading = |nl: &str, en: &str| match self.language {
            Language::Dutch => nl.to_owned(),
            Language::English => en.to_owned(),
        };
        let fixed = COLUMNS.iter().map(|(name, nl, en)| ((*name).to_owned(), heading(nl, en)));
        fixed.chain(own).collect()
    }

    /// Returns whether each column holds days, in order.
    pub fn days(&self) -> Vec<bool> {
        let own = self.published.ruleset.procedure().extra.values();
        let own = own.map(|field| matches!(field.kind, ExtraKind::Date));
        let fixed = COLUMNS.iter().map(|(name, ..)| ["date", "decided", "closed"].contains(name));
        fixed.chain(own).collect()
    }

    /// Returns the cells of a complaint in the order of the columns; an empty one for what is not known yet.
    pub fn cells(&self, c: &Complaint) -> Vec<String> {
        let procedure = self.published.ruleset.procedure();
        let english = self.language == Language::English;
        let state = procedure.states.get(&c.state).map(|s| if english { &s.en } else { &s.nl });
        let people = &self.settings.people;
        let person = |email: &String| people.find(email).map_or(email.clone(), |p| p.name.clone());
        let label = |names: &BTreeMap<Name, Label>, name: &Option<Name>| {
            let name =
                name.as_ref().map(|n| names.get(n).map_or(n.as_str(), |l| l.in_language(self.language)));
            name.unwrap_or_default().to_owned()
        };
        let calendar = &self.settings.calendar;
        let day = |at: Moment| calendar.day_of(at).map(|day| day.to_string()).unwrap_or_default();
        let in_time = decided_in_time(c).map(|in_time| match (in_time, english) {
            (true, true) => "yes",
            (true, false) => "ja",
            (false, true) => "no",
            (false, false) => "nee",
        });
        let measures: Vec<String> = c
            .measures
            .iter()
            .map(|m| format!("{} ({})", m.description, label(&procedure.measures, &Some(m.state.clone()))))
            .collect();
        let kind = label(&procedure.causes, &c.cause_kind);
        let cause: Vec<String> =
            [Some(kind), c.cause.clone()].into_iter().flatten().filter(|t| !t.is_empty()).collect();
        let fixed = [
            c.description.clone().unwrap_or_else(|| c.subject.clone()),
            if c.complainant.name.is_empty() {
                c.complainant.email.clone()
            } else {
                c.complainant.name.clone()
            },
            c.responsible.as_ref().map(person).unwrap_or_default(),
            c.solution.clone().unwrap_or_default(),
            label(&procedure.agreements, &c.agreement),
            day(c.received_at),
            c.reference().to_owned(),
            state.map_or_else(|| c.state.to_string(), Clone::clone),
            label(&procedure.verdicts, &c.verdict),
            label(&procedure.grounds, &c.ground),
            c.decided_on.as_ref().map(Date::to_string).unwrap_or_default(),
            in_time.unwrap_or_default().to_owned(),
            ended_at(c, procedure).map(day).unwrap_or_default(),
            cause.join(": "),
            measures.join("; "),
            c.channel.to_string(),
            label(&procedure.escalations, &c.escalation),
        ];
        fixed.into_iter().chain(self.own_fields(c)).collect()
    }

    /// Returns the cells of the organisation's own fields.
    fn own_fields(&self, c: &Complaint) -> Vec<String> {
        let fields = self.published.ruleset.procedure().extra.keys();
        let cells = fields.map(|name| match c.extra.get(name) {
            Some(Value::String(text)) => text.clone(),
            Some(Value::Null) | None => String::new(),
            Some(other) => other.to_string(),
        });
        cells.collect()
    }
}
