//! `Mailbox`: one mailbox of a server, read from where it was left and watched.

use super::super::incoming::Arrival;
use super::super::ingest::take_in_all;
use super::super::limits::{KEPT_BYTES, MAX_BYTES, SET};
use super::answer::{Fetched, ask};
use super::error::MailboxError;
use super::session::{Session, open};
use super::utf7::utf7;
use crate::calendar::{Moment, TimeOfDay};
use crate::config::{MailboxSettings, ReadFrom};
use crate::credentials::TokenSource;
use crate::network::{ClientTls, Network};
use crate::progress::Part;
use crate::workflow::{Cursor, MailboxNews, Workflow};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;

/// The most bytes asked for at once.
const SET_BYTES: usize = 16 << 20;
/// The longest wait for news; a server ends an idle connection after half an hour (RFC 2177).
const IDLE: Duration = Duration::from_secs(25 * 60);
/// The longest wait for an answer; after that the connection is broken.
const PATIENCE: Duration = Duration::from_secs(60);
/// The first pause after a failure; doubled up to the longest.
const FIRST_PAUSE: Duration = Duration::from_secs(2);
const LONGEST_PAUSE: Duration = Duration::from_secs(120);
/// The time after which somebody is told of a mailbox that cannot be read; a refusal is told at once.
const TOLD_AFTER_MILLIS: i64 = 3_600_000;
/// The time within which a stop is noticed, and that a server may take to say goodbye.
const LOOK: Duration = Duration::from_millis(250);

/// One mailbox that is read.
#[derive(Debug)]
pub struct Mailbox {
    settings: MailboxSettings,
    tokens: Option<TokenSource>,
}

/// A mailbox that cannot be read.
#[derive(Clone, Copy, Debug)]
struct Trouble {
    since: Moment,
    /// True once somebody was told of it.
    is_told: bool,
}

/// A mail that waits on the server.
struct Waiting {
    uid: u32,
    /// Its size in bytes; none when the server does not say.
    size: Option<usize>,
    /// The moment at which the server got it; none when it does not say.
    came_at: Option<Moment>,
}

impl Waiting {
    /// Returns its size in bytes; 0 while it is not known.
    fn bytes(&self) -> usize {
        self.size.unwrap_or(0)
    }
}

/// Returns whether a mail is read: one that was there at the first connection only when it is not too old.
fn is_read(place: &Cursor, waiting: &Waiting) -> bool {
    let is_too_old = || place.since.zip(waiting.came_at).is_some_and(|(since, came_at)| came_at < since);
    i64::from(waiting.uid) > place.since_uid || !is_too_old()
}

impl Mailbox {
    /// Makes a reader of a mailbox.
    ///
    /// # Errors
    /// In a rehearsal, for a mailbox beyond this computer; and when TLS cannot be set up.
    pub fn new(settings: MailboxSettings, network: &Network) -> Result<Self, MailboxError> {
        if network.is_loopback_only() && !settings.is_here() {
            return Err(MailboxError::Refused(
                "a rehearsal reads no mailbox beyond this computer".to_owned(),
            ));
        }
        let source = settings
            .oauth2
            .clone()
            .map(|o| network.client(ClientTls::default()).map(|c| TokenSource::new(o, c)));
        let tokens =
            source.transpose().map_err(|e| MailboxError::Refused(format!("TLS cannot be set up: {e}")))?;
        Ok(Self { settings, tokens })
    }

    /// Returns its name in `redress.toml`.
    pub fn name(&self) -> &str {
        &self.settings.name
    }

    /// Reads and watches until `stop`; what goes wrong is told by another way and tried again.
    pub async fn run(self, workflow: Arc<Workflow>, stop: Arc<AtomicBool>) {
        let mut pause = FIRST_PAUSE;
        let mut trouble: Option<Trouble> = None;
        while !stop.load(Ordering::Relaxed) {
            let mut read = 0;
            let ended = self.watch(&workflow, &stop, &mut read, &mut trouble).await;
            let Err(error) = ended else { return };
            workflow.progress().failed(Part::Mailbox(self.name().to_owned()), &error);
            tracing::warn!(
                mailbox = self.name(),
                "the mailbox cannot be read and will be tried again: {error}"
            );
            if read > 0 {
                (pause, trouble) = (FIRST_PAUSE, None);
            }
            let now = workflow.clock().now();
            let trouble = trouble.get_or_insert(Trouble { since: now, is_told: false });
            let is_long = now.millis() - trouble.since.millis() >= TOLD_AFTER_MILLIS;
            if !trouble.is_told && (is_long || error.is_for_a_person()) {
                let why = error.to_string();
                self.tell(&workflow, MailboxNews::Failing { why: &why }, trouble.since).await;
                trouble.is_told = true;
            }
            wait(pause, &stop).await;
            pause = (pause * 2).min(LONGEST_PAUSE);
        }
    }

