//! What waits for somebody's decision: what a declared message asked for and is still to be taken by this person.

use super::standing::Standing;
use super::visibility::viewer;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Language, shown_name};
use crate::rules::OfferedAction;
use std::collections::BTreeMap;

/// The most complaints of one kind that are shown; of these the actions are looked up.
const SHOWN: usize = 50;
/// The most times that one message is looked back.
const ASKED: usize = 200;

/// The decisions of one kind.
#[derive(Clone, Debug)]
pub struct DecisionGroup {
    /// The words for the kind.
    pub label: String,
    /// What waits, what was asked for first before what was asked for later.
    pub waiting: Vec<WaitingDecision>,
    /// True when more waits than is shown.
    pub has_more: bool,
}

/// A complaint that waits for a decision.
#[derive(Clone, Debug)]
pub struct WaitingDecision {
    /// The number or intake id.
    pub reference: String,
    /// The subject.
    pub subject: String,
    /// The name or address of the complainant; empty when unknown.
    pub complainant: String,
    /// The moment at which it was last asked for.
    pub asked_at: Moment,
    /// The actions by which the person takes it.
    pub actions: Vec<OfferedAction>,
}

impl Workflow {
    /// Returns what waits for somebody's decision, by kind; kinds of which nothing waits are left out.
    pub async fn decisions(
        &self,
        person: &str,
        language: Language,
    ) -> Result<Vec<DecisionGroup>, WorkflowError> {
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let procedure = published.ruleset.procedure();
        let viewer = viewer(&settings, procedure, person, now);
        let mut groups = Vec::new();
        for kind in procedure.decisions.iter().filter(|kind| self.may_decide(person, &kind.actions, now)) {
            let states: Vec<String> = kind.states.iter().map(|s| s.as_str().to_owned()).collect();
            let mut asked: BTreeMap<ComplaintId, Moment> = BTreeMap::new();
            for message in &kind.asked_by {
                for row in self.store.register().asked(&viewer, message, &states, ASKED).await? {
                    let at = asked.entry(row.complaint_id).or_insert(row.at);
                    *at = row.at.max(*at);
                }
            }
            let ids: Vec<ComplaintId> = asked.keys().copied().collect();
            let mut waiting = Vec::new();
            for case in self.whole_cases(&ids).await? {
                let Some(asked_at) = asked.get(&case.id).copied() else { continue };
                if !self.sees(&case.complaint, person, now) {
                    continue;
                }
                let c = case.complaint.clone();
                let mut actions = self.offered_to(case, person, now);
                actions.retain(|a| kind.actions.iter().any(|id| *id == *a.id));
                if actions.is_empty() {
                    continue;
                }
                let complainant =
                    shown_name(&c.complainant.name).unwrap_or_else(|| c.complainant.email.clone());
                let (reference, subject) = (c.reference().to_owned(), c.subject.clone());
                waiting.push(WaitingDecision { reference, subject, complainant, asked_at, actions });
            }
            waiting.sort_by_key(|w| w.asked_at);
            let has_more = waiting.len() > SHOWN;
            waiting.truncate(SHOWN);
            let label = kind.in_language(language).to_owned();
            groups.push(DecisionGroup { label, waiting, has_more });
        }
        groups.retain(|group| !group.waiting.is_empty());
        Ok(groups)
    }

    /// Returns whether somebody has a role by which one of the declared decisions is taken.
    pub(super) fn decides(&self, person: &str, now: Moment) -> bool {
        let published = self.published();
        published.ruleset.procedure().decisions.iter().any(|kind| self.may_decide(person, &kind.actions, now))
    }

    fn may_decide(&self, person: &str, actions: &[crate::complaint::ActionId], now: Moment) -> bool {
        let (settings, published) = (self.settings(), self.published());
        let roles = Standing::new(&settings, published.ruleset.procedure(), None, now).roles_of(person);
        actions.iter().any(|action| published.ruleset.may_take(action.as_str(), &roles))
    }
}
