//! `View`: how one reader sees a complaint: where it stands, the conversation, and its course in the past and, if nobody acts, in
//! the future.

use super::plugin_words::path_of;
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{
    Actor, Complaint, ComplaintId, Deadline, DeadlineStatus, EventKind, MailKind, Source, shown_name,
    span_in_words,
};
use crate::web::dates::Dates;
use crate::web::page::Page;
use crate::web::signed::Signed;
use crate::web::texts::say;
use crate::web::trouble::Trouble;
use crate::workflow::simulate::{Assumptions, SimulateError, is_telling};
use crate::workflow::{
    DeliveryState, Forgetting, Labels, NotificationState, OfferedAction, Requirement, Root, StoredEvent,
    UnofferedAction,
};
use chrono::Days;
use minijinja::context;
use minijinja::value::Value;
use std::sync::Arc;

/// The days that are looked ahead, and the most events that are shown of them.
const AHEAD_DAYS: u64 = 60;
const AHEAD_EVENTS: usize = 20;

/// How one reader sees a complaint.
pub(super) struct View<'p> {
    page: &'p Page,
    signed: &'p Signed,
    pub(super) dates: Dates,
    labels: Labels,
    calendar: Arc<Calendar>,
}

impl<'p> View<'p> {
    pub(super) async fn of(page: &'p Page, signed: &'p Signed) -> Result<Self, Trouble> {
        let dates = Dates::now(page, signed.language).await?;
        let labels = page.workflow.labels(signed.language);
        let calendar = Arc::clone(&page.workflow.settings().calendar);
        Ok(Self { page, signed, dates, labels, calendar })
    }

    pub(super) fn say(&self, key: &str, values: &[(&str, &str)]) -> String {
        say(self.signed.language, key, values)
    }

    /// Returns the days as they were seen at a moment.
    pub(super) fn seen_at(&self, at: Moment) -> Dates {
        Dates::at(Arc::clone(&self.calendar), self.signed.language, at)
    }

    /// Returns a day as people say it.
    pub(super) fn day(&self, day: Date) -> String {
        self.dates.day(day)
    }

    /// Says what was taken away of a complaint, when, and who decided so.
    pub(super) fn forgotten(&self, one: &Forgetting) -> String {
        let settings = self.page.workflow.settings();
        let by = settings.people.find(one.decided_by.as_str()).map(|person| person.name.clone());
        let by = match (by, &one.decided_by) {
            (Some(name), _) => name,
            (None, Actor::Person(address)) => address.clone(),
            (None, _) => self.say("forgotten_by_procedure", &[]),
        };
        let decided = self.dates.moment(one.decided_at);
        let said = match one.done_at {
            Some(at) => {
                let at = self.dates.moment(at);
                self.say("forgotten", &[("at", &at), ("by", &by), ("decided", &decided)])
            }
            None => self.say("forgetting", &[("by", &by), ("decided", &decided)]),
        };
        match &one.reason {
            Some(reason) => {
                format!("{said} {}", self.say("forgotten_because", &[("reason", &visible(reason))]))
            }
            None => said,
        }
    }

    /// Returns who and when, as pairs of name and words.
    pub(super) fn head(&self, c: &Complaint) -> Vec<Value> {
        let settings = self.page.workflow.settings();
        let name =
            |email: &str| settings.people.find(email).map_or_else(|| email.to_owned(), |p| p.name.clone());
        let complainant = match (shown_name(&c.complainant.name), c.complainant.address()) {
            (None, address) => address.unwrap_or_default().to_owned(),
            (Some(name), None) => name,
            (Some(name), Some(address)) => format!("{name} ({address})"),
        };
        let responsible = c.responsible.as_deref().map(name).unwrap_or_else(|| self.say("nobody", &[]));
        let pairs = [
            ("head_state", self.labels.state(&c.state)),
            ("head_responsible", responsible),
            ("head_complainant", complainant),
            ("head_received", self.dates.moment(c.received_at)),
            ("head_promised", c.promised_by.map(|day| self.dates.day(day)).unwrap_or_default()),
            ("head_description", c.description.clone().unwrap_or_default()),
            ("head_cause", c.cause.clone().unwrap_or_default()),
            ("head_reasons", c.reasons.clone().unwrap_or_default()),
            ("head_solution", c.solution.clone().unwrap_or_default()),
            ("head_survey", self.survey(c)),
        ];
        let filled = pairs.into_iter().filter(|(_, value)| !value.is_empty());
        filled.map(|(key, value)| context! { name => self.say(key, &[]), value }).collect()
    }

    /// Says how satisfied the complainant is with the handling; empty where nobody answered.
    fn survey(&self, c: &Complaint) -> String {
        let Some(answer) = c.survey.answer else { return String::new() };
        let words =
            self.labels.satisfaction(answer.step).map(|words| format!(": {words}")).unwrap_or_default();
        let (step, at) = (answer.step.to_string(), self.dates.moment(answer.at));
        self.say("head_survey_value", &[("step", &step), ("words", &words), ("at", &at)])
    }

