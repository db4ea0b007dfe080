//! `NewComplaint`: the beginning of a complaint, whichever way it came.

use crate::calendar::{Date, Moment};
use crate::complaint::{
    Channel, ComplainantKind, Complaint, ContactChannel, IntakeId, Number, Party, State, StoredTrigger,
    TriageReason, Via,
};

/// A complaint that is to be opened.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewComplaint {
    /// The address of who wrote, passed on or logged it.
    pub by: String,
    /// Its subject, in a line.
    pub subject: String,
    /// The moment at which the organisation first received it.
    pub received_at: Moment,
    /// The way it came.
    pub origin: ComplaintOrigin,
    /// The reason why a person must judge it first; none when nobody must.
    pub triage_reason: Option<TriageReason>,
    /// The number of the earlier complaint that it follows; none when it follows none.
    pub refers_to: Option<Number>,
}

/// The way a complaint came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ComplaintOrigin {
    /// The complainant wrote.
    Email {
        /// The complainant; the address is empty when unknown.
        complainant: Party,
        /// The side the complainant stands on.
        kind: ComplainantKind,
    },
    /// A form or a group address wrote for somebody; a person confirms who complains.
    WrittenFor {
        /// The likely complainant.
        proposed: Party,
    },
    /// A colleague passed a mail on; a person confirms who complains.
    Forwarded {
        /// The likely complainant; none when the mail does not tell.
        proposed: Option<Party>,
    },
    /// An employee logged what was told.
    Contact {
        /// The way it was told.
        channel: ContactChannel,
        /// The complainant, as the employee noted it.
        complainant: Party,
        /// The side the complainant stands on.
        kind: ComplainantKind,
        /// The day on which it was told; none beyond the calendar.
        first_contact_on: Option<Date>,
        /// The route by which it was logged.
        via: Via,
    },
}

impl NewComplaint {
    /// Returns the trigger that the complaint's rules hear of first.
    pub fn trigger(&self) -> StoredTrigger {
        let by = self.by.clone();
        match self.origin {
            ComplaintOrigin::Email { .. }
            | ComplaintOrigin::WrittenFor { .. }
            | ComplaintOrigin::Forwarded { .. } => StoredTrigger::Received { by },
            ComplaintOrigin::Contact { via, .. } => StoredTrigger::Contact { by, via },
        }
    }

    /// Returns the address of its complainant; empty when a person must say first who complains, or it is unknown.
    pub fn complainant(&self) -> &str {
        match &self.origin {
            ComplaintOrigin::Email { complainant, .. } | ComplaintOrigin::Contact { complainant, .. } => {
                &complainant.email
            }
            ComplaintOrigin::WrittenFor { .. } | ComplaintOrigin::Forwarded { .. } => "",
        }
    }

    /// Returns the complaint in the procedure's initial state.
    pub fn into_complaint(self, intake_id: IntakeId, initial: State) -> Complaint {
        let received = |complainant| {
            Complaint::received(intake_id, initial, self.subject, complainant, self.received_at)
        };
        let mut complaint = match self.origin {
            ComplaintOrigin::Email { complainant, kind } => {
                Complaint { complainant_kind: kind, ..received(complainant) }
            }
            ComplaintOrigin::WrittenFor { proposed } => {
                Complaint { proposed_complainant: Some(proposed), ..received(Party::default()) }
            }
            ComplaintOrigin::Forwarded { proposed } => Complaint {
                channel: Channel::Forwarded,
                forwarded_by: Some(self.by),
                proposed_complainant: proposed,
                ..received(Party::default())
            },
            ComplaintOrigin::Contact { channel, complainant, kind, first_contact_on, .. } => Complaint {
                channel: channel.into(),
                complainant_kind: kind,
                first_contact_on,
                ..received(complainant)
            },
        };
        complaint.triage_reason = self.triage_reason;
        complaint.refers_to = self.refers_to;
        complaint
    }
}
