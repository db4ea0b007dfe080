//! What stands in a data folder before anything of it is opened.

use super::key_file::KEY;
use super::{DATABASE, Places, REHEARSAL};

impl Places {
    /// Returns whether something was started in the data folder.
    pub(super) fn is_used(&self) -> bool {
        self.data.join(KEY).exists() || self.data.join(DATABASE).exists()
    }

    /// Returns whether the data folder is that of a real installation: used, and no rehearsal.
    pub fn is_live(&self) -> bool {
        self.is_used() && !self.data.join(REHEARSAL).exists()
    }
}
