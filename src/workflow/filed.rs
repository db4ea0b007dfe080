//! What was filed as no person's, in one message a day: nothing that came in is invisible
//! (docs/mail.md "Auto-replies").

use super::{Workflow, WorkflowError};
use crate::calendar::{Date, TimeOfDay};
use crate::message::BuiltinMessage;
use serde_json::json;

/// The hour from which the message of a day goes out.
const HOUR: u32 = 7;
/// The most mails that are counted in one message.
const COUNTED: usize = 10_000;
/// The most mails that are listed in one message.
const LISTED: usize = 30;

impl Workflow {
    /// Tells once a day of what was filed since, when there is something.
    pub(super) async fn tell_filed(&self) -> Result<(), WorkflowError> {
        let now = self.clock.now();
        let settings = self.settings();
        let calendar = &settings.calendar;
        let Some(day) = calendar.day_of(now).ok().filter(|day| self.is_time_to_tell(*day)) else {
            return Ok(());
        };
        let hour = TimeOfDay::from_hms_opt(HOUR, 0, 0).unwrap_or(TimeOfDay::MIN);
        let Ok(from) = calendar.at(day, hour) else { return Ok(()) };
        if now < from {
            return Ok(());
        }
        let mails = self.store.mails();
        let mut filed = mails.filed_after(mails.filed_told().await?, COUNTED).await?;
        // What came today is told tomorrow.
        let before = calendar.at(day, TimeOfDay::MIN).unwrap_or(from);
        filed.truncate(filed.iter().position(|mail| mail.received_at >= before).unwrap_or(filed.len()));
        if let Some(last) = filed.last() {
            let listed = filed.iter().rev().take(LISTED);
            let listed: Vec<_> = listed
                .map(|mail| json!({"sender": mail.sender, "subject": mail.subject, "kind": mail.kind}))
                .collect();
            let data = json!({"count": filed.len(), "mails": listed});
            self.tell_integrator(BuiltinMessage::MailFiled, &last.id.to_string(), data).await?;
            mails.record_filed_told(last.id).await?;
        }
        *self.filed_told_on.lock().unwrap_or_else(std::sync::PoisonError::into_inner) = Some(day);
        Ok(())
    }

    fn is_time_to_tell(&self, day: Date) -> bool {
        *self.filed_told_on.lock().unwrap_or_else(std::sync::PoisonError::into_inner) != Some(day)
    }
}
