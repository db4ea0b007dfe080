//! Writing the scenario: what people do at its time, and behind it what followed, as expectations that can be left out.

use super::made_up::MadeUp;
use super::not_made::{NotMade, unsaid};
use super::trail::{Course, Decision, Doing};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Text, TriageReason};
use chrono::{NaiveDateTime, TimeDelta, Timelike};
use serde_json::Value;
use std::collections::BTreeMap;

/// What follows a decision so soon is told with it, in milliseconds; and a letter that arrives, which takes longer.
const SOON: i64 = 90_000;
const ARRIVES: i64 = 300_000;

/// How often something that is expected is looked at later, where it is not so yet.
const LATER: usize = 3;

/// A line of the scenario.
#[derive(Clone, Debug)]
enum Line {
    /// What is done.
    Done(String),
    /// What is expected, and how often it was put later.
    Expected(String, usize),
    /// Which messages are expected since the last such line.
    Notified(Vec<String>),
}

/// A scenario that is being written.
#[derive(Debug)]
pub(super) struct Script {
    name: String,
    lines: Vec<Line>,
    pub left_out: Vec<Text>,
}

impl Script {
    pub fn write(
        name: &str,
        course: &Course,
        made_up: &mut MadeUp<'_>,
        calendar: &Calendar,
    ) -> Result<Self, NotMade> {
        let mut writer = Writer { made_up, calendar, lines: Vec::new(), now: None, state: String::new() };
        let mut pending = Pending::default();
        for decision in &course.decisions {
            writer.decision(decision, &mut pending)?;
        }
        writer.flush(&mut pending);
        let Writer { lines, made_up, .. } = writer;
        let person = |(email, roles): &(String, Vec<crate::complaint::Role>)| {
            let roles: Vec<&str> = roles.iter().map(crate::complaint::Role::as_str).collect();
            Line::Done(format!("person({}, {});", quoted(email), Value::from(roles)))
        };
        let lines = made_up.brought.iter().map(person).chain(lines).collect();
        Ok(Self { name: name.to_owned(), lines, left_out: Vec::new() })
    }

    /// Returns the scenario as it stands in a file.
    pub fn text(&self) -> String {
        let lines = self.lines.iter().map(|line| format!("  {}\n", said(line)));
        format!("scenario {} {{\n{}}}\n", quoted(&self.name), lines.collect::<String>())
    }

    /// Leaves out the expectation in a line of [`Script::text`] alone; false where something else stands there.
    pub fn leave_out(&mut self, line: usize) -> bool {
        let Some(at) = line.checked_sub(2).filter(|at| *at < self.lines.len()) else { return false };
        let line = self.lines[at].clone();
        match &line {
            Line::Done(_) => return false,
            // What did not go now may go later: the next look is at both.
            Line::Notified(notices) => {
                let next = self.lines[at + 1..].iter_mut().find_map(|line| match line {
                    Line::Notified(later) => Some(later),
                    _ => None,
                });
                match next {
                    Some(later) => drop(later.splice(0..0, notices.iter().cloned())),
                    None => self.note(&line),
                }
            }
            // What is not so yet may be so after what is done next.
            Line::Expected(text, times) => {
                let is_done = |line: &Line| matches!(line, Line::Done(_));
                match self.lines[at + 1..].iter().position(is_done).filter(|_| *times < LATER) {
                    Some(next) => self.lines.insert(at + next + 2, Line::Expected(text.clone(), times + 1)),
                    None => self.note(&line),
                }
            }
        }
        self.lines.remove(at);
        true
    }

    fn note(&mut self, line: &Line) {
        self.left_out.push(Text::same(said(line)));
    }
}

fn said(line: &Line) -> String {
    match line {
        Line::Done(text) | Line::Expected(text, _) => text.clone(),
        Line::Notified(notices) => format!("expect_notified(k, {});", listed(notices)),
    }
}

