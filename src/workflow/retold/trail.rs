//! The course of a complaint as the trail has it: decision by decision, what set it going and what followed.

use super::not_made::{NotMade, unsaid};
use crate::calendar::{Date, Moment};
use crate::complaint::{Actor, Case, Channel, EventKind, Text, Via};
use crate::store::{LetterPlace, Store, StoredEvent};
use serde_json::{Map, Value};
use std::collections::BTreeMap;

/// The most events and messages of a complaint that is told anew.
const MOST: usize = 3_000;

/// What set a decision going, where that is something that a scenario does.
#[derive(Clone, Debug)]
pub(super) enum Doing {
    Mail { from: String },
    Contact { by: String },
    Reply { from: String, is_complainant: bool },
    Act { by: String, action: String, input: Map<String, Value> },
    Invitation { answer: String },
    Recall { by: String, message: String },
    Bounce { message: String },
}

/// A decision on the complaint.
#[derive(Clone, Debug)]
pub(super) struct Decision {
    pub at: Moment,
    pub doing: Option<Doing>,
    /// Whether it is on a letter that arrived, which happens by itself in a scenario.
    pub is_arrival: bool,
    /// The state that it came to.
    pub state: Option<String>,
    /// The messages, each `recipient message`.
    pub notices: Vec<String>,
    /// The deadlines that it set, with their last day.
    pub runs: BTreeMap<String, Date>,
    /// The deadlines that ended or wait, with the word for how.
    pub ends: BTreeMap<String, &'static str>,
}

/// The decisions on a complaint, oldest first, and what of them no scenario can say.
#[derive(Clone, Debug)]
pub(super) struct Course {
    pub decisions: Vec<Decision>,
    pub unsaid: Vec<Text>,
}

impl Course {
    pub async fn read(store: &Store, case: &Case) -> Result<Self, NotMade> {
        let dossiers = store.dossiers();
        let events = dossiers.events(case.id, (0, i64::MAX), MOST + 1).await?;
        let notices = dossiers.notifications(case.id, LetterPlace::BEGINNING, MOST + 1).await?;
        if events.len() > MOST || notices.len() > MOST {
            return Err(unsaid("de klacht heeft te veel stappen", "the complaint has too many steps"));
        }
        let mut reading = Reading { course: Self { decisions: Vec::new(), unsaid: Vec::new() }, case };
        let mut versions: BTreeMap<i64, Vec<&StoredEvent>> = BTreeMap::new();
        events.iter().for_each(|event| versions.entry(event.version).or_default().push(event));
        for (version, events) in versions {
            let sent = notices.iter().filter(|notice| notice.decision.0 == version);
            let sent = sent.map(|notice| format!("{} {}", notice.recipient, notice.message)).collect();
            reading.decision(&events, sent)?;
        }
        Ok(reading.course)
    }
}

struct Reading<'r> {
    course: Course,
    case: &'r Case,
}

impl Reading<'_> {
    fn decision(&mut self, events: &[&StoredEvent], notices: Vec<String>) -> Result<(), NotMade> {
        let Some(first) = events.first() else { return Ok(()) };
        let mut decision = Decision {
            at: first.at,
            doing: None,
            is_arrival: false,
            state: None,
            notices,
            runs: BTreeMap::new(),
            ends: BTreeMap::new(),
        };
        for event in events {
            self.event(event, &mut decision)?;
        }
        self.course.decisions.push(decision);
        Ok(())
    }

    fn event(&mut self, event: &StoredEvent, decision: &mut Decision) -> Result<(), NotMade> {
        let data: Value = serde_json::from_str(&event.data).unwrap_or_default();
        let personal: Value =
            event.personal.as_deref().and_then(|text| serde_json::from_str(text).ok()).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (deadline, by) = (text(&data["deadline"]), event.by.as_str().to_owned());
        let is_person = matches!(event.by, Actor::Person(_));
        match event.kind {
            EventKind::Received => decision.doing = Some(self.received(by, text(&personal["from"]))),
            EventKind::ComplainantReplied => {
                decision.doing = Some(Doing::Reply { from: text(&personal["from"]), is_complainant: true });
            }
            EventKind::MailAdded => {
                decision.doing = Some(Doing::Reply { from: text(&personal["from"]), is_complainant: false });
            }
            EventKind::ActionTaken if is_person => {
                let input = personal["input"].as_object().cloned();
                let input = input.ok_or_else(forgotten)?;
                decision.doing = Some(Doing::Act { by, action: text(&data["action"]), input });
            }
            EventKind::MeetingRecorded if event.by == Actor::Mail => {
                decision.doing = Some(Doing::Invitation { answer: text(&data["answer"]) });
            }
            EventKind::LetterRecalled => {
                decision.doing = Some(Doing::Recall { by, message: text(&data["message"]) });
            }
            EventKind::LetterFailed if event.via == Via::Delivery => {
                decision.doing = Some(Doing::Bounce { message: text(&data["message"]) });
            }
            EventKind::LetterAccepted => decision.is_arrival = true,
            EventKind::Entered => decision.state = Some(text(&data["to"])),
            EventKind::DeadlineArmed => {
                let end = event.summary.split_once(" ends ").and_then(|(_, end)| end.get(..10)?.parse().ok());
                decision.ends.remove(&deadline);
                decision.runs.extend(end.map(|end| (deadline, end)));
            }
            EventKind::DeadlineMet => end(decision, deadline, "met"),
            EventKind::DeadlineCancelled => end(decision, deadline, "cancelled"),
            EventKind::DeadlineBreached => end(decision, deadline, "overdue"),
            EventKind::DeadlinePaused => end(decision, deadline, "paused"),
            EventKind::Imported | EventKind::ImportUndone => {
                return Err(unsaid(
                    "de klacht is overgenomen uit een eerder register, en dat kan een scenario niet",
                    "the complaint was taken over from an earlier register, which a scenario cannot do",
                ));
            }
            EventKind::Forgotten => return Err(forgotten()),
            EventKind::SurveyAnswered => self.note(
                "het antwoord op de vraag hoe tevreden de klager is",
                "the answer to the question how satisfied the complainant is",
            ),
            EventKind::Linked => {
                self.note("de samenhang met andere klachten", "what it has to do with other complaints")
            }
            EventKind::Faulted | EventKind::Suspended | EventKind::Resumed => {
                self.note("regels die mislukten of zijn stilgezet", "rules that failed or were suspended")
            }
            EventKind::Adopted => self.note(
                "nieuwe regels die al golden toen ze van kracht werden",
                "new rules that held already when they came in force",
            ),
            _ => {}
        }
        Ok(())
    }

    fn received(&self, by: String, from: String) -> Doing {
        match self.case.complaint.channel {
            Channel::Email | Channel::Forwarded => Doing::Mail { from },
            Channel::Phone | Channel::Paper | Channel::Chat => Doing::Contact { by },
        }
    }

    fn note(&mut self, nl: &str, en: &str) {
        let note = Text::new(nl, en);
        if !self.course.unsaid.contains(&note) {
            self.course.unsaid.push(note);
        }
    }
}

fn end(decision: &mut Decision, deadline: String, how: &'static str) {
    decision.runs.remove(&deadline);
    decision.ends.insert(deadline, how);
}

fn forgotten() -> NotMade {
    unsaid(
        "namen en teksten van de klacht zijn verwijderd: er is geen scenario meer van te maken",
        "names and texts of the complaint were removed: no scenario can be made of it any more",
    )
}
