//! `Renderer`: words messages in the language of whoever they reach, and routes them to the plugins. It
//! writes nothing.

use super::about::{about_complaint, about_event, about_notice};
use super::links::{is_outside, links};
use super::message_mistakes::{failure, place_of};
use super::published::Published;
use super::routing::{Carriers, Cause, Departure, Occasion, Outgoing, OutgoingContent, Router};
use super::standing::{Reached, Standing};
use super::survey_letter::SurveyInLetter;
use super::survey_link::{anchored, without_links};
use super::template_context::TemplateContext;
use crate::calendar::Moment;
use crate::complaint::{
    Case, Complaint, Event, Fault, FaultKind, Language, Latch, LatchKey, Notification, Number, Recipient,
    Source,
};
use crate::config::Settings;
use crate::message::{
    CalendarMethod, Dispatch, Invitation, Mistake, MistakeKind, Rendered, TemplateError, Timing,
};
use crate::store::{AuditKey, GatheredLine, NewDelivery, RenderedNotification};
use serde_json::Value;
use std::sync::Arc;

/// The parts that wording and routing need beside the decision.
#[derive(Clone, Debug)]
pub(super) struct Renderer {
    pub published: Arc<Published>,
    pub settings: Arc<Settings>,
    pub router: Arc<dyn Router>,
    pub key: AuditKey,
}

/// A message to be worded and routed.
pub(super) struct Sending<'s> {
    pub id: String,
    pub notification: &'s Notification,
    pub case: Option<&'s Case>,
    pub now: Moment,
    /// The moment at which it was due; none when that is not known.
    pub nominal: Option<Moment>,
    pub cause: Cause,
    pub is_first_letter: bool,
    /// The plugins that may carry it.
    pub carriers: Carriers<'s>,
    /// The addresses that have been told the same already.
    pub told: &'s [String],
    /// The moment until which a letter to outsiders waits, to be called back; none when it goes at once.
    pub recallable_until: Option<Moment>,
}

impl<'s> Sending<'s> {
    /// Makes a message that belongs to no complaint.
    pub fn alone(id: String, notification: &'s Notification, now: Moment, nominal: Option<Moment>) -> Self {
        let (case, carriers, told) = (None, Carriers::Subscribers, &[]);
        let (cause, is_first_letter, recallable_until) = (Cause::Machine, false, None);
        Self {
            id,
            notification,
            case,
            now,
            nominal,
            cause,
            is_first_letter,
            carriers,
            told,
            recallable_until,
        }
    }
}

/// A message as it goes out.
pub(super) struct Sent {
    pub row: RenderedNotification,
    pub deliveries: Vec<NewDelivery>,
    /// True when it carries the question of the survey.
    pub asks: bool,
    /// True when it waits neither for working hours nor for a digest.
    pub goes_at_once: bool,
    /// The fault of a text that stands in the place of the engine's own and cannot be rendered; the engine's
    /// own text went out (docs/semantics.md 3.3).
    pub broken: Option<Fault>,
}

