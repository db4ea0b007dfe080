//! `Overseeing`: what the watchdog may do and ask.

use super::renderer::Sending;
use super::{Carriers, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{DeadlineName, Notification};
use crate::message::BuiltinMessage;
use crate::rules::Label;
use crate::store::Oversight;
use serde_json::json;

/// Asking what is late, stuck or silent, and telling of it.
#[derive(Clone, Copy, Debug)]
pub struct Overseeing<'w>(&'w Workflow);

/// Whose concern an alarm is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Concern {
    /// Complaints and rules: the role that hears of faults.
    Procedure,
    /// The installation: the role that hears of plugins.
    Installation,
}

/// An alarm of the watchdog, or that it is over.
#[derive(Clone, Debug)]
pub struct AlarmNews<'n> {
    /// The kind of trouble, by its name.
    pub kind: &'n str,
    /// What it is about; empty where there is only one.
    pub subject: &'n str,
    /// The moment at which it was first seen; it is told once.
    pub since: Moment,
    /// Whose concern it is.
    pub concern: Concern,
    /// What it is, in the words of staff.
    pub said: &'n str,
    /// What to do about it, in the words of staff; none when it is over.
    pub remedy: Option<&'n str>,
    /// Plugins that fail, and carry it only where no other takes it.
    pub avoid: &'n [String],
}

impl Workflow {
    /// Returns the handle of the watchdog.
    pub fn overseeing(&self) -> Overseeing<'_> {
        Overseeing(self)
    }
}

impl Overseeing<'_> {
    /// Returns the questions that the store answers.
    pub fn oversight(self) -> Oversight {
        self.0.store.oversight()
    }

    /// Returns the label of a term of which a breach must be told whatever the rules do (docs/semantics.md 3.3);
    /// none for another. One that the procedure in force does not know is told.
    pub fn mandatory_term(self, name: &str) -> Option<Label> {
        let published = self.0.published();
        match published.ruleset.procedure().deadlines.get(&DeadlineName::from(name)) {
            Some(term) => term.mandatory.then(|| Label { nl: term.nl.clone(), en: term.en.clone() }),
            None => Some(Label { nl: name.to_owned(), en: name.to_owned() }),
        }
    }

    /// Tells of an alarm, or that it is over, once.
    pub async fn tell(self, news: &AlarmNews<'_>) -> Result<(), WorkflowError> {
        let (renderer, now) = (self.0.renderer(), self.0.now().await?);
        let procedure = renderer.published.ruleset.procedure();
        let role = match (news.concern, &procedure.plugin_alarms_to) {
            (Concern::Installation, Some(role)) => role,
            _ => &procedure.faults_to,
        };
        let message = match news.remedy {
            Some(_) => BuiltinMessage::WatchdogAlarm,
            None => BuiltinMessage::WatchdogRecovered,
        };
        let since = self.0.settings().calendar.rfc3339(news.since);
        let data = json!({"kind": news.kind, "said": news.said, "remedy": news.remedy, "since": since});
        let notification = Notification::of_engine(role.clone().into(), message.as_str().into(), data);
        let id = format!("{}/{}/{}/{}", message.as_str(), news.kind, news.subject, news.since.millis());
        let sending = Sending {
            carriers: Carriers::Avoiding(news.avoid),
            ..Sending::alone(id, &notification, now, None)
        };
        self.0.tell(&renderer, sending).await
    }
}
