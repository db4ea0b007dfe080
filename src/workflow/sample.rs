//! A message or event about a complaint that is made up for the purpose: what `plugins sample` shows and
//! `plugins test` sends.

use super::{Cause, Outgoing, OutgoingContent, Published, sample_case};
use crate::calendar::Moment;
use crate::complaint::{Case, Event, EventKind, Notification, Origin, Recipient, Source};
use crate::config::Settings;
use crate::message::Rendered;
use serde_json::json;
use std::sync::Arc;

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

impl OutgoingSample {
    /// Makes the sample of a ruleset; `to` is the address a letter goes to.
    pub fn new(
        published: Arc<Published>,
        settings: Arc<Settings>,
        message: &str,
        to: &str,
        at: Moment,
    ) -> Self {
        let mut case = sample_case::full(published.ruleset.procedure());
        let c = &mut case.complaint;
        c.complainant.name = "Jan Voorbeeld".to_owned();
        c.complainant.email = to.to_owned();
        c.subject = "Klacht over het parkeren".to_owned();
        c.received_at = at;
        let notification = Notification {
            ordinal: 1,
            recipient: Recipient::Complainant,
            message: message.into(),
            data: json!({}),
            source: Source::Engine,
            unless_reached_by: Vec::new(),
        };
        let words = Rendered {
            subject: "Voorbeeld van een bericht".to_owned(),
            text: "Dit is een proef van Redress. Er is geen klacht.\n".to_owned(),
            html: "<p>Dit is een proef van Redress. Er is geen klacht.</p>\n".to_owned(),
            language: "nl".to_owned(),
            calendar: None,
        };
        let event = Event {
            kind: EventKind::Entered,
            origin: Origin::ENGINE,
            summary: format!("entered {}", case.complaint.state),
            data: json!({"state": case.complaint.state}),
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
            cause: Cause::Person,
            at: self.at,
            except: None,
            avoid: &[],
            calendar: &self.settings.calendar,
            procedure: self.published.ruleset.procedure(),
            language: self.settings.language,
        }
    }
}
