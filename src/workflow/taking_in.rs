//! `TakingIn`: what intake may do and ask.

use super::{InboxNews, MailboxNews, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{ComplaintId, Language};
use crate::reception::Thread;
use crate::store::{
    Acquaintance, BouncedLetter, Candidate, Cursor, Filed, Filing, Known, MailOfId, StoreError,
};

/// Storing mail and opening complaints, finding what a mail answers, and telling when mail does not arrive.
#[derive(Clone, Copy, Debug)]
pub struct TakingIn<'w>(&'w Workflow);

impl Workflow {
    /// Returns the handle of intake.
    pub fn taking_in(&self) -> TakingIn<'_> {
        TakingIn(self)
    }
}

impl TakingIn<'_> {
    /// Stores mails, each with what it comes to, in one transaction; triggers are looked at soon. No two of them may
    /// have one Message-ID or open complaints of one complainant. None, with nothing stored, when one of them is there
    /// already.
    pub async fn file(self, set: Vec<Filing>, now: Moment) -> Result<Option<Vec<Filed>>, StoreError> {
        let has_trigger = set.iter().any(|filing| match filing {
            Filing::Opens(_) => true,
            Filing::Joins { trigger, .. } => trigger.is_some(),
            Filing::Keeps(_) | Filing::SeenAgain(_) => false,
        });
        let filed = self.0.store.in_background().mails().file(set, now).await?;
        if filed.is_some() && has_trigger {
            self.0.due.notify_one();
        }
        Ok(filed)
    }

    /// Asks at once which of these are known: Message-IDs of mails, those that mails refer to, addresses of senders.
    pub async fn acquaintance(
        self,
        message_ids: &[&str],
        references: &[&str],
        senders: &[&str],
    ) -> Result<Acquaintance, StoreError> {
        self.0.store.mails().acquaintance(message_ids, references, senders).await
    }

    /// Counts a bounce of an address of our own people; how many there were with it.
    pub async fn count_bounce(self, address: &str, now: Moment) -> Result<i64, StoreError> {
        self.0.store.bounces().count(address, now).await
    }

    /// Returns whether a mail is known, by its Message-ID and what it says.
    pub async fn known(self, message_id: &str, body_hash: &str) -> Result<Known, StoreError> {
        self.0.store.mails().known(message_id, body_hash).await
    }

    /// Returns what the newest mails of a Message-ID say.
    pub async fn mails_of_id(self, message_id: &str) -> Result<Vec<MailOfId>, StoreError> {
        self.0.store.mails().of_id(message_id).await
    }

    /// Records where the reading of a mailbox begins.
    pub async fn begin_reading(self, cursor: Cursor) -> Result<(), StoreError> {
        self.0.store.mails().begin_reading(cursor).await
    }

    /// Returns how far a mailbox was read.
    pub async fn cursor(self, mailbox: &str) -> Result<Option<Cursor>, StoreError> {
        self.0.store.mails().cursor(mailbox).await
    }

    /// Returns the language of what an address wrote last, when that was certain.
    pub async fn language_of(self, email: &str) -> Result<Option<Language>, StoreError> {
        self.0.store.mails().language_of(email).await
    }

    /// Returns whether a delivery is one of ours.
    pub async fn is_own_delivery(self, id: &str) -> Result<bool, StoreError> {
        self.0.store.mails().is_own_delivery(id).await
    }

    /// Returns the letter or notification that a delivery carried.
    pub async fn bounced(self, delivery: &str) -> Result<Option<BouncedLetter>, StoreError> {
        self.0.store.mails().bounced(delivery).await
    }

    /// Returns the moment of the last letter to the complainant; none when there was none.
    pub async fn last_letter(self, complaint: ComplaintId) -> Result<Option<Moment>, StoreError> {
        self.0.store.mails().last_letter(complaint).await
    }

    /// Finds a complaint by its number or intake id.
    pub async fn find(self, reference: &str) -> Result<Option<Candidate>, StoreError> {
        self.0.store.cases().find(reference).await
    }

    /// Finds a complaint by its key.
    pub async fn candidate(self, id: ComplaintId) -> Result<Option<Candidate>, StoreError> {
        self.0.store.cases().candidate(id).await
    }

    /// Finds the newest complaint in whose thread one of these Message-IDs is.
    pub async fn by_message_ids(self, ids: &[String]) -> Result<Option<Candidate>, StoreError> {
        match self.0.store.mails().by_message_ids(ids).await? {
            Some(id) => self.candidate(id).await,
            None => Ok(None),
        }
    }

    /// Finds the newest complaint of a sender whose first mail refers to one of these Message-IDs.
    pub async fn in_conversation(
        self,
        ids: &[String],
        sender: &str,
    ) -> Result<Option<Candidate>, StoreError> {
        match self.0.store.mails().in_conversation(ids, sender).await? {
            Some(id) => self.candidate(id).await,
            None => Ok(None),
        }
    }

    /// Finds the newest complaint that waits for a mail of this sender, as the procedure declares with `awaits_mail`.
    pub async fn awaiting(self, sender: &str) -> Result<Option<Candidate>, StoreError> {
        let published = self.0.published();
        let deadlines = published.ruleset.procedure().deadlines.iter();
        let terms: Vec<String> =
            deadlines.filter(|(_, d)| d.awaits_mail).map(|(name, _)| name.to_string()).collect();
        match self.0.store.mails().awaited(&terms, sender).await? {
            Some(id) => self.candidate(id).await,
            None => Ok(None),
        }
    }

    /// Follows mergers to the complaint in whose thread a reply is (docs/procedure.md row 27).
    pub async fn thread_home(self, found: Candidate, now: Moment) -> Result<(Candidate, Thread), StoreError> {
        self.0.thread_home(found, now).await
    }

    /// Returns the letters by which a reply proves that it answers this reference.
    pub fn check_letters(self, reference: &str) -> String {
        self.0.store.key().check_letters(reference)
    }

    /// Tells that mail to one of our own people does not arrive.
    pub async fn tell_bouncing(self, address: &str) -> Result<(), WorkflowError> {
        self.0.tell_bouncing(address).await
    }

    /// Tells that a mailbox cannot be read since a moment, or that it can again; each is told once.
    pub async fn tell_mailbox(
        self,
        mailbox: &str,
        news: MailboxNews<'_>,
        since: Moment,
    ) -> Result<(), WorkflowError> {
        self.0.tell_mailbox(mailbox, news, since).await
    }

    /// Tells of the folder in which new mail appears.
    pub async fn tell_inbox(self, news: InboxNews<'_>) -> Result<(), WorkflowError> {
        self.0.tell_inbox(news).await
    }
}