fn listed(texts: &[String]) -> String {
    let all: Vec<String> = texts.iter().map(|text| quoted(text)).collect();
    format!("[{}]", all.join(", "))
}

/// Returns a text as a script writes it.
fn quoted(text: &str) -> String {
    Value::from(text).to_string()
}

/// What followed and is not written yet.
#[derive(Default)]
struct Pending {
    /// When it began.
    began: Option<Moment>,
    /// The time to which the clock must go to see it; none where it followed at once.
    until: Option<NaiveDateTime>,
    state: Option<String>,
    notices: Vec<String>,
    runs: BTreeMap<String, Date>,
    ends: BTreeMap<String, &'static str>,
}

impl Pending {
    fn take(&mut self, decision: &Decision) {
        self.began.get_or_insert(decision.at);
        self.state = decision.state.clone().or(self.state.take());
        self.notices.extend(decision.notices.iter().cloned());
        for name in decision.runs.keys() {
            self.ends.remove(name);
        }
        for name in decision.ends.keys() {
            self.runs.remove(name);
        }
        self.runs.extend(decision.runs.clone());
        self.ends.extend(decision.ends.clone());
    }
}

struct Writer<'w, 'm> {
    made_up: &'w mut MadeUp<'m>,
    calendar: &'w Calendar,
    lines: Vec<Line>,
    /// The local time to which the clock has gone.
    now: Option<NaiveDateTime>,
    state: String,
}

impl Writer<'_, '_> {
    fn decision(&mut self, decision: &Decision, pending: &mut Pending) -> Result<(), NotMade> {
        let minute = self.minute(decision.at)?;
        let since = pending.began.map(|began| decision.at.millis() - began.millis());
        let is_soon = |most: i64| since.is_some_and(|since| since <= most);
        match &decision.doing {
            Some(doing) => {
                self.flush(pending);
                self.go(minute.0);
                self.doing(doing)?;
            }
            None if self.now.is_none() => {
                return Err(unsaid(
                    "hoe de klacht begon, is niet bekend",
                    "how the complaint began is not known",
                ));
            }
            None if is_soon(SOON) || decision.is_arrival && is_soon(ARRIVES) => {}
            None => {
                self.flush(pending);
                pending.until = Some(minute.1);
            }
        }
        pending.take(decision);
        Ok(())
    }

    /// Returns the local minute in which something was, and the first behind it.
    fn minute(&self, at: Moment) -> Result<(NaiveDateTime, NaiveDateTime), NotMade> {
        let local = self.calendar.local(at).map_err(|e| NotMade::Unsaid(e.into()))?;
        let minute = local.with_second(0).and_then(|local| local.with_nanosecond(0)).unwrap_or(local);
        let next = if minute == local { minute } else { minute + TimeDelta::minutes(1) };
        Ok((minute, next))
    }

    fn go(&mut self, to: NaiveDateTime) {
        if self.now.is_none_or(|now| now < to) {
            self.done(format!("at({});", quoted(&to.format("%Y-%m-%d %H:%M").to_string())));
            self.now = Some(to);
        }
    }

    fn done(&mut self, text: String) {
        self.lines.push(Line::Done(text));
    }

    fn expected(&mut self, text: String) {
        self.lines.push(Line::Expected(text, 0));
    }

    /// Writes what followed.
    fn flush(&mut self, pending: &mut Pending) {
        let Pending { until, state, notices, runs, ends, .. } = std::mem::take(pending);
        let state = state.filter(|state| *state != self.state);
        let is_empty = state.is_none() && notices.is_empty() && runs.is_empty() && ends.is_empty();
        if let Some(until) = until.filter(|_| !is_empty) {
            self.go(until);
        }
        if let Some(state) = state {
            self.expected(format!("expect_state(k, {});", quoted(&state)));
            self.state = state;
        }
        for (name, day) in runs {
            self.expected(format!("expect_deadline(k, {}, \"{day}\");", quoted(&name)));
        }
        for (name, how) in ends {
            self.expected(format!("expect_{how}(k, {});", quoted(&name)));
        }
        if !notices.is_empty() {
            let notices = notices.iter().map(|notice| self.made_up.notice(notice)).collect();
            self.lines.push(Line::Notified(notices));
        }
    }

