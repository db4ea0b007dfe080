//! What happened to a complaint, in the words of its readers. The trail keeps one line in English, which its signature
//! covers; people read these (docs/semantics.md 5.4).

use super::Published;
use crate::calendar::Date;
use crate::complaint::{DeadlineName, Event, EventKind, Language, Name, Role, State, Text};
use crate::message::day_in_words;
use crate::rules::Procedure;
use crate::store::StoredEvent;
use serde_json::Value;

/// Returns an event in both languages: in English as the trail has it.
pub(super) fn event_words(event: &StoredEvent, published: &Published) -> Text {
    let data = serde_json::from_str(&event.data).unwrap_or(Value::Null);
    let (rule, summary) = (event.rule.as_deref().unwrap_or_default(), event.summary.as_str());
    words(&Dutch { kind: event.kind, rule, summary, data: &data, published })
}

/// Returns an event that is not recorded, as one that is.
pub(super) fn foreseen_words(event: &Event, published: &Published) -> Text {
    let (rule, summary) = (event.origin.source.name().unwrap_or_default(), event.summary.as_str());
    words(&Dutch { kind: event.kind, rule, summary, data: &event.data, published })
}

fn words(dutch: &Dutch<'_>) -> Text {
    Text::new(dutch.says(), dutch.summary.to_owned())
}

struct Dutch<'e> {
    kind: EventKind,
    /// The name of the source; empty where it has none.
    rule: &'e str,
    summary: &'e str,
    data: &'e Value,
    published: &'e Published,
}

