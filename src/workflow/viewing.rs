//! Who may read who looked at which complaint.

use super::standing::Standing;
use super::views::Views;
use super::{Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;
use crate::store::View;

/// The most views of a complaint that are shown.
const SHOWN: usize = 500;

impl Workflow {
    /// Returns the handle of noting who looked at what.
    pub fn views(&self) -> &Views {
        &self.views
    }

    /// Returns who looked at a complaint, newest first, for somebody who oversees; none for anybody else.
    pub async fn views_of(&self, person: &str, id: ComplaintId) -> Result<Option<Vec<View>>, WorkflowError> {
        if !self.oversees(person, self.now().await?) {
            return Ok(None);
        }
        self.views.settle().await?;
        Ok(Some(self.store.views().of(id, SHOWN).await?))
    }

    /// Returns whether somebody oversees the work of all.
    pub fn oversees(&self, person: &str, now: Moment) -> bool {
        let published = self.published();
        Standing::new(&self.settings(), published.ruleset.procedure(), None, now).oversees(person)
    }
}
