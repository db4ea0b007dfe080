//! The second factor of signing in: set up and given up by its person, asked for after the password, reset by who administers.
//! The secret is derived from the key of the installation, so that no secret stands in the database.

use super::accounts::{AccountError, Accounts, SignIn, changed, is_waiting};
use crate::accounts::{PasswordHash, RecoveryCode, SharedSecret, Token};
use crate::calendar::Moment;
use crate::complaint::{Actor, Event, Origin, Via};
use crate::config::Person;
use crate::store::{Account, Proof, StoreError};

/// The time within which a code is to follow the password.
const TICKET_MILLIS: i64 = 5 * 60_000;

/// How it stands with the second factor of somebody who has one.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct FactorStanding {
    /// The moment since which it is asked for.
    pub since: Moment,
    /// The recovery codes that were not used.
    pub codes_left: i64,
}

/// The outcome of a change of the second factor.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum FactorChange {
    /// It is asked for from now on; these let the person in without it, once each.
    Taken(Vec<RecoveryCode>),
    /// It is asked for no longer.
    Given,
    /// The password is not the person's, or the person must wait after failed attempts.
    WrongPassword,
    /// The code is not one of the secret now.
    WrongCode,
    /// Another one was set up meanwhile, or there is none.
    AsItWas,
}

impl Accounts<'_> {
    /// Returns how it stands with the second factor of somebody; none where there is none.
    pub async fn second_factor(self, person: &Person) -> Result<Option<FactorStanding>, StoreError> {
        let account = self.store().find(&person.email).await?;
        let Some(since) = account.and_then(|account| account.factor_since) else { return Ok(None) };
        let codes_left = self.store().recovery_codes_left(&person.email).await?;
        Ok(Some(FactorStanding { since, codes_left }))
    }

    /// Returns the secret that somebody's app makes codes of, under a name that was drawn for it.
    pub fn shared_secret(self, person: &Person, name: &Token) -> SharedSecret {
        self.secret_of(&person.email, name.expose())
    }

    fn secret_of(self, email: &str, name: &str) -> SharedSecret {
        SharedSecret::derived(&self.key().sign(&["second factor", email, name]))
    }

    /// Sets up a second factor for somebody who knows the password and has a code of it; in place of none.
    pub async fn take_factor(
        self,
        person: &Person,
        name: &Token,
        (password, code): (&str, &str),
    ) -> Result<FactorChange, StoreError> {
        if !self.is_password_of(person, password).await? {
            return Ok(FactorChange::WrongPassword);
        }
        let now = self.now().await?;
        let Some(step) = self.shared_secret(person, name).step_of(code, now, None) else {
            return Ok(FactorChange::WrongCode);
        };
        let codes = RecoveryCode::several();
        let digests: Vec<String> = codes.iter().map(RecoveryCode::digest).collect();
        let recorded = self.record(by_person(person, "a second factor was set up"), now);
        let taken = self.store().take_factor(&person.email, (name.expose(), step), digests, recorded).await?;
        Ok(if taken { FactorChange::Taken(codes) } else { FactorChange::AsItWas })
    }

    /// Gives up the second factor of somebody who knows the password.
    pub async fn give_up_factor(self, person: &Person, password: &str) -> Result<FactorChange, StoreError> {
        if !self.is_password_of(person, password).await? {
            return Ok(FactorChange::WrongPassword);
        }
        let recorded = self.record(by_person(person, "the second factor was given up"), self.now().await?);
        let given = self.store().drop_factor(&person.email, recorded).await?;
        Ok(if given { FactorChange::Given } else { FactorChange::AsItWas })
    }

    /// Resets the second factor of somebody who has lost it and the recovery codes; the password alone counts until another
    /// is set up.
    pub async fn reset_factor(self, address: &str, by: Actor) -> Result<(), AccountError> {
        let (email, recorded) = self.change(address, by, "the second factor was reset").await?;
        match self.store().drop_factor(&email, recorded).await? {
            true => Ok(()),
            false => Err(AccountError::AsItWas(format!("{email} has no second factor"))),
        }
    }

    /// Looks at a password as signing in does: after failed attempts it waits, and a wrong one is a failed attempt.
    pub async fn is_password_of(self, person: &Person, password: &str) -> Result<bool, StoreError> {
        let now = self.now().await?;
        let account = self.store().find(&person.email).await?.filter(|a| !a.is_locked && !is_waiting(a, now));
        let Some(kept) = account.and_then(|a| a.password) else { return Ok(false) };
        let is_right = self.verify(PasswordHash::kept(kept), password.to_owned()).await;
        if !is_right {
            self.failed(&person.email, now).await?;
        }
        Ok(is_right)
    }

    /// Returns what shows for a few minutes that the password of an account was right; it counts only beside a code.
    pub(super) fn ticket(self, account: &Account, now: Moment) -> String {
        let ends = now.plus_millis(TICKET_MILLIS).millis().to_string();
        format!("{ends}.{}.{}", self.seal(account, &ends), account.email)
    }

    fn seal(self, account: &Account, ends: &str) -> String {
        let password = account.password.as_deref().unwrap_or_default();
        self.key().sign(&["password was right", &account.email, password, ends])
    }

    /// Signs somebody in whose password was right, by a code of the app or a recovery code. Each counts once.
    pub async fn sign_in_by_code(
        self,
        ticket: &str,
        code: &str,
        browser: &str,
    ) -> Result<SignIn, StoreError> {
        let now = self.now().await?;
        if self.are_too_many(now) {
            return Ok(SignIn::TooMany);
        }
        let mut parts = ticket.splitn(3, '.');
        let (ends, seal) = (parts.next().unwrap_or_default(), parts.next().unwrap_or_default());
        let account = self.store().find(parts.next().unwrap_or_default()).await?;
        let is_in_time = ends.parse().is_ok_and(|ends: i64| now < Moment::from_millis(ends));
        let is_known = |a: &Account| self.is_one_of_the_people(&a.email) && !a.is_locked;
        let account = account.filter(|a| is_in_time && is_known(a) && is_same(seal, &self.seal(a, ends)));
        let Some(account) = account else { return Ok(SignIn::Over) };
        let (Some(password), Some(name)) = (&account.password, &account.factor_name) else {
            return Ok(SignIn::Over);
        };
        let again = || SignIn::CodeNeeded { ticket: ticket.to_owned(), is_again: true };
        if is_waiting(&account, now) {
            self.failed("", now).await?;
            return Ok(again());
        }
        let step = self.secret_of(&account.email, name).step_of(code, now, account.factor_step);
        let recovery = RecoveryCode::read(code).map(|code| code.digest());
        let proof = match (step, recovery) {
            (Some(step), _) => Some(Proof::Code { name: name.clone(), step }),
            (None, Some(digest)) => Some(Proof::Recovery { digest }),
            (None, None) => None,
        };
        if let Some(proof) = proof {
            let (token, hash) = (Token::new(), PasswordHash::kept(password.clone()));
            if self.begin(&account.email, &token, &hash, browser, (proof, now)).await? {
                return Ok(SignIn::Began(token));
            }
        }
        self.failed(&account.email, now).await?;
        Ok(again())
    }
}

fn by_person(person: &Person, summary: &str) -> Event {
    let origin = Origin::person(Actor::Person(person.email.clone()), Via::Page);
    Event { origin, ..changed(&person.email, summary.to_owned()) }
}

/// Compares two texts in a time that tells nothing of where they differ.
fn is_same(one: &str, other: &str) -> bool {
    let differences = one.bytes().zip(other.bytes()).fold(0, |found, (a, b)| found | (a ^ b));
    one.len() == other.len() && differences == 0
}
