//! `Taking`: taking in several mails, each decided on by itself, what they come to stored in sets. A mail that may have to do
//! with one that is not stored yet waits until it is, so that a set comes to what its mails come to one by one. Of a set
//! that cannot be stored each mail is taken in by itself: none holds up another.

use super::error::IntakeError;
use super::gather::gather;
use super::incoming::{Arrival, Incoming};
use super::limits::{SET, SET_BYTES};
use super::parse::ParsedMail;
use super::read::{ReadMail, read_ahead};
use super::settle::{Decided, seen_again, settle, taken};
use super::taken::TakenMail;
use super::threading::names_a_complaint;
use super::twin::is_same_letter;
use crate::calendar::Moment;
use crate::progress::Count;
use crate::reception::receive;
use crate::workflow::{Acquaintance, Filing, Known, StoreError, Workflow};
use futures_util::FutureExt;
use std::collections::HashSet;
use std::panic::AssertUnwindSafe;

type Outcome = Result<TakenMail, IntakeError>;

/// A mail that is decided on and waits to be stored with others.
struct Waiting<'r> {
    read: &'r ReadMail,
    decided: Decided,
}

/// The mails that wait to be stored, and what a mail is recognised by that has to do with one of them.
#[derive(Default)]
struct Set<'r> {
    waiting: Vec<Waiting<'r>>,
    message_ids: HashSet<&'r str>,
    complainants: HashSet<String>,
    bytes: usize,
}

/// The work on some mails.
pub(super) struct Taking<'w> {
    workflow: &'w Workflow,
    known: Acquaintance,
    now: Moment,
    /// The failures in a row after which no more is tried.
    enough: usize,
    outcomes: Vec<Outcome>,
}

impl<'w> Taking<'w> {
    pub fn new(workflow: &'w Workflow, enough: usize) -> Self {
        let known = Acquaintance::default();
        Self { workflow, known, now: Moment::from_millis(0), enough, outcomes: Vec::new() }
    }

    /// Takes them in, in their order, and returns what became of each, up to where it was given up.
    pub async fn take_in(mut self, arrivals: Vec<Arrival>) -> Vec<Outcome> {
        let authserv_id = self.workflow.settings().authserv_id.clone();
        let mut arrivals = arrivals.into_iter();
        let mut next = || {
            let some: Vec<Arrival> = arrivals.by_ref().take(SET).collect();
            (!some.is_empty()).then(|| read_ahead(some, authserv_id.clone()))
        };
        let mut ahead = next();
        while let Some(reading) = ahead {
            let Ok(reads) = reading.await else {
                self.outcomes.push(Err(IntakeError::Interrupted));
                break;
            };
            ahead = next();
            self.take_in_set(&reads).await;
            if self.is_given_up() {
                break;
            }
        }
        self.outcomes
    }

    /// Takes in mails that are read, in their order, and returns what became of each, up to where it was given up.
    pub async fn take_in_read(mut self, reads: &[ReadMail]) -> Vec<Outcome> {
        self.take_in_set(reads).await;
        self.outcomes
    }

    async fn take_in_set(&mut self, reads: &[ReadMail]) {
        match self.get_acquainted(reads).await {
            Ok(()) => self.take_in_together(reads).await,
            Err(_) => self.take_in_one_by_one(reads.iter()).await,
        }
    }

    async fn take_in_together(&mut self, reads: &[ReadMail]) {
        let mut set = Set::default();
        for read in reads {
            if set.concerns(self.workflow, &read.mail) {
                self.store(&mut set).await;
            }
            if self.is_given_up() {
                return;
            }
            match self.decide(read).await {
                Ok(decided) => {
                    if set.is_full(read) || set.complainants.contains(&decided.complainant) {
                        self.store(&mut set).await;
                    }
                    set.add(read, decided);
                }
                Err(e) => {
                    self.store(&mut set).await;
                    self.outcomes.push(Err(e));
                }
            }
            // Who hears of a bounce has heard; it is not decided on again because of others.
            if read.mail.bounce.is_some() {
                self.store(&mut set).await;
            }
        }
        self.store(&mut set).await;
    }

