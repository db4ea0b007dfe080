//! The calendar of somebody's terms, for a calendar program: found by a secret of which only the digest is kept. It names
//! complaints by number, and nobody.

use super::Turn;
use super::accounts::{Accounts, changed};
use super::{Workflow, WorkflowError};
use crate::accounts::Token;
use crate::complaint::{Actor, Event, Origin, Via};
use crate::config::Person;
use crate::message::{FeedEntry, feed};
use crate::store::{Feed, StoreError};
use chrono::DateTime;

impl Accounts<'_> {
    /// Returns the calendar of somebody; none where there is none.
    pub async fn feed(self, person: &Person) -> Result<Option<Feed>, StoreError> {
        self.feeds().of(&person.email).await
    }

    /// Makes a calendar for somebody, in place of the one before, and returns its secret, which is told once.
    pub async fn make_feed(self, person: &Person) -> Result<Token, StoreError> {
        let (secret, now) = (Token::new(), self.now().await?);
        let made = Feed { email: person.email.clone(), digest: secret.digest(), made_at: now };
        let recorded = self.record(own(person, "a calendar of terms was made"), now);
        self.feeds().make(made, recorded).await?;
        Ok(secret)
    }

    /// Takes somebody's calendar away; false when there is none.
    pub async fn end_feed(self, person: &Person) -> Result<bool, StoreError> {
        let recorded = self.record(own(person, "the calendar of terms was taken away"), self.now().await?);
        self.feeds().end(&person.email, recorded).await
    }
}

fn own(person: &Person, summary: &str) -> Event {
    let by = Actor::Person(person.email.clone());
    Event { origin: Origin::person(by, Via::Page), ..changed(&person.email, summary.to_owned()) }
}

impl Workflow {
    /// Returns the calendar that a secret leads to, as iCalendar text; none where it leads nowhere any more.
    pub async fn calendar_of(&self, secret: &Token) -> Result<Option<String>, WorkflowError> {
        let Some(made) = self.store.feeds().find(&secret.digest()).await? else { return Ok(None) };
        let settings = self.settings();
        let Some(person) = settings.people.find(&made.email) else { return Ok(None) };
        let account = self.store.accounts().find(&person.email).await?;
        let Some(account) = account.filter(|account| !account.is_locked) else { return Ok(None) };
        let language = account.language.or(person.language).unwrap_or(settings.language);
        let (labels, base) = (self.labels(language), settings.web.public_base());
        let mut entries = Vec::new();
        for task in self.whole_desk(&person.email).await? {
            if matches!(task.turn, Turn::Others(_)) {
                continue;
            }
            let Ok(day) = settings.calendar.day_of(task.due) else { continue };
            let what = task.action.map_or_else(|| labels.term(&task.term), |action| action.label);
            entries.push(FeedEntry {
                uid: format!("term.{}.{}@{}", task.id.0, task.term, settings.mail_domain()),
                day,
                summary: format!("{}: {what}", task.reference),
                url: base.as_ref().map(|base| format!("{base}/complaints/{}/next", task.reference)),
            });
        }
        let stamp = DateTime::from_timestamp_millis(made.made_at.millis()).unwrap_or_default();
        Ok(Some(feed("Redress", &entries, stamp)))
    }
}
