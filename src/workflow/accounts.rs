//! `Accounts`: signing in. Who may is said by the people of redress.toml; every change is an event of the audit trail.

use super::Workflow;
use crate::accounts::{
    LINK_MILLIS, PasswordHash, REMEMBERED_MILLIS, Token, UnfitPassword, check_password, counts_until,
    waits_until,
};
use crate::calendar::Moment;
use crate::complaint::{Actor, Event, EventKind, Language, Origin, Via};
use crate::config::Person;
use crate::store::{Account, AuditKey, LinkKind, Proof, Recorded, Session, StoreError};
use serde_json::json;
use std::sync::{Arc, PoisonError};
use tokio::sync::Semaphore;

/// The use of a session is noted at most so often.
const NOTED_MILLIS: i64 = 60_000;
/// The characters that are kept of what a browser calls itself.
const BROWSER_CHARACTERS: usize = 200;

/// The link of a first start.
#[derive(Clone, Debug)]
pub struct FirstLink {
    /// Whose it is.
    pub person: Person,
    /// Its token; none where the person was given another link, which counts still.
    pub token: Option<Token>,
    /// The time until its end.
    pub left_millis: i64,
}

/// The outcome of an attempt to sign in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum SignIn {
    /// The person is signed in by this token.
    Began(Token),
    /// Nobody is; the answer is the same whether there is such an account, it is locked, or it waits.
    Refused,
    /// The password is right, and a code is to follow.
    CodeNeeded {
        /// What shows for a few minutes that the password was right.
        ticket: String,
        /// True after a code that did not count.
        is_again: bool,
    },
    /// The time for a code is over; one begins anew.
    Over,
    /// Too many attempts of everybody failed, so that none is looked at for a while.
    TooMany,
}

/// Somebody who is signed in.
#[derive(Clone, Debug)]
pub struct SignedIn {
    /// The person, as redress.toml names them.
    pub person: Person,
    /// The digest by which this session is known.
    pub session: String,
    /// The language that the person chose for the page; none for that of redress.toml.
    pub language: Option<Language>,
}

/// A reason why an account was not changed.
#[derive(Debug, thiserror::Error)]
pub enum AccountError {
    /// The address is nobody's of the organisation.
    #[error("{0} is not one of the people in redress.toml; add them there first")]
    Stranger(String),
    /// There is an account already.
    #[error("{0} has an account already; `redress user passwd` gives a new link")]
    Known(String),
    /// There is no account.
    #[error("{0} has no account; `redress user add` makes one")]
    Unknown(String),
    /// It is locked, and a link would let nobody in.
    #[error("{0} is locked; `redress user unlock` comes first")]
    Locked(String),
    /// It is as it was asked to be.
    #[error("{0}")]
    AsItWas(String),
    /// The link was used, is too old, or was replaced by another.
    #[error("this link counts no longer")]
    Spent,
    /// The key for programs is not made.
    #[error("{0}")]
    Token(String),
    /// The password is not taken.
    #[error(transparent)]
    Unfit(#[from] UnfitPassword),
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// The handle of signing in.
#[derive(Clone, Copy, Debug)]
pub struct Accounts<'w>(pub(super) &'w Workflow);

impl Workflow {
    /// Returns the handle of signing in.
    pub fn accounts(&self) -> Accounts<'_> {
        Accounts(self)
    }
}