impl Renderer {
    /// Renders a notification and routes it. A message of the engine does not fail while its own text is
    /// whole.
    pub fn notification(&self, sending: Sending<'_>) -> Result<Sent, TemplateError> {
        let Sending {
            id, notification: n, case, now, nominal, cause, is_first_letter, carriers, told, ..
        } = sending;
        let complaint = case.map(|c| &c.complaint);
        let reached = self.reached(n, case, now, told);
        let Words { mut words, invitation, broken } = self.words(n, case, &reached, now, nominal)?;
        let survey = self.survey_in(n, complaint, (reached.language, now));
        let survey = survey.filter(|survey| words.text.contains(&survey.link));
        if let Some(survey) = &survey {
            words.html = anchored(&words.html, &survey.link);
        }
        words.lead_to(&links(&self.settings, n, &id, complaint, reached.language));
        let tag = complaint.map(|c| {
            let letters = match &c.number {
                Some(number) if number.is_pending() => Number::PENDING_CHECK.to_owned(),
                _ => self.key.check_letters(c.reference()),
            };
            format!("{}-{letters}", c.reference())
        });
        let content = OutgoingContent::Message {
            notification: n,
            notification_id: &id,
            addresses: &reached.addresses,
            words: &words,
            invitation,
            tag,
            is_first_letter,
        };
        let dispatch = self.dispatch(n, reached.language);
        let outgoing = Outgoing { carriers, ..self.outgoing(content, case, n.ordinal, cause, now) };
        let is_gathered = dispatch.timing.is_gathered() && !self.router.gatherers(&outgoing).is_empty();
        let recallable = sending.recallable_until.filter(|_| self.may_be_recalled(n));
        let departure = match (dispatch.timing, recallable) {
            (_, Some(until)) => Departure::Recallable(until),
            _ if is_gathered => Departure::Gathered,
            (Timing::AtOnce, _) => Departure::AtOnce,
            _ => Departure::NotBefore(self.open_from(now)),
        };
        let about = outgoing.about.clone();
        let deliveries = self.deliveries(Outgoing { departure, ..outgoing }, &n.recipient);
        let gathered = is_gathered.then(|| GatheredLine {
            due_at: self.digest_from(dispatch.timing, nominal.map_or(now.next(), |nominal| nominal.min(now))),
            part: dispatch.group,
            line: words.line.clone().unwrap_or_default(),
            data: n.data.clone(),
            stands_on: n.firing.clone().filter(|firing| holds(case, firing)),
        });
        let is_reached = !reached.addresses.is_empty();
        let row = RenderedNotification {
            ordinal: n.ordinal,
            recipient: n.recipient.clone(),
            addresses: reached.addresses,
            message: n.message.to_string(),
            language: reached.language.to_string(),
            source: n.source.clone(),
            about: Some(about),
            subject: without_links(&words.subject),
            body: if survey.is_some() { without_links(&words.text) } else { words.text },
            is_deliverable: !deliveries.is_empty() || (is_gathered && is_reached),
            gathered,
            id,
        };
        let goes_at_once = match departure {
            Departure::AtOnce => true,
            Departure::NotBefore(moment) | Departure::Recallable(moment) => moment <= now,
            Departure::Gathered => false,
        };
        let (asks, broken) = (survey.is_some(), broken.map(|e| self.fault(Source::Engine, e)));
        Ok(Sent { row, deliveries, asks, goes_at_once, broken })
    }

    /// Returns when a notification goes and with what. Letters, what the engine says and what tells of a breach go at
    /// once (docs/semantics.md 8.2).
    fn dispatch(&self, n: &Notification, language: Language) -> Dispatch {
        let is_outside = is_outside(&self.settings, &n.recipient);
        let said = self.published.templates.dispatch(language.as_str(), n.message.as_str());
        match said {
            _ if is_outside || n.tells_breach || n.source == Source::Engine => {
                Dispatch { timing: Timing::AtOnce, ..Dispatch::default() }
            }
            said => said.cloned().unwrap_or_default(),
        }
    }

    /// Returns whether a message that follows from what a person did waits, to be called back (docs/semantics.md 8.7).
    fn may_be_recalled(&self, n: &Notification) -> bool {
        is_outside(&self.settings, &n.recipient) && !n.tells_breach && n.source != Source::Engine
    }

    /// Returns the first moment from `at` on at which our own people are written to.
    pub fn open_from(&self, at: Moment) -> Moment {
        self.published.timetable.open_from(&self.settings.calendar, at)
    }

    /// Returns the moment of the first digest of a kind from `at` on.
    pub fn digest_from(&self, timing: Timing, at: Moment) -> Moment {
        self.published.timetable.digest_from(&self.settings.calendar, timing, at)
    }

    /// Returns the plugins that take a notification as a line of a digest, as things stand now.
    pub fn gatherers(&self, n: &Notification, case: Option<&Case>, now: Moment) -> Vec<String> {
        let words = Rendered::default();
        let content = OutgoingContent::Message {
            notification: n,
            notification_id: "",
            addresses: &[],
            words: &words,
            invitation: None,
            tag: None,
            is_first_letter: false,
        };
        self.router.gatherers(&self.outgoing(content, case, n.ordinal, Cause::Machine, now))
    }

