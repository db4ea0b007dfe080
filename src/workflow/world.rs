//! `World`: complaints in memory and on virtual time, decided and rendered as in production. No store, no
//! network.

use super::Published;
use super::message_mistakes::{failure, place_of};
use super::prepare::{Job, Prepared, prepare, prepare_action};
use super::renderer::{Renderer, Sending};
use super::report::{Counts, counted_in_memory};
use crate::calendar::{Calendar, Date, Moment, TimeOfDay};
use crate::complaint::{
    Case, Complaint, ComplaintId, Group, GroupKey, IntakeId, Link, Member, Number, Received, Recipient,
    Related, Text, Via, must_look_again, new_candidates, woken,
};
use crate::config::Settings;
use crate::reception::NewComplaint;
use crate::rules::scenario::ActionOutcome;
use crate::rules::{ActionCall, Input, Need, Observer, ScheduleFacts, Trigger, Unrun, run_schedule};
use crate::store::{AuditKey, Commit};
use chrono::Datelike;
use std::collections::BTreeMap;
use std::sync::Arc;

#[path = "world_digests.rs"]
mod digests;
#[path = "world_going.rs"]
mod going;
#[path = "world_letters.rs"]
mod letters;

use digests::Gathered;
pub(super) use digests::SentDigest;
use going::Everything;
pub(super) use going::{Going, Reader};
pub(super) use letters::WaitingLetter;

#[cfg(test)]
#[path = "heard_test.rs"]
mod heard_test;
#[cfg(test)]
#[path = "procedure_test.rs"]
mod procedure_test;
#[cfg(test)]
#[path = "told_test.rs"]
mod told_test;
#[cfg(test)]
#[path = "truth/letters_test.rs"]
mod truth_test;

/// A message that went out in this world.
pub(super) struct SentMessage {
    pub recipient: Recipient,
    pub message: String,
    pub addresses: Vec<String>,
    /// Subject, text and invitation.
    pub words: String,
}

impl SentMessage {
    /// Returns what scenarios call it by: `recipient message`.
    pub fn notice(&self) -> String {
        format!("{} {}", self.recipient, self.message)
    }
}

pub(super) struct Player {
    pub case: Case,
    pub text: Arc<str>,
    pub wake_at: Option<Moment>,
    pub notified: Vec<String>,
    /// Oldest first.
    pub sent: Vec<SentMessage>,
    pub deadlines: Vec<crate::complaint::Deadline>,
}

pub(super) struct World {
    pub renderer: Renderer,
    going: Arc<Everything>,
    /// Looks at each message as it goes; none when nobody reads.
    pub reader: Option<Reader>,
    /// Looks on while conditions are evaluated.
    pub observer: Arc<dyn Observer>,
    pub now: Moment,
    pub players: Vec<Player>,
    pub numbers: BTreeMap<i32, i64>,
    pub schedules: BTreeMap<String, Moment>,
    pub facts: ScheduleFacts,
    pub sent: Vec<String>,
    /// What waits for a digest, and the digests that went, oldest first.
    pub gathered: Gathered,
    /// The letters that wait, to be called back.
    pub letters: Vec<WaitingLetter>,
    /// Complaints that are only looked at: they are as the store has them.
    others: Vec<Related>,
    groups: BTreeMap<GroupKey, Group>,
    /// The turns of the clock that are left at which something may happen; none where nobody counts.
    pub turns: Option<u32>,
    /// Sees each commit, with the number that it gives, before it is taken over.
    pub witness: Box<dyn FnMut(&Commit) + Send>,
}

/// The local time at which a scenario starts when it does not say.
const START: &str = "2026-11-02 09:00";

impl World {
    pub fn new(published: Arc<Published>, settings: Arc<Settings>, observer: Arc<dyn Observer>) -> Self {
        let (going, key) = (Arc::new(Everything::default()), AuditKey::new(b"scenario"));
        let renderer = Renderer { published, settings, router: Arc::clone(&going) as _, key };
        let now = local(&renderer.settings.calendar, START).unwrap_or(Moment::from_millis(0));
        let schedules =
            renderer.published.ruleset.schedules().map(|(name, _)| (name.to_owned(), now)).collect();
        Self {
            renderer,
            going,
            reader: None,
            observer,
            now,
            players: Vec::new(),
            numbers: BTreeMap::new(),
            schedules,
            facts: ScheduleFacts::default(),
            sent: Vec::new(),
            gathered: Gathered::default(),
            letters: Vec::new(),
            others: Vec::new(),
            groups: BTreeMap::new(),
            turns: None,
            witness: Box::new(|_| {}),
        }
    }

