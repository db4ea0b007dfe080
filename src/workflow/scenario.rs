//! The stage of scenarios: the same decisions and messages as in production, in memory and on virtual time.

use super::standing::Standing;
use super::threads::{standing_of, thread_of};
use super::triggers::trigger_of;
use super::world::{Reader, SentDigest, World, local};
use super::{Published, organisation};
use crate::calendar::{Date, Moment, Span};
use crate::complaint::{
    Actor, Case, DeadlineStatus, LetterStatus, LinkKind, Party, Role, Text, TriageReason, UnknownWord, Via,
    span_in_words,
};
use crate::config::{Absence, People, Person, Settings};
use crate::message::day_in_words;
use crate::reception::{
    AddedMail, ComplaintOrigin, Disposition, MailFacts, NewComplaint, PassedOn, Thread, is_forward, receive,
};
use crate::rules::diagnostics::Diagnostic;
use crate::rules::scenario::{
    ActionOutcome, ContactSketch, DeadlineSeen, DigestSeen, MailSketch, PeopleChange, Stage,
    play as play_files,
};
use crate::rules::{ActionCall, ORGANISATION, Observer, Trigger, offered, unobserved};
use serde_json::{Value, json};
use std::borrow::Cow;
use std::collections::BTreeMap;
use std::sync::Arc;

pub use crate::rules::scenario::{ScenarioOutcome, names};

/// Plays scenarios against a ruleset.
pub fn play(
    published: impl Into<Arc<Published>>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
) -> Vec<ScenarioOutcome> {
    play_some(published, settings, files, &|_| true)
}

/// Plays scenarios against a ruleset, and returns the names of those that fail.
pub fn failing(
    published: &Arc<Published>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
) -> Vec<String> {
    let outcomes = play(Arc::clone(published), settings, files);
    outcomes.into_iter().filter(|o| o.failure.is_some()).map(|o| o.name).collect()
}

/// Plays those scenarios whose name is wanted.
pub fn play_some(
    published: impl Into<Arc<Published>>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    wanted: &dyn Fn(&str) -> bool,
) -> Vec<ScenarioOutcome> {
    play_observed(published, settings, files, wanted, unobserved())
}

/// Plays those scenarios whose name is wanted, in the organisation that they name, while `observer` looks on.
pub fn play_observed(
    published: impl Into<Arc<Published>>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    wanted: &dyn Fn(&str) -> bool,
    observer: &Arc<dyn Observer>,
) -> Vec<ScenarioOutcome> {
    let published = published.into();
    let (settings, files) = match staged(&published, settings, files) {
        Ok(stage) => stage,
        Err(wrong) => return vec![unplayed(&wrong)],
    };
    play_files(&published.ruleset, &files, &settings.calendar, wanted, |name| {
        observer.begins(name);
        Box::new(World::new(Arc::clone(&published), Arc::clone(&settings), Arc::clone(observer)))
    })
}

/// The settings and the scenarios with which a ruleset is played.
pub(super) type Staged<'f> = (Arc<Settings>, Cow<'f, BTreeMap<String, String>>);

/// Returns the settings and the scenarios with which a ruleset is played, in the organisation that they name.
pub(super) fn staged<'f>(
    published: &Published,
    settings: &Settings,
    files: &'f BTreeMap<String, String>,
) -> Result<Staged<'f>, Box<Diagnostic>> {
    let files = organisation::on_ruleset(files, &published.ruleset)?;
    Ok((Arc::new(organisation::of_scenarios(&files, settings)?), files))
}

/// Returns the mistake for which no scenario can be played, as the only outcome.
pub(super) fn unplayed(wrong: &Diagnostic) -> ScenarioOutcome {
    ScenarioOutcome {
        name: ORGANISATION.to_owned(),
        place: format!("rules/{}", wrong.place()),
        failure: Some(wrong.message.clone()),
    }
}

/// Plays those scenarios whose name is wanted, in the organisation of `settings`, while `reader` makes one who looks at
/// the messages of each, by the scenario's name.
pub(super) fn play_read(
    published: &Arc<Published>,
    settings: &Settings,
    files: &BTreeMap<String, String>,
    wanted: &dyn Fn(&str) -> bool,
    reader: impl Fn(&str) -> Reader,
) -> Vec<ScenarioOutcome> {
    let people = Arc::new(settings.clone());
    play_files(&published.ruleset, files, &settings.calendar, wanted, |name| {
        let mut world = World::new(Arc::clone(published), Arc::clone(&people), Arc::clone(unobserved()));
        world.reader = Some(reader(name));
        Box::new(world)
    })
}