    /// Returns the terms that were not over at a moment, soonest first, each with how its end came about.
    pub(super) fn terms(&self, deadlines: &[Deadline], from: &Dates) -> Vec<Value> {
        let mut armed: Vec<&Deadline> = deadlines.iter().filter(|d| d.is_armed()).collect();
        armed.sort_by_key(|d| d.due);
        let shown = armed.into_iter().map(|d| {
            let is_late = d.status() == DeadlineStatus::Overdue || (d.runs() && d.due < from.now);
            let end = match d.paused_at() {
                Some(since) => self.say("term_paused", &[("since", &self.dates.moment(since))]),
                None => self.dates.end_seen_from(d.due, from),
            };
            let (name, owner) = (self.labels.term(&d.name), self.labels.role(&d.owner));
            context! { name, owner, end, is_late, how => self.how(d) }
        });
        shown.collect()
    }

    /// Says how the end of a term was reckoned.
    fn how(&self, d: &Deadline) -> String {
        let day = |m: Moment| self.calendar.day_of(m).map(|d| self.dates.day(d)).unwrap_or_default();
        let mut said = match (d.base, &d.span) {
            (Some(base), Some(span)) => {
                let span = span_in_words(span, self.signed.language).unwrap_or_else(|| span.clone());
                self.say("term_counted", &[("base", &day(base)), ("span", &span), ("end", &day(d.raw_end))])
            }
            _ => self.say("term_fixed", &[("end", &day(d.raw_end))]),
        };
        if let Some(why) = &d.rolled_because {
            said.push(' ');
            said.push_str(&self.say("term_rolled", &[("why", why), ("end", &day(d.due))]));
        }
        said
    }

    /// Returns the actions that are not offered, each with what must be so first.
    pub(super) fn not_now(&self, unoffered: &[UnofferedAction]) -> Vec<Value> {
        let need = |need: &Requirement| match need {
            Requirement::Said(text) => {
                context! { words => text.in_language(self.signed.language), is_written => false }
            }
            Requirement::Written(text) => context! { words => text, is_written => true },
        };
        let action = |a: &UnofferedAction| {
            context! { label => a.label, needs => a.needs.iter().map(need).collect::<Vec<_>>() }
        };
        unoffered.iter().map(action).collect()
    }

    pub(super) fn actions(&self, offered: &[OfferedAction]) -> Vec<Value> {
        let by =
            |a: &OfferedAction| a.by.iter().map(|role| self.labels.role(role)).collect::<Vec<_>>().join(", ");
        offered.iter().map(|a| context! { id => a.id, label => a.label, by => by(a) }).collect()
    }

    /// Returns what was written to and fro, oldest first: mails in, letters out with what became of them; as it was before a
    /// moment, without what became of it since.
    pub(super) async fn talk(
        &self,
        id: ComplaintId,
        recallable: &[i64],
        until: Option<Moment>,
    ) -> Result<Vec<Value>, Trouble> {
        let register = self.page.workflow.reading().register();
        let mut said: Vec<(Moment, Value)> = Vec::new();
        let is_then = |at: Moment| until.is_none_or(|until| at < until);
        for mail in register.mails(id).await?.into_iter().filter(|mail| is_then(mail.received_at)) {
            let kind = match mail.kind {
                MailKind::Contact => "talk_contact",
                MailKind::Complaint | MailKind::Addition => "talk_in",
                _ => "talk_machine",
            };
            let files: Vec<String> = mail.attachments.iter().map(|a| a.name.clone()).collect();
            let value = context! {
                is_out => false, id => mail.id, kind => self.say(kind, &[]), who => mail.sender, at => self.dates.moment(mail.received_at),
                subject => mail.subject, body => visible(&mail.body), files => files.join(", "), state => "", recall => "", deliveries => Vec::<Value>::new(),
            };
            said.push((mail.received_at, value));
        }
        let letters = register.notifications(id).await?;
        let deliveries = match self.signed.menu.plugins {
            true => self.page.workflow.reading().deliveries_of(id).await?,
            false => Vec::new(),
        };
        let links = |decision| {
            let own = deliveries.iter().filter(move |(of, _)| *of == decision);
            own.map(|(_, d)| context! { path => path_of(&d.id), plugin => d.plugin }).collect::<Vec<_>>()
        };
        let letters = letters.into_iter().filter(|n| self.page.workflow.is_outside(&n.recipient));
        for letter in letters.filter(|letter| is_then(letter.at)) {
            let (version, ordinal) = letter.decision;
            let goes_at = letter.goes_at.filter(|at| *at > self.dates.now);
            let state = match goes_at {
                _ if until.is_some() => String::new(),
                Some(at) => self.say("letter_goes", &[("at", &self.dates.moment(at))]),
                None => self.say(became(letter.state), &[]),
            };
            let may_recall = goes_at.is_some() && recallable.contains(&version);
            let recall = if may_recall { format!("{version}/{ordinal}") } else { String::new() };
            let to: Vec<String> = serde_json::from_str(&letter.addresses).unwrap_or_default();
            let value = context! {
                is_out => true, id => 0, kind => self.say("talk_out", &[]), who => to.join(", "), at => self.dates.moment(letter.at),
                subject => letter.subject, body => visible(&letter.body), files => "", state, recall, deliveries => links(letter.decision),
            };
            said.push((letter.at, value));
        }
        said.sort_by_key(|(at, _)| *at);
        Ok(said.into_iter().map(|(_, value)| value).collect())
    }