    async fn tell(&self, workflow: &Workflow, news: MailboxNews<'_>, since: Moment) {
        if let Err(e) = workflow.taking_in().tell_mailbox(self.name(), news, since).await {
            tracing::error!(mailbox = self.name(), "nobody can be told of the mailbox: {e}");
        }
    }

    /// Keeps one connection: takes in what waits, then watches for more.
    async fn watch(
        &self,
        workflow: &Workflow,
        stop: &AtomicBool,
        read: &mut usize,
        trouble: &mut Option<Trouble>,
    ) -> Result<(), MailboxError> {
        let mut session = self.connect(workflow).await?;
        while !stop.load(Ordering::Relaxed) {
            self.take_in_new(workflow, &mut session, stop).await?;
            *read += 1;
            workflow.progress().succeeded(Part::Mailbox(self.name().to_owned()));
            if let Some(Trouble { since, is_told: true }) = trouble.take() {
                self.tell(workflow, MailboxNews::Recovered, since).await;
            }
            session = self.sleep(session, stop).await?;
        }
        let _ = tokio::time::timeout(LOOK, session.imap.logout()).await;
        Ok(())
    }

    /// Takes in everything that waits, over one connection, and returns how many mails that were (`redress
    /// tick`).
    pub async fn take_in(&self, workflow: &Workflow) -> Result<usize, MailboxError> {
        let mut session = self.connect(workflow).await?;
        let taken = self.take_in_new(workflow, &mut session, &AtomicBool::new(false)).await?;
        let _ = tokio::time::timeout(LOOK, session.imap.logout()).await;
        Ok(taken)
    }

    async fn connect(&self, workflow: &Workflow) -> Result<Session, MailboxError> {
        let token = match &self.tokens {
            Some(tokens) => Some(tokens.token(workflow.clock().now()).await?),
            None => None,
        };
        let opened = open(&self.settings, token);
        let opened = tokio::time::timeout(PATIENCE, opened).await;
        let opened = opened.unwrap_or_else(|_| Err(MailboxError::Connection("no answer in time".to_owned())));
        if let (Err(MailboxError::Refused(_)), Some(tokens)) = (&opened, &self.tokens) {
            tokens.forget().await;
        }
        opened
    }

    /// Takes in what came after the place that is remembered. Under another UIDVALIDITY the folder is read
    /// from its beginning; what is known is recognised.
    async fn take_in_new(
        &self,
        workflow: &Workflow,
        session: &mut Session,
        stop: &AtomicBool,
    ) -> Result<usize, MailboxError> {
        let place = self.place(workflow, session).await?;
        let all = self.waiting(session, u32::try_from(place.uid).unwrap_or(0)).await?;
        let last = all.last().map(|w| w.uid);
        let waiting: Vec<Waiting> = all.into_iter().filter(|w| is_read(&place, w)).collect();
        let mut taken = 0;
        let mut left = waiting.as_slice();
        while !left.is_empty() {
            if stop.load(Ordering::Relaxed) {
                return Ok(taken);
            }
            let (set, rest) = left.split_at(set_of(left));
            taken += self.take_in_set(workflow, session, &place, set).await?;
            left = rest;
        }
        if let Some(last) = last.filter(|last| waiting.last().is_none_or(|w| w.uid < *last)) {
            // What is left to people is not asked for again.
            workflow.taking_in().begin_reading(Cursor { uid: i64::from(last), ..place }).await?;
        }
        Ok(taken)
    }