    async fn take_in_one_by_one<'r>(&mut self, reads: impl Iterator<Item = &'r ReadMail>) {
        for read in reads {
            if self.is_given_up() {
                return;
            }
            match self.decide_anew(read).await {
                Ok(decided) => self.store_alone(read, decided).await,
                Err(e) => self.outcomes.push(Err(e)),
            }
        }
    }

    /// Asks the store what it knows of some mails.
    async fn get_acquainted(&mut self, mails: &[ReadMail]) -> Result<(), StoreError> {
        self.now = self.workflow.now().await?;
        let distinct = |texts: &mut Vec<&str>| {
            texts.sort_unstable();
            texts.dedup();
        };
        let mut ids: Vec<&str> = mails.iter().map(|read| read.mail.message_id.as_str()).collect();
        let references = mails.iter().flat_map(|read| &read.mail.references);
        let mut references: Vec<&str> = references.map(String::as_str).collect();
        let mut senders: Vec<&str> = mails.iter().map(|read| read.mail.from.email.as_str()).collect();
        [&mut ids, &mut references, &mut senders].into_iter().for_each(distinct);
        self.known = self.workflow.taking_in().acquaintance(&ids, &references, &senders).await?;
        Ok(())
    }

    /// Decides on a mail, and stores nothing of it.
    async fn decide(&self, read: &ReadMail) -> Result<Decided, IntakeError> {
        // What fails over one mail is no harm to the next.
        let decided = AssertUnwindSafe(self.decide_on(read)).catch_unwind().await;
        decided.unwrap_or(Err(IntakeError::Interrupted))
    }

    async fn decide_on(&self, read: &ReadMail) -> Result<Decided, IntakeError> {
        let known = self.recognise(&read.mail).await?;
        let remarked = (known == Known::AnotherUnderItsId).then(|| {
            let mut mail = read.mail.clone();
            mail.remarks.push("another mail came under the same Message-ID".to_owned());
            mail
        });
        let incoming = self.incoming(read, remarked.as_ref().unwrap_or(&read.mail), known);
        let gathered = gather(incoming).await?;
        let reception = receive(&gathered.facts);
        tracing::debug!(outcome = reception.disposition.outcome().as_str(), "{}", reception.reason);
        settle(incoming, &gathered, reception).await
    }

    /// Looks whether a mail came before.
    async fn recognise(&self, mail: &ParsedMail) -> Result<Known, StoreError> {
        if !self.known.mails.contains(&mail.message_id) {
            return Ok(Known::Not);
        }
        let taking_in = self.workflow.taking_in();
        let known = taking_in.known(&mail.message_id, &mail.body_hash).await?;
        if known != Known::AnotherUnderItsId {
            return Ok(known);
        }
        let before = taking_in.mails_of_id(&mail.message_id).await?;
        let is_there = before.iter().any(|before| is_same_letter(mail, before));
        Ok(if is_there { Known::ThisMail } else { known })
    }

    fn incoming<'i>(&'i self, read: &'i ReadMail, mail: &'i ParsedMail, known: Known) -> Incoming<'i> {
        Incoming {
            workflow: self.workflow,
            mail,
            arrival: &read.arrival,
            known: &self.known,
            is_known: known == Known::ThisMail,
            now: self.now,
        }
    }

    /// Stores a set; where that cannot be done, each of it by itself.
    async fn store(&mut self, set: &mut Set<'_>) {
        let mut waiting = std::mem::take(set).waiting;
        if waiting.len() > 1 {
            let reads: Vec<&ReadMail> = waiting.iter().map(|w| w.read).collect();
            // Somebody else may have stored one of them meanwhile, or one of them cannot be stored.
            if !self.file(waiting).await.unwrap_or(false) {
                self.take_in_one_by_one(reads.into_iter()).await;
            }
        } else if let Some(Waiting { read, decided }) = waiting.pop() {
            self.store_alone(read, decided).await;
        }
    }

    async fn decide_anew(&mut self, read: &ReadMail) -> Result<Decided, IntakeError> {
        self.get_acquainted(std::slice::from_ref(read)).await?;
        self.decide(read).await
    }

    /// Stores a mail; one that somebody else stored meanwhile turns out to be a duplicate.
    async fn store_alone(&mut self, read: &ReadMail, decided: Decided) {
        let mut stored = self.file(vec![Waiting { read, decided }]).await;
        if let Ok(false) = stored {
            let decided = seen_again(self.incoming(read, &read.mail, Known::ThisMail));
            stored = self.file(vec![Waiting { read, decided }]).await;
        }
        match stored {
            Ok(true) => {}
            Ok(false) => self.outcomes.push(Err(IntakeError::Interrupted)),
            Err(e) => self.outcomes.push(Err(e.into())),
        }
    }

    /// Stores mails in one transaction, and notes what became of them; false when one of them is there already.
    async fn file(&mut self, waiting: Vec<Waiting<'_>>) -> Result<bool, StoreError> {
        let complainants: Vec<String> = waiting.iter().map(|w| w.decided.complainant.clone()).collect();
        let ids: Vec<String> = waiting.iter().map(|w| w.read.mail.message_id.clone()).collect();
        let (set, mails): (Vec<Filing>, Vec<TakenMail>) =
            waiting.into_iter().map(|w| w.decided.into_parts()).unzip();
        let Some(filed) = self.workflow.taking_in().file(set, self.now).await? else { return Ok(false) };
        for (mail, filed) in mails.into_iter().zip(filed) {
            let mail = taken(mail, filed);
            let outcome = mail.outcome.as_str();
            self.workflow.progress().count(Count::Intake(outcome), 1);
            let complaint = mail.number.as_deref().or(mail.intake_id.as_deref());
            tracing::info!(complaint, outcome, "a mail is taken in");
            self.outcomes.push(Ok(mail));
        }
        // Those behind may have to do with these.
        self.known.mails.extend(ids.iter().cloned());
        self.known.threads.extend(ids);
        self.known.complainants.extend(complainants.into_iter().filter(|email| !email.is_empty()));
        Ok(true)
    }

    fn is_given_up(&self) -> bool {
        let failures = self.outcomes.iter().rev().take_while(|outcome| outcome.is_err());
        failures.count() >= self.enough
    }
}

impl<'r> Set<'r> {
    /// Returns whether a mail may have to do with one that waits: the same Message-ID, a reference to it, the sender whose
    /// complaint it opens, or a complaint that is named before anybody can know its name.
    fn concerns(&self, workflow: &Workflow, mail: &ParsedMail) -> bool {
        if self.waiting.is_empty() {
            return false;
        }
        self.message_ids.contains(mail.message_id.as_str())
            || mail.references.iter().any(|id| self.message_ids.contains(id.as_str()))
            || self.complainants.contains(&mail.from.email)
            || mail.bounce.is_some()
            || names_a_complaint(workflow, mail)
    }

    fn is_full(&self, next: &ReadMail) -> bool {
        !self.waiting.is_empty() && self.bytes + next.arrival.raw.len() > SET_BYTES
    }

    fn add(&mut self, read: &'r ReadMail, decided: Decided) {
        self.message_ids.insert(&read.mail.message_id);
        self.bytes += read.arrival.raw.len();
        // Nothing is known of two complainants who are unknown.
        self.complainants.extend(Some(decided.complainant.clone()).filter(|email| !email.is_empty()));
        self.waiting.push(Waiting { read, decided });
    }
}