    pub fn calendar(&self) -> &Arc<Calendar> {
        &self.renderer.settings.calendar
    }

    /// Decides on a trigger, takes the decision over, and delivers its letters at once.
    pub fn decide(&mut self, i: usize, trigger: Trigger) -> Result<(), Text> {
        let mut job = Job::of(self.input(i, trigger));
        loop {
            match prepare(&self.renderer, std::slice::from_ref(&job), &self.observer).pop() {
                Some(Prepared::Needs(need)) if self.supply(i, Arc::make_mut(&mut job.input.case), &need) => {}
                prepared => return self.accept(i, prepared.unwrap_or(Prepared::Cancelled)),
            }
        }
    }

    /// Carries out an action in the same way, for somebody who may be refused.
    pub fn carry_out(&mut self, i: usize, call: ActionCall) -> Result<ActionOutcome, Text> {
        let mut job = Job::of(self.input(i, call));
        loop {
            match prepare_action(&self.renderer, &job, &self.observer) {
                Ok(Prepared::Needs(need)) if self.supply(i, Arc::make_mut(&mut job.input.case), &need) => {}
                Ok(prepared) => return self.accept(i, prepared).map(|()| ActionOutcome::Done),
                Err(refusal) => return Ok(ActionOutcome::Refused(refusal.0)),
            }
        }
    }

    /// Hands a case what it asked for; false where it has that already, or it is not to be had.
    fn supply(&self, i: usize, case: &mut Case, need: &Need) -> bool {
        match need {
            Need::Text => case.text.replace(Arc::clone(&self.players[i].text)).is_none(),
            Need::Group(key) => case.groups.insert(key.clone(), self.group(key)).is_none(),
            Need::Received(..) => false,
        }
    }

    /// Returns a group of the complaints in memory, and of those of the store that are only looked at.
    pub fn group(&self, key: &GroupKey) -> Group {
        let stored = self.groups.get(key).cloned().unwrap_or_default();
        let is_played = |id: ComplaintId| self.place_of(id).is_some();
        let others = stored.members.into_iter().filter(|m| !is_played(m.id));
        let played = self.players.iter().map(|p| &p.case).filter(|case| !case.evaluated_under.is_empty());
        let own = played.filter(|case| GroupKey::of(&key.by, &case.complaint).as_ref() == Some(key));
        let group = Group::of(others.chain(own.map(|c| Arc::new(Member::of(c.id, &c.complaint)))).collect());
        Group { is_cut: group.is_cut || stored.is_cut, ..group }
    }

    /// Returns a case with the groups that rules may ask for.
    pub fn with_groups(&self, mut case: Case) -> Case {
        let keys = self.renderer.published.ruleset.grouping().keys(&case.complaint);
        case.groups = keys.into_iter().map(|key| (key.clone(), self.group(&key))).collect();
        case
    }

    fn input<T>(&self, i: usize, trigger: T) -> Input<T> {
        let mut case = self.players[i].case.clone();
        case.related = self.related(&case.complaint.links);
        case.groups.clear();
        case.wake_at = self.players[i].wake_at;
        self.renderer.published.input(case, trigger, self.now)
    }

    fn accept(&mut self, i: usize, prepared: Prepared) -> Result<(), Text> {
        let Prepared::Commit(commit, faults) = prepared else {
            return Err(Text::new(
                "de regels konden niet worden uitgevoerd",
                "the rules could not be evaluated",
            ));
        };
        if let Some(fault) = faults.first() {
            return Err(Text::new(
                format!("{} is mislukt: {} ({})", fault.source, fault.text.nl, fault.place),
                format!("{} failed: {} ({})", fault.source, fault.text.en, fault.place),
            ));
        }
        self.take_over(i, *commit)
    }

