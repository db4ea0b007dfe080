//! What fails for complaints: those with a failure, the newest first, and the events that tell of failures.

use super::column::Json;
use super::error::StoreError;
use super::register::Register;
use super::row::view;
use super::statement::Statement;
use super::tables::events::StoredEvent;
use super::visibility::Viewer;
use crate::complaint::{Complaint, ComplaintId, EventKind, Fault, Suspension};

view! {
    struct FaultyRow in "complaints" as "complaint" ("id") {
        id: ComplaintId,
        facts: Json<Complaint>,
        faults: Json<Vec<Fault>>,
        suspensions: Json<Vec<Suspension>>,
    }
}

/// A complaint for which something failed when it was decided on last.
#[derive(Clone, Debug)]
pub struct FaultyComplaint {
    /// The store's key.
    pub id: ComplaintId,
    /// All its facts.
    pub facts: Complaint,
    /// What failed.
    pub faults: Vec<Fault>,
    /// The rules that are not evaluated for it.
    pub suspensions: Vec<Suspension>,
}

/// The complaints `c` for which something failed; the index of these holds no others.
const FAULTY: &str = "complaints c WHERE c.faults <> '[]'";

impl Register {
    /// Reads the complaints for which something failed, the newest first, at most `limit`.
    pub async fn faulty(&self, viewer: &Viewer, limit: usize) -> Result<Vec<FaultyComplaint>, StoreError> {
        let faulty = Statement::new(format!("SELECT c.id, c.facts, c.faults, c.suspensions FROM {FAULTY}"));
        let faulty = viewer.visible_to(faulty).and(&format!(" ORDER BY c.id DESC LIMIT {limit}"));
        let rows: Vec<FaultyRow> = faulty.all(&self.0.reader).await?;
        let complaint = |row: FaultyRow| FaultyComplaint {
            id: row.id,
            facts: row.facts.0,
            faults: row.faults.0,
            suspensions: row.suspensions.0,
        };
        Ok(rows.into_iter().map(complaint).collect())
    }

    /// Counts the complaints for which something failed.
    pub async fn count_faulty(&self, viewer: &Viewer) -> Result<i64, StoreError> {
        viewer.visible_to(Statement::counting(FAULTY)).count(&self.0.reader).await
    }

    /// Reads the events that tell of failures for these complaints, in no order.
    pub async fn failures(&self, ids: &[ComplaintId]) -> Result<Vec<StoredEvent>, StoreError> {
        let of_these = Statement::select::<StoredEvent>("FROM events WHERE complaint_id IN ");
        let of_these = of_these.and_list(ids.iter().copied().chain([ComplaintId(0)])).and(" AND kind IN ");
        let kinds = [EventKind::Faulted, EventKind::Suspended];
        of_these.and_list(kinds.map(EventKind::as_str)).all(&self.0.reader).await
    }
}
