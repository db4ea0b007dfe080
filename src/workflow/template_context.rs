//! `TemplateContext`: the variables that templates see: the complaint, its deadlines, the terms, the
//! organisation.

use super::standing::Reached;
use crate::calendar::Moment;
use crate::complaint::{Case, Measure, Number};
use crate::config::Settings;
use crate::rules::{Label, Procedure};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The delay from which a message says that it is late.
const LATE_MILLIS: i64 = 15 * 60_000;

/// The facts that one rendering starts from.
pub(super) struct TemplateContext<'s> {
    pub settings: &'s Settings,
    pub procedure: &'s Procedure,
    pub terms: &'s BTreeMap<String, Value>,
    pub case: Option<&'s Case>,
    pub reached: &'s Reached,
    pub data: &'s Value,
    pub now: Moment,
    /// The moment at which it was due; none when that is not known.
    pub nominal: Option<Moment>,
}

impl TemplateContext<'_> {
    /// Returns the variables of the template.
    pub fn values(&self) -> minijinja::Value {
        let calendar = &self.settings.calendar;
        let mut root = Map::new();
        root.insert("language".to_owned(), json!(self.reached.language));
        root.insert("data".to_owned(), self.data.clone());
        root.insert("terms".to_owned(), json!(self.terms));
        root.insert("recipient".to_owned(), json!({"name": self.reached.name}));
        let organisation = json!({"name": self.settings.organisation, "mailbox": self.settings.mailbox});
        root.insert("organisation".to_owned(), organisation);
        root.insert(
            "today".to_owned(),
            json!(calendar.day_of(self.now).map(|d| d.to_string()).unwrap_or_default()),
        );
        root.insert("late".to_owned(), self.late());
        if let Some(case) = self.case {
            root.insert("complaint".to_owned(), self.complaint(case));
            root.insert("deadline".to_owned(), self.deadlines(case));
        }
        minijinja::Value::from_serialize(Value::Object(root))
    }

    fn late(&self) -> Value {
        let millis = self.nominal.map_or(0, |n| self.now.millis() - n.millis());
        if millis <= LATE_MILLIS {
            return Value::Null;
        }
        let hours = millis / 3_600_000;
        let dutch = self.reached.language != "en";
        json!(match (hours, dutch) {
            (0, true) => format!("{} minuten", millis / 60_000),
            (0, false) => format!("{} minutes", millis / 60_000),
            (1..48, true) => format!("{hours} uur"),
            (1..48, false) => format!("{hours} hours"),
            (_, true) => format!("{} dagen", hours / 24),
            (_, false) => format!("{} days", hours / 24),
        })
    }

    /// Returns a colleague's name, where the people name one, else the address.
    fn person(&self, email: &str) -> String {
        self.settings.people.find(email).map_or_else(|| email.to_owned(), |p| p.name.clone())
    }

    fn deadlines(&self, case: &Case) -> Value {
        // Also those that are closed: a message may be about a term that another rule closed in the same
        // decision.
        let rows = case.deadlines.iter().map(|d| {
            let english = self.reached.language == "en";
            let declared = self.procedure.deadlines.get(&d.name);
            let label = declared.map_or(d.name.as_str(), |l| if english { &l.en } else { &l.nl });
            let value = json!({
                "due": self.settings.calendar.rfc3339(d.due), "owner": d.owner, "label": label,
                "rolled_because": d.rolled_because, "is_armed": d.is_armed(), "is_overdue": d.breached_at.is_some(),
            });
            (d.name.to_string(), value)
        });
        Value::Object(rows.collect())
    }

    fn measure(&self, measure: &Measure) -> Value {
        let label = self.procedure.measures.get(&measure.state);
        let label = label.map_or(measure.state.as_str(), |l| l.in_language(&self.reached.language));
        let mut value = json!(measure);
        value["state_label"] = json!(label);
        value
    }

    fn complaint(&self, case: &Case) -> Value {
        let (c, calendar) = (&case.complaint, &self.settings.calendar);
        let label = |known: &BTreeMap<crate::complaint::Name, Label>,
                     name: &Option<crate::complaint::Name>| {
            let name = name.as_ref()?;
            Some(known.get(name).map_or(name.as_str(), |l| l.in_language(&self.reached.language)).to_owned())
        };
        let state = self.procedure.states.get(&c.state);
        let english = self.reached.language == "en";
        let state_label = state.map_or(c.state.as_str(), |s| if english { &s.en } else { &s.nl });
        let responsible = c.responsible.as_deref().map(|email| self.person(email));
        let earlier = case.related.iter().find(|r| r.number.is_some() && r.number == c.refers_to);
        json!({
            "reference": c.reference(),
            "number": c.number.as_ref().map(Number::as_str),
            "intake_id": c.intake_id,
            "state": c.state,
            "state_label": state_label,
            "subject": c.subject,
            "language_is_assumed": c.language_is_assumed,
            "complainant": c.complainant.name,
            "complainant_email": c.complainant.email,
            "received_at": calendar.rfc3339(c.received_at),
            "arose_on": c.arose_on,
            "promised_by": c.promised_by,
            "promised_by_original": c.promised_by_original,
            "decided_on": c.decided_on,
            "verdict": label(&self.procedure.verdicts, &c.verdict),
            "ground": label(&self.procedure.grounds, &c.ground),
            "agreement": label(&self.procedure.agreements, &c.agreement),
            "escalation": label(&self.procedure.escalations, &c.escalation),
            "reasons": c.reasons,
            "solution": c.solution,
            "description": c.description,
            "cause": c.cause,
            "cause_kind": label(&self.procedure.causes, &c.cause_kind),
            "responsible": responsible,
            "refers_to": c.refers_to,
            "earlier_decided_on": earlier.and_then(|r| r.decided_on),
            "measures": c.measures.iter().map(|m| self.measure(m)).collect::<Vec<_>>(),
            "meeting": c.meeting,
            "incident": c.incident,
            "first_contact_on": c.first_contact_on,
            "about": c.about.as_deref().map(|email| self.person(email)),
            "flags": c.flags,
            "extra": c.extra,
        })
    }
}
