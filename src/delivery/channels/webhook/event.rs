//! `WebhookEvent`: the body that a target gets, its JSON schema, and `EventPayload`, the form in which the
//! outbox holds it.

use crate::complaint::About;
use crate::delivery::channels::row::topic;
use crate::delivery::channels::transport::PluginSource;
use crate::delivery::error::PluginError;
use crate::delivery::subscription::kinds_of_events;
use crate::workflow::{Occasion, Outgoing, OutgoingContent, Outline};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

/// The body of a webhook, in the form of Standard Webhooks.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct WebhookEvent {
    /// The kind of content: `notification.<message>` or `event.<kind>`.
    #[serde(rename = "type")]
    pub kind: String,
    /// The moment at which it happened: RFC 3339, in the organisation's zone.
    pub timestamp: String,
    /// The content.
    pub data: EventData,
}

/// The content of an event or a message.
#[derive(Clone, Debug, PartialEq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct EventData {
    /// The place among everything that goes out about a complaint: what has a lower one happened earlier.
    pub sequence: i64,
    /// The recipient of the message: a role, complainant, responsible or person. Null for events.
    pub recipient: Option<String>,
    /// The event in one line without names. Null for notifications.
    pub summary: Option<String>,
    /// The facts of an event. Null for notifications.
    pub details: Option<serde_json::Value>,
    /// The subject: the complaint, or what an alarm or report is about.
    pub about: About,
    /// True when somebody tries the plugin out: nothing happened, and there is no such complaint.
    pub test: bool,
    /// The complaint. Null for what belongs to none: reports and alarms.
    pub complaint: Option<Outline>,
    /// Names and texts, only for plugins that state a purpose; null for others.
    pub personal: Option<Personal>,
}

/// Names and texts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, JsonSchema)]
#[schemars(deny_unknown_fields)]
pub struct Personal {
    /// The complainant's name. Null for what belongs to no complaint.
    pub complainant_name: Option<String>,
    /// The complainant's address. Null for what belongs to no complaint.
    pub complainant_email: Option<String>,
    /// The subject of the complaint's first mail. Null for what belongs to no complaint.
    pub complaint_subject: Option<String>,
    /// The addresses the message is for; empty for events.
    pub to: Vec<String>,
    /// The message's subject. Null for events.
    pub subject: Option<String>,
    /// The message's text, Markdown that reads well as plain text. Null for events.
    pub text: Option<String>,
}

/// The outbox row of a webhook: `{"event": …}`. The event keeps the text it was written in, because that is
/// sent as it stands.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(super) struct EventPayload {
    event: Box<RawValue>,
}

impl EventPayload {
    /// Makes the event of a message or event, with names and texts only when the plugin states a purpose.
    pub fn of(outgoing: &Outgoing, purpose: Option<&str>) -> Result<Self, serde_json::Error> {
        let event = serde_json::value::to_raw_value(&WebhookEvent::of(outgoing, purpose))?;
        Ok(Self { event })
    }

    /// Reads an outbox row.
    ///
    /// # Errors
    /// In words for the log of attempts.
    pub fn read(payload: &str) -> Result<Self, String> {
        serde_json::from_str(payload).map_err(|e| format!("the event cannot be read: {e}"))
    }

    /// Returns the outbox row.
    pub fn to_payload(&self) -> Result<String, serde_json::Error> {
        serde_json::to_string(self)
    }

    /// Returns the event as it is sent.
    pub fn text(&self) -> &str {
        self.event.get()
    }

    /// Returns whether it was made to try a plugin out. Nothing else of it is read.
    pub fn is_test(&self) -> bool {
        #[derive(Deserialize)]
        struct Event<'e> {
            #[serde(borrow)]
            data: &'e RawValue,
        }
        #[derive(Deserialize)]
        struct Data {
            test: bool,
        }
        let data = serde_json::from_str::<Event<'_>>(self.text()).map(|event| event.data.get());
        data.and_then(serde_json::from_str::<Data>).is_ok_and(|data| data.test)
    }

    /// Returns the event for patterns and scripts, with the delivery's `id` in it.
    pub fn value(&self, id: &str) -> Result<serde_json::Value, String> {
        let read = serde_json::from_str::<serde_json::Map<_, _>>(self.text());
        let mut event = read.map_err(|e| format!("the event cannot be read: {e}"))?;
        event.insert("id".to_owned(), id.into());
        Ok(event.into())
    }
}

/// Returns whether an event has a value at a path such as `data.complaint.number`, or may have.
pub(super) fn knows(path: &str) -> bool {
    let schema = serde_json::json!(schemars::schema_for!(WebhookEvent));
    let found = path.split('.').try_fold(&schema, |at, name| {
        // Where an event says what it likes, as in `details`, any name may stand.
        let is_open = at.get("properties").is_none() && at.get("type").is_none();
        let property = at.get("properties").and_then(|properties| properties.get(name));
        if is_open { Some(at) } else { property.map(|property| resolved(&schema, property)) }
    });
    path == "id" || found.is_some()
}

/// Follows a schema to the one it refers to, also where it may be null.
fn resolved<'s>(schema: &'s serde_json::Value, property: &'s serde_json::Value) -> &'s serde_json::Value {
    let choices = property.get("anyOf").and_then(serde_json::Value::as_array);
    let property = choices.and_then(|choices| choices.first()).unwrap_or(property);
    let definition = property.get("$ref").and_then(serde_json::Value::as_str);
    let definition = definition.and_then(|place| schema.pointer(place.trim_start_matches('#')));
    definition.unwrap_or(property)
}