    /// Returns the place from which the folder is read. At the first connection that is chosen, and somebody
    /// hears of what is left to people.
    async fn place(&self, workflow: &Workflow, session: &mut Session) -> Result<Cursor, MailboxError> {
        let folder = patiently(session.imap.select(utf7(&self.settings.folder))).await?;
        let uid_validity = i64::from(folder.uid_validity.unwrap_or(0));
        let known = workflow.taking_in().cursor(self.name()).await?;
        if let Some(known) = known.as_ref().filter(|known| known.uid_validity == uid_validity) {
            return Ok(known.clone());
        }
        let there = self.waiting(session, 0).await?;
        let last = there.last().map_or(0, |w| i64::from(w.uid));
        let now = workflow.clock().now();
        let organisation = workflow.settings();
        let calendar = &organisation.calendar;
        let since = match (&known, self.settings.from) {
            (Some(known), _) => known.since,
            // Who wrote earlier today still waits.
            (None, ReadFrom::Now) => {
                Some(calendar.day_of(now).and_then(|day| calendar.at(day, TimeOfDay::MIN)).unwrap_or(now))
            }
            (None, ReadFrom::Day(day)) => calendar.at(day, TimeOfDay::MIN).ok(),
        };
        let place = Cursor { mailbox: self.name().to_owned(), uid_validity, uid: 0, since, since_uid: last };
        workflow.taking_in().begin_reading(place.clone()).await?;
        let left = there.iter().filter(|w| !is_read(&place, w)).count();
        if let (None, Some(since), 1..) = (&known, since, left) {
            tracing::warn!(
                mailbox = self.name(),
                left,
                "mail from before the first connection is left to people"
            );
            self.tell(workflow, MailboxNews::Connected { left, from: since }, now).await;
        }
        Ok(place)
    }

    /// Asks for UIDs, sizes and times of what came after `after`, in order. A mail that is there and of which the
    /// server tells nothing more waits as well.
    async fn waiting(&self, session: &mut Session, after: u32) -> Result<Vec<Waiting>, MailboxError> {
        let range = format!("{}:*", after.saturating_add(1));
        let found = patiently(ask(session, &format!("UID SEARCH UID {range}"))).await?.complete()?.found;
        let fetch = format!("UID FETCH {range} (UID RFC822.SIZE INTERNALDATE)");
        let mut told = patiently(ask(session, &fetch)).await?.complete()?.mails;
        for uid in found {
            told.entry(uid).or_default();
        }
        // `n:*` is the last mail when there is none after n.
        let later = told.into_iter().filter(|(uid, _)| *uid > after);
        let waiting = later.map(|(uid, mail)| Waiting { uid, size: mail.size, came_at: mail.came_at });
        Ok(waiting.collect())
    }

    /// Takes in mails in order, up to one that the server does not hand over; what was taken in is moved.
    async fn take_in_set(
        &self,
        workflow: &Workflow,
        session: &mut Session,
        place: &Cursor,
        set: &[Waiting],
    ) -> Result<usize, MailboxError> {
        let is_partial = set.iter().any(|w| w.bytes() > MAX_BYTES);
        let wanted: Vec<u32> = set.iter().map(|w| w.uid).collect();
        let mut answer = patiently(ask(session, &fetch_bodies(&wanted, is_partial))).await?;
        let (mut uids, mut arrivals, mut stored) = (Vec::new(), Vec::new(), Vec::new());
        let mut ended = Ok(());
        for waiting in set {
            let mut mail = answer.mails.remove(&waiting.uid);
            if !mail.as_ref().is_some_and(|mail| has_body(mail, waiting)) {
                mail = match self.fetch_alone(session, waiting, is_partial).await {
                    Ok(mail) => mail,
                    Err(e) => {
                        ended = Err(e);
                        break;
                    }
                };
            }
            // Gone meanwhile: somebody has moved or deleted it.
            let Some((mail, raw)) = mail.and_then(|mut m| m.body.take().map(|raw| (m, raw))) else {
                continue;
            };
            uids.push(waiting.uid);
            arrivals.push(Arrival {
                raw: raw.into(),
                source: self.name().to_owned(),
                received_at: mail.came_at.or(waiting.came_at),
                cursor: Some(Cursor { uid: i64::from(waiting.uid), ..place.clone() }),
                is_partial,
            });
        }
        // The place moves with what is stored: nothing is taken in behind one that is not.
        let outcomes = take_in_all(workflow, arrivals, 1).await;
        for (outcome, uid) in outcomes.into_iter().zip(uids) {
            match outcome {
                Ok(_) => stored.push(uid),
                Err(e) => ended = Err(e.into()),
            }
        }
        // What is too large stays where it is, for its attachments.
        if !is_partial {
            self.move_away(session, &stored).await;
        }
        ended.map(|()| stored.len())
    }