    /// Takes a commit over as the store does, on the complaints in memory: candidates, the number, waking
    /// others.
    fn take_over(&mut self, i: usize, mut commit: Commit) -> Result<(), Text> {
        if commit.sender_changed {
            commit.add_candidates(self.of_sender(&commit.case.complaint.complainant.email));
        }
        if commit.case.complaint.number.as_ref().is_some_and(Number::is_pending) {
            let year = Number::year(commit.at, self.calendar()).map_err(Text::from)?;
            let sequence = self.numbers.entry(year).or_insert(0);
            *sequence += 1;
            let number = Number::new(year, *sequence);
            commit.give_number(&number, &self.renderer.key.check_letters(number.as_str()));
        }
        (self.witness)(&commit);
        self.read_all(&commit);
        commit.case.text = None;
        let player = &mut self.players[i];
        for deadline in commit.deadlines {
            player.deadlines.retain(|d| d.name != deadline.name || d.instance != deadline.instance);
            player.deadlines.push(deadline);
        }
        for n in &commit.notifications {
            let invitation = commit.deliveries.iter().find(|d| d.notification_id.as_ref() == Some(&n.id));
            let invitation = invitation.map(|d| d.payload.as_str()).unwrap_or_default();
            let words = format!("{}\n{}\n{invitation}", n.subject, n.body);
            let (message, addresses) = (n.message.clone(), n.addresses.clone());
            player.sent.push(SentMessage { recipient: n.recipient.clone(), message, addresses, words });
        }
        self.gathered.wait(Some(commit.case.id), commit.at, &commit.notifications);
        player.notified.extend(commit.notifications.iter().map(|n| format!("{} {}", n.recipient, n.message)));
        player.wake_at = commit.wake_at;
        player.case = Case { evaluated_under: commit.stamp, ..commit.case };
        let (id, version) = (player.case.id, player.case.version);
        if commit.concerns_others {
            self.wake_others(id);
        }
        self.wake_groups(id, &commit.concerns);
        for n in &commit.notifications {
            if n.recipient == Recipient::Complainant && n.is_deliverable {
                let row = commit.deliveries.iter().find(|d| d.notification_id.as_ref() == Some(&n.id));
                let goes_at = row.and_then(|row| row.not_before).unwrap_or(self.now);
                let (message, sent) = (n.message.as_str().into(), (version, n.ordinal));
                self.send(WaitingLetter { goes_at, place: i, message, sent })?;
            }
        }
        Ok(())
    }

    /// Shows the messages of a commit to who reads.
    fn read_all(&mut self, commit: &Commit) {
        let kept = std::mem::take(&mut *self.going.kept());
        let Some(reader) = &mut self.reader else { return };
        for row in &commit.notifications {
            let Some(notification) = kept.get(&row.id) else { continue };
            let (case, now) = (Some(&commit.case), commit.at);
            reader(&Going { renderer: &self.renderer, notification, case, now, row });
        }
    }

    fn wake_others(&mut self, changed: ComplaintId) {
        let (procedure, now) = (self.renderer.published.ruleset.procedure(), self.now);
        for player in &mut self.players {
            let c = &player.case.complaint;
            if must_look_again(!procedure.is_terminal(&c.state), &c.links, changed) {
                player.wake_at = Some(woken(player.wake_at, now));
            }
        }
    }

    fn wake_groups(&mut self, changed: ComplaintId, groups: &[GroupKey]) {
        let (procedure, now) = (self.renderer.published.ruleset.procedure(), self.now);
        for player in self.players.iter_mut().filter(|p| p.case.id != changed) {
            let c = &player.case.complaint;
            let is_in = |key: &GroupKey| GroupKey::of(&key.by, c).as_ref() == Some(key);
            if !procedure.is_terminal(&c.state) && groups.iter().any(is_in) {
                player.wake_at = Some(woken(player.wake_at, now));
            }
        }
    }

    /// Returns the complaints from an address, newest first as the store lists them.
    fn of_sender(&self, email: &str) -> Vec<ComplaintId> {
        let same = |p: &&Player| !email.is_empty() && p.case.complaint.complainant.email == email;
        self.players.iter().rev().filter(same).map(|p| p.case.id).collect()
    }

