//! What happened to a complaint, in the words of its readers. The trail keeps one line in English, which its signature
//! covers; people read these (docs/semantics.md 5.4).

use super::Published;
use crate::calendar::Date;
use crate::complaint::{DeadlineName, Event, EventKind, Language, Name, Role, State, SurveyStep, Text};
use crate::message::day_in_words;
use crate::rules::Procedure;
use crate::store::StoredEvent;
use serde_json::Value;

/// Returns an event in both languages.
pub(super) fn event_words(event: &StoredEvent, published: &Published) -> Text {
    let data = serde_json::from_str(&event.data).unwrap_or(Value::Null);
    let (rule, summary) = (event.rule.as_deref().unwrap_or_default(), event.summary.as_str());
    words(&Said { language: Language::Dutch, kind: event.kind, rule, summary, data: &data, published })
}

/// Returns an event that is not recorded, as one that is.
pub(super) fn foreseen_words(event: &Event, published: &Published) -> Text {
    let (rule, summary) = (event.origin.source.name().unwrap_or_default(), event.summary.as_str());
    words(&Said { language: Language::Dutch, kind: event.kind, rule, summary, data: &event.data, published })
}

fn words(said: &Said<'_>) -> Text {
    Text::new(said.says(), Said { language: Language::English, ..*said }.says())
}

/// An event that is said in a language.
struct Said<'e> {
    language: Language,
    kind: EventKind,
    /// The name of the source; empty where it has none.
    rule: &'e str,
    summary: &'e str,
    data: &'e Value,
    published: &'e Published,
}

