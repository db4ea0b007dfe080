//! What waits for somebody, and why it waits for this person: the terms that run, with the action that meets each.

use super::standing::Standing;
use super::visibility::viewer;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, DeadlineName, Role, shown_name};
use crate::rules::{OfferedAction, Ruleset, may_meet};
use crate::store::{Concerning, RunningTerm};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};

/// The terms that are looked at: what ends later than a year ahead is nobody's work yet.
const AHEAD_MILLIS: i64 = 366 * 86_400_000;
/// The most terms on one desk, and the most complaints of which the actions are looked up.
const TERMS: usize = 500;
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

impl Workflow {
    /// Returns what waits for somebody, soonest first.
    pub async fn desk(&self, person: &str) -> Result<Vec<Task>, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let procedure = published.ruleset.procedure();
        let general = Standing::new(&settings, procedure, None, now);
        let (owners, responsible) = (general.roles_of(person), general.represented(person));
        let concerning = Concerning { owners, responsible };
        let viewer = viewer(&settings, procedure, person, now);
        let until = now.plus_millis(AHEAD_MILLIS);
        let terms = self.store.register().running_terms(&viewer, &concerning, until, TERMS).await?;
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
        Ok(tasks)
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