    pub fn related(&self, links: &[Link]) -> Vec<Related> {
        let found = links.iter().filter_map(|link| {
            if let Some(other) = self.others.iter().find(|o| o.id == link.other) {
                return Some(Related { kind: link.kind, ..other.clone() });
            }
            let case = &self.players[self.place_of(link.other)?].case;
            Some(case.related(link.kind))
        });
        found.collect()
    }

    /// Adds a complaint of the store as it is, and returns its place among the cases. Other complaints stay
    /// as they are.
    pub fn join(&mut self, case: Case, text: String, now: Moment) -> usize {
        self.now = now;
        self.schedules.clear();
        self.others.extend(case.related.iter().cloned());
        self.groups.extend(case.groups.iter().map(|(key, group)| (key.clone(), group.clone())));
        self.players.push(Player {
            wake_at: case.wake_at,
            text: text.into(),
            notified: Vec::new(),
            sent: Vec::new(),
            deadlines: case.deadlines.clone(),
            case,
        });
        self.players.len() - 1
    }

    /// Returns the place of a complaint among the cases; a simulation has only one of the store's.
    pub fn place_of(&self, id: ComplaintId) -> Option<usize> {
        self.players.iter().position(|p| p.case.id == id)
    }

    /// Returns the moment at which something happens next by itself; none when nothing does.
    pub fn next_moment(&self) -> Option<Moment> {
        let cases = self.players.iter().filter_map(|p| p.wake_at);
        let others = self.next_schedule().map(|(at, _)| at).into_iter().chain(self.next_digest());
        cases.chain(others).chain(self.next_letter()).min()
    }

    /// Opens a complaint that comes in, and returns its place among the cases.
    pub fn open(&mut self, new: NewComplaint, text: &str, via: Via) -> Result<usize, Text> {
        self.advance(self.now)?;
        let id = ComplaintId(self.players.len() as i64 + 1);
        let year = self.calendar().day_of(self.now).map_err(Text::from)?.year();
        let initial = self.renderer.published.ruleset.procedure().initial.clone();
        let by = new.by.clone();
        let mut c = new.into_complaint(IntakeId::new(year, id.0), initial);
        c.links = new_candidates(id, &[], self.of_sender(&c.complainant.email));
        self.players.push(Player {
            text: format!("{}\n{text}", c.subject).into(),
            case: Case::new(id, c),
            wake_at: None,
            notified: Vec::new(),
            sent: Vec::new(),
            deadlines: Vec::new(),
        });
        let i = self.players.len() - 1;
        self.decide(i, Trigger::Received { by, via })?;
        self.advance(self.now)?;
        Ok(i)
    }

    pub fn advance(&mut self, to: Moment) -> Result<(), Text> {
        loop {
            let case = self.players.iter().enumerate().filter_map(|(i, p)| Some((p.wake_at?, i))).min();
            let schedule = self.next_schedule();
            let case_at = case.map_or(Moment::NEVER, |(at, _)| at);
            let schedule_at = schedule.as_ref().map_or(Moment::NEVER, |(at, _)| *at);
            let digest_at = self.next_digest().unwrap_or(Moment::NEVER);
            let letter_at = self.next_letter().unwrap_or(Moment::NEVER);
            let next = case_at.min(schedule_at).min(digest_at).min(letter_at);
            if next > to {
                self.now = self.now.max(to);
                return Ok(());
            }
            self.now = self.now.max(next);
            self.take_turn()?;
            if letter_at <= case_at.min(schedule_at).min(digest_at) {
                self.send_next_letter()?;
                continue;
            }
            // A digest comes after everything that is due with it.
            if digest_at < case_at.min(schedule_at) {
                self.send_digests()?;
                continue;
            }
            match (case, schedule) {
                (Some((_, i)), _) if case_at <= schedule_at => {
                    let before = self.players[i].wake_at;
                    self.decide(i, Trigger::Due)?;
                    if self.players[i].wake_at == before {
                        return Err(Text::new(
                            "een klacht komt steeds weer aan de beurt",
                            "a complaint is due again and again",
                        ));
                    }
                }
                (_, Some((at, name))) => self.run_schedule(&name, at)?,
                _ => return Ok(()),
            }
        }
    }

    fn take_turn(&mut self) -> Result<(), Text> {
        let Some(turns) = &mut self.turns else { return Ok(()) };
        *turns = turns.saturating_sub(1);
        if *turns > 0 { Ok(()) } else { Err(Text::new("dit duurt te lang", "this takes too long")) }
    }

