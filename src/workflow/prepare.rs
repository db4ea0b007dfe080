//! Decide and render, without touching the store: what a commit will hold.

use super::context::Scene;
use super::published::Published;
use super::routing::{Cause, Outgoing, OutgoingContent, Router};
use super::standing::{Reached, Standing};
use crate::calendar::Moment;
use crate::complaint::{Case, Fault, FaultKind, Notification, Number, Recipient, Source};
use crate::config::Settings;
use crate::message::{CalendarMethod, Invitation, Rendered, TemplateError};
use crate::rules::{Decision, Input, Need, Outcome, decide_all};
use crate::store::{AuditKey, Commit, NewDelivery, RenderedNotification};
use serde_json::Value;
use std::sync::Arc;

/// What rendering needs beside the decision.
#[derive(Clone, Debug)]
pub(super) struct Studio {
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
    /// When it was due, when that is known.
    pub nominal: Option<Moment>,
    pub cause: Cause,
    pub is_first_letter: bool,
    /// The plugin that must not carry it.
    pub except: Option<&'s str>,
}

impl<'s> Sending<'s> {
    /// A message that belongs to no complaint.
    pub fn alone(id: String, notification: &'s Notification, now: Moment, nominal: Option<Moment>) -> Self {
        let (case, except) = (None, None);
        Self { id, notification, case, now, nominal, cause: Cause::Machine, is_first_letter: false, except }
    }
}

/// A trigger with the case it is for.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub input: Input,
    /// The key of the stored trigger that it answers.
    pub consumed: Option<String>,
    /// More triggers wait, so the complaint stays due.
    pub has_more: bool,
}

#[derive(Debug)]
pub(super) enum Prepared {
    Commit(Box<Commit>, Vec<Fault>),
    Refused(String),
    Needs(Need),
    Cancelled,
}

/// Decides and renders a batch; outcomes in order.
pub(super) fn prepare(studio: &Studio, jobs: &[Job]) -> Vec<Prepared> {
    let inputs = jobs.iter().map(|j| j.input.clone()).collect();
    let outcomes = decide_all(&studio.published.ruleset, &studio.settings.calendar, inputs);
    outcomes.into_iter().zip(jobs).map(|(outcome, job)| finish(studio, job, outcome)).collect()
}

/// Renders what has been decided; a plan goes no further.
pub(super) fn finish(studio: &Studio, job: &Job, mut outcome: Outcome) -> Prepared {
    let mut input = job.input.clone();
    loop {
        let decision = match outcome {
            Outcome::Decided(decision) => *decision,
            Outcome::Refused(text) => return Prepared::Refused(text),
            Outcome::Needs(need) => return Prepared::Needs(need),
            Outcome::Cancelled => return Prepared::Cancelled,
        };
        match studio.commit(job, &decision) {
            Ok(commit) => return Prepared::Commit(Box::new(commit), decision.new_faults),
            Err((source, error)) => {
                // The rule's message cannot be rendered: decided again without that rule (docs/semantics.md 4.4).
                let root =
                    source.rule().filter(|r| !input.unrenderable.iter().any(|f| f.source.rule() == Some(r)));
                let Some(rule) = root else { return Prepared::Refused(error.to_string()) };
                let source = Source::Rule(rule.clone());
                let ruleset = studio.published.ruleset.hash().to_owned();
                let place = format!("rules/messages/{}/{}.md:{}", error.language, error.message, error.line);
                input.unrenderable.push(Fault {
                    source,
                    ruleset,
                    kind: FaultKind::Message,
                    place,
                    text: error.why,
                });
                let mut again =
                    decide_all(&studio.published.ruleset, &studio.settings.calendar, vec![input.clone()]);
                outcome = again.pop().unwrap_or(Outcome::Cancelled);
            }
        }
    }
}

impl Studio {
    fn commit(&self, job: &Job, decision: &Decision) -> Result<Commit, (Source, TemplateError)> {
        let case = &decision.case;
        let before = &job.input.case;
        let mut notifications = Vec::new();
        let mut deliveries = self.event_deliveries(job, decision);
        let cause = self.cause(job);
        let had_letter = before.complaint.letters.values().next().is_some();
        let mut is_first_letter = !had_letter;
        for n in &decision.notifications {
            let id = format!("{}/{}/{}", case.id.0, case.version, n.ordinal);
            let nominal = before.wake_at.filter(|_| matches!(job.input.trigger, crate::rules::Trigger::Due));
            let sending = Sending {
                id,
                notification: n,
                case: Some(case),
                now: decision.at,
                nominal,
                cause,
                is_first_letter,
                except: None,
            };
            let (row, rows) = self.notification(sending).map_err(|e| (n.source.clone(), e))?;
            is_first_letter &= n.recipient != Recipient::Complainant;
            notifications.push(row);
            deliveries.extend(rows);
        }
        let (old, new) = (&before.complaint, &case.complaint);
        let procedure = self.published.ruleset.procedure();
        Ok(Commit {
            at: decision.at,
            wake_at: if job.has_more { Some(decision.at) } else { decision.wake_at },
            is_live: !procedure.is_terminal(&new.state),
            stamp: self.published.stamp.clone(),
            ruleset: self.published.ruleset.hash().to_owned(),
            events: decision.events.clone(),
            deadlines: decision.deadlines.clone(),
            notifications,
            deliveries,
            consumed: job.consumed.clone(),
            concerns_others: old.state != new.state
                || old.verdict != new.verdict
                || old.decided_on != new.decided_on
                || old.links != new.links,
            sender_changed: old.complainant.email != new.complainant.email,
            case: case.clone(),
        })
    }

