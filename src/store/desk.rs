//! What waits for people: the terms that run, soonest first, and a complaint as somebody may look at it.

use super::error::StoreError;
use super::register::Register;
use super::statement::Statement;
use super::tables::complaints::ComplaintKey;
use super::tables::deadlines::{RUNS, RunningTerm};
use super::visibility::Viewer;
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Role};

/// The select of terms `d` with their complaints `c`, to be narrowed.
pub(super) const RUNNING: &str = "SELECT d.complaint_id, d.name, d.owner, d.due, c.number, c.intake_id, c.subject, c.complainant_name, \
     c.complainant_email, c.facts FROM deadlines d JOIN complaints c ON c.id = d.complaint_id";

/// The terms that may concern somebody: those of these roles, and those of complaints for which one of these people is
/// responsible.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Concerning {
    /// The roles.
    pub owners: Vec<Role>,
    /// The addresses.
    pub responsible: Vec<String>,
}

impl Register {
    /// Reads the running terms until a moment that may concern somebody, on complaints that the person may see, soonest
    /// first, at most `limit`.
    pub async fn running_terms(
        &self,
        viewer: &Viewer,
        concerning: &Concerning,
        until: Moment,
        limit: usize,
    ) -> Result<Vec<RunningTerm>, StoreError> {
        let sql = format!("{RUNNING} WHERE {RUNS} AND d.due <= $1 AND (d.owner IN ");
        let owners = concerning.owners.iter().map(|role| role.as_str().to_owned());
        let running = Statement::new(sql)
            .with(until)
            .and_list(owners.chain([String::new()]))
            .and(" OR c.responsible IN ")
            .and_list(concerning.responsible.iter().cloned().chain([String::new()]))
            .and(")");
        let running = viewer.visible_to(running).and(&format!(" ORDER BY d.due LIMIT {limit}"));
        running.all(&self.0.reader).await
    }

    /// Finds a complaint that somebody may see, by its number or intake id; none also where there is one that the person
    /// may not see.
    pub async fn visible(&self, viewer: &Viewer, reference: &str) -> Result<Option<ComplaintId>, StoreError> {
        for column in ["number", "intake_id"] {
            let sql = format!("SELECT c.id FROM complaints c WHERE c.{column} = $1");
            let found = viewer.visible_to(Statement::new(sql).with(reference));
            let found: Option<ComplaintKey> = found.first(&self.0.reader).await?;
            if let Some(found) = found {
                return Ok(Some(found.id));
            }
        }
        Ok(None)
    }
}
