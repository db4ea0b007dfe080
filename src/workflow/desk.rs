//! What waits for somebody, and why it waits for this person: the terms that run, with the action that meets each.

use super::standing::Standing;
use super::visibility::{undecided, viewer};
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, DeadlineName, Role, shown_name};
use crate::config::Settings;
use crate::rules::{OfferedAction, Procedure, Ruleset, may_meet};
use crate::store::{Concern, RunningTerm, Stretch, TermPlace};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The terms that are looked at: what ends later than a year ahead is nobody's work yet.
const AHEAD_MILLIS: i64 = 366 * 86_400_000;
/// The most terms on a page of a desk.
const PAGE: usize = 40;
/// The most terms of one person that are looked through for a calendar.
const ALL: usize = 500;
/// The most complaints of which the actions are looked up.
const ACTIONS: usize = 60;

/// A term that waits for somebody.
#[derive(Clone, Debug)]
pub struct Task {
    /// The complaint.
    pub id: ComplaintId,
    /// The number, or the intake id while there is none.
    pub reference: String,
    /// The subject of the complaint.
    pub subject: String,
    /// The name or address of the complainant; empty when unknown.
    pub complainant: String,
    /// The term.
    pub term: DeadlineName,
    /// Its end.
    pub due: Moment,
    /// Whose turn it is.
    pub turn: Turn,
    /// The action by which the person meets it; none where no single one does.
    pub action: Option<OfferedAction>,
}

/// Whose turn it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Turn {
    /// The person's, who is responsible for the complaint.
    Responsible,
    /// The person's, who has this role.
    Role(Role),
    /// The person's, who stands in for somebody with this role.
    StandsIn(Role),
    /// Somebody else's, with this role, on a complaint for which the person is responsible.
    Others(Role),
}

/// A page of what waits for somebody.
#[derive(Clone, Debug)]
pub struct DeskPage {
    /// The terms, soonest first.
    pub tasks: Vec<Task>,
    /// The place after which the next page begins; none where this is the last.
    pub next: Option<TermPlace>,
}

impl Workflow {
    /// Returns a page of what waits for somebody, soonest first, from behind a place on.
    pub async fn desk(&self, person: &str, after: Option<TermPlace>) -> Result<DeskPage, WorkflowError> {
        self.desk_of(person, after, PAGE).await
    }

    /// Returns all that waits for somebody, soonest first, as far as a calendar goes.
    pub(super) async fn whole_desk(&self, person: &str) -> Result<Vec<Task>, WorkflowError> {
        Ok(self.desk_of(person, None, ALL).await?.tasks)
    }

    async fn desk_of(
        &self,
        person: &str,
        after: Option<TermPlace>,
        limit: usize,
    ) -> Result<DeskPage, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let procedure = published.ruleset.procedure();
        let viewer = viewer(&settings, procedure, person, now);
        let responsibles = self.store.register().responsibles().await?;
        let concerns = concerns((&settings, procedure), person, &responsibles, now);
        // One more than is shown says whether there is more.
        let stretch = Stretch { after, until: now.plus_millis(AHEAD_MILLIS), limit: limit + 1 };
        let mut terms = self.store.register().running_terms(&viewer, &concerns, &stretch).await?;
        let has_more = terms.len() > limit;
        terms.truncate(limit);
        let next = terms.last().filter(|_| has_more).map(|last| {
            let (due, id, name) = (last.due, last.id, last.name.clone());
            TermPlace { due, id, name }
        });
        let mut turns = Vec::new();
        for term in terms {
            let standing = Standing::new(&settings, procedure, Some(term.facts()), now);
            if let Some(turn) = turn(&standing, &term, person).filter(|_| standing.sees(person)) {
                turns.push((term, turn));
            }
        }
        let own = turns.iter().filter(|(_, turn)| !matches!(turn, Turn::Others(_))).map(|(term, _)| term.id);
        let offered = self.offered_to_each(own, person, now).await?;
        let meeting = Meeting::of(&published.ruleset, offered.values().flatten());
        let action = |term: &RunningTerm| meeting.first(offered.get(&term.id)?, &term.name);
        let task = |(term, turn): (RunningTerm, Turn)| {
            let action = action(&term).filter(|_| !matches!(turn, Turn::Others(_)));
            task(term, turn, action)
        };
        let mut tasks: Vec<Task> = turns.into_iter().map(task).collect();
        // A further end of what can be done for an earlier one stands with the complaint.
        let to_do: BTreeSet<ComplaintId> =
            tasks.iter().filter(|t| t.action.is_some()).map(|t| t.id).collect();
        tasks.retain(|t| t.action.is_some() || matches!(t.turn, Turn::Others(_)) || !to_do.contains(&t.id));
        Ok(DeskPage { tasks, next })
    }

    /// Returns what the first of some complaints offer somebody, soonest first, each once.
    async fn offered_to_each(
        &self,
        complaints: impl Iterator<Item = ComplaintId>,
        person: &str,
        now: Moment,
    ) -> Result<HashMap<ComplaintId, Vec<OfferedAction>>, WorkflowError> {
        let mut ids = Vec::new();
        let mut known = HashSet::new();
        ids.extend(complaints.filter(|id| known.insert(*id)).take(ACTIONS));
        let cases = self.whole_cases(&ids).await?;
        Ok(cases.into_iter().map(|case| (case.id, self.offered_to(case, person, now))).collect())
    }

    /// Returns the action by which somebody meets the first term of a complaint that waits for them; none where no single
    /// one does.
    pub async fn next_action(
        &self,
        person: &str,
        id: ComplaintId,
    ) -> Result<Option<OfferedAction>, WorkflowError> {
        let own = self.actions_for(person, id).await?.own;
        let now = self.now().await?;
        let Some(case) = self.store.cases().load(&[id]).await?.pop() else { return Ok(None) };
        let roles = self.roles_of(&case.complaint, person, now).unwrap_or_default();
        let published = self.published();
        let mut terms: Vec<_> = case.deadlines.iter().filter(|d| d.is_armed()).collect();
        terms.retain(|term| roles.contains(&term.owner));
        terms.sort_by_key(|term| term.due);
        let meeting = Meeting::of(&published.ruleset, own.iter());
        Ok(terms.into_iter().find_map(|term| meeting.first(&own, &term.name)))
    }
}

