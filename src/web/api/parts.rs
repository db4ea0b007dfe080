//! What the store and the path hand out, in the shapes of the interface.

use super::call::Call;
use super::problem::Problem;
use super::shapes::{At, ComplaintDetails, ComplaintSummary, Day, Named, Term};
use crate::calendar::{Calendar, Date, Moment};
use crate::complaint::{Case, Complaint, ComplaintId, Deadline, DeadlineName, Role, State, shown_name};
use crate::workflow::{Labels, ListedComplaint};
use std::sync::Arc;

/// How complaints are written for one caller.
pub(super) struct Parts<'c> {
    call: &'c Call,
    pub labels: Labels,
    calendar: Arc<Calendar>,
}

impl<'c> Parts<'c> {
    pub fn of(call: &'c Call) -> Self {
        let settings = call.page.workflow.settings();
        Self {
            call,
            labels: call.page.workflow.labels(call.language),
            calendar: Arc::clone(&settings.calendar),
        }
    }

    pub fn day_of(&self, moment: Moment) -> Option<Day> {
        self.calendar.day_of(moment).ok().map(Day)
    }

    pub fn role(&self, role: &Role) -> Named {
        Named { name: role.to_string(), label: self.labels.role(role) }
    }

    pub fn state(&self, state: &State) -> Named {
        Named { name: state.to_string(), label: self.labels.state(state) }
    }

    pub fn option(&self, name: &str) -> Named {
        Named { name: name.to_owned(), label: self.labels.option(name) }
    }

    pub fn term(&self, name: &DeadlineName) -> Named {
        Named { name: name.to_string(), label: self.labels.term(name) }
    }

    /// Returns a complaint as it stands in a list.
    pub fn listed(&self, c: &ListedComplaint) -> ComplaintSummary {
        self.summary(&c.facts, shown_name(&c.complainant), c.next_deadline)
    }

    fn summary(
        &self,
        c: &Complaint,
        complainant: Option<String>,
        next_term: Option<Date>,
    ) -> ComplaintSummary {
        let reference = c.reference().to_owned();
        ComplaintSummary {
            path: format!("/api/v1/complaints/{reference}"),
            reference,
            number: c.number.as_ref().map(ToString::to_string),
            intake_id: c.intake_id.to_string(),
            state: self.state(&c.state),
            subject: c.subject.clone(),
            complainant,
            responsible: c.responsible.clone(),
            received_at: At(c.received_at),
            received_on: self.day_of(c.received_at),
            promised_on: c.promised_by.map(Day),
            next_term_on: next_term.map(Day),
        }
    }

    /// Returns a complaint with everything about it that is no list of its own.
    pub async fn details(&self, id: ComplaintId, case: &Case) -> Result<ComplaintDetails, Problem> {
        let workflow = &self.call.page.workflow;
        let deadlines = workflow.reading().deadlines(id).await?;
        self.whole(id, case.version, &case.complaint, &deadlines).await
    }

    /// Returns a complaint with its terms.
    pub async fn whole(
        &self,
        id: ComplaintId,
        version: i64,
        c: &Complaint,
        deadlines: &[Deadline],
    ) -> Result<ComplaintDetails, Problem> {
        let forgotten = self.call.page.workflow.forgetting_of(id).await?;
        let running = deadlines.iter().filter(|d| d.is_armed() && d.paused_at().is_none());
        let next = running.map(|d| d.due).min().and_then(|due| self.calendar.day_of(due).ok());
        let named = |name: Option<&str>| name.map(|name| self.option(name));
        Ok(ComplaintDetails {
            summary: self.summary(c, shown_name(&c.complainant.name), next),
            version,
            complainant_email: c.complainant.address().map(str::to_owned),
            description: c.description.clone(),
            reasons: c.reasons.clone(),
            solution: c.solution.clone(),
            verdict: named(c.verdict.as_ref().map(|name| name.as_str())),
            agreement: named(c.agreement.as_ref().map(|name| name.as_str())),
            cause_kind: named(c.cause_kind.as_ref().map(|name| name.as_str())),
            cause: c.cause.clone(),
            flags: c.flags.iter().map(ToString::to_string).collect(),
            refers_to: c.refers_to.as_ref().map(ToString::to_string),
            terms: deadlines.iter().map(|d| self.deadline(d)).collect(),
            forgotten_at: forgotten.map(|one| At(one.done_at.unwrap_or(one.decided_at))),
        })
    }

    fn deadline(&self, d: &Deadline) -> Term {
        Term {
            named: self.term(&d.name),
            owner: self.role(&d.owner),
            counted_from: d.base.map(At),
            due_at: At(d.due),
            due_on: self.day_of(d.due),
            rolled_because: d.rolled_because.clone(),
            met_at: d.met_at.map(At),
            breached_at: d.breached_at.map(At),
            paused_at: d.paused_at().map(At),
            is_open: d.is_armed(),
        }
    }
}
