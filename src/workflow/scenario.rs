//! The stage of scenarios: the same decisions and messages as in production, in memory and on virtual time.

use super::prepare::{Job, Prepared, Studio, prepare};
use super::standing::Standing;
use super::threads::takes_mail;
use super::{Posting, Published, Router};
use crate::calendar::{Calendar, Date, Moment, Span, TimeOfDay};
use crate::complaint::{
    Case, Channel, ComplainantKind, Complaint, ComplaintId, DeadlineStatus, IntakeId, LetterStatus, Link,
    LinkKind, Number, Party, Related, Role, Via, is_forwarded,
};
use crate::config::{Absence, People, Person, Settings};
use crate::rules::scenario::{
    ContactSketch, DeadlineSeen, MailSketch, PeopleChange, Stage, play as play_files,
};
use crate::rules::{ActionCall, Input, Need, ScheduleFacts, Sender, Trigger, offered, run_schedule};
use crate::store::{AuditKey, Commit, NewDelivery};
use chrono::Datelike;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

pub use crate::rules::scenario::{ScenarioOutcome, names};

/// Plays scenarios against a ruleset.
pub fn play(
    published: Published,
    settings: &Settings,
    files: &BTreeMap<String, String>,
) -> Vec<ScenarioOutcome> {
    play_some(published, settings, files, &|_| true)
}