    /// Returns what happened, oldest first, each with the sentences of the company's text behind it.
    pub(super) async fn past(&self, events: &[StoredEvent]) -> Result<Vec<Value>, Trouble> {
        let rulesets = events.iter().map(|e| e.ruleset.as_str()).collect();
        let roots = self.page.workflow.proposals().roots(&rulesets).await?;
        let reading = self.page.workflow.reading();
        let settings = self.page.workflow.settings();
        let told = events.iter().filter(|e| !matches!(e.kind, EventKind::FactChanged | EventKind::RuleFired));
        let told = told.map(|e| {
            let words = reading.event_words(e);
            let by = settings.people.find(e.by.as_str()).map(|p| p.name.clone()).unwrap_or_default();
            // What an action led to stands under it.
            let why = e.rule.clone().filter(|_| matches!(e.source(), Source::Rule(_))).unwrap_or_default();
            let root = e.rule.as_ref().and_then(|rule| roots.of(rule, &e.ruleset, e.at));
            let root = root.filter(|root| !root.sentences.is_empty()).map(|root| rooted(&self.dates, &root));
            context! { at => self.dates.moment(e.at), words => words.in_language(self.signed.language), by, why, root }
        });
        Ok(told.collect())
    }

    /// Returns what will happen if nobody acts.
    pub(super) async fn ahead(&self, id: ComplaintId) -> Result<Vec<Value>, Trouble> {
        let until = self.dates.today.checked_add_days(Days::new(AHEAD_DAYS));
        let course = self.page.workflow.simulate(id, until, &Assumptions::default()).await;
        let course = match course {
            Ok(course) => course,
            // A course that cannot be played is none to show; the rules' own faults stand with the complaint.
            Err(SimulateError::Refused(_)) => return Ok(Vec::new()),
            Err(SimulateError::Store(e)) => return Err(e.into()),
        };
        let reading = self.page.workflow.reading();
        let told = course.events.iter().filter(|(_, e)| is_telling(e) && e.kind != EventKind::RuleFired);
        let told = told.take(AHEAD_EVENTS).map(|(at, e)| {
            let words = reading.foreseen_words(e);
            let is_rule = matches!(e.origin.source, Source::Rule(_));
            let why = e.origin.source.name().filter(|_| is_rule).unwrap_or_default();
            context! { at => self.dates.moment(*at), words => words.in_language(self.signed.language), by => "", why }
        });
        Ok(told.collect())
    }
}

/// Returns what stands behind a step, for templates.
pub(super) fn rooted(dates: &Dates, root: &Root) -> Value {
    let sentences: Vec<Value> =
        root.sentences.iter().map(|s| context! { row => s.row, text => s.text }).collect();
    let rows: Vec<String> = root.sentences.iter().map(|s| s.row.to_string()).collect();
    context! { rows => rows.join(", "), sentences, publication => root.publication, since => dates.moment(root.at) }
}

/// Returns the key of what became of a letter.
fn became(state: NotificationState) -> &'static str {
    match state {
        NotificationState::Undeliverable => "letter_undeliverable",
        NotificationState::Deliverable(DeliveryState::Queued) => "letter_queued",
        NotificationState::Deliverable(DeliveryState::Accepted) => "letter_accepted",
        NotificationState::Deliverable(DeliveryState::Dead) => "letter_dead",
        NotificationState::Deliverable(DeliveryState::Recalled) => "letter_recalled",
        NotificationState::Waiting => "letter_waiting",
        NotificationState::LeftOut => "letter_left_out",
    }
}

/// Makes visible what turns the direction of writing around, so that no text passes for another.
pub(super) fn visible(text: &str) -> String {
    let shown = |c: char| match c {
        '\u{202A}'..='\u{202E}' | '\u{2066}'..='\u{2069}' | '\u{200E}' | '\u{200F}' => '\u{FFFD}',
        c if c.is_control() && c != '\n' && c != '\t' => '\u{FFFD}',
        c => c,
    };
    text.replace("\r\n", "\n").chars().map(shown).collect()
}