    /// Routes a message. What is for our own people and no plugin takes goes by the fallback, if there is one.
    fn deliveries(&self, outgoing: Outgoing<'_>, recipient: &Recipient) -> Vec<NewDelivery> {
        let deliveries = self.router.deliveries(&outgoing);
        let is_reachable =
            matches!(&outgoing.content, OutgoingContent::Message { addresses, .. } if !addresses.is_empty());
        let goes_otherwise = !deliveries.is_empty() || outgoing.departure == Departure::Gathered;
        if goes_otherwise || !is_reachable || *recipient == Recipient::Complainant {
            return deliveries;
        }
        let by = |carriers| self.router.deliveries(&Outgoing { carriers, ..outgoing.clone() });
        let by_fallback = self.settings.delivery.fallback.as_deref().map(|name| by(Carriers::InPlace(name)));
        match (by_fallback.unwrap_or_default(), outgoing.carriers) {
            // Rather than nowhere it goes to those that fail, and waits.
            (none, Carriers::Avoiding(_)) if none.is_empty() => by(Carriers::Subscribers),
            (deliveries, _) => deliveries,
        }
    }

    /// Returns whether everybody whom a notification is for has been told the same already.
    pub fn is_told(&self, n: &Notification, case: Option<&Case>, now: Moment, told: &[String]) -> bool {
        !told.is_empty()
            && !self.reached(n, case, now, &[]).addresses.is_empty()
            && self.reached(n, case, now, told).addresses.is_empty()
    }

    /// Words a message in a language, as it would go to somebody who reads it.
    pub fn in_language(
        &self,
        n: &Notification,
        case: Option<&Case>,
        now: Moment,
        language: Language,
    ) -> Result<Rendered, TemplateError> {
        let reached = Reached { language, ..self.reached(n, case, now, &[]) };
        let words = self.words(n, case, &reached, now, None)?.words;
        Ok(Rendered { text: without_links(&words.text), html: without_links(&words.html), ..words })
    }

    /// Returns the question of the survey as a letter carries it; none where it carries none.
    fn survey_in(
        &self,
        n: &Notification,
        complaint: Option<&Complaint>,
        written: (Language, Moment),
    ) -> Option<SurveyInLetter> {
        let procedure = self.published.ruleset.procedure();
        SurveyInLetter::of((procedure, &self.settings, &self.key), n, complaint, written)
    }

    fn reached(&self, n: &Notification, case: Option<&Case>, now: Moment, told: &[String]) -> Reached {
        let (procedure, complaint) = (self.published.ruleset.procedure(), case.map(|c| &c.complaint));
        Standing::new(&self.settings, procedure, complaint, now).reach(&n.recipient, told)
    }

    /// Returns the rows of an event for the plugins that subscribe to events; the case is as the event left it.
    pub fn event(
        &self,
        event: &Event,
        ordinal: u32,
        case: &Case,
        cause: Cause,
        at: Moment,
    ) -> Vec<NewDelivery> {
        self.router.deliveries(&self.outgoing(OutgoingContent::Event(event), Some(case), ordinal, cause, at))
    }

    /// Returns the rows of an event that belongs to no complaint, as [`Renderer::event`] does.
    pub fn event_alone(&self, event: &Event, ordinal: u32, cause: Cause, at: Moment) -> Vec<NewDelivery> {
        self.router.deliveries(&self.outgoing(OutgoingContent::Event(event), None, ordinal, cause, at))
    }

    /// Makes the fault of something whose message cannot be rendered.
    pub fn fault(&self, source: Source, error: TemplateError) -> Fault {
        let ruleset = self.published.ruleset.hash().to_owned();
        let place = format!("rules/{}", place_of(self.published.ruleset.source(), &error));
        Fault { source, ruleset, kind: FaultKind::Message, place, text: failure(&error.mistake.kind) }
    }