/// Returns the event that a plugin brings to be tried out with, marked as a test. Nothing else reads it, so a
/// mistake in it stops nothing.
pub(super) fn of_plugin(source: &PluginSource) -> Result<Option<EventPayload>, PluginError> {
    let Some(path) = source.folder().map(|f| f.join("sample.json")) else { return Ok(None) };
    let text = match std::fs::read_to_string(&path) {
        Ok(text) => text,
        Err(e) if e.kind() == std::io::ErrorKind::NotFound => return Ok(None),
        Err(e) => {
            return Err(PluginError::new(path.display().to_string(), e.to_string(), "make it readable"));
        }
    };
    let marked = || {
        let mut event: serde_json::Value = serde_json::from_str(&text)?;
        if let Some(data) = event.get_mut("data").and_then(serde_json::Value::as_object_mut) {
            data.insert("test".to_owned(), true.into());
        }
        serde_json::value::to_raw_value(&event).map(|event| Some(EventPayload { event }))
    };
    marked().map_err(|e: serde_json::Error| {
        let place = format!("{}:{}:{}", path.display(), e.line(), e.column());
        PluginError::new(
            place,
            e.to_string(),
            "write an event as `redress plugins sample` shows it, or remove the file",
        )
    })
}

impl WebhookEvent {
    /// Returns the event of what goes out, with names and texts only when the plugin states a purpose.
    fn of(outgoing: &Outgoing, purpose: Option<&str>) -> Self {
        let (recipient, summary, details) = match &outgoing.content {
            OutgoingContent::Message { notification, .. } => {
                (Some(notification.recipient.kind().to_owned()), None, None)
            }
            OutgoingContent::Event(event) => {
                let facts = if purpose.is_some() { outgoing.facts(event) } else { outgoing.details(event) };
                (None, Some(event.summary.clone()), Some(facts))
            }
        };
        Self {
            kind: topic(outgoing),
            timestamp: outgoing.timestamp(),
            data: EventData {
                sequence: outgoing.position(),
                recipient,
                summary,
                details,
                about: outgoing.about.clone(),
                test: outgoing.occasion == Occasion::Test,
                complaint: outgoing.outline(),
                personal: purpose.map(|_| Personal::of(outgoing)),
            },
        }
    }
}

impl Personal {
    fn of(outgoing: &Outgoing) -> Self {
        let complaint = outgoing.complaint.map(|(_, c)| c);
        let (to, subject, text) = match &outgoing.content {
            OutgoingContent::Message { addresses, words, .. } => {
                (addresses.to_vec(), Some(words.subject.clone()), Some(words.text.clone()))
            }
            OutgoingContent::Event(_) => (Vec::new(), None, None),
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

/// Returns the schema of one family of events; `types` are all it may be.
fn schema_of(title: &str, types: Vec<String>) -> serde_json::Value {
    let mut schema = serde_json::json!(schemars::schema_for!(WebhookEvent));
    schema["title"] = title.into();
    schema["properties"]["type"]["enum"] = types.into();
    schema
}

/// Returns (file name, schema): one for the messages of the procedure, one for the events of the audit trail.
pub fn schemas(messages: &[String]) -> Vec<(&'static str, serde_json::Value)> {
    let notifications = messages.iter().map(|m| format!("notification.{m}")).collect();
    let events = kinds_of_events().map(|e| format!("event.{}", e.as_str())).collect();
    vec![
        ("notification.json", schema_of("A message to somebody", notifications)),
        ("event.json", schema_of("An event of the audit trail", events)),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stored_event_is_sent_as_it_was_written() {
        let payload = "{\"event\":{\"type\":\"event.entered\",\"data\":{\"b\":1.50, \"a\":\"}\"}}}";
        let stored = EventPayload::read(payload).expect("an event");
        assert_eq!(stored.text(), "{\"type\":\"event.entered\",\"data\":{\"b\":1.50, \"a\":\"}\"}}");
        assert_eq!(stored.to_payload().expect("JSON"), payload);
        let value = stored.value("d1").expect("JSON");
        assert_eq!((&value["data"]["a"], &value["id"]), (&"}".into(), &"d1".into()));
    }

    #[test]
    fn a_test_says_so_in_its_data() {
        for (event, is_test) in [
            ("{\"data\":{\"recipient\":\"\\\"test\\\":true\", \"test\": true},\"type\":\"x\"}", true),
            ("{\"data\":{\"test\":false}}", false),
            ("{\"data\":{\"details\":{\"test\":true},\"test\":false}}", false),
            ("{\"test\":true,\"data\":\"test\"}", false),
            ("{\"data\":{}}", false),
        ] {
            let stored = EventPayload::read(&format!("{{\"event\":{event}}}")).expect("an event");
            assert_eq!(stored.is_test(), is_test, "{event}");
        }
    }

    #[test]
    fn a_row_that_holds_no_event_is_not_sent() {
        for payload in ["", "{}", "{\"event\":", "\"event\""] {
            let why = EventPayload::read(payload).expect_err(payload);
            assert!(why.starts_with("the event cannot be read"), "{why}");
        }
    }
}
