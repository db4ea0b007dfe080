//! `Scope`: what a program may do with a key; never more than the person may in whose name it does.

use crate::complaint::word_enum;

word_enum! {
    /// What a program may do with a key.
    Scope("scope") {
        /// Read complaints, their course, letters and what can be done.
        ReadComplaints = "complaints:read",
        /// Take actions on complaints.
        Act = "complaints:act",
        /// Read reports.
        ReadReports = "reports:read",
        /// Read deliveries and their attempts, and the plugins they go through.
        ReadDeliveries = "deliveries:read",
        /// Send deliveries again.
        Replay = "deliveries:replay",
    }
}