fn parse_day(text: &str) -> Result<Date, Text> {
    text.parse().map_err(|_| {
        Text::new(
            format!("`{text}` is geen dag; schrijf \"2026-11-23\""),
            format!("`{text}` is not a day; write \"2026-11-23\""),
        )
    })
}

fn unknown_word(e: UnknownWord) -> Text {
    let nl = format!("`{}` bestaat niet; er is {}", e.word, e.known.join(", "));
    Text::new(nl, e.to_string())
}

/// Lets a sketched mail be one that a person must judge for this reason.
fn sketch_triage(facts: &mut MailFacts, reason: TriageReason) -> Result<(), Text> {
    match reason {
        TriageReason::Unreadable => facts.is_closed = true,
        TriageReason::NoAutoReply => facts.asks_no_answer = true,
        TriageReason::NoSender => facts.from = Party::default(),
        TriageReason::OldMail => facts.written_at = Some(facts.answers_from.plus_millis(-1)),
        TriageReason::Forwarded
        | TriageReason::StrangerReply
        | TriageReason::AfterClosing
        | TriageReason::WrittenFor => {
            return Err(Text::new(
                format!("`{reason}` volgt vanzelf uit wie aan welke klacht schrijft"),
                format!("`{reason}` follows by itself from who writes to which complaint"),
            ));
        }
    }
    Ok(())
}

impl World {
    /// Returns the facts of a mail that refers to nothing, as the people of the scenario make them.
    fn facts_of(&self, from: Party, subject: String) -> MailFacts {
        let settings = &self.renderer.settings;
        MailFacts {
            standing: standing_of(settings, &from.email),
            complainant_kind: settings.complainant_kind(&from.email),
            answers_from: settings.answers_from(self.now),
            ..MailFacts::new(from, subject, self.now)
        }
    }

    /// Returns the newest complaint that waits for a mail of this sender.
    fn awaiting(&self, sender: &str) -> Option<Thread> {
        let procedure = self.renderer.published.ruleset.procedure();
        let awaits = |case: &Case| {
            let mut running = case.deadlines.iter().filter(|d| d.is_armed() && d.paused_at().is_none());
            running.any(|d| procedure.deadlines.get(&d.name).is_some_and(|declared| declared.awaits_mail))
        };
        let cases = self.players.iter().rev().map(|player| &player.case);
        let mut of_sender =
            cases.filter(|case| case.complaint.complainant.email == sender && !sender.is_empty());
        of_sender.find(|case| awaits(case)).map(|case| thread_of(procedure, case, self.now))
    }

    /// Decides what becomes of a mail and does it; the place of its complaint among the cases.
    fn take_in(&mut self, facts: &MailFacts, text: &str) -> Result<usize, Text> {
        match receive(facts).disposition {
            Disposition::Complaint(new) => self.open(*new, text, Via::Scenario),
            Disposition::Addition(AddedMail { complaint, trigger: Some(trigger), .. }) => {
                let place = self.place_of(complaint).ok_or_else(|| {
                    Text::new(
                        "de klacht hoort niet bij dit scenario",
                        "the complaint is not of this scenario",
                    )
                })?;
                self.decide(place, trigger_of(trigger))?;
                self.advance(self.now)?;
                Ok(place)
            }
            other => Err(Text::new(
                format!("de mail leidt tot niets: {}", other.outcome()),
                format!("the mail leads to nothing: {}", other.outcome()),
            )),
        }
    }
}

impl Stage for World {
    fn until(&mut self, text: &str) -> Result<(), Text> {
        let to = local(self.calendar(), text).ok_or_else(|| {
            Text::new(
                format!("`{text}` is geen tijd; schrijf \"2026-11-23 10:00\""),
                format!("`{text}` is not a time; write \"2026-11-23 10:00\""),
            )
        })?;
        if self.players.is_empty() && to >= Moment::from_millis(0) {
            // Nothing has happened yet: the scenario starts here.
            self.now = to;
            self.facts.since = self.calendar().day_of(to).ok();
            self.schedules.values_mut().for_each(|last| *last = to);
            return Ok(());
        }
        if to < self.now {
            return Err(Text::new(
                format!("`{text}` ligt in dit scenario in het verleden"),
                format!("`{text}` is in the past of this scenario"),
            ));
        }
        self.advance(to)
    }

    fn outage(&mut self, text: &str) -> Result<(), Text> {
        let to = local(self.calendar(), text).filter(|to| *to >= self.now);
        self.now = to.ok_or_else(|| {
            Text::new(
                format!("`{text}` is geen latere tijd; schrijf \"2026-11-23 10:00\""),
                format!("`{text}` is not a later time; write \"2026-11-23 10:00\""),
            )
        })?;
        self.advance(self.now)
    }