    fn outgoing<'p>(
        &'p self,
        content: OutgoingContent<'p>,
        case: Option<&'p Case>,
        ordinal: u32,
        cause: Cause,
        at: Moment,
    ) -> Outgoing<'p> {
        let about = match (&content, case) {
            (_, Some(case)) => about_complaint(&case.complaint),
            (OutgoingContent::Message { notification, .. }, None) => about_notice(notification),
            (OutgoingContent::Event(event), None) => about_event(event),
        };
        Outgoing {
            about,
            content,
            complaint: case.map(|c| (c.id, &c.complaint)),
            version: case.map_or(0, |c| c.version),
            ordinal,
            cause,
            at,
            occasion: Occasion::Real,
            carriers: Carriers::Subscribers,
            departure: Departure::AtOnce,
            calendar: &self.settings.calendar,
            procedure: self.published.ruleset.procedure(),
            language: self.settings.language,
        }
    }

    /// Returns the invitation to the complaint's meeting, where the message carries one. The complainant and
    /// whoever is responsible are invited under one UID, whichever letter carries it.
    fn invitation(
        &self,
        n: &Notification,
        case: Option<&Case>,
        words: &Rendered,
        reached: &Reached,
        now: Moment,
    ) -> Result<Option<(CalendarMethod, String)>, TemplateError> {
        let Some(method) = words.calendar else { return Ok(None) };
        let meeting = case.and_then(|c| Some((c, c.complaint.meeting.as_ref()?)));
        let (case, meeting) = meeting.ok_or_else(|| TemplateError {
            language: reached.language.to_string(),
            message: n.message.to_string(),
            mistake: Box::new(Mistake { line: 1, column: None, kind: MistakeKind::NoMeeting }),
        })?;
        let (c, settings) = (&case.complaint, &self.settings);
        let attendees = [Some(c.complainant.email.clone()).filter(|e| !e.is_empty()), c.responsible.clone()];
        let invitation = Invitation {
            method,
            uid: format!("meeting.{}.{}@{}", c.intake_id, meeting.number, settings.mail_domain()),
            sequence: meeting.sequence,
            summary: &words.subject,
            place: &meeting.place,
            zone: settings.calendar.zone(),
            starts: meeting.day.and_time(meeting.time),
            minutes: meeting.minutes,
            organiser: (&settings.organisation, &settings.mailbox),
            attendees: attendees.into_iter().flatten().collect(),
            stamp: chrono::DateTime::from_timestamp_millis(now.millis()).unwrap_or_default(),
        };
        Ok(Some((method, invitation.to_ics())))
    }

    /// Words a notification. One of the engine's own goes out in the compiled-in words, whatever is wrong with the
    /// text that stands in their place (docs/semantics.md 4.4).
    fn words(
        &self,
        n: &Notification,
        case: Option<&Case>,
        reached: &Reached,
        now: Moment,
        nominal: Option<Moment>,
    ) -> Result<Words, TemplateError> {
        let empty = Value::Object(serde_json::Map::new());
        let context = TemplateContext {
            settings: &self.settings,
            procedure: self.published.ruleset.procedure(),
            terms: &self.published.terms,
            case,
            reached,
            survey: self.survey_in(n, case.map(|c| &c.complaint), (reached.language, now)),
            data: if n.data.is_null() { &empty } else { &n.data },
            now,
            nominal,
        };
        let (templates, message, values) = (&self.published.templates, n.message.as_str(), context.values());
        let written = templates.render(reached.language.as_str(), message, &values).and_then(|words| {
            let invitation = self.invitation(n, case, &words, reached, now)?;
            Ok(Words { words, invitation, broken: None })
        });
        match written {
            Err(broken) if n.source == Source::Engine => {
                let words = templates.render_builtin(reached.language.as_str(), message, &values)?;
                Ok(Words { words, invitation: None, broken: Some(broken) })
            }
            written => written,
        }
    }
}

/// Returns whether the condition of a firing holds: its latch is there.
pub(super) fn holds(case: Option<&Case>, firing: &LatchKey) -> bool {
    let is_its = |latch: &Latch| latch.rule == firing.rule && latch.element == firing.element;
    case.is_some_and(|case| case.latches.iter().any(is_its))
}

/// A message in words, with what it carries.
struct Words {
    words: Rendered,
    invitation: Option<(CalendarMethod, String)>,
    /// The mistake in a text that stands in the place of the engine's own, which went out instead.
    broken: Option<TemplateError>,
}
