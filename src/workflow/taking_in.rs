//! `TakingIn`: what intake may do and ask.

use super::{InboxNews, MailboxNews, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, IntakeId, Language, StoredTrigger};
use crate::reception::Thread;
use crate::store::{BouncedLetter, Candidate, Cursor, Known, MailOfId, NewMail, StoreError};

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
    /// Stores a mail and opens a complaint for it, whose trigger is looked at soon; none when the mail is
    /// there already.
    pub async fn open_complaint(
        self,
        mail: NewMail,
        trigger: &StoredTrigger,
        now: Moment,
        complaint: impl FnOnce(IntakeId) -> Complaint,
    ) -> Result<Option<(ComplaintId, IntakeId)>, StoreError> {
        let mails = self.0.store.mails();
        let opened = mails.open_complaint(mail, &trigger.to_json(), now, complaint).await?;
        if opened.is_some() {
            self.0.due.notify_one();
        }
        Ok(opened)
    }

    /// Stores a mail with a complaint; with a trigger, that is looked at soon. False when the mail is there
    /// already.
    pub async fn add(
        self,
        complaint: ComplaintId,
        mail: NewMail,
        trigger: Option<&StoredTrigger>,
        now: Moment,
    ) -> Result<bool, StoreError> {
        let stored = trigger.map(StoredTrigger::to_json);
        let is_new = self.0.store.mails().add(complaint, mail, stored.as_deref(), now).await?;
        if is_new && trigger.is_some() {
            self.0.due.notify_one();
        }
        Ok(is_new)
    }

    /// Stores a mail that belongs to no complaint; false when it is there already.
    pub async fn keep(self, mail: NewMail) -> Result<bool, StoreError> {
        self.0.store.mails().keep(mail).await
    }

    /// Records that a mail was seen again, and how far its mailbox has come with it.
    pub async fn record_duplicate(
        self,
        message_id: &str,
        body_hash: &str,
        source: &str,
        cursor: Option<&Cursor>,
        now: Moment,
    ) -> Result<(), StoreError> {
        self.0.store.mails().record_duplicate(message_id, body_hash, source, cursor, now).await
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
