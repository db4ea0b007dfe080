//! `forgettings`: complaints whose names and texts are taken away, and how far that is.

use crate::calendar::Moment;
use crate::complaint::{Actor, ComplaintId, word_enum};
use crate::store::row::row;

word_enum! {
    /// What is done next of forgetting a complaint, in this order.
    ForgettingStep("step of forgetting") {
        /// What waits to be sent is stopped.
        Outgoing = "outgoing",
        /// Letters and mails that were kept as files are deleted.
        Files = "files",
        /// Mails are emptied.
        Mails = "mails",
        /// Messages and their deliveries are emptied.
        Letters = "letters",
        /// The facts become what stays of them.
        Facts = "facts",
        /// Its texts are taken out of what is searched.
        Search = "search",
        /// What is personal is taken out of the trail.
        Trail = "trail",
        /// What the database keeps of what was deleted is overwritten.
        Remains = "remains",
        /// Files that could not be deleted before that are, and what the database kept of their names is overwritten.
        LeftFiles = "left_files",
        /// Nothing: everything is gone.
        Done = "gone",
    }
}

impl ForgettingStep {
    /// The first.
    pub const FIRST: Self = Self::Outgoing;

    /// Returns the one after this.
    pub fn next(self) -> Self {
        let place = Self::ALL.iter().position(|step| *step == self).unwrap_or(0);
        Self::ALL.get(place + 1).copied().unwrap_or(Self::Done)
    }
}

row! {
    /// A complaint whose names and texts are taken away.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Forgetting in "forgettings" as "complaint" ("complaint_id") {
        /// The complaint.
        pub complaint_id: ComplaintId,
        /// The moment of the decision by which it came to a state that forgets.
        pub decided_at: Moment,
        /// Who decided.
        pub decided_by: Actor,
        /// Why before its retention had passed; none where it had.
        pub reason: Option<String>,
        /// What is done next.
        pub step: ForgettingStep,
        /// The moment at which everything was gone; none before.
        pub done_at: Option<Moment>,
    }
}

/// Who brought a complaint to where it is forgotten, and why.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Forgets {
    /// Who decided.
    pub by: Actor,
    /// Why before its retention had passed; none where it had.
    pub reason: Option<String>,
}

impl Forgetting {
    /// Makes the row of a complaint that has come to a state that forgets.
    pub(in crate::store) fn begun(complaint_id: ComplaintId, at: Moment, forgets: Forgets) -> Self {
        let Forgets { by, reason } = forgets;
        let step = ForgettingStep::FIRST;
        Self { complaint_id, decided_at: at, decided_by: by, reason, step, done_at: None }
    }
}
