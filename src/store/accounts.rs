//! `Accounts`: the handle of who signs in: accounts, their one-time links, and sessions. What changes an account is an
//! event of the trail in the same transaction.

use super::chain::{Entry, append};
use super::database::Database;
use super::error::StoreError;
use super::proof::Proof;
use super::sets::{Conflict, insert};
use super::statement::{Statement, Tx};
use super::tables::accounts::Account;
use super::tables::sessions::Session;
use crate::calendar::Moment;
use crate::complaint::{Event, Language};

/// The handle of who signs in.
#[derive(Clone, Debug)]
pub struct Accounts(pub(super) Database);

/// A change as the trail records it.
#[derive(Clone, Debug)]
pub struct Recorded {
    /// The event.
    pub event: Event,
    /// The hash of the ruleset in force.
    pub ruleset: String,
    /// The moment of the change.
    pub at: Moment,
}

/// For how long a one-time link counts, beside its end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum LinkKind {
    /// Until it is used.
    Own,
    /// That of a first start: until it is used, and while nobody has a password.
    First,
}

impl Accounts {
    /// Reads the account of an address in lower case.
    pub async fn find(&self, email: &str) -> Result<Option<Account>, StoreError> {
        Statement::select::<Account>("FROM accounts WHERE email = $1").with(email).first(&self.0.reader).await
    }

    /// Reads every account, by address.
    pub async fn all(&self) -> Result<Vec<Account>, StoreError> {
        Statement::select::<Account>("FROM accounts ORDER BY email").all(&self.0.reader).await
    }

    /// Reads the account that a one-time link is for, by the digest of its token, while it counts.
    pub async fn of_link(&self, digest: &str, now: Moment) -> Result<Option<Account>, StoreError> {
        let this = Statement::select::<Account>(
            "FROM accounts WHERE link = $1 AND link_ends_at > $2 AND is_locked = 0",
        );
        this.with(digest).with(now).first(&self.0.reader).await
    }

