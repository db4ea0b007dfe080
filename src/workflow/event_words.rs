//! What happened to a complaint, in the words of its readers. The trail keeps one line in English, which its signature
//! covers; people read these (docs/semantics.md 5.4).

use crate::complaint::{DeadlineName, Event, EventKind, Name, State, Text};
use crate::rules::Procedure;
use crate::store::StoredEvent;
use serde_json::Value;

/// Returns an event in both languages: in English as the trail has it.
pub(super) fn event_words(event: &StoredEvent, procedure: &Procedure) -> Text {
    let data = serde_json::from_str(&event.data).unwrap_or(Value::Null);
    let (rule, summary) = (event.rule.as_deref().unwrap_or_default(), event.summary.as_str());
    words(&Dutch { kind: event.kind, rule, summary, data: &data, procedure })
}

/// Returns an event that is not recorded, as one that is.
pub(super) fn foreseen_words(event: &Event, procedure: &Procedure) -> Text {
    let (rule, summary) = (event.origin.source.name().unwrap_or_default(), event.summary.as_str());
    words(&Dutch { kind: event.kind, rule, summary, data: &event.data, procedure })
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
    procedure: &'e Procedure,
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
            EventKind::Notified => format!("bericht {} aan {}", self.text("message"), self.recipient()),
            EventKind::Escalated => format!("escalatie: {} → {}", self.text("from"), self.text("to")),
            EventKind::Linked => format!("samenhang met {} gewijzigd", self.text("other")),
            EventKind::MeasureRecorded => format!("maatregel {} vastgelegd", self.text("measure")),
            EventKind::MeetingRecorded => format!("gesprek {} vastgelegd", self.text("meeting")),
            EventKind::Remarked => "aantekening".to_owned(),
            EventKind::LetterAccepted => format!("brief {} bezorgd", self.text("message")),
            EventKind::LetterFailed => format!("brief {} niet bezorgd", self.text("message")),
            EventKind::Faulted => format!("mislukt: {rule}"),
            EventKind::Suspended => format!("stilgezet: {rule}"),
            EventKind::Resumed => "stilgezette regels worden weer geprobeerd".to_owned(),
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
            | EventKind::SignedIn
            | EventKind::SignInsHeld
            | EventKind::AccountChanged => self.summary.to_owned(),
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
        let declared = self.procedure.states.get(&state);
        declared.map_or_else(|| state.to_string(), |declared| declared.nl.clone())
    }

    fn term(&self) -> String {
        let name = DeadlineName::from(self.text("deadline").as_str());
        let declared = self.procedure.deadlines.get(&name);
        declared.map_or_else(|| name.to_string(), |declared| declared.nl.clone())
    }

    /// Returns the end of a term as the trail's line says it.
    fn until(&self) -> String {
        let end = self.summary.split_once(" ends ").map(|(_, end)| format!(" tot {end}"));
        end.unwrap_or_default()
    }

    fn recipient(&self) -> String {
        match self.text("to").as_str() {
            "complainant" => "de klager".to_owned(),
            "responsible" => "wie verantwoordelijk is".to_owned(),
            "a person" => "een medewerker".to_owned(),
            role => role.to_owned(),
        }
    }

    fn changed(&self) -> String {
        let (flag, field) = (self.text("flag"), self.text("field"));
        let declared = self.procedure.flags.get(&Name::from(flag.as_str()));
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
