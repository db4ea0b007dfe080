//! `forgotten_files`: files of complaints that are forgotten, until they are deleted.

use crate::complaint::ComplaintId;
use crate::store::row::row;

row! {
    /// A file that is still to be deleted.
    pub(in crate::store) struct LeftFile in "forgotten_files" as "file" ("complaint_id", "plugin", "name") {
        /// The complaint that it goes with.
        pub complaint_id: ComplaintId,
        /// The plugin that delivered it; empty for a mail.
        pub plugin: String,
        /// The delivery's id, or the name of the mail's file.
        pub name: String,
    }
}