    /// Gives somebody a one-time link, in place of one that was not used; the account is made where there is none.
    pub async fn give_link(
        &self,
        email: &str,
        (digest, ends_at): (&str, Moment),
        recorded: Recorded,
    ) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let account = Account {
            link: Some(digest.to_owned()),
            link_ends_at: Some(ends_at),
            ..Account::new(email, recorded.at)
        };
        let columns = &["link", "link_ends_at", "changed_at"];
        insert(&mut tx, vec![account], Conflict::Updates { key: "email", columns, only_if: None }).await?;
        self.record(tx, recorded).await
    }

    /// Gives somebody the link of a first start, unless a link that was given before counts still; false where one does.
    pub async fn give_first_link(
        &self,
        email: &str,
        (digest, ends_at): (&str, Moment),
        recorded: Recorded,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let account = Account {
            link: Some(digest.to_owned()),
            link_ends_at: Some(ends_at),
            ..Account::new(email, recorded.at)
        };
        let unless_one_counts = Conflict::Updates {
            key: "email",
            columns: &["link", "link_ends_at", "changed_at"],
            only_if: Some(
                "accounts.password IS NULL AND (accounts.link IS NULL OR accounts.link_ends_at <= excluded.changed_at)",
            ),
        };
        if insert(&mut tx, vec![account], unless_one_counts).await? == 0 {
            return Ok(false);
        }
        self.record(tx, recorded).await?;
        Ok(true)
    }

    /// Takes the password that somebody chose by a one-time link, uses the link up and ends the person's sessions; false
    /// when the link counts no longer.
    pub async fn take_password(
        &self,
        (digest, kind): (&str, LinkKind),
        password: &str,
        recorded: Recorded,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        if kind == LinkKind::First {
            // Of two first links that are used at once, the second waits here until it is known what became of the first.
            let held = format!("FROM accounts ORDER BY email{}", self.0.engine.for_update());
            let all: Vec<Account> = Statement::select::<Account>(&held).all(&mut tx).await?;
            if all.iter().any(|account| account.password.is_some()) {
                return Ok(false);
            }
        }
        let ended = "UPDATE sessions SET ended_at = $1 WHERE ended_at IS NULL AND email IN \
            (SELECT email FROM accounts WHERE link = $2)";
        Statement::new(ended).with(recorded.at).with(digest).run(&mut tx).await?;
        let taken = "UPDATE accounts SET password = $1, link = NULL, link_ends_at = NULL, failures = 0, failed_at = NULL, \
            resets = 0, changed_at = $2 WHERE link = $3 AND link_ends_at > $2 AND is_locked = 0";
        let taken = Statement::new(taken).with(password).with(recorded.at).with(digest);
        if taken.run(&mut tx).await? == 0 {
            return Ok(false);
        }
        self.record(tx, recorded).await?;
        Ok(true)
    }

    /// Locks somebody out and ends the person's sessions and link; false when there is no account to lock.
    pub async fn lock(&self, email: &str, recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let locked = "UPDATE accounts SET is_locked = 1, link = NULL, link_ends_at = NULL, changed_at = $1 \
            WHERE email = $2 AND is_locked = 0";
        if Statement::new(locked).with(recorded.at).with(email).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        let ended = "UPDATE sessions SET ended_at = $1 WHERE email = $2 AND ended_at IS NULL";
        Statement::new(ended).with(recorded.at).with(email).run(&mut tx).await?;
        self.record(tx, recorded).await?;
        Ok(true)
    }

    /// Lets somebody sign in again, also one who must wait after failed attempts; false when nothing kept the person out.
    pub async fn unlock(&self, email: &str, recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let unlocked = "UPDATE accounts SET is_locked = 0, failures = 0, failed_at = NULL, changed_at = $1 \
            WHERE email = $2 AND (is_locked = 1 OR failures > 0)";
        if Statement::new(unlocked).with(recorded.at).with(email).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        self.record(tx, recorded).await?;
        Ok(true)
    }

    /// Counts a failed attempt, and returns how many there are in a row with it; none for an address without an account.
    pub async fn count_failure(&self, email: &str, at: Moment) -> Result<Option<i64>, StoreError> {
        let mut tx = self.0.begin().await?;
        let more = "UPDATE accounts SET failures = failures + 1, failed_at = $1 WHERE email = $2";
        Statement::new(more).with(at).with(email).run(&mut tx).await?;
        let this = Statement::select::<Account>("FROM accounts WHERE email = $1").with(email);
        let counted: Option<Account> = this.first(&mut tx).await?;
        self.0.finish(tx).await?;
        Ok(counted.map(|account| account.failures))
    }

    /// Notes the language that somebody chose for the page; none for that of redress.toml.
    pub async fn choose_language(&self, email: &str, language: Option<Language>) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let chosen = Statement::new("UPDATE accounts SET language = $1 WHERE email = $2");
        let chosen = chosen.with(language.map(|language| language.as_str().to_owned())).with(email);
        chosen.run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Records what is known of an account without changing it.
    pub async fn note(&self, recorded: Recorded) -> Result<(), StoreError> {
        let tx = self.0.begin().await?;
        self.record(tx, recorded).await
    }

    /// Begins a session of somebody who had this hash of a password when it was looked at, by a proof that is used up; false
    /// when it counts no longer, or the account was locked or given another password meanwhile. Sessions that began before `oldest` are removed.
    pub async fn begin_session(
        &self,
        session: Session,
        (password, proof): (&str, &Proof),
        oldest: Moment,
        recorded: Recorded,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        if !proof.use_up(&mut tx, &session.email, password).await? {
            return Ok(false);
        }
        Statement::new("DELETE FROM sessions WHERE began_at < $1").with(oldest).run(&mut tx).await?;
        let seen = Statement::new("UPDATE accounts SET signed_in_at = $1 WHERE email = $2");
        seen.with(session.began_at).with(&session.email).run(&mut tx).await?;
        insert(&mut tx, vec![session], Conflict::Fails).await?;
        self.record(tx, recorded).await?;
        Ok(true)
    }

    /// Reads a session by the digest of its token, also one that has ended.
    pub async fn session(&self, digest: &str) -> Result<Option<Session>, StoreError> {
        Statement::select::<Session>("FROM sessions WHERE digest = $1")
            .with(digest)
            .first(&self.0.reader)
            .await
    }

    /// Reads the sessions of somebody that nobody ended, oldest first.
    pub async fn sessions(&self, email: &str) -> Result<Vec<Session>, StoreError> {
        let all = Statement::select::<Session>(
            "FROM sessions WHERE email = $1 AND ended_at IS NULL ORDER BY began_at",
        );
        all.with(email).all(&self.0.reader).await
    }

    /// Notes that a session was used.
    pub async fn used(&self, digest: &str, at: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let used = Statement::new("UPDATE sessions SET used_at = $1 WHERE digest = $2").with(at).with(digest);
        used.run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Ends a session of somebody; false when the person has none of this digest that runs.
    pub async fn end_session(&self, email: &str, digest: &str, at: Moment) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let ended = "UPDATE sessions SET ended_at = $1 WHERE digest = $2 AND email = $3 AND ended_at IS NULL";
        let ended = Statement::new(ended).with(at).with(digest).with(email).run(&mut tx).await?;
        tx.commit().await?;
        Ok(ended > 0)
    }

    pub(super) async fn record(&self, mut tx: Tx, recorded: Recorded) -> Result<(), StoreError> {
        append(&self.0, &mut tx, &Entry::alone(recorded.at, &recorded.ruleset, &[recorded.event])).await?;
        self.0.finish(tx).await
    }
}