    fn wait(&mut self, span: Span) -> Result<(), Text> {
        let to = self.calendar().add(self.now, span).map_err(Text::from)?;
        self.advance(to)
    }

    fn mail(&mut self, mail: MailSketch) -> Result<usize, Text> {
        self.advance(self.now)?;
        let from = Party { name: mail.name, email: mail.from.to_lowercase() };
        let passed_on = (!mail.passed_on_from.is_empty()).then(|| PassedOn {
            from: Party { name: String::new(), email: mail.passed_on_from.to_lowercase() },
            sent_at: None,
            is_ours: false,
        });
        let mut facts = MailFacts { attached: passed_on, ..self.facts_of(from, mail.subject) };
        if !is_forward(&facts) {
            facts.thread = self.awaiting(&facts.from.email);
        }
        match mail.triage.as_str() {
            "" => {}
            word => sketch_triage(&mut facts, word.parse().map_err(unknown_word)?)?,
        }
        self.take_in(&facts, &mail.text)
    }

    fn contact(&mut self, contact: ContactSketch) -> Result<usize, Text> {
        let channel = contact.channel.parse().map_err(unknown_word)?;
        let today = self.calendar().day_of(self.now).map_err(Text::from)?;
        let complainant = Party { name: contact.name, email: contact.from.to_lowercase() };
        let kind = self.renderer.settings.complainant_kind(&complainant.email);
        let new = NewComplaint {
            by: contact.by,
            subject: contact.subject,
            received_at: self.now,
            origin: ComplaintOrigin::Contact {
                channel,
                complainant,
                kind,
                first_contact_on: Some(today),
                via: Via::Scenario,
            },
            triage_reason: None,
            refers_to: None,
        };
        self.open(new, &contact.text, Via::Scenario)
    }

    fn reply(&mut self, case: usize, from: &str) -> Result<usize, Text> {
        self.advance(self.now)?;
        let merged = self.players[case].case.complaint.links.iter().find(|l| l.kind == LinkKind::Merged);
        let case = merged.and_then(|l| self.place_of(l.other)).unwrap_or(case);
        let case = &self.players[case].case;
        let complainant = &case.complaint.complainant;
        let from = if from.is_empty() || from == complainant.email {
            complainant.clone()
        } else {
            Party { name: String::new(), email: from.to_owned() }
        };
        let thread = thread_of(self.renderer.published.ruleset.procedure(), case, self.now);
        let facts = self.facts_of(from, format!("Re: {}", case.complaint.subject));
        self.take_in(&MailFacts { thread: Some(thread), ..facts }, "")
    }

    fn people(&mut self, change: PeopleChange) -> Result<(), Text> {
        let mut settings = Settings::clone(&self.renderer.settings);
        let mut people: Vec<Person> = settings.people.iter().cloned().collect();
        let find = |people: &mut Vec<Person>, email: &str| {
            let found = people.iter().position(|p| p.email == email);
            found.ok_or_else(|| {
                Text::new(
                    format!("{email} is niet een van de mensen"),
                    format!("{email} is not one of the people"),
                )
            })
        };
        match change {
            PeopleChange::Person { email, roles } => {
                people.retain(|p| p.email != email);
                let roles = roles.into_iter().map(Role::from).collect();
                let (name, absences) = (email.clone(), Vec::new());
                people.push(Person { name, email, roles, deputy: None, absences, language: None });
            }
            PeopleChange::Absent { email, from, to } => {
                let absence: Absence = format!("{from}/{to}").parse().map_err(|()| {
                    Text::new(
                        format!("{from} tot {to} is geen periode"),
                        format!("{from} to {to} is not a period"),
                    )
                })?;
                let place = find(&mut people, &email)?;
                people[place].absences.push(absence);
            }
            PeopleChange::Deputy { email, deputy } => {
                let place = find(&mut people, &email)?;
                people[place].deputy = Some(deputy);
            }
        }
        settings.people = People::new(people);
        self.renderer.settings = Arc::new(settings);
        Ok(())
    }

    fn conclude(&mut self, from: &str, to: &str) -> Result<(), Text> {
        self.facts.concluded.insert((parse_day(from)?, parse_day(to)?));
        Ok(())
    }

    fn recommend(&mut self, follow_up_on: &str) -> Result<(), Text> {
        self.facts.follow_ups.push(parse_day(follow_up_on)?);
        Ok(())
    }

