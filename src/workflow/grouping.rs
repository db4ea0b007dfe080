//! Groups: what a decision turns out to need of other complaints, loaded and handed to it.

use super::prepare::{Job, Prepared};
use super::{Workflow, WorkflowError};
use crate::complaint::{Case, ComplaintId, Group, GroupKey};
use crate::rules::{Grouping, Need, Trigger};
use crate::store::{Store, StoreError};
use std::collections::BTreeSet;
use std::sync::Arc;

/// The facts that a decision asked for are loaded at most so often; it asks for other ones each time.
pub(super) const ROUNDS: usize = 20;

/// Shows groups as they would be after what is decided but not stored; production shows them as they are.
pub(super) type Overlay<'o> = &'o (dyn Fn(&GroupKey, Group) -> Group + Sync);

/// Shows groups as the store has them.
pub(super) fn as_stored(_: &GroupKey, group: Group) -> Group {
    group
}

/// Loads what cases need that could not be decided about, in sets; true for each that has what it asked for now. With
/// a group, the others come that the rules may ask for next.
pub(super) async fn supply(
    store: &Store,
    grouping: &Grouping,
    cases: &mut [(&mut Case, Need)],
    overlay: Overlay<'_>,
) -> Result<Vec<bool>, StoreError> {
    let texts: Vec<ComplaintId> =
        cases.iter().filter(|(_, need)| *need == Need::Text).map(|(c, _)| c.id).collect();
    let mut texts = if texts.is_empty() { Default::default() } else { store.cases().texts(&texts).await? };
    let wanted: Vec<Vec<GroupKey>> = cases.iter().map(|(case, need)| wanted(grouping, case, need)).collect();
    let keys: Vec<GroupKey> = wanted.iter().flatten().cloned().collect::<BTreeSet<_>>().into_iter().collect();
    let groups = store.cases().groups(&keys).await?;
    let supplied = cases.iter_mut().zip(wanted).map(|((case, need), wanted)| {
        for key in wanted {
            if let Some(group) = groups.get(&key) {
                case.groups.insert(key.clone(), overlay(&key, group.clone()));
            }
        }
        match need {
            Need::Text => {
                case.text = Some(texts.remove(&case.id).unwrap_or_default().into());
                true
            }
            Need::Group(key) => case.groups.contains_key(key),
            Need::Received(..) => false,
        }
    });
    Ok(supplied.collect())
}

fn wanted(grouping: &Grouping, case: &Case, need: &Need) -> Vec<GroupKey> {
    match need {
        Need::Group(key) => {
            let mut keys = grouping.keys(&case.complaint);
            keys.push(key.clone());
            keys.retain(|key| !case.groups.contains_key(key));
            keys
        }
        Need::Text | Need::Received(..) => Vec::new(),
    }
}

impl Workflow {
    /// Loads the groups that rules may ask for about a complaint that is only looked at.
    pub(super) async fn with_groups(&self, cases: &mut [Case]) -> Result<(), StoreError> {
        let published = self.published();
        let keys = |case: &Case| published.ruleset.grouping().keys(&case.complaint);
        let all: BTreeSet<GroupKey> = cases.iter().flat_map(keys).collect();
        if all.is_empty() {
            return Ok(());
        }
        let groups = self.store.cases().groups(&all.into_iter().collect::<Vec<_>>()).await?;
        for case in cases {
            let own = keys(case).into_iter();
            case.groups = own.filter_map(|key| Some((key.clone(), groups.get(&key)?.clone()))).collect();
        }
        Ok(())
    }

    /// Hands jobs on mail that came in what it says, before they ask: they would be tried twice.
    pub(super) async fn hand_mail_texts(
        &self,
        grouping: &Grouping,
        jobs: &mut [Job],
    ) -> Result<(), StoreError> {
        let is_about_mail =
            |job: &&mut Job| matches!(job.input.trigger, Trigger::Received { .. } | Trigger::Mail { .. });
        let jobs = jobs.iter_mut().filter(is_about_mail);
        let mut cases: Vec<(&mut Case, Need)> =
            jobs.map(|job| (Arc::make_mut(&mut job.input.case), Need::Text)).collect();
        supply(&self.store, grouping, &mut cases, &as_stored).await?;
        Ok(())
    }

    /// Hands jobs what they asked for; those that can be tried again, and those that cannot.
    pub(super) async fn supplied(
        &self,
        grouping: &Grouping,
        needy: Vec<(Job, Need)>,
        overlay: Overlay<'_>,
    ) -> Result<(Vec<Job>, Vec<(Job, Prepared)>), WorkflowError> {
        let (mut jobs, needs): (Vec<Job>, Vec<Need>) = needy.into_iter().unzip();
        let mut cases: Vec<(&mut Case, Need)> = jobs
            .iter_mut()
            .map(|job| Arc::make_mut(&mut job.input.case))
            .zip(needs.iter().cloned())
            .collect();
        let has_all = supply(&self.store, grouping, &mut cases, overlay).await?;
        let (mut again, mut without) = (Vec::new(), Vec::new());
        for ((job, need), has) in jobs.into_iter().zip(needs).zip(has_all) {
            match has {
                true => again.push(job),
                false => without.push((job, Prepared::Needs(need))),
            }
        }
        Ok((again, without))
    }
}