    /// Asks for one mail that was not in the answer for its set. None when it is not there any more.
    ///
    /// # Errors
    /// [`MailboxError::Stopped`] when it is there and the server does not hand it over.
    async fn fetch_alone(
        &self,
        session: &mut Session,
        waiting: &Waiting,
        is_partial: bool,
    ) -> Result<Option<Fetched>, MailboxError> {
        let uid = waiting.uid;
        let mut answer = patiently(ask(session, &fetch_bodies(&[uid], is_partial))).await?;
        if let Some(mail) = answer.mails.remove(&uid).filter(|mail| has_body(mail, waiting)) {
            return Ok(Some(mail));
        }
        let looked = patiently(ask(session, &format!("UID SEARCH UID {uid}"))).await?;
        if looked.refusal.is_none() && !looked.found.contains(&uid) {
            return Ok(None);
        }
        let why = answer.refusal.unwrap_or_else(|| "it sends nothing".to_owned());
        Err(MailboxError::Stopped { mailbox: self.name().to_owned(), uid, why })
    }

    /// Moves what was taken in, where the settings say so.
    async fn move_away(&self, session: &mut Session, stored: &[u32]) {
        let Some(folder) = self.settings.processed.as_deref() else { return };
        if !session.can_move || stored.is_empty() {
            return;
        }
        if let Err(e) = patiently(session.imap.uid_mv(list(stored), utf7(folder))).await {
            tracing::warn!(mailbox = self.name(), "mail cannot be moved to {folder} and stays: {e}");
        }
    }

    /// Waits until the server tells of something new, or it is time to look.
    async fn sleep(&self, mut session: Session, stop: &AtomicBool) -> Result<Session, MailboxError> {
        if !session.can_idle {
            wait(Duration::from_secs(self.settings.poll_seconds), stop).await;
            return Ok(session);
        }
        let mut idle = session.imap.idle();
        patiently(idle.init()).await?;
        {
            let (news, interrupt) = idle.wait_with_timeout(IDLE);
            tokio::pin!(news);
            loop {
                tokio::select! {
                    woken = &mut news => {
                        woken?;
                        break;
                    }
                    () = tokio::time::sleep(LOOK) => {
                        if stop.load(Ordering::Relaxed) {
                            break;
                        }
                    }
                }
            }
            drop(interrupt);
        }
        session.imap = patiently(idle.done()).await?;
        Ok(session)
    }
}

/// Counts how many of the first may be asked for together; what is too large comes alone.
fn set_of(waiting: &[Waiting]) -> usize {
    let mut bytes = 0;
    let fit = waiting.iter().take(SET).take_while(|w| {
        bytes += w.bytes();
        bytes <= SET_BYTES && w.bytes() <= MAX_BYTES
    });
    fit.count().max(1)
}

/// Returns the command that asks for mails, or for their beginnings, without marking them as read.
fn fetch_bodies(uids: &[u32], is_partial: bool) -> String {
    let part = if is_partial { format!("<0.{KEPT_BYTES}>") } else { String::new() };
    format!("UID FETCH {} (UID INTERNALDATE BODY.PEEK[]{part})", list(uids))
}

fn list(uids: &[u32]) -> String {
    uids.iter().map(u32::to_string).collect::<Vec<_>>().join(",")
}

/// Returns whether a mail was handed over; a server that says it has a size does not mean nothing.
fn has_body(mail: &Fetched, waiting: &Waiting) -> bool {
    mail.body.as_ref().is_some_and(|body| !body.is_empty() || waiting.size == Some(0))
}

async fn patiently<T>(
    answer: impl Future<Output = Result<T, async_imap::error::Error>>,
) -> Result<T, MailboxError> {
    match tokio::time::timeout(PATIENCE, answer).await {
        Ok(answer) => Ok(answer?),
        Err(_) => Err(MailboxError::Connection("no answer in time".to_owned())),
    }
}

async fn wait(duration: Duration, stop: &AtomicBool) {
    let mut left = duration;
    while !left.is_zero() && !stop.load(Ordering::Relaxed) {
        let step = left.min(LOOK);
        tokio::time::sleep(step).await;
        left -= step;
    }
}