impl Said<'_> {
    fn says(&self) -> String {
        let rule = self.rule;
        match self.kind {
            EventKind::Received => self.words("de klacht kwam binnen", "the complaint came in"),
            EventKind::MailAdded => self.words("er kwam een bericht bij", "a message was added"),
            EventKind::ComplainantReplied => self.words("de klager schreef", "the complainant wrote"),
            EventKind::Registered => {
                format!("{} {}", self.words("ingeschreven als", "registered as"), self.text("number"))
            }
            EventKind::Entered => format!("{} → {}", self.state("from"), self.state("to")),
            // The label of the action, as people of the procedure read it.
            EventKind::ActionTaken => self.summary.to_owned(),
            EventKind::RuleFired => format!("{} \"{rule}\"", self.words("regel", "rule")),
            EventKind::FactChanged => self.changed(),
            EventKind::DeadlineArmed => {
                format!("{} {}", self.of_term("loopt", "runs"), self.until()).trim_end().to_owned()
            }
            EventKind::DeadlineMet => {
                let is_late = self.data["late"].as_bool().unwrap_or(false);
                format!(
                    "{}{}",
                    self.of_term("gehaald", "met"),
                    if is_late { self.words(", te laat", ", late") } else { String::new() }
                )
            }
            EventKind::DeadlineCancelled => self.of_term("vervallen", "cancelled"),
            EventKind::DeadlinePaused => self.of_term("wacht", "waits"),
            EventKind::DeadlineResumed => self.of_term("loopt weer", "runs again"),
            EventKind::DeadlineBreached => self.of_term("verstreken", "has passed"),
            EventKind::Notified => format!(
                "{} {} {} {}",
                self.words("bericht", "message"),
                self.message(),
                self.words("aan", "to"),
                self.recipient()
            ),
            EventKind::Escalated => {
                format!("{}: {}", self.words("escalatie", "escalation"), self.escalation())
            }
            EventKind::Linked => {
                self.around("samenhang met", "link to", &self.text("other"), ("gewijzigd", "changed"))
            }
            EventKind::MeasureRecorded => {
                self.around("maatregel", "measure", &self.text("measure"), ("vastgelegd", "recorded"))
            }
            EventKind::MeetingRecorded => {
                self.around("gesprek", "meeting", &self.text("meeting"), ("vastgelegd", "recorded"))
            }
            EventKind::Remarked => self.words("aantekening", "note"),
            EventKind::LetterAccepted => {
                self.around("brief", "letter", &self.message(), ("bezorgd", "delivered"))
            }
            EventKind::LetterFailed => {
                self.around("brief", "letter", &self.message(), ("niet bezorgd", "not delivered"))
            }
            EventKind::LetterRecalled => {
                self.around("brief", "letter", &self.message(), ("teruggehaald", "recalled"))
            }
            EventKind::SurveyAnswered => self.answered(),
            EventKind::Faulted => format!("{}: {rule}", self.words("mislukt", "failed")),
            EventKind::Suspended => format!("{}: {rule}", self.words("stilgezet", "suspended")),
            EventKind::Resumed => {
                self.words("stilgezette regels worden weer geprobeerd", "suspended rules are tried again")
            }
            EventKind::Forgotten => self.words("namen en teksten verwijderd", "names and texts removed"),
            EventKind::Imported => {
                self.words("overgenomen uit een eerder register", "taken over from an earlier register")
            }
            EventKind::ImportUndone => {
                self.words("het overnemen is teruggedraaid", "taking it over was undone")
            }
            EventKind::Adopted => self
                .words("regels die al golden, gelden als afgegaan", "rules that held already count as fired"),
            // What belongs to no complaint stands in no complaint's course.
            EventKind::PlanApproved
            | EventKind::RulesetPublished
            | EventKind::ScheduleRan
            | EventKind::DigestsSent
            | EventKind::ReportConcluded
            | EventKind::RecommendationRecorded
            | EventKind::DeliveriesReplayed
            | EventKind::PluginEnabled
            | EventKind::PluginDisabled
            | EventKind::PluginTried
            | EventKind::SubscriptionMade
            | EventKind::SubscriptionChanged
            | EventKind::SubscriptionRemoved
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

    fn words(&self, nl: &str, en: &str) -> String {
        match self.language {
            Language::Dutch => nl.to_owned(),
            Language::English => en.to_owned(),
        }
    }

    /// Says what became of a term.
    fn of_term(&self, nl: &str, en: &str) -> String {
        self.around("termijn", "term", &self.term(), (nl, en))
    }

    /// Says something of a thing.
    fn around(&self, nl: &str, en: &str, thing: &str, end: (&str, &str)) -> String {
        format!("{} {thing} {}", self.words(nl, en), self.words(end.0, end.1))
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
        declared.map_or_else(|| state.to_string(), |d| self.words(&d.nl, &d.en))
    }

    fn term(&self) -> String {
        let name = DeadlineName::from(self.text("deadline").as_str());
        let declared = self.procedure().deadlines.get(&name);
        declared.map_or_else(|| name.to_string(), |d| self.words(&d.nl, &d.en))
    }

    fn procedure(&self) -> &Procedure {
        self.published.ruleset.procedure()
    }

    /// Says what was answered to the question how satisfied somebody is.
    fn answered(&self) -> String {
        let step = self.text("step");
        let said = step.parse::<SurveyStep>().ok().zip(self.procedure().survey.as_ref());
        let said = said.map(|(step, survey)| format!(" ({})", survey.step(step, self.language)));
        format!(
            "{} {step} {} {}{}",
            self.words("tevredenheid over de behandeling:", "satisfaction with the handling:"),
            self.words("van", "of"),
            SurveyStep::COUNT,
            said.unwrap_or_default()
        )
    }

    /// Returns what a message is called, as its readers know it.
    fn message(&self) -> String {
        let name = self.text("message");
        let title = self.published.templates.title(self.language.as_str(), &name);
        format!("“{}”", title.unwrap_or(&name))
    }

    fn escalation(&self) -> String {
        let step = |name: &str| {
            let name = Name::from(self.text(name).as_str());
            let declared = self.procedure().escalations.get(&name);
            declared.map_or_else(|| name.to_string(), |d| self.words(&d.nl, &d.en))
        };
        let steps = [step("from"), step("to")];
        steps.into_iter().filter(|step| !step.is_empty()).collect::<Vec<_>>().join(" → ")
    }

    /// Returns the end of a term as the trail's line says it; of one that ends with a day, the day.
    fn until(&self) -> String {
        let Some((_, end)) = self.summary.split_once(" ends ") else { return String::new() };
        let day = end.strip_suffix(" 23:59").and_then(|day| day.parse::<Date>().ok());
        day.map_or_else(
            || format!("{} {end}", self.words("tot", "until")),
            |day| {
                let day = day_in_words(day, self.language.as_str());
                format!("{} {day}", self.words("tot en met", "until the end of"))
            },
        )
    }

    fn recipient(&self) -> String {
        match self.text("to").as_str() {
            "complainant" => self.words("de klager", "the complainant"),
            "responsible" => self.words("wie verantwoordelijk is", "who is responsible"),
            "a person" => self.words("een medewerker", "somebody of our own"),
            role => {
                let declared = self.procedure().roles.get(&Role::from(role));
                declared.map_or_else(|| role.to_owned(), |d| self.words(&d.nl, &d.en))
            }
        }
    }

    fn changed(&self) -> String {
        let (flag, field) = (self.text("flag"), self.text("field"));
        let declared = self.procedure().flags.get(&Name::from(flag.as_str()));
        match (flag.is_empty(), self.data["to"].as_bool()) {
            (false, to) => {
                let flag = declared.map_or(flag, |d| self.words(&d.nl, &d.en));
                format!(
                    "{flag}: {}",
                    if to == Some(false) { self.words("nee", "no") } else { self.words("ja", "yes") }
                )
            }
            (true, _) if field.is_empty() => self.summary.to_owned(),
            (true, _) => format!("{field} {}", self.words("gewijzigd", "changed")),
        }
    }
}
