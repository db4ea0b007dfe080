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
        /// Switch plugins on and off, and try them out.
        ChangePlugins = "plugins:change",
        /// Read the rules, what is proposed to change of them, and what came in force.
        ReadRules = "rules:read",
        /// Propose changes of the rules, try them, approve them and put them in force.
        ChangeRules = "rules:change",
        /// Enter absences and deputies.
        ChangePeople = "people:change",
        /// Import an earlier register, and undo that.
        Import = "complaints:import",
    }
}
