//! What people were asked to decide: the complaints about which a message was sent, newest first.

use super::error::StoreError;
use super::register::Register;
use super::row::view;
use super::statement::Statement;
use super::visibility::Viewer;
use crate::calendar::Moment;
use crate::complaint::ComplaintId;

view! {
    /// A complaint about which somebody was asked something.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Asked in "notifications" as "complaint" ("complaint_id") {
        /// The complaint.
        pub complaint_id: ComplaintId,
        /// The moment at which it was asked.
        pub at: Moment,
    }
}

impl Register {
    /// Reads about which complaints a message was sent that somebody may see, newest first, at most `limit` times.
    pub async fn asked(
        &self,
        viewer: &Viewer,
        message: &str,
        states: &[String],
        limit: usize,
    ) -> Result<Vec<Asked>, StoreError> {
        let asked = "SELECT n.complaint_id, n.at FROM notifications n JOIN complaints c ON c.id = n.complaint_id WHERE n.message = $1";
        let mut asked = Statement::new(asked).with(message);
        if !states.is_empty() {
            asked = asked.and(" AND c.state IN ").and_list(states);
        }
        let asked =
            viewer.visible_by("n.complaint_id", asked).and(&format!(" ORDER BY n.at DESC LIMIT {limit}"));
        asked.all(&self.0.reader).await
    }
}