    /// Renders a notification and routes it.
    pub fn notification(
        &self,
        sending: Sending<'_>,
    ) -> Result<(RenderedNotification, Vec<NewDelivery>), TemplateError> {
        let Sending { id, notification: n, case, now, nominal, cause, is_first_letter, except } = sending;
        let complaint = case.map(|c| &c.complaint);
        let procedure = self.published.ruleset.procedure();
        let reached = Standing::new(&self.settings, procedure, complaint, now).reach(&n.recipient);
        let words = self.words(n, case, &reached, now, nominal)?;
        let tag = complaint.map(|c| {
            let letters = match &c.number {
                Some(number) if number.is_pending() => Number::PENDING_CHECK.to_owned(),
                _ => self.key.check_letters(c.reference()),
            };
            format!("{}-{letters}", c.reference())
        });
        let invitation = self.invitation(n, case, &words, &reached, now)?;
        let content = OutgoingContent::Message {
            notification: n,
            notification_id: &id,
            addresses: &reached.addresses,
            words: &words,
            invitation,
            tag,
            is_first_letter,
        };
        let outgoing = self.outgoing(content, case, n.ordinal, cause, now);
        let outgoing = Outgoing { except, ..outgoing };
        let deliveries = self.router.deliveries(&outgoing);
        let row = RenderedNotification {
            ordinal: n.ordinal,
            recipient: n.recipient.clone(),
            addresses: reached.addresses,
            message: n.message.to_string(),
            language: reached.language,
            source: n.source.clone(),
            subject: words.subject,
            body: words.text,
            is_deliverable: !deliveries.is_empty(),
            id,
        };
        Ok((row, deliveries))
    }

    fn outgoing<'p>(
        &'p self,
        content: OutgoingContent<'p>,
        case: Option<&'p Case>,
        ordinal: u32,
        cause: Cause,
        at: Moment,
    ) -> Outgoing<'p> {
        Outgoing {
            content,
            complaint: case.map(|c| (c.id, &c.complaint)),
            version: case.map_or(0, |c| c.version),
            ordinal,
            cause,
            at,
            except: None,
            calendar: &self.settings.calendar,
            procedure: self.published.ruleset.procedure(),
            language: &self.settings.language,
        }
    }

    fn cause(&self, job: &Job) -> Cause {
        Cause::of(&job.input.trigger, |by| self.settings.people.find(by).is_some())
    }

    /// What plugins that subscribe to events get of a decision.
    fn event_deliveries(&self, job: &Job, decision: &Decision) -> Vec<NewDelivery> {
        if !self.router.takes_events() {
            return Vec::new();
        }
        let cause = self.cause(job);
        let events = (1..).zip(&decision.events);
        events
            .flat_map(|(ordinal, event)| {
                let case = Some(&decision.case);
                self.router.deliveries(&self.outgoing(
                    OutgoingContent::Event(event),
                    case,
                    ordinal,
                    cause,
                    decision.at,
                ))
            })
            .collect()
    }

    /// The invitation to the complaint's meeting, where the message carries one. The complainant and whoever
    /// is responsible are invited under one UID, whichever letter carries it.
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
            language: reached.language.clone(),
            message: n.message.to_string(),
            line: 1,
            why: "it carries an invitation, but no meeting was planned".to_owned(),
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

    fn words(
        &self,
        n: &Notification,
        case: Option<&Case>,
        reached: &Reached,
        now: Moment,
        nominal: Option<Moment>,
    ) -> Result<Rendered, TemplateError> {
        let empty = Value::Object(serde_json::Map::new());
        let scene = Scene {
            settings: &self.settings,
            procedure: self.published.ruleset.procedure(),
            terms: &self.published.terms,
            case,
            reached,
            data: if n.data.is_null() { &empty } else { &n.data },
            now,
            nominal,
        };
        self.published.templates.render(&reached.language, n.message.as_str(), &scene.context())
    }
}
