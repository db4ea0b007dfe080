//! A message or event about a complaint that is made up for the purpose: what `plugins sample` shows and
//! `plugins test` sends.

use super::about::about_complaint;
use super::{Carriers, Cause, Departure, Occasion, Outgoing, OutgoingContent, Published, sample_case};
use crate::calendar::Moment;
use crate::complaint::{
    Case, ComplainantKind, Event, EventKind, IntakeId, Language, Notification, Number, Origin, Recipient,
};
use crate::config::Settings;
use crate::message::Rendered;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The properties of a sample, so that a plugin takes it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleWish {
    /// The message, by name.
    pub message: String,
    /// The one whom the message is for.
    pub recipient: Recipient,
    /// The kind of event.
    pub event: EventKind,
    /// The state; none for the procedure's first.
    pub state: Option<String>,
    /// Values by category, as [`crate::workflow::Names`] has them.
    pub categories: BTreeMap<&'static str, String>,
}

/// A message and an event about a complaint that is made up.
#[derive(Debug)]
pub struct OutgoingSample {
    published: Arc<Published>,
    settings: Arc<Settings>,
    case: Case,
    notification: Notification,
    addresses: Vec<String>,
    words: Rendered,
    event: Event,
    at: Moment,
}

/// The number of the complaint in samples; numbers begin with a year and end with 1 at least.
const NUMBER: &str = "K-0000-0000";
const INTAKE_ID: &str = "I-0000-000000";

impl OutgoingSample {
    /// Makes the sample of a ruleset; `to` is the address a letter goes to.
    pub fn new(
        published: Arc<Published>,
        settings: Arc<Settings>,
        wish: &SampleWish,
        to: &str,
        at: Moment,
    ) -> Self {
        let mut case = sample_case::full(published.ruleset.procedure());
        let c = &mut case.complaint;
        c.intake_id = IntakeId::from(INTAKE_ID.to_owned());
        c.number = Some(Number::from(NUMBER.to_owned()));
        c.complainant.name = "Jan Voorbeeld".to_owned();
        c.complainant.email = to.to_owned();
        c.subject = "Proef".to_owned();
        c.received_at = at;
        if let Some(state) = &wish.state {
            c.state = state.as_str().into();
        }
        let category = |name: &str| wish.categories.get(name).map(|value| value.as_str().into());
        for (name, held) in [
            ("verdict", &mut c.verdict),
            ("ground", &mut c.ground),
            ("agreement", &mut c.agreement),
            ("escalation", &mut c.escalation),
            ("cause_kind", &mut c.cause_kind),
        ] {
            *held = category(name).or(held.take());
        }
        c.flags.extend(category("flags"));
        let word = |name: &str| wish.categories.get(name).cloned().unwrap_or_default();
        c.complainant_kind = word("complainant_kind").parse().unwrap_or(ComplainantKind::External);
        c.language = word("language").parse().unwrap_or(Language::Dutch);
        c.channel = word("channel").parse().unwrap_or(c.channel);
        let (recipient, message) = (wish.recipient.clone(), wish.message.as_str().into());
        let notification = Notification::of_engine(recipient, message, json!({}));
        let words = Rendered {
            subject: "[Proef] Redress probeert een plugin".to_owned(),
            text: "Dit is een proef van Redress. Er is geen klacht.\n".to_owned(),
            html: "<p>Dit is een proef van Redress. Er is geen klacht.</p>\n".to_owned(),
            language: "nl".to_owned(),
            calendar: None,
            line: None,
        };
        let event = Event {
            kind: wish.event,
            origin: Origin::ENGINE,
            summary: format!("test: {}", wish.event.as_str()),
            data: facts(wish.event, case.complaint.state.as_str(), at),
            personal: None,
        };
        Self { published, settings, case, notification, addresses: vec![to.to_owned()], words, event, at }
    }