    /// Returns the complaints that came in from a day to a day.
    fn came_in(&self, from: Date, to: Date) -> Vec<Complaint> {
        let complaints = self.players.iter().map(|player| &player.case.complaint);
        let day = |c: &&Complaint| self.calendar().day_of(c.received_at).is_ok_and(|d| from <= d && d <= to);
        complaints.filter(day).cloned().collect()
    }

    fn next_schedule(&self) -> Option<(Moment, String)> {
        let next = self.renderer.published.ruleset.schedules().filter_map(|(name, cron)| {
            let next = super::schedules::next_after(self.calendar(), cron, *self.schedules.get(name)?)?;
            Some((next, name.to_owned()))
        });
        // Of several at once the first of the files.
        next.min_by_key(|(at, _)| *at)
    }

    /// Returns the complaints received from one day to another, newest first.
    fn received(&self, from: Date, to: Date) -> Arc<[Received]> {
        let is_of = |case: &&Case| {
            let day = self.calendar().day_of(case.complaint.received_at);
            !case.evaluated_under.is_empty() && day.is_ok_and(|day| from <= day && day <= to)
        };
        let cases = self.players.iter().map(|p| &p.case).filter(is_of);
        let received = cases.map(|case| {
            let member = Arc::new(Member::of(case.id, &case.complaint));
            Received { member, groups: GroupKey::all(&case.complaint) }
        });
        let mut received: Vec<Received> = received.collect();
        received.sort_by_key(|r| r.member.newest_first());
        received.into()
    }

    pub fn run_schedule(&mut self, name: &str, nominal: Moment) -> Result<(), Text> {
        self.schedules.insert(name.to_owned(), nominal);
        let ruleset = &self.renderer.published.ruleset;
        let mut facts = self.facts.clone();
        let sent = loop {
            match run_schedule(ruleset, self.calendar(), name, nominal, &facts, &self.observer) {
                Ok(sent) => break sent,
                Err(Unrun::Needs(from, to)) => {
                    facts.received.insert((from, to), self.received(from, to));
                }
                Err(Unrun::Failed(f)) => {
                    return Err(Text::new(
                        format!("planning \"{name}\" is mislukt: {} ({})", f.text.nl, f.place),
                        format!("schedule \"{name}\" failed: {} ({})", f.text.en, f.place),
                    ));
                }
            }
        };
        for mut n in sent {
            if let Some(report) = n.data.get_mut("report") {
                let (from, to) = (report["report"]["from"].clone(), report["report"]["to"].clone());
                let day = |value: &serde_json::Value| value.as_str().and_then(|day| day.parse().ok());
                if let (Some(from), Some(to)) = (day(&from), day(&to)) {
                    let (procedure, language) = (ruleset.procedure(), self.renderer.settings.language);
                    let today = self.calendar().day_of(self.now).unwrap_or_default();
                    let sums = counted_in_memory(&self.came_in(from, to), procedure, self.calendar(), today);
                    *report = Counts::of(&sums, procedure).to_json(procedure, language, (from, to));
                }
            }
            let id = format!("schedule/{name}/{}/{}", nominal.millis(), n.ordinal);
            let rendered = self.renderer.notification(Sending::alone(id, &n, self.now, Some(nominal)));
            let sent = rendered.map_err(|e| {
                let place = place_of(ruleset.source(), &e);
                failure(&e.mistake.kind).map(|text| format!("{text} ({place})"))
            })?;
            if let Some(reader) = &mut self.reader {
                let (case, now, row) = (None, self.now, &sent.row);
                reader(&Going { renderer: &self.renderer, notification: &n, case, now, row });
            }
            self.gathered.wait(None, self.now, &[sent.row]);
            self.sent.push(format!("{} {}", n.recipient, n.message));
        }
        Ok(())
    }
}

pub(super) fn local(calendar: &Calendar, text: &str) -> Option<Moment> {
    let (day, time) = text.split_once(' ').unwrap_or((text, "09:00"));
    let time = TimeOfDay::parse_from_str(time, "%H:%M").ok()?;
    calendar.at(day.parse::<Date>().ok()?, time).ok()
}