/// Plays those scenarios whose name is wanted.
pub fn play_some(
    published: Published,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<ScenarioOutcome> {
    let studio = Studio {
        published: Arc::new(published),
        settings: Arc::new(settings.clone()),
        router: Arc::new(Everything),
        key: AuditKey::new(b"scenario"),
    };
    play_files(files, &settings.calendar, wanted, || Box::new(World::new(studio.clone())))
}

/// Delivers everything that has an address.
#[derive(Debug)]
struct Everything;

impl Router for Everything {
    fn deliveries(&self, posting: &Posting) -> Vec<NewDelivery> {
        let row = NewDelivery {
            id: posting.notification_id.to_owned(),
            notification_id: posting.notification_id.to_owned(),
            plugin: "mail".to_owned(),
            payload: posting.invitation.as_ref().map(|(_, text)| text.clone()).unwrap_or_default(),
            is_letter: posting.recipient == "complainant",
            message_id: None,
        };
        if posting.addresses.is_empty() { Vec::new() } else { vec![row] }
    }
}

struct Player {
    case: Case,
    text: Arc<str>,
    wake_at: Option<Moment>,
    notified: Vec<String>,
    /// `recipient message`, addresses, words; oldest first.
    sent: Vec<(String, Vec<String>, String)>,
    deadlines: Vec<crate::complaint::Deadline>,
}

struct World {
    studio: Studio,
    now: Moment,
    players: Vec<Player>,
    numbers: BTreeMap<i32, i64>,
    schedules: BTreeMap<String, Moment>,
    facts: ScheduleFacts,
    sent: Vec<String>,
}

/// Where a scenario starts when it does not say.
const START: &str = "2026-11-02 09:00";

impl World {
    fn new(studio: Studio) -> Self {
        let now = local(&studio.settings.calendar, START).unwrap_or(Moment::from_millis(0));
        let schedules =
            studio.published.ruleset.schedules().map(|(name, _)| (name.to_owned(), now)).collect();
        Self {
            studio,
            now,
            players: Vec::new(),
            numbers: BTreeMap::new(),
            schedules,
            facts: ScheduleFacts::default(),
            sent: Vec::new(),
        }
    }

    fn calendar(&self) -> &Arc<Calendar> {
        &self.studio.settings.calendar
    }

    /// Decides, takes the decision over, and delivers its letters at once.
    fn decide(&mut self, i: usize, trigger: Trigger) -> Result<Result<(), String>, String> {
        let mut case = self.players[i].case.clone();
        case.related = self.related(&case.complaint.links);
        case.wake_at = self.players[i].wake_at;
        let input = Input { case, trigger, now: self.now, unrenderable: Vec::new() };
        let mut job = Job { input, consumed: None, has_more: false };
        let mut prepared = prepare(&self.studio, std::slice::from_ref(&job)).pop();
        if let Some(Prepared::Needs(Need::Text)) = prepared {
            job.input.case.text = Some(Arc::clone(&self.players[i].text));
            prepared = prepare(&self.studio, std::slice::from_ref(&job)).pop();
        }
        match prepared {
            Some(Prepared::Commit(commit, faults)) => {
                if let Some(fault) = faults.first() {
                    return Err(format!("rule \"{}\" failed: {} ({})", fault.rule, fault.text, fault.place));
                }
                self.take_over(i, *commit)?;
                Ok(Ok(()))
            }
            Some(Prepared::Refused(text)) => Ok(Err(text)),
            _ => Err("the rules could not be evaluated".to_owned()),
        }
    }

    fn take_over(&mut self, i: usize, mut commit: Commit) -> Result<(), String> {
        if commit.case.complaint.number.as_ref().is_some_and(Number::is_pending) {
            let year = self.calendar().day_of(commit.at).map_err(|e| e.to_string())?.year();
            let sequence = self.numbers.entry(year).or_insert(0);
            *sequence += 1;
            commit.case.complaint.number = Some(Number::new(year, *sequence));
        }
        commit.case.text = None;
        let player = &mut self.players[i];
        for deadline in commit.deadlines {
            player.deadlines.retain(|d| d.name != deadline.name || d.instance != deadline.instance);
            player.deadlines.push(deadline);
        }
        let number = commit.case.complaint.reference().to_owned();
        for n in &commit.notifications {
            let invitation = commit.deliveries.iter().find(|d| d.notification_id == n.id);
            let invitation = invitation.map(|d| d.payload.as_str()).unwrap_or_default();
            let words = format!("{}\n{}\n{invitation}", n.subject, n.body).replace(Number::PENDING, &number);
            player.sent.push((format!("{} {}", n.recipient, n.message), n.addresses.clone(), words));
        }
        player.notified.extend(commit.notifications.iter().map(|n| format!("{} {}", n.recipient, n.message)));
        player.wake_at = commit.wake_at;
        player.case = commit.case;
        let (id, version) = (player.case.id, player.case.version);
        if commit.concerns_others {
            let at = self.now;
            let listing =
                self.players.iter_mut().filter(|p| p.case.complaint.links.iter().any(|l| l.other == id));
            listing.for_each(|p| p.wake_at = Some(at));
        }
        for n in commit.notifications.iter().filter(|n| n.recipient == "complainant" && n.is_deliverable) {
            let trigger = Trigger::Delivered {
                message: n.message.as_str().into(),
                version,
                ordinal: n.ordinal,
                status: LetterStatus::Accepted,
            };
            self.decide(i, trigger)?.map_err(|refused| format!("a delivery was refused: {refused}"))?;
        }
        Ok(())
    }

    fn related(&self, links: &[Link]) -> Vec<Related> {
        let found = links.iter().filter_map(|link| {
            let case = &self.players.get(usize::try_from(link.other.0 - 1).ok()?)?.case;
            let c = &case.complaint;
            Some(Related {
                id: case.id,
                kind: link.kind,
                number: c.number.clone(),
                intake_id: c.intake_id.to_string(),
                state: c.state.clone(),
                subject: c.subject.clone(),
                complainant_email: c.complainant.email.clone(),
                decided_on: c.decided_on,
            })
        });
        found.collect()
    }

    /// A complaint comes in; its place among the cases.
    fn open(
        &mut self,
        party: Party,
        subject: &str,
        text: &str,
        by: &str,
        via: Via,
        fill: impl FnOnce(&mut Complaint),
    ) -> Result<usize, String> {
        self.advance(self.now)?;
        let id = ComplaintId(self.players.len() as i64 + 1);
        let year = self.calendar().day_of(self.now).map_err(|e| e.to_string())?.year();
        let initial = self.studio.published.ruleset.procedure().initial.clone();
        let email = party.email.clone();
        let mut c =
            Complaint::received(IntakeId::new(year, id.0), initial, subject.to_owned(), party, self.now);
        fill(&mut c);
        let same = |p: &&Player| !email.is_empty() && p.case.complaint.complainant.email == email;
        let earlier = self.players.iter().filter(same);
        c.links = earlier.map(|p| Link { kind: LinkKind::Candidate, other: p.case.id }).collect();
        self.players.push(Player {
            case: Case::new(id, c),
            text: format!("{subject}\n{text}").to_lowercase().into(),
            wake_at: None,
            notified: Vec::new(),
            sent: Vec::new(),
            deadlines: Vec::new(),
        });
        let i = self.players.len() - 1;
        self.decide(i, Trigger::Received { by: by.to_owned(), via })??;
        self.advance(self.now)?;
        Ok(i)
    }

    fn advance(&mut self, to: Moment) -> Result<(), String> {
        loop {
            let case = self.players.iter().enumerate().filter_map(|(i, p)| Some((p.wake_at?, i))).min();
            let schedule = self.next_schedule();
            let case_at = case.map_or(Moment::NEVER, |(at, _)| at);
            let schedule_at = schedule.as_ref().map_or(Moment::NEVER, |(at, _)| *at);
            if case_at.min(schedule_at) > to {
                self.now = self.now.max(to);
                return Ok(());
            }
            self.now = self.now.max(case_at.min(schedule_at));
            match (case, schedule) {
                (Some((_, i)), _) if case_at <= schedule_at => {
                    let before = self.players[i].wake_at;
                    self.decide(i, Trigger::Due)?
                        .map_err(|refused| format!("a tick was refused: {refused}"))?;
                    if self.players[i].wake_at == before {
                        return Err("a complaint is due again and again".to_owned());
                    }
                }
                (_, Some((at, name))) => self.run_schedule(&name, at)?,
                _ => return Ok(()),
            }
        }
    }

    fn next_schedule(&self) -> Option<(Moment, String)> {
        let ruleset = &self.studio.published.ruleset;
        let next = self.schedules.iter().filter_map(|(name, last)| {
            let (_, cron) = ruleset.schedules().find(|(n, _)| n == name)?;
            Some((super::schedules::next_after(self.calendar(), cron, *last)?, name.clone()))
        });
        next.min()
    }

    fn run_schedule(&mut self, name: &str, nominal: Moment) -> Result<(), String> {
        self.schedules.insert(name.to_owned(), nominal);
        let sent = run_schedule(&self.studio.published.ruleset, self.calendar(), name, nominal, &self.facts);
        for mut n in sent.map_err(|f| format!("schedule \"{name}\" failed: {} ({})", f.text, f.place))? {
            if let Some(report) = n.data.get_mut("report") {
                let (from, to) = (report["report"]["from"].clone(), report["report"]["to"].clone());
                *report = json!({"from": from, "to": to, "received": 0, "registered": 0, "decided": 0, "agreed": 0,
                    "disagreed": 0, "open": 0, "recommendations": []});
            }
            let rendered = self.studio.notification(String::new(), &n, None, self.now, Some(nominal));
            rendered.map_err(|e| e.to_string())?;
            self.sent.push(format!("{} {}", n.recipient, n.message));
        }
        Ok(())
    }
}

fn parse_day(text: &str) -> Result<Date, String> {
    text.parse().map_err(|_| format!("`{text}` is not a day; write \"2026-11-23\""))
}

fn local(calendar: &Calendar, text: &str) -> Option<Moment> {
    let (day, time) = text.split_once(' ').unwrap_or((text, "09:00"));
    let time = TimeOfDay::parse_from_str(time, "%H:%M").ok()?;
    calendar.at(day.parse::<Date>().ok()?, time).ok()
}

impl Stage for World {
    fn until(&mut self, text: &str) -> Result<(), String> {
        let to = local(self.calendar(), text)
            .ok_or_else(|| format!("`{text}` is not a time; write \"2026-11-23 10:00\""))?;
        if self.players.is_empty() && to >= Moment::from_millis(0) {
            // Nothing has happened yet: the scenario starts here.
            self.now = to;
            self.facts.since = self.calendar().day_of(to).ok();
            self.schedules.values_mut().for_each(|last| *last = to);
            return Ok(());
        }
        if to < self.now {
            return Err(format!("`{text}` is in the past of this scenario"));
        }
        self.advance(to)
    }

    fn outage(&mut self, text: &str) -> Result<(), String> {
        let to = local(self.calendar(), text).filter(|to| *to >= self.now);
        self.now = to.ok_or_else(|| format!("`{text}` is not a later time; write \"2026-11-23 10:00\""))?;
        self.advance(self.now)
    }

    fn wait(&mut self, span: Span) -> Result<(), String> {
        let to = self.calendar().add(self.now, span).map_err(|e| e.to_string())?;
        self.advance(to)
    }

    fn mail(&mut self, mail: MailSketch) -> Result<usize, String> {
        let settings = Arc::clone(&self.studio.settings);
        let email = mail.from.to_lowercase();
        let is_forward = settings.people.find(&email).is_some() && is_forwarded(&mail.subject);
        let party =
            if is_forward { Party::default() } else { Party { name: mail.name, email: email.clone() } };
        self.open(party, &mail.subject, &mail.text, &email, Via::Scenario, |c| {
            if is_forward {
                c.channel = Channel::Forwarded;
                c.forwarded_by = Some(email.clone());
                c.triage_reason = Some("forwarded".into());
            } else if settings.is_own_domain(&email) {
                c.complainant_kind = ComplainantKind::Internal;
            }
        })
    }

    fn contact(&mut self, contact: ContactSketch) -> Result<usize, String> {
        let channel = match contact.channel.as_str() {
            "phone" => Channel::Phone,
            "paper" => Channel::Paper,
            "chat" => Channel::Chat,
            other => return Err(format!("a contact is by phone, paper or chat, not `{other}`")),
        };
        let today = self.calendar().day_of(self.now).map_err(|e| e.to_string())?;
        let party = Party { name: contact.name, email: contact.from.to_lowercase() };
        self.open(party, &contact.subject, &contact.text, &contact.by, Via::Scenario, |c| {
            c.channel = channel;
            c.first_contact_on = Some(today);
        })
    }

    fn reply(&mut self, case: usize, from: &str) -> Result<usize, String> {
        self.advance(self.now)?;
        let merged = self.players[case].case.complaint.links.iter().find(|l| l.kind == LinkKind::Merged);
        let case = merged.and_then(|l| usize::try_from(l.other.0 - 1).ok()).unwrap_or(case);
        let complaint = &self.players[case].case.complaint;
        let own = complaint.complainant.email.clone();
        let sender = if from.is_empty() || from == own { Sender::Complainant } else { Sender::Other };
        let by = if from.is_empty() { own } else { from.to_owned() };
        let procedure = self.studio.published.ruleset.procedure();
        if !takes_mail(procedure, &self.players[case].case, self.now) {
            let (number, subject) = (complaint.number.clone(), format!("Re: {}", complaint.subject));
            let party = Party { name: complaint.complainant.name.clone(), email: by.clone() };
            return self.open(party, &subject, "", &by, Via::Scenario, |c| {
                c.refers_to = number;
                c.triage_reason = Some("after_closing".into());
            });
        }
        self.decide(case, Trigger::Mail { by, sender })??;
        self.advance(self.now)?;
        Ok(case)
    }

    fn people(&mut self, change: PeopleChange) -> Result<(), String> {
        let mut settings = Settings::clone(&self.studio.settings);
        let mut people: Vec<Person> = settings.people.iter().cloned().collect();
        let find = |people: &mut Vec<Person>, email: &str| {
            let found = people.iter().position(|p| p.email == email);
            found.ok_or_else(|| format!("{email} is not one of the people"))
        };
        match change {
            PeopleChange::Person { email, roles } => {
                people.retain(|p| p.email != email);
                let roles = roles.into_iter().map(Role::from).collect();
                people.push(Person { name: email.clone(), email, roles, deputy: None, absences: Vec::new() });
            }
            PeopleChange::Absent { email, from, to } => {
                let absence: Absence =
                    format!("{from}/{to}").parse().map_err(|()| format!("{from} to {to} is not a period"))?;
                let place = find(&mut people, &email)?;
                people[place].absences.push(absence);
            }
            PeopleChange::Deputy { email, deputy } => {
                let place = find(&mut people, &email)?;
                people[place].deputy = Some(deputy);
            }
        }
        settings.people = People::new(people);
        self.studio.settings = Arc::new(settings);
        Ok(())
    }

    fn conclude(&mut self, from: &str, to: &str) -> Result<(), String> {
        self.facts.concluded.insert((parse_day(from)?, parse_day(to)?));
        Ok(())
    }

    fn recommend(&mut self, follow_up_on: &str) -> Result<(), String> {
        self.facts.follow_ups.push(parse_day(follow_up_on)?);
        Ok(())
    }

    fn letter(&self, case: usize, message: &str) -> Option<String> {
        let is_it = |notice: &str| notice.split_once(' ').is_some_and(|(_, m)| m == message);
        self.players[case].sent.iter().rev().find(|(n, ..)| is_it(n)).map(|(_, _, words)| words.clone())
    }

    fn reached(&self, case: usize, notice: &str) -> Option<Vec<String>> {
        self.players[case].sent.iter().rev().find(|(n, ..)| n == notice).map(|(_, to, _)| to.clone())
    }

    fn act(
        &mut self,
        case: usize,
        actor: &str,
        action: &str,
        input: BTreeMap<String, Value>,
    ) -> Result<Result<(), String>, String> {
        self.advance(self.now)?;
        let settings = &self.studio.settings;
        if settings.people.find(actor).is_none() {
            return Err(format!("{actor} is not one of the people"));
        }
        let procedure = self.studio.published.ruleset.procedure();
        let complaint = &self.players[case].case.complaint;
        let roles = Standing::new(settings, procedure, Some(complaint), self.now).roles_of(actor);
        let call =
            ActionCall { id: action.to_owned(), actor: actor.to_owned(), roles, input, via: Via::Scenario };
        let outcome = self.decide(case, Trigger::Action(call))?;
        self.advance(self.now)?;
        Ok(outcome)
    }

    fn bounce(&mut self, case: usize, message: &str) -> Result<(), String> {
        let letter = self.players[case].case.complaint.letters.get(message).cloned();
        let letter = letter.ok_or_else(|| format!("no letter `{message}` was sent"))?;
        let status = LetterStatus::Failed;
        self.decide(
            case,
            Trigger::Delivered {
                message: message.into(),
                version: letter.version,
                ordinal: letter.ordinal,
                status,
            },
        )??;
        self.advance(self.now)
    }

    fn fact(&self, case: usize, name: &str) -> Option<Value> {
        let facts = json!(self.players[case].case.complaint);
        facts.get(name).cloned()
    }

    fn deadline(&self, case: usize, name: &str) -> Option<DeadlineSeen> {
        let seen = self.players[case]
            .deadlines
            .iter()
            .filter(|d| d.name.as_str() == name)
            .max_by_key(|d| d.instance)?;
        let status = match seen.status() {
            DeadlineStatus::Armed => "armed",
            DeadlineStatus::Overdue => "overdue",
            DeadlineStatus::Met => "met",
            DeadlineStatus::Cancelled => "cancelled",
            DeadlineStatus::Replaced => "replaced",
        };
        let due = self.calendar().day_of(seen.due).map(|d| d.to_string()).unwrap_or_default();
        Some(DeadlineSeen { due, status: status.to_owned() })
    }

    fn take_notified(&mut self, case: usize) -> Vec<String> {
        std::mem::take(&mut self.players[case].notified)
    }

    fn take_sent(&mut self) -> Vec<String> {
        std::mem::take(&mut self.sent)
    }

    fn offers(&self, case: usize, action: &str) -> bool {
        let mut case = self.players[case].case.clone();
        case.related = self.related(&case.complaint.links);
        let calendar = &self.studio.settings.calendar;
        offered(&self.studio.published.ruleset, calendar, case, self.now).iter().any(|a| a.id == action)
    }
}