/// The most people of whom each has a walk of their own.
const WALKS: usize = 20;

/// Returns the terms that may be somebody's turn, by trying who is responsible and whom a complaint could be about.
/// `responsibles` are those for whose complaints terms run; who is none of our people counts as nobody.
pub(super) fn concerns(
    (settings, procedure): (&Settings, &Procedure),
    person: &str,
    responsibles: &[String],
    now: Moment,
) -> Vec<Concern> {
    let own = Standing::new(settings, procedure, None, now).represented(person);
    let everybody: Vec<&str> = settings.people.iter().map(|p| p.email.as_str()).collect();
    let roles_where = |responsible: Option<&str>, about: Option<&str>| -> BTreeSet<Role> {
        let complaint = undecided(responsible, about, now);
        Standing::new(settings, procedure, Some(&complaint), now).roles_of(person).into_iter().collect()
    };
    let of_nobody = roles_where(None, None);
    let of_each: BTreeMap<&str, BTreeSet<Role>> =
        everybody.iter().map(|p| (*p, roles_where(Some(p), None))).collect();
    let of = |responsible: &str| of_each.get(responsible).unwrap_or(&of_nobody);
    let is_any = |role: &Role| of_nobody.contains(role) && of_each.values().all(|roles| roles.contains(role));
    let of_any: Vec<Role> = procedure.roles.keys().filter(|role| is_any(role)).cloned().collect();
    let mut of_some: BTreeMap<Vec<Role>, Vec<String>> = BTreeMap::new();
    for responsible in responsibles.iter().filter(|responsible| !own.contains(responsible)) {
        let roles: Vec<Role> =
            of(responsible).iter().filter(|role| !of_any.contains(role)).cloned().collect();
        of_some.entry(roles).or_default().push(responsible.clone());
    }
    of_some.remove(&Vec::new());
    let of_some = of_some.into_iter().flat_map(|(roles, people)| {
        let at_once = if people.len() > WALKS { people.len() } else { 1 };
        people
            .chunks(at_once)
            .map(|people| Concern::RolesOf(roles.clone(), people.to_vec()))
            .collect::<Vec<_>>()
    });
    // Who is complained of is replaced by a deputy, who has the role for that complaint alone.
    let today = settings.calendar.day_of(now).unwrap_or_default();
    let absent: Vec<&str> =
        settings.people.iter().filter(|p| p.is_absent(today)).map(|p| p.email.as_str()).collect();
    let about = everybody.iter().filter_map(|about| {
        let mut gained: BTreeSet<Role> = &roles_where(None, Some(about)) - &of_nobody;
        for responsible in absent.iter().chain([about]).filter(|p| !own.iter().any(|own| own == *p)) {
            gained.extend(&roles_where(Some(responsible), Some(about)) - of(responsible));
        }
        let roles: Vec<Role> = gained.into_iter().collect();
        (!roles.is_empty()).then(|| Concern::RolesAbout(roles, (*about).to_owned()))
    });
    let of_any = of_any.iter().cloned().map(Concern::Role);
    own.iter().cloned().map(Concern::Responsible).chain(of_any).chain(of_some).chain(about).collect()
}

/// The terms that actions may meet, looked up once for each however many complaints offer it.
struct Meeting(BTreeMap<String, BTreeSet<DeadlineName>>);

impl Meeting {
    fn of<'a>(ruleset: &Ruleset, actions: impl Iterator<Item = &'a OfferedAction>) -> Self {
        let ids: BTreeSet<&str> = actions.map(|action| action.id.as_str()).collect();
        Self(ids.into_iter().map(|id| (id.to_owned(), may_meet(ruleset, id))).collect())
    }

    /// Returns the first of some actions that may meet a term.
    fn first(&self, actions: &[OfferedAction], term: &DeadlineName) -> Option<OfferedAction> {
        let meets = |a: &&OfferedAction| self.0.get(&a.id).is_some_and(|terms| terms.contains(term));
        actions.iter().find(meets).cloned()
    }
}

fn task(term: RunningTerm, turn: Turn, action: Option<OfferedAction>) -> Task {
    let complainant = shown_name(&term.complainant_name).unwrap_or_else(|| term.complainant_email.clone());
    let reference = term.facts().reference().to_owned();
    Task {
        id: term.id,
        reference,
        subject: term.subject,
        complainant,
        term: term.name,
        due: term.due,
        turn,
        action,
    }
}

/// Returns whose turn it is; none where it is somebody else's and the complaint is not this person's.
fn turn(standing: &Standing<'_>, term: &RunningTerm, person: &str) -> Option<Turn> {
    let is_responsible = term.facts().responsible.as_deref().is_some_and(|r| r.eq_ignore_ascii_case(person));
    match (standing.roles_of(person).contains(&term.owner), is_responsible) {
        (true, true) => Some(Turn::Responsible),
        (true, false) if standing.has_of_own(person, &term.owner) => Some(Turn::Role(term.owner.clone())),
        (true, false) => Some(Turn::StandsIn(term.owner.clone())),
        (false, true) => Some(Turn::Others(term.owner.clone())),
        (false, false) => None,
    }
}

#[cfg(test)]
#[path = "desk_test.rs"]
mod desk_test;