    fn doing(&mut self, doing: &Doing) -> Result<(), NotMade> {
        let text = match doing {
            Doing::Mail { from } => self.mail(from)?,
            Doing::Contact { by } => self.contact(by),
            Doing::Reply { is_complainant: true, .. } => "reply(k);".to_owned(),
            Doing::Reply { from, .. } => format!("reply(k, {});", quoted(&self.made_up.person(from))),
            Doing::Act { by, action, input } => {
                let input = self.made_up.input(input)?;
                let by = quoted(&self.made_up.person(by));
                format!("act(k, {by}, {}, {});", quoted(action), map(&input))
            }
            Doing::Invitation { answer } => format!("answers_invitation(k, {});", quoted(answer)),
            Doing::Recall { by, message } => {
                format!("recall(k, {}, {});", quoted(&self.made_up.person(by)), quoted(message))
            }
            Doing::Bounce { message } => format!("bounce(k, {});", quoted(message)),
        };
        self.done(text);
        Ok(())
    }

    fn mail(&mut self, from: &str) -> Result<String, NotMade> {
        let complaint = self.made_up.complaint();
        let (reason, is_forwarded) = (complaint.triage_reason, complaint.forwarded_by.is_some());
        let triage = match reason {
            None | Some(TriageReason::Forwarded) => "",
            Some(
                reason @ (TriageReason::Unreadable
                | TriageReason::NoAutoReply
                | TriageReason::NoSender
                | TriageReason::OldMail),
            ) => reason.as_str(),
            Some(TriageReason::StrangerReply | TriageReason::AfterClosing | TriageReason::WrittenFor) => {
                return Err(unsaid(
                    "het bericht hoorde bij een andere klacht of bij iemand anders, en dat kan een scenario niet",
                    "the mail belonged to another complaint or to somebody else, which a scenario cannot do",
                ));
            }
        };
        let complainant = self.made_up.complainant();
        let mut fields = vec![
            ("from", if is_forwarded { self.made_up.person(from) } else { complainant.clone() }),
            ("name", "Een klager".to_owned()),
            ("subject", self.made_up.subject()),
            ("text", self.made_up.text()),
        ];
        if is_forwarded {
            fields.push(("passed_on_from", complainant));
        }
        if !triage.is_empty() {
            fields.push(("triage", triage.to_owned()));
        }
        Ok(format!("let k = mail({});", sketch(&fields)))
    }

    fn contact(&mut self, by: &str) -> String {
        let complaint = self.made_up.complaint();
        let (channel, is_known) = (complaint.channel.as_str(), !complaint.complainant.email.is_empty());
        let from = if is_known { self.made_up.complainant() } else { String::new() };
        let fields = [
            ("channel", channel.to_owned()),
            ("from", from),
            ("name", "Een klager".to_owned()),
            ("subject", self.made_up.subject()),
            ("text", self.made_up.text()),
            ("by", self.made_up.person(by)),
        ];
        format!("let k = contact({});", sketch(&fields))
    }
}

fn sketch(fields: &[(&str, String)]) -> String {
    let fields: Vec<String> = fields.iter().map(|(key, value)| format!("{key}: {}", quoted(value))).collect();
    format!("#{{ {} }}", fields.join(", "))
}

fn map(input: &[(String, Value)]) -> String {
    if input.is_empty() {
        return "#{}".to_owned();
    }
    let fields: Vec<String> = input.iter().map(|(key, value)| format!("{}: {value}", quoted(key))).collect();
    format!("#{{ {} }}", fields.join(", "))
}