impl Dutch<'_> {
    fn says(&self) -> String {
        let rule = self.rule;
        match self.kind {
            EventKind::Received => "de klacht kwam binnen".to_owned(),
            EventKind::MailAdded => "er kwam een bericht bij".to_owned(),
            EventKind::ComplainantReplied => "de klager schreef".to_owned(),
            EventKind::Registered => format!("ingeschreven als {}", self.text("number")),
            EventKind::Entered => format!("{} → {}", self.state("from"), self.state("to")),
            // The label of the action, as people of the procedure read it.
            EventKind::ActionTaken => self.summary.to_owned(),
            EventKind::RuleFired => format!("regel \"{rule}\""),
            EventKind::FactChanged => self.changed(),
            EventKind::DeadlineArmed => format!("termijn {} loopt{}", self.term(), self.until()),
            EventKind::DeadlineMet => {
                let is_late = self.data["late"].as_bool().unwrap_or(false);
                format!("termijn {} gehaald{}", self.term(), if is_late { ", te laat" } else { "" })
            }
            EventKind::DeadlineCancelled => format!("termijn {} vervallen", self.term()),
            EventKind::DeadlinePaused => format!("termijn {} wacht", self.term()),
            EventKind::DeadlineResumed => format!("termijn {} loopt weer", self.term()),
            EventKind::DeadlineBreached => format!("termijn {} verstreken", self.term()),
            EventKind::Notified => format!("bericht {} aan {}", self.message(), self.recipient()),
            EventKind::Escalated => format!("escalatie: {}", self.escalation()),
            EventKind::Linked => format!("samenhang met {} gewijzigd", self.text("other")),
            EventKind::MeasureRecorded => format!("maatregel {} vastgelegd", self.text("measure")),
            EventKind::MeetingRecorded => format!("gesprek {} vastgelegd", self.text("meeting")),
            EventKind::Remarked => "aantekening".to_owned(),
            EventKind::LetterAccepted => format!("brief {} bezorgd", self.message()),
            EventKind::LetterFailed => format!("brief {} niet bezorgd", self.message()),
            EventKind::LetterRecalled => format!("brief {} teruggehaald", self.message()),
            EventKind::Faulted => format!("mislukt: {rule}"),
            EventKind::Suspended => format!("stilgezet: {rule}"),
            EventKind::Resumed => "stilgezette regels worden weer geprobeerd".to_owned(),
            EventKind::Forgotten => "namen en teksten verwijderd".to_owned(),
            EventKind::Adopted => "regels die al golden, gelden als afgegaan".to_owned(),
            // What belongs to no complaint stands in no complaint's course.
            EventKind::PlanApproved
            | EventKind::RulesetPublished
            | EventKind::ScheduleRan
            | EventKind::DigestsSent
            | EventKind::ReportConcluded
            | EventKind::RecommendationRecorded
            | EventKind::DeliveriesReplayed
            | EventKind::PluginEnabled
            | EventKind::AddressResumed
            | EventKind::MailSteppedOver
            | EventKind::ClockConfirmed
            | EventKind::KeyReplaced
            | EventKind::Restored
            | EventKind::AuditHead
            | EventKind::SignedIn
            | EventKind::SignInsHeld
            | EventKind::AccountChanged
            | EventKind::PersonChanged => self.summary.to_owned(),
        }
    }

    /// Returns a fact of the event as text; empty where it has none.
    fn text(&self, name: &str) -> String {
        match &self.data[name] {
            Value::Null => String::new(),
            Value::String(text) => text.clone(),
            other => other.to_string(),
        }
    }

    fn state(&self, name: &str) -> String {
        let state = State::from(self.text(name).as_str());
        let declared = self.procedure().states.get(&state);
        declared.map_or_else(|| state.to_string(), |declared| declared.nl.clone())
    }

    fn term(&self) -> String {
        let name = DeadlineName::from(self.text("deadline").as_str());
        let declared = self.procedure().deadlines.get(&name);
        declared.map_or_else(|| name.to_string(), |declared| declared.nl.clone())
    }

    fn procedure(&self) -> &Procedure {
        self.published.ruleset.procedure()
    }

    /// Returns what a message is called, as its readers know it.
    fn message(&self) -> String {
        let name = self.text("message");
        let title = self.published.templates.title(Language::Dutch.as_str(), &name);
        format!("“{}”", title.unwrap_or(&name))
    }

    fn escalation(&self) -> String {
        let step = |name: &str| {
            let name = Name::from(self.text(name).as_str());
            let declared = self.procedure().escalations.get(&name);
            declared.map_or_else(|| name.to_string(), |declared| declared.nl.clone())
        };
        let steps = [step("from"), step("to")];
        steps.into_iter().filter(|step| !step.is_empty()).collect::<Vec<_>>().join(" → ")
    }

    /// Returns the end of a term as the trail's line says it; of one that ends with a day, the day.
    fn until(&self) -> String {
        let Some((_, end)) = self.summary.split_once(" ends ") else { return String::new() };
        let day = end.strip_suffix(" 23:59").and_then(|day| day.parse::<Date>().ok());
        day.map_or_else(
            || format!(" tot {end}"),
            |day| format!(" tot en met {}", day_in_words(day, Language::Dutch.as_str())),
        )
    }

    fn recipient(&self) -> String {
        match self.text("to").as_str() {
            "complainant" => "de klager".to_owned(),
            "responsible" => "wie verantwoordelijk is".to_owned(),
            "a person" => "een medewerker".to_owned(),
            role => {
                let declared = self.procedure().roles.get(&Role::from(role));
                declared.map_or_else(|| role.to_owned(), |declared| declared.nl.clone())
            }
        }
    }

    fn changed(&self) -> String {
        let (flag, field) = (self.text("flag"), self.text("field"));
        let declared = self.procedure().flags.get(&Name::from(flag.as_str()));
        match (flag.is_empty(), self.data["to"].as_bool()) {
            (false, to) => {
                let flag = declared.map_or(flag, |declared| declared.nl.clone());
                format!("{flag}: {}", if to == Some(false) { "nee" } else { "ja" })
            }
            (true, _) if field.is_empty() => self.summary.to_owned(),
            (true, _) => format!("{field} gewijzigd"),
        }
    }
}
