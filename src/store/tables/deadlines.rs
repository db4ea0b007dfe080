//! `deadlines`: every instance of every term, for lists and queries; a row explains itself.

use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{
    Case, Complaint, ComplaintId, Deadline, DeadlineName, IntakeId, Number, Pause, Role, Source, Via,
};
use crate::store::column::Json;
use crate::store::error::StoreError;
use crate::store::row::{row, view};

row! {
    pub(in crate::store) struct DeadlineRow in "deadlines" as "deadline" ("complaint_id", "name", "instance") {
        pub complaint_id: ComplaintId,
        name: DeadlineName,
        instance: u32,
        is_current: bool,
        owner: Role,
        base: Option<Moment>,
        span: Option<String>,
        raw_end: Moment,
        due: Moment,
        due_on: Date,
        alarm_at: Moment,
        rolled_because: Option<String>,
        armed_at: Moment,
        /// The name of the source.
        armed_by: String,
        /// None in rows from before sources were kept.
        source: Option<Source>,
        met_at: Option<Moment>,
        cancelled_at: Option<Moment>,
        replaced_at: Option<Moment>,
        breached_at: Option<Moment>,
        /// None while it runs, and once it is over.
        paused_at: Option<Moment>,
        /// None where it never was paused.
        pauses: Option<Json<Vec<Pause>>>,
        /// The address of who is responsible for the complaint while it runs; empty for nobody.
        responsible: String,
    }
}

/// The columns that change after an instance was armed.
pub(in crate::store) const CHANGING: &[&str] = &[
    "is_current",
    "raw_end",
    "due",
    "due_on",
    "alarm_at",
    "rolled_because",
    "met_at",
    "cancelled_at",
    "replaced_at",
    "breached_at",
    "paused_at",
    "pauses",
    "responsible",
];

/// The condition on an instance that is armed, unmet and not paused.
pub(in crate::store) const RUNS: &str =
    "is_current = 1 AND met_at IS NULL AND cancelled_at IS NULL AND paused_at IS NULL";

impl DeadlineRow {
    pub fn new(case: &Case, d: &Deadline, calendar: &Calendar) -> Result<Self, StoreError> {
        let due_on = calendar.day_of(d.due).map_err(|e| StoreError::unwritable("deadlines", "due_on", e))?;
        Ok(Self {
            complaint_id: case.id,
            name: d.name.clone(),
            instance: d.instance,
            is_current: case.deadlines.iter().any(|c| c.name == d.name && c.instance == d.instance),
            owner: d.owner.clone(),
            base: d.base,
            span: d.span.clone(),
            raw_end: d.raw_end,
            due: d.due,
            due_on,
            alarm_at: d.alarm_at,
            rolled_because: d.rolled_because.clone(),
            armed_at: d.armed_at,
            armed_by: d.armed_by.name().unwrap_or("").to_owned(),
            source: Some(d.armed_by.clone()),
            met_at: d.met_at,
            cancelled_at: d.cancelled_at,
            replaced_at: d.replaced_at,
            breached_at: d.breached_at,
            paused_at: d.paused_at(),
            pauses: Some(Json(d.pauses.clone())).filter(|pauses| !pauses.0.is_empty()),
            responsible: case.complaint.responsible.clone().unwrap_or_default(),
        })
    }
}

impl From<DeadlineRow> for Deadline {
    fn from(row: DeadlineRow) -> Self {
        Self {
            name: row.name,
            instance: row.instance,
            owner: row.owner,
            base: row.base,
            span: row.span,
            raw_end: row.raw_end,
            due: row.due,
            alarm_at: row.alarm_at,
            rolled_because: row.rolled_because,
            armed_at: row.armed_at,
            armed_by: Source::of_row(row.source, Some(&row.armed_by), Via::Rule),
            met_at: row.met_at,
            cancelled_at: row.cancelled_at,
            replaced_at: row.replaced_at,
            breached_at: row.breached_at,
            pauses: row.pauses.map(|pauses| pauses.0).unwrap_or_default(),
        }
    }
}

view! {
    /// The number of deadlines of one name.
    pub(in crate::store) struct DeadlineCount in "deadlines" as "deadline" ("name") {
        pub name: String,
        pub rows: i64,
    }
}

view! {
    /// A running term with the complaint that it belongs to.
    #[derive(Clone, Debug)]
    pub struct RunningTerm in "deadlines" as "deadline" ("complaint_id", "name") {
        /// The complaint.
        pub id: ComplaintId = "complaint_id",
        /// The term.
        pub name: DeadlineName,
        /// The role that must meet it.
        pub owner: Role,
        /// The end.
        pub due: Moment,
        /// The number of the complaint; none until it is registered.
        pub number: Option<Number>,
        /// The identity of the complaint from the first moment.
        pub intake_id: IntakeId,
        /// The subject of the complaint.
        pub subject: String,
        /// The complainant as the mail or the note names them; empty when unknown.
        pub complainant_name: String,
        /// The address of the complainant; empty when unknown.
        pub complainant_email: String,
        /// The facts of the complaint, for who may see it.
        pub(in crate::store) facts: Json<Complaint>,
    }
}

impl RunningTerm {
    /// Returns the facts of the complaint.
    pub fn facts(&self) -> &Complaint {
        &self.facts.0
    }
}
