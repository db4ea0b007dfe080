//! `TemplateContext`: the variables that templates see: the complaint, its deadlines, the terms, the
//! organisation.

use super::standing::Reached;
use super::survey_letter::SurveyInLetter;
use crate::calendar::Moment;
use crate::complaint::{Case, Language, Measure, spoken_name};
use crate::config::Settings;
use crate::rules::{Procedure, field_values};
use serde_json::{Value, json};

/// The delay from which a message says that it is late.
const LATE_MILLIS: i64 = 15 * 60_000;

/// The facts that one rendering starts from.
pub(super) struct TemplateContext<'s> {
    /// What is told of them is part of the key in `tried`.
    pub settings: &'s Settings,
    pub procedure: &'s Procedure,
    pub terms: &'s minijinja::Value,
    pub case: Option<&'s Case>,
    pub reached: &'s Reached,
    /// The question of the survey; none in what does not carry it.
    pub survey: Option<SurveyInLetter>,
    pub data: &'s Value,
    pub now: Moment,
    /// The moment at which it was due; none when that is not known.
    pub nominal: Option<Moment>,
}

fn survey(survey: &SurveyInLetter) -> Value {
    json!({"question": survey.question, "link": survey.link, "until": survey.until})
}

impl TemplateContext<'_> {
    /// Returns the variables of the template.
    pub fn values(&self) -> minijinja::Value {
        let calendar = &self.settings.calendar;
        let made = minijinja::Value::from_serialize::<Value>;
        let organisation = json!({"name": self.settings.organisation, "mailbox": self.settings.mailbox});
        let today = calendar.day_of(self.now).map(|d| d.to_string()).unwrap_or_default();
        let mut root = vec![
            ("language", self.reached.language.as_str().into()),
            ("data", minijinja::Value::from_serialize(self.data)),
            ("terms", self.terms.clone()),
            ("recipient", made(json!({"name": self.reached.name}))),
            ("organisation", made(organisation)),
            ("today", today.into()),
            ("late", made(self.late())),
            ("survey", made(self.survey.as_ref().map_or(Value::Null, survey))),
        ];
        if let Some(case) = self.case {
            root.push(("complaint", made(self.complaint(case))));
            root.push(("deadline", made(self.deadlines(case))));
        }
        root.into_iter().collect()
    }

    fn late(&self) -> Value {
        let millis = self.nominal.map_or(0, |n| self.now.millis() - n.millis());
        if millis <= LATE_MILLIS {
            return Value::Null;
        }
        let hours = millis / 3_600_000;
        let dutch = self.reached.language == Language::Dutch;
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
            let english = self.reached.language == Language::English;
            let declared = self.procedure.deadlines.get(&d.name);
            let label = declared.map_or(d.name.as_str(), |l| if english { &l.en } else { &l.nl });
            let value = json!({
                "due": self.settings.calendar.rfc3339(d.due), "owner": d.owner, "label": label,
                "rolled_because": d.rolled_because, "is_armed": d.is_armed(), "is_overdue": d.breached_at.is_some(),
                "is_paused": d.paused_at().is_some(),
            });
            (d.name.to_string(), value)
        });
        Value::Object(rows.collect())
    }

    fn measure(&self, measure: &Measure) -> Value {
        let label = self.procedure.measures.get(&measure.state);
        let label = label.map_or(measure.state.as_str(), |l| l.in_language(self.reached.language));
        let mut value = json!(measure);
        value["state_label"] = json!(label);
        value
    }

    /// Returns every field of the complaint, as rules know it, and what only people who read messages need.
    fn complaint(&self, case: &Case) -> Value {
        let (c, calendar) = (&case.complaint, &self.settings.calendar);
        let language = self.reached.language;
        let state = self.procedure.states.get(&c.state);
        let state_label = state.map_or(c.state.as_str(), |s| s.in_language(language));
        let earlier = case.related.iter().find(|r| r.number.is_some() && r.number == c.refers_to);
        let mut values = field_values(case, self.procedure, calendar, language);
        let for_people = [
            ("reference", json!(c.reference())),
            ("intake_id", json!(c.intake_id)),
            ("state_label", json!(state_label)),
            ("language_is_assumed", json!(c.language_is_assumed)),
            // In letters as it is spoken; what is no name is not repeated to anybody.
            ("complainant", json!(spoken_name(&c.complainant.name).unwrap_or_default())),
            ("complainant_email", json!(c.complainant.email)),
            ("responsible", json!(c.responsible.as_deref().map(|email| self.person(email)))),
            ("about", json!(c.about.as_deref().map(|email| self.person(email)))),
            ("earlier_decided_on", json!(earlier.and_then(|r| r.decided_on))),
            ("measures", c.measures.iter().map(|m| self.measure(m)).collect()),
            ("meeting", json!(c.meeting)),
            ("flags", json!(c.flags)),
            ("extra", json!(c.extra)),
        ];
        values.extend(for_people.map(|(name, value)| (name.to_owned(), value)));
        Value::Object(values)
    }
}