    fn today(&self) -> Option<Date> {
        self.calendar().day_of(self.now).ok()
    }

    fn day_in_words(&self, case: usize, day: Date) -> String {
        day_in_words(day, self.players[case].case.complaint.language.as_str())
    }

    fn span_in_words(&self, case: usize, span: Span) -> String {
        let said = span_in_words(&span.to_string(), self.players[case].case.complaint.language);
        said.unwrap_or_else(|| span.to_string())
    }

    fn letter(&self, case: usize, message: &str) -> Option<String> {
        let newest = self.players[case].sent.iter().rev().find(|sent| sent.message == message);
        newest.map(|sent| sent.words.clone())
    }

    fn reached(&self, case: usize, notice: &str) -> Option<Vec<String>> {
        let newest = self.players[case].sent.iter().rev().find(|sent| sent.notice() == notice);
        newest.map(|sent| sent.addresses.clone())
    }

    fn act(
        &mut self,
        case: usize,
        actor: &str,
        action: &str,
        input: BTreeMap<String, Value>,
    ) -> Result<ActionOutcome, Text> {
        self.advance(self.now)?;
        let settings = &self.renderer.settings;
        if settings.people.find(actor).is_none() {
            return Err(Text::new(
                format!("{actor} is niet een van de mensen"),
                format!("{actor} is not one of the people"),
            ));
        }
        let procedure = self.renderer.published.ruleset.procedure();
        let complaint = &self.players[case].case.complaint;
        let roles = Standing::new(settings, procedure, Some(complaint), self.now).roles_of(actor);
        let call =
            ActionCall { id: action.to_owned(), actor: actor.to_owned(), roles, input, via: Via::Scenario };
        let outcome = self.carry_out(case, call)?;
        self.advance(self.now)?;
        Ok(outcome)
    }

    fn answer_invitation(&mut self, case: usize, answer: &str) -> Result<(), Text> {
        let coming = answer.parse().map_err(unknown_word)?;
        let complaint = &self.players[case].case.complaint;
        let meeting = complaint
            .meeting
            .as_ref()
            .map(|m| m.number)
            .ok_or_else(|| Text::new("er is geen gesprek gepland", "no meeting was planned"))?;
        let by = complaint.complainant.email.clone();
        self.decide(case, Trigger::Attendance { by, meeting, coming })?;
        self.advance(self.now)
    }

    fn recall(&mut self, case: usize, who: &str, message: &str) -> Result<(), Text> {
        let Some(letter) = self.take_waiting(case, message) else {
            return Err(Text::new(
                format!("brief `{message}` wacht niet, en kan niet worden teruggehaald"),
                format!("letter `{message}` does not wait, and cannot be called back"),
            ));
        };
        let (message, (version, ordinal)) = (letter.message, letter.sent);
        self.decide(
            case,
            Trigger::Recalled { by: who.to_owned(), via: Via::Scenario, message, version, ordinal },
        )?;
        self.advance(self.now)
    }

    fn bounce(&mut self, case: usize, message: &str) -> Result<(), Text> {
        self.take_waiting(case, message);
        let letter = self.players[case].case.complaint.letters.get(message).cloned();
        let letter = letter.ok_or_else(|| {
            Text::new(
                format!("brief `{message}` is niet verstuurd"),
                format!("no letter `{message}` was sent"),
            )
        })?;
        let status = LetterStatus::Failed;
        self.decide(
            case,
            Trigger::Delivered {
                message: message.into(),
                version: letter.version,
                ordinal: letter.ordinal,
                status,
            },
        )?;
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
            DeadlineStatus::Paused => "paused",
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

    fn take_digests(&mut self, address: &str) -> Vec<DigestSeen> {
        let is_theirs = |digest: &mut SentDigest| digest.address.eq_ignore_ascii_case(address);
        let theirs = self.gathered.sent.extract_if(.., is_theirs);
        let seen = |SentDigest { lines, words, .. }| DigestSeen {
            messages: lines.into_iter().map(|(message, _)| message).collect(),
            words,
        };
        theirs.map(seen).collect()
    }

    fn take_sent(&mut self) -> Vec<String> {
        std::mem::take(&mut self.sent)
    }

    fn offers(&self, case: usize, action: &str) -> bool {
        let mut case = self.with_groups(self.players[case].case.clone());
        case.related = self.related(&case.complaint.links);
        let calendar = &self.renderer.settings.calendar;
        offered(&Actor::System, (&self.renderer.published.ruleset, calendar), case, self.now, &self.observer)
            .iter()
            .any(|a| a.id == action)
    }
}