    /// Returns the sample as a message.
    pub fn message(&self) -> Outgoing<'_> {
        self.outgoing(OutgoingContent::Message {
            notification: &self.notification,
            notification_id: "sample",
            addresses: &self.addresses,
            words: &self.words,
            invitation: None,
            tag: None,
            is_first_letter: true,
        })
    }

    /// Returns the sample as an event.
    pub fn event(&self) -> Outgoing<'_> {
        self.outgoing(OutgoingContent::Event(&self.event))
    }

    fn outgoing<'p>(&'p self, content: OutgoingContent<'p>) -> Outgoing<'p> {
        Outgoing {
            content,
            complaint: Some((self.case.id, &self.case.complaint)),
            version: self.case.version,
            ordinal: 1,
            // As a machine's, so that a letter that comes back is a machine's mail.
            cause: Cause::Machine,
            at: self.at,
            occasion: Occasion::Test,
            carriers: Carriers::Subscribers,
            departure: Departure::AtOnce,
            about: about_complaint(&self.case.complaint),
            calendar: &self.settings.calendar,
            procedure: self.published.ruleset.procedure(),
            language: self.settings.language,
        }
    }
}

/// Returns facts as an event of this kind has them, for a script that reads them.
fn facts(kind: EventKind, state: &str, at: Moment) -> Value {
    match kind {
        EventKind::Registered => json!({"number": NUMBER}),
        EventKind::Entered | EventKind::Escalated => json!({"from": state, "to": state}),
        EventKind::ActionTaken => json!({"action": "test"}),
        EventKind::RuleFired => json!({"element": "", "repeat": 0}),
        EventKind::FactChanged => json!({"field": "verdict", "from": "not set", "to": "test"}),
        EventKind::DeadlineArmed => {
            json!({"deadline": "test", "instance": 1, "due": at, "raw_end": at, "replaces_due": null})
        }
        EventKind::DeadlineMet | EventKind::DeadlineCancelled => {
            json!({"deadline": "test", "instance": 1, "late": false})
        }
        EventKind::DeadlineBreached | EventKind::DeadlinePaused => {
            json!({"deadline": "test", "instance": 1, "due": at})
        }
        EventKind::DeadlineResumed => json!({
            "deadline": "test", "instance": 1, "due": at, "raw_end": at, "paused_at": at, "added": {"days": 7},
        }),
        EventKind::Notified => json!({"ordinal": 1, "message": "test", "to": "complainant"}),
        EventKind::Linked => json!({"kind": "candidate", "other": NUMBER}),
        EventKind::MeasureRecorded => json!({"measure": 1, "state": "test", "due": null}),
        EventKind::MeetingRecorded => json!({
            "meeting": 1, "status": "planned", "day": "2027-01-04", "time": "10:00", "minutes": 60, "sequence": 0,
        }),
        EventKind::LetterAccepted | EventKind::LetterFailed => json!({"message": "test"}),
        EventKind::SurveyAnswered => json!({"step": 4, "before": null}),
        EventKind::LetterRecalled => json!({"message": "test", "is_latest": true}),
        EventKind::Faulted | EventKind::Suspended => {
            json!({"kind": "script", "place": "test"})
        }
        EventKind::AuditHead => json!({"head": format!("1 {}", "0".repeat(64)), "events": 1}),
        EventKind::ScheduleRan => json!({"nominal": at, "sent": 0}),
        EventKind::DigestsSent => json!({"digests": {}, "left_out": []}),
        EventKind::Received
        | EventKind::MailAdded
        | EventKind::Forgotten
        | EventKind::ComplainantReplied
        | EventKind::Remarked
        | EventKind::Resumed
        | EventKind::PlanApproved
        | EventKind::RulesetPublished
        | EventKind::Adopted
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
        | EventKind::SignedIn
        | EventKind::SignInsHeld
        | EventKind::AccountChanged
        | EventKind::PersonChanged
        | EventKind::Imported
        | EventKind::ImportUndone => json!({}),
    }
}
