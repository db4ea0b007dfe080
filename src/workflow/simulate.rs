//! Simulating: one live complaint played forward on virtual time, with assumed answers. Nothing is stored.

use super::Workflow;
use super::world::{WaitingLetter, World};
use crate::calendar::{Date, Moment, TimeOfDay};
use crate::complaint::{ComplaintId, Event, EventKind, LinkKind, Recipient, Text};
use crate::rules::scenario::Stage;
use crate::rules::unobserved;
use crate::store::{DeliveryState, NotificationState, NotificationSummary, StoreError};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};

/// The days that a simulation looks ahead when no day is given.
const FAR: i64 = 366;
/// The most events; more is no course that anybody reads.
const EVENTS: usize = 10_000;

/// Something that somebody is assumed to do, as in the file for `--assume`.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumption {
    /// The local time at which it happens, `2026-12-01 10:00`; none when it happens in a state.
    #[serde(default)]
    pub at: Option<String>,
    /// The state in which it happens; none when it has a time.
    #[serde(default, rename = "in")]
    pub in_state: Option<String>,
    /// The days after that state was entered at which it happens.
    #[serde(default)]
    pub after_days: i64,
    /// The id of the action; without one, the complainant writes.
    #[serde(default)]
    pub action: Option<String>,
    /// The address of who acts.
    #[serde(default, rename = "as")]
    pub actor: String,
    /// The answers to what the action asks.
    #[serde(default)]
    pub input: BTreeMap<String, Value>,
}

/// The file for `--assume`.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Assumptions {
    /// The assumptions; each comes true once.
    #[serde(default)]
    pub assume: Vec<Assumption>,
}

/// A reason why nothing was simulated.
#[derive(Debug, thiserror::Error)]
pub enum SimulateError {
    /// The assumptions or the day cannot be used, in words.
    #[error("{0}")]
    Refused(Text),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The course that a complaint would take.
#[derive(Clone, Debug)]
pub struct Course {
    /// The events and their moments, in order.
    pub events: Vec<(Moment, Event)>,
    /// The digests that would go: when, to whom, and their lines.
    pub digests: Vec<(Moment, String, Vec<String>)>,
    /// The assumptions that could not be carried out, and why.
    pub refused: Vec<String>,
    /// The main state in which the simulation stopped.
    pub state: String,
    /// The moment at which it stopped.
    pub until: Moment,
}

impl Workflow {
    /// Plays a complaint forward from now until a day, or until nothing more would happen.
    pub async fn simulate(
        &self,
        id: ComplaintId,
        until: Option<Date>,
        assumptions: &Assumptions,
    ) -> Result<Course, SimulateError> {
        let now = self.now().await?;
        let calendar = Arc::clone(&self.settings().calendar);
        let refused = |text: Text| SimulateError::Refused(text);
        let Some(mut case) = self.store.cases().load(&[id]).await?.pop() else {
            return Err(refused(Text::new("deze klacht bestaat niet", "there is no such complaint")));
        };
        let end = match until {
            Some(day) => calendar.end_of(day).map_err(|e| refused(e.into()))?,
            None => now.plus_millis(FAR * 86_400_000),
        };
        let text = self.store.cases().text(id).await?;
        self.with_groups(std::slice::from_mut(&mut case)).await?;
        let mut world = World::new(self.published(), self.settings(), Arc::clone(unobserved()));
        let events = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&events);
        world.witness = Box::new(move |commit| {
            let mut events = sink.lock().unwrap_or_else(PoisonError::into_inner);
            let left = EVENTS.saturating_sub(events.len());
            events.extend(commit.events.iter().take(left).map(|e| (commit.at, e.clone())));
        });
        let sent = self.store.register().notifications(id).await?;
        let place = world.join(case, text, now);
        world.letters.extend(sent.iter().filter_map(|letter| on_its_way(letter, place, now)));
        let mut waiting: Vec<&Assumption> = assumptions.assume.iter().collect();
        let mut refusals = Vec::new();
        // Each turn carries out one assumption or lets time pass to the next thing that happens.
        while world.now < end {
            let due =
                waiting.iter().enumerate().filter_map(|(i, a)| Some((moment(&world, place, a)?, i))).min();
            let next = world.next_moment().unwrap_or(Moment::NEVER);
            match due {
                Some((at, i)) if at <= next && at <= end => {
                    world.advance(at.max(world.now)).map_err(refused)?;
                    let assumption = waiting.remove(i);
                    if let Some(why) = carry_out(&mut world, place, assumption)? {
                        refusals.push(why);
                    }
                }
                _ if next > end => break,
                _ => world.advance(next.max(world.now)).map_err(refused)?,
            }
        }
        let state = world.players[place].case.complaint.state.to_string();
        // With a day given, nothing more happens up to it.
        let until = if until.is_some() { end } else { world.now.min(end) };
        let digests = std::mem::take(&mut world.gathered.sent).into_iter().map(|digest| {
            let lines = digest.lines.into_iter().map(|(_, line)| line).collect();
            (digest.at, digest.address, lines)
        });
        let digests = digests.collect();
        drop(world);
        let events = std::mem::take(&mut *events.lock().unwrap_or_else(PoisonError::into_inner));
        Ok(Course { events, digests, refused: refusals, state, until })
    }
}

/// Returns a letter that has not gone yet, which is assumed to arrive.
fn on_its_way(letter: &NotificationSummary, place: usize, now: Moment) -> Option<WaitingLetter> {
    let is_queued = letter.state == NotificationState::Deliverable(DeliveryState::Queued);
    (is_queued && letter.recipient == Recipient::Complainant).then(|| WaitingLetter {
        goes_at: letter.goes_at.unwrap_or(now).max(now),
        place,
        message: letter.message.as_str().into(),
        sent: letter.decision,
    })
}

/// Returns the moment at which an assumption happens, as things stand; none while its state has not been
/// entered.
fn moment(world: &World, place: usize, a: &Assumption) -> Option<Moment> {
    if let Some(text) = &a.at {
        let (day, time) = text.split_once(' ').unwrap_or((text, "09:00"));
        let time = TimeOfDay::parse_from_str(time, "%H:%M").ok()?;
        return world.calendar().at(day.parse().ok()?, time).ok();
    }
    let c = &world.players[place].case.complaint;
    let state = a.in_state.as_deref().filter(|s| c.state.as_str() == *s)?;
    let entered = c.last.get(state).copied().unwrap_or(world.now);
    Some(entered.plus_millis(a.after_days * 86_400_000).max(world.now))
}

fn carry_out(world: &mut World, place: usize, a: &Assumption) -> Result<Option<String>, SimulateError> {
    let refused = |text: Text| SimulateError::Refused(text);
    let Some(action) = &a.action else {
        let links = &world.players[place].case.complaint.links;
        if links.iter().any(|l| l.kind == LinkKind::Merged) {
            return Ok(Some(
                "the complainant writes: it would reach the complaint this one was merged into".to_owned(),
            ));
        }
        world.reply(place, "").map_err(refused)?;
        return Ok(None);
    };
    let done = world.act(place, &a.actor, action, a.input.clone()).map_err(refused)?;
    let language = world.renderer.settings.language;
    Ok(done.done().err().map(|why| format!("{action}: {}", why.in_language(language))))
}

/// Returns whether an event belongs in a timeline for people.
pub fn is_telling(event: &Event) -> bool {
    !matches!(event.kind, EventKind::FactChanged | EventKind::DeadlineMet | EventKind::DeadlineCancelled)
}
