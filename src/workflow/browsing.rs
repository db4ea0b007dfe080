//! The register page by page, for somebody who may see what stands there; and what the menu offers.

use super::standing::Standing;
use super::visibility::viewer;
use super::{Workflow, WorkflowError};
use crate::calendar::{Date, Moment};
use crate::complaint::{Case, Deadline, DeadlineName, State};
use crate::rules::{Procedure, Side};
use crate::store::{Choice, ListedComplaint, Place, Sequence, States};

/// The pages that the menu offers somebody beside the own work.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Menu {
    /// The register, and what is found in it.
    pub lists: bool,
    /// What somebody who oversees sees of the whole.
    pub oversight: bool,
    /// What waits for somebody's decision.
    pub decisions: bool,
    /// The procedure, and what is proposed to change of it.
    pub rules: bool,
    /// Importing an earlier register.
    pub imports: bool,
    /// Plugins and deliveries.
    pub plugins: bool,
}

/// What somebody wants to see of the register; a part that is none leaves out nothing.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RegisterWish {
    /// Where complaints stand.
    pub stage: Option<Stage>,
    /// Whether a term of the organisation has passed that still runs.
    pub is_late: bool,
    /// The address of who is responsible.
    pub responsible: Option<String>,
    /// The first and the last local day on which they were received.
    pub received: (Option<Date>, Option<Date>),
    /// The local day at whose end the register stood as it is wanted; none for now.
    pub at: Option<Date>,
    /// The order, and the place in it after which the page begins.
    pub sequence: Sequence,
}

/// Where complaints stand.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Stage {
    /// They wait for their outcome.
    Open,
    /// They do not wait for it any more.
    Closed,
    /// They are in this state.
    In(State),
}

/// A page of the register.
#[derive(Clone, Debug)]
pub struct RegisterPage {
    /// The complaints, in order.
    pub complaints: Vec<ListedComplaint>,
    /// What is wished for the page after it; none where this is the last.
    pub next: Option<RegisterWish>,
}

impl Workflow {
    /// Returns which pages the menu offers somebody. Who sees no more than what the person is responsible for has that in the
    /// own work.
    pub async fn menu(&self, person: &str) -> Result<Menu, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let standing = Standing::new(&settings, published.ruleset.procedure(), None, now);
        let (lists, oversight) = (standing.sees(person), standing.oversees(person));
        let imports = self.importing().may(person);
        let rules = self.may_of_rules_at(person, now).look;
        let plugins = standing.plugin_access(&person.to_lowercase()).is_some();
        Ok(Menu { lists, oversight, decisions: self.decides(person, now), rules, imports, plugins })
    }

    /// Returns a page of the register as somebody may see it, of at most `limit` complaints. As it stood on a day, a page may
    /// hold fewer and not be the last.
    pub async fn register_page(
        &self,
        person: &str,
        wish: &RegisterWish,
        limit: usize,
    ) -> Result<RegisterPage, WorkflowError> {
        if let Some(day) = wish.at {
            return self.register_as_at(person, wish, day, limit).await;
        }
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let procedure = published.ruleset.procedure();
        let choice = Choice {
            states: states(procedure, wish.stage.as_ref()),
            late_before: wish.is_late.then_some(now),
            responsible: wish.responsible.clone(),
            received: wish.received,
            newest: None,
        };
        let viewer = viewer(&settings, procedure, person, now);
        // One more than is shown says whether there is more.
        let mut complaints = self.store.register().page(&viewer, &choice, &wish.sequence, limit + 1).await?;
        let has_more = complaints.len() > limit;
        complaints.truncate(limit);
        let next = complaints.last().filter(|_| has_more).and_then(|last| {
            let sequence = after(&wish.sequence, last, settings.calendar.day_of(last.received_at).ok()?)?;
            Some(RegisterWish { sequence, ..wish.clone() })
        });
        // The condition in the store may let through what a rare course of deputies keeps back.
        complaints.retain(|c| self.sees(&c.facts, person, now));
        Ok(RegisterPage { complaints, next })
    }
}

fn states(procedure: &Procedure, stage: Option<&Stage>) -> States {
    match stage {
        None => States::Any,
        Some(Stage::In(state)) => States::One(state.clone()),
        Some(Stage::Open) => States::Among(open(procedure)),
        Some(Stage::Closed) => States::Outside(open(procedure)),
    }
}

/// Returns the states in which complaints wait for their outcome.
pub(super) fn open(procedure: &Procedure) -> Vec<State> {
    procedure.states.iter().filter(|(_, declared)| declared.open).map(|(state, _)| state.clone()).collect()
}

/// Returns the terms that bind the organisation.
pub(super) fn binding_us(procedure: &Procedure) -> Vec<DeadlineName> {
    let own = procedure.deadlines.iter().filter(|(_, declared)| declared.side == Side::Own);
    own.map(|(name, _)| name.clone()).collect()
}

/// Returns the soonest end of the running terms of a complaint that bind the organisation.
pub(super) fn late_from(case: &Case, procedure: &Procedure) -> Option<Moment> {
    let binds =
        |d: &&Deadline| procedure.deadlines.get(&d.name).is_some_and(|declared| declared.side == Side::Own);
    let running = case.deadlines.iter().filter(|d| d.is_armed() && d.paused_at().is_none());
    running.filter(binds).map(|d| d.due).min()
}

/// Returns the same order from behind a complaint on; none where that has no place in it.
pub(super) fn after(sequence: &Sequence, last: &ListedComplaint, day: Date) -> Option<Sequence> {
    let place = Some(Place { day, at: last.received_at, id: last.id });
    Some(match sequence {
        Sequence::Newest(_) => Sequence::Newest(place),
        Sequence::Oldest(_) => Sequence::Oldest(place),
        Sequence::Number { beginning, .. } => {
            Sequence::Number { beginning: beginning.clone(), after: Some(last.number.clone()?) }
        }
    })
}
