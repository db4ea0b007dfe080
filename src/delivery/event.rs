//! `WebhookEvent`: what a target gets, and its JSON schema.

use crate::workflow::{Outline, Posting, Told};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The body of a webhook, in the form of Standard Webhooks.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct WebhookEvent {
    /// `notification.<message>` or `event.<kind>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// When it happened: RFC 3339, in the organisation's zone.
    pub timestamp: String,
    pub data: EventData,
}

#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EventData {
    /// Rises within a complaint: what has a lower one happened earlier.
    pub sequence: i64,
    /// Whom the message is for: a role, complainant, responsible or person. Null for events.
    pub recipient: Option<String>,
    /// What happened, in one line without names. Null for notifications.
    pub summary: Option<String>,
    /// The facts of an event. Null for notifications.
    pub details: Option<serde_json::Value>,
    /// Null for what belongs to no complaint: reports and alarms.
    pub complaint: Option<Outline>,
    /// Names and texts: only for plugins that state a purpose.
    pub personal: Option<Personal>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Personal {
    pub complainant_name: Option<String>,
    pub complainant_email: Option<String>,
    /// The subject of the complaint.
    pub complaint_subject: Option<String>,
    /// Addresses the message is for.
    pub to: Vec<String>,
    /// The message as it is rendered.
    pub subject: Option<String>,
    pub text: Option<String>,
}

/// What the outbox row of a webhook holds.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub(super) struct Stored {
    pub event: serde_json::Value,
}

pub(super) fn topic(posting: &Posting) -> String {
    match &posting.told {
        Told::Message { notification, .. } => format!("notification.{}", notification.message),
        Told::Event(event) => format!("event.{}", event.kind.as_str()),
    }
}

impl WebhookEvent {
    /// With names and texts only when the plugin states a purpose.
    pub fn of(posting: &Posting, purpose: Option<&str>) -> Self {
        let (recipient, summary, details) = match &posting.told {
            Told::Message { notification, .. } => {
                (Some(notification.recipient.kind().to_owned()), None, None)
            }
            Told::Event(event) => (None, Some(event.summary.clone()), Some(event.data.clone())),
        };
        Self {
            kind: topic(posting),
            timestamp: posting.timestamp(),
            data: EventData {
                sequence: posting.position(),
                recipient,
                summary,
                details,
                complaint: posting.outline(),
                personal: purpose.map(|_| Personal::of(posting)),
            },
        }
    }
}

impl Personal {
    fn of(posting: &Posting) -> Self {
        let complaint = posting.complaint.map(|(_, c)| c);
        let (to, subject, text) = match &posting.told {
            Told::Message { addresses, words, .. } => {
                (addresses.to_vec(), Some(words.subject.clone()), Some(words.text.clone()))
            }
            Told::Event(_) => (Vec::new(), None, None),
        };
        Self {
            complainant_name: complaint.map(|c| c.complainant.name.clone()),
            complainant_email: complaint.map(|c| c.complainant.email.clone()),
            complaint_subject: complaint.map(|c| c.subject.clone()),
            to,
            subject,
            text,
        }
    }
}

/// The schema of one family of events; `types` are all it may be.
fn schema_of(title: &str, types: Vec<String>) -> serde_json::Value {
    let mut schema = serde_json::json!(schemars::schema_for!(WebhookEvent));
    schema["title"] = title.into();
    schema["properties"]["type"]["enum"] = types.into();
    schema
}

/// (file name, schema): one for the messages of the procedure, one for the events of the audit trail.
pub fn schemas(messages: &[String]) -> Vec<(&'static str, serde_json::Value)> {
    let notifications = messages.iter().map(|m| format!("notification.{m}")).collect();
    let events = super::manifest::EVENTS.iter().map(|e| format!("event.{}", e.as_str())).collect();
    vec![
        ("notification.json", schema_of("A message to somebody", notifications)),
        ("event.json", schema_of("An event of the audit trail", events)),
    ]
}