impl Accounts<'_> {
    /// Signs somebody in by a password. An address that has no account takes the same work and gets the same answer.
    pub async fn sign_in(self, address: &str, password: &str, browser: &str) -> Result<SignIn, StoreError> {
        let now = self.0.now().await?;
        if self.are_too_many(now) {
            return Ok(SignIn::TooMany);
        }
        let email = address.trim().to_lowercase();
        let account = self.0.store.accounts().find(&email).await?;
        let is_waiting = account.as_ref().is_some_and(|account| is_waiting(account, now));
        let is_known = self.is_one_of_the_people(&email);
        let usable = account.filter(|a| is_known && !a.is_locked && !is_waiting);
        let kept = usable.as_ref().and_then(|a| a.password.clone()).map(PasswordHash::kept);
        let (hash, is_open) = (kept.clone().unwrap_or_else(PasswordHash::nobodys), kept.is_some());
        let is_right = self.verify(hash.clone(), password.to_owned()).await && is_open;
        if let Some(account) = usable.filter(|_| is_right) {
            if account.factor_name.is_some() {
                return Ok(SignIn::CodeNeeded { ticket: self.ticket(&account, now), is_again: false });
            }
            let token = Token::new();
            if self.begin(&email, &token, &hash, browser, (Proof::PasswordAlone, now)).await? {
                return Ok(SignIn::Began(token));
            }
        }
        // While an account waits, nothing counts; the statement is the same.
        self.failed(if is_waiting { "" } else { &email }, now).await?;
        Ok(SignIn::Refused)
    }

    pub(super) async fn begin(
        self,
        email: &str,
        token: &Token,
        hash: &PasswordHash,
        browser: &str,
        (proof, now): (Proof, Moment),
    ) -> Result<bool, StoreError> {
        let session = Session {
            digest: token.digest(),
            email: email.to_owned(),
            began_at: now,
            used_at: now,
            browser: browser.chars().filter(|c| !c.is_control()).take(BROWSER_CHARACTERS).collect(),
            ended_at: None,
        };
        let by = Actor::Person(email.to_owned());
        let origin = Origin::person(by, Via::Page);
        let summary = match proof {
            Proof::Recovery { .. } => "signed in by a recovery code".to_owned(),
            Proof::PasswordAlone | Proof::Code { .. } => "signed in".to_owned(),
        };
        let event = Event { kind: EventKind::SignedIn, origin, summary, data: json!({}), personal: None };
        let recorded = self.record(event, now);
        let oldest = now.plus_millis(-REMEMBERED_MILLIS);
        self.0.store.accounts().begin_session(session, (hash.as_str(), &proof), oldest, recorded).await
    }

    pub(super) async fn failed(self, email: &str, now: Moment) -> Result<(), StoreError> {
        if self.failures().note(now) {
            tracing::warn!("many attempts to sign in failed; nobody is let in for ten minutes");
        }
        let failures = self.0.store.accounts().count_failure(email, now).await?;
        if failures.and_then(|failures| waits_until(failures, Some(now))).is_some() {
            let summary = "an account waits after failed attempts to sign in".to_owned();
            let event =
                Event { kind: EventKind::SignInsHeld, origin: Origin::ENGINE, ..changed(email, summary) };
            self.0.store.accounts().note(self.record(event, now)).await?;
        }
        Ok(())
    }

    /// Returns whether so many attempts of everybody failed that none is looked at.
    pub(super) fn are_too_many(self, now: Moment) -> bool {
        self.failures().are_too_many(now)
    }

    /// Notes that somebody asked for a link by mail, and returns whether too many did.
    pub(super) fn ask_of_everybody(self, now: Moment) -> bool {
        let mut asked = self.0.asked_resets.lock().unwrap_or_else(PoisonError::into_inner);
        let are_too_many = asked.are_too_many(now);
        if !are_too_many {
            asked.note(now);
        }
        are_too_many
    }

    pub(super) fn resets(&self) -> crate::store::Resets {
        self.0.store.resets()
    }

    pub(super) fn feeds(&self) -> crate::store::Feeds {
        self.0.store.feeds()
    }

    pub(super) fn api_tokens(&self) -> crate::store::ApiTokens {
        self.0.store.api_tokens()
    }

    /// Has what was asked for looked at.
    pub(super) fn wake(self) {
        self.0.wake();
    }

    pub(super) fn is_one_of_the_people(self, email: &str) -> bool {
        self.0.settings().people.find(email).is_some()
    }

    pub(super) fn store(&self) -> crate::store::Accounts {
        self.0.store.accounts()
    }

    pub(super) fn key(&self) -> &AuditKey {
        self.0.store.key()
    }

    pub(super) async fn now(self) -> Result<Moment, StoreError> {
        self.0.now().await
    }

    fn failures(&self) -> std::sync::MutexGuard<'_, crate::accounts::RecentFailures> {
        self.0.failed_sign_ins.lock().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) async fn verify(self, hash: PasswordHash, password: String) -> bool {
        self.hashing(move || hash.is_of(&password)).await.unwrap_or(false)
    }

    /// Does the work of a password on a thread of its own, two at a time.
    async fn hashing<T: Send + 'static>(self, work: impl FnOnce() -> T + Send + 'static) -> Option<T> {
        let bound: Arc<Semaphore> = Arc::clone(&self.0.hashing);
        let _permit = bound.acquire_owned().await.ok()?;
        tokio::task::spawn_blocking(work).await.ok()
    }

    /// Returns who is signed in by a token; none when the session is over, or the person may sign in no longer.
    pub async fn signed_in(self, token: &Token) -> Result<Option<SignedIn>, StoreError> {
        let (accounts, now) = (self.0.store.accounts(), self.0.now().await?);
        let running = accounts.session(&token.digest()).await?.filter(|session| session.ended_at.is_none());
        let Some(session) = running else { return Ok(None) };
        let person = self.0.settings().people.find(&session.email).cloned();
        let Some(person) = person.filter(|_| now < counts_until(session.began_at, session.used_at)) else {
            accounts.end_session(&session.email, &session.digest, now).await?;
            return Ok(None);
        };
        if now.millis() - session.used_at.millis() >= NOTED_MILLIS {
            accounts.used(&session.digest, now).await?;
        }
        let language = accounts.find(&session.email).await?.and_then(|account| account.language);
        Ok(Some(SignedIn { person, session: session.digest, language }))
    }

    /// Notes the language that somebody chose for the page; none for that of redress.toml.
    pub async fn choose_language(
        self,
        person: &Person,
        language: Option<Language>,
    ) -> Result<(), StoreError> {
        self.0.store.accounts().choose_language(&person.email, language).await
    }

    /// Lists where somebody is signed in, oldest first.
    pub async fn sessions(self, person: &Person) -> Result<Vec<Session>, StoreError> {
        let now = self.0.now().await?;
        let mut sessions = self.0.store.accounts().sessions(&person.email).await?;
        sessions.retain(|s| now < counts_until(s.began_at, s.used_at));
        Ok(sessions)
    }

    /// Ends a session of somebody; false when the person has none that is known by this digest.
    pub async fn end_session(self, person: &Person, session: &str) -> Result<bool, StoreError> {
        self.0.store.accounts().end_session(&person.email, session, self.0.now().await?).await
    }

    /// Returns whose a one-time link is, while it counts and the person is one of the organisation.
    pub async fn welcomed(self, link: &Token) -> Result<Option<Person>, StoreError> {
        Ok(self.followed(link).await?.map(|(person, _)| person))
    }

    async fn followed(self, link: &Token) -> Result<Option<(Person, LinkKind)>, StoreError> {
        let account = self.0.store.accounts().of_link(&link.digest(), self.0.now().await?).await?;
        let Some(account) = account else { return Ok(None) };
        let kind = if self.first_of(&account).is_some() { LinkKind::First } else { LinkKind::Own };
        if kind == LinkKind::First && self.has_begun().await? {
            return Ok(None);
        }
        Ok(self.0.settings().people.find(&account.email).map(|person| (person.clone(), kind)))
    }

    /// Takes the password that somebody chose by a one-time link, which is used up by it.
    pub async fn choose_password(self, link: &Token, password: &str) -> Result<Person, AccountError> {
        let (person, kind) = self.followed(link).await?.ok_or(AccountError::Spent)?;
        check_password(password, &person.email)?;
        let text = password.to_owned();
        let hash = self.hashing(move || PasswordHash::of(&text)).await.ok_or(AccountError::Spent)?;
        let by = Actor::Person(person.email.clone());
        let event = Event {
            origin: Origin::person(by, Via::Page),
            ..changed(&person.email, "a password was chosen by a one-time link".to_owned())
        };
        let recorded = self.record(event, self.0.now().await?);
        let had_one =
            self.0.store.accounts().find(&person.email).await?.is_some_and(|a| a.password.is_some());
        if !self.0.store.accounts().take_password((&link.digest(), kind), hash.as_str(), recorded).await? {
            return Err(AccountError::Spent);
        }
        if had_one && let Err(e) = self.0.tell_password_changed(&person).await {
            tracing::error!("a person was not told that the password was changed: {e}");
        }
        Ok(person)
    }

    /// Lists the accounts, by address.
    pub async fn all(self) -> Result<Vec<Account>, StoreError> {
        self.0.store.accounts().all().await
    }

    /// Makes an account for one of the organisation's people, and returns the one-time link by which they choose a password.
    pub async fn add(self, address: &str, by: Actor) -> Result<Token, AccountError> {
        let person = self.person(address)?;
        match self.0.store.accounts().find(&person.email).await? {
            Some(_) => Err(AccountError::Known(person.email)),
            None => self.give_link(&person, by, "account made; a one-time link was given").await,
        }
    }

    /// Returns a new one-time link by which somebody chooses another password; until then the old one counts.
    pub async fn renew(self, address: &str, by: Actor) -> Result<Token, AccountError> {
        let person = self.person(address)?;
        match self.0.store.accounts().find(&person.email).await? {
            None => Err(AccountError::Unknown(person.email)),
            Some(account) if account.is_locked => Err(AccountError::Locked(person.email)),
            Some(_) => self.give_link(&person, by, "a one-time link was given").await,
        }
    }

    /// Returns the one-time link of a first start and whose it is: somebody who puts rules in force, or else the first of
    /// the people. Every process and every start has the same, until its end. None once anybody has a password.
    pub async fn first_link(self) -> Result<Option<FirstLink>, AccountError> {
        if self.has_begun().await? {
            return Ok(None);
        }
        let (settings, published) = (self.0.settings(), self.0.published());
        let role = published.ruleset.procedure().rules_published_by();
        let first = settings.people.with_role(role.as_str()).next();
        let Some(person) = first.or_else(|| settings.people.iter().next()) else { return Ok(None) };
        let (accounts, now) = (self.0.store.accounts(), self.0.now().await?);
        let ends_at = now.plus_millis(LINK_MILLIS);
        let Some(token) = self.first_token(&person.email, ends_at) else { return Ok(None) };
        let summary = "first start: a one-time link was given".to_owned();
        let event = changed(&person.email, summary);
        let event = Event { origin: Origin::person(Actor::System, Via::CommandLine), ..event };
        let link = (&*token.digest(), ends_at);
        if accounts.give_first_link(&person.email, link, self.record(event, now)).await? {
            return Ok(Some(FirstLink {
                person: person.clone(),
                token: Some(token),
                left_millis: LINK_MILLIS,
            }));
        }
        // Another process has given it, or an earlier start; or somebody has given the person a link of another kind.
        let account = accounts.find(&person.email).await?;
        Ok(account.and_then(|account| {
            let left_millis = account.link_ends_at?.millis() - now.millis();
            Some(FirstLink { person: person.clone(), token: self.first_of(&account), left_millis })
        }))
    }

    /// Returns whether anybody has a password.
    async fn has_begun(self) -> Result<bool, StoreError> {
        Ok(self.all().await?.iter().any(|account| account.password.is_some()))
    }

    /// Returns the token of the first link that ends at a moment; only who has the key of the installation can.
    fn first_token(self, email: &str, ends_at: Moment) -> Option<Token> {
        Token::read(&self.0.store.key().sign(&["first sign-in", email, &ends_at.millis().to_string()]))
    }

    /// Returns the token of an account's link where that is the one of a first start.
    fn first_of(self, account: &Account) -> Option<Token> {
        self.first_token(&account.email, account.link_ends_at?)
            .filter(|token| account.has_link(&token.digest()))
    }

    async fn give_link(self, person: &Person, by: Actor, summary: &str) -> Result<Token, AccountError> {
        let (token, now) = (Token::new(), self.0.now().await?);
        let event = Event {
            origin: Origin::person(by, Via::CommandLine),
            ..changed(&person.email, summary.to_owned())
        };
        let recorded = self.record(event, now);
        let link = (&*token.digest(), now.plus_millis(LINK_MILLIS));
        self.0.store.accounts().give_link(&person.email, link, recorded).await?;
        Ok(token)
    }

    /// Locks somebody out; where the person is signed in, that ends.
    pub async fn lock(self, address: &str, by: Actor) -> Result<(), AccountError> {
        let (email, recorded) = self.change(address, by, "account locked").await?;
        match self.0.store.accounts().lock(&email, recorded).await? {
            true => Ok(()),
            false => Err(AccountError::AsItWas(format!("{email} is locked already"))),
        }
    }

    /// Lets somebody sign in again who was locked out, or who waits after failed attempts.
    pub async fn unlock(self, address: &str, by: Actor) -> Result<(), AccountError> {
        let (email, recorded) = self.change(address, by, "account unlocked").await?;
        match self.0.store.accounts().unlock(&email, recorded).await? {
            true => Ok(()),
            false => Err(AccountError::AsItWas(format!("nothing keeps {email} out"))),
        }
    }

    /// Returns the address of an account, whether or not it is still one of the people, and the record of its change.
    pub(super) async fn change(
        self,
        address: &str,
        by: Actor,
        summary: &str,
    ) -> Result<(String, Recorded), AccountError> {
        let email = address.trim().to_lowercase();
        if self.0.store.accounts().find(&email).await?.is_none() {
            return Err(AccountError::Unknown(email));
        }
        let event =
            Event { origin: Origin::person(by, Via::CommandLine), ..changed(&email, summary.to_owned()) };
        Ok((email, self.record(event, self.0.now().await?)))
    }

    pub(super) fn record(self, event: Event, at: Moment) -> Recorded {
        Recorded { event, ruleset: self.0.published().ruleset.hash().to_owned(), at }
    }

    pub(super) fn person(self, address: &str) -> Result<Person, AccountError> {
        let found = self.0.settings().people.find(address.trim()).cloned();
        found.ok_or_else(|| AccountError::Stranger(address.to_owned()))
    }
}

/// Returns the event of a change; the address is personal.
pub(super) fn changed(email: &str, summary: String) -> Event {
    Event {
        kind: EventKind::AccountChanged,
        origin: Origin::ENGINE,
        summary,
        data: json!({}),
        personal: Some(json!({"address": email})),
    }
}

/// Returns whether an account must wait after failed attempts.
pub(super) fn is_waiting(account: &Account, now: Moment) -> bool {
    waits_until(account.failures, account.failed_at).is_some_and(|until| now < until)
}
