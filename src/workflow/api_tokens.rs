//! The keys by which programs use the interface: each in the name of a person, never for more than that person may, and for a
//! time. Only the digest of a key is kept.

use super::accounts::{AccountError, Accounts, changed};
use crate::accounts::{Scope, Token};
use crate::calendar::Moment;
use crate::complaint::{Actor, Event, Language, Origin, Via};
use crate::config::Person;
use crate::random;
use crate::store::{ApiToken, StoreError};

/// What stands before a key, so that whoever finds one in a file knows what it is.
const PREFIX: &str = "redress_";
/// The days for which a key counts at most.
pub const MOST_DAYS: i64 = 730;
/// The days for which a key counts where nothing is said.
pub const USUAL_DAYS: i64 = 365;
/// The longest name of a key in characters.
const NAME_CHARACTERS: usize = 80;
/// The most keys that somebody has at a time.
const MOST: usize = 50;
/// The use of a key is noted at most so often.
const NOTED_MILLIS: i64 = 60_000;

/// A key that is asked for.
#[derive(Clone, Debug)]
pub struct TokenWish<'w> {
    /// What people will call it.
    pub name: &'w str,
    /// What it is to be good for; at least one.
    pub scopes: &'w [Scope],
    /// The days for which it counts: 1 to 730.
    pub days: i64,
}

/// A key that was just made. It is told once.
#[derive(Debug)]
pub struct MadeToken {
    /// The key itself, as it stands in the header of a request.
    pub key: String,
    /// What is kept of it.
    pub token: ApiToken,
}

/// A program that showed a key that counts.
#[derive(Clone, Debug)]
pub struct ApiCaller {
    /// The person in whose name it is used.
    pub person: Person,
    /// What the key is good for.
    pub scopes: Vec<Scope>,
    /// By which people name the key.
    pub id: String,
    /// The language that the person reads.
    pub language: Language,
}

impl ApiToken {
    /// Returns what it is good for.
    pub fn good_for(&self) -> Vec<Scope> {
        self.scopes.split(' ').filter_map(|word| word.parse().ok()).collect()
    }
}

impl Accounts<'_> {
    /// Makes a key in the name of somebody.
    pub async fn make_token(
        self,
        address: &str,
        wish: TokenWish<'_>,
        (by, via): (Actor, Via),
    ) -> Result<MadeToken, AccountError> {
        let person = self.person(address)?;
        let now = self.now().await?;
        let name = wish.name.trim();
        let is_named =
            !name.is_empty() && name.chars().count() <= NAME_CHARACTERS && !name.contains(char::is_control);
        if !is_named {
            return Err(AccountError::Token(format!(
                "the name of a key has 1 to {NAME_CHARACTERS} characters"
            )));
        }
        if wish.scopes.is_empty() {
            return Err(AccountError::Token("a key is good for something; name a scope".to_owned()));
        }
        if !(1..=MOST_DAYS).contains(&wish.days) {
            return Err(AccountError::Token(format!("a key counts for 1 to {MOST_DAYS} days")));
        }
        let present = self.tokens(&person).await?;
        if present.len() >= MOST {
            return Err(AccountError::Token(format!("{} has {MOST} keys; end one first", person.email)));
        }
        let mut scopes = wish.scopes.to_vec();
        scopes.sort_unstable();
        scopes.dedup();
        let secret = Token::new();
        let token = ApiToken {
            id: random::hex::<6>(),
            digest: secret.digest(),
            email: person.email.to_lowercase(),
            name: name.to_owned(),
            scopes: scopes.iter().map(|scope| scope.as_str()).collect::<Vec<_>>().join(" "),
            made_at: now,
            ends_at: now.plus_millis(wish.days * 86_400_000),
            used_at: None,
            ended_at: None,
        };
        let summary = format!("a key for programs was made: {} ({})", token.id, token.scopes);
        let event = Event { origin: Origin::person(by, via), ..changed(&token.email, summary) };
        self.api_tokens().make(token.clone(), self.record(event, now)).await?;
        Ok(MadeToken { key: format!("{PREFIX}{}", secret.expose()), token })
    }

    /// Lists the keys of somebody that count, newest first.
    pub async fn tokens(self, person: &Person) -> Result<Vec<ApiToken>, StoreError> {
        let now = self.now().await?;
        let mut tokens = self.api_tokens().of(&person.email.to_lowercase()).await?;
        tokens.retain(|token| now < token.ends_at);
        Ok(tokens)
    }

    /// Lists the keys of everybody that were not ended, those with them that time ended.
    pub async fn all_tokens(self) -> Result<Vec<ApiToken>, StoreError> {
        self.api_tokens().all().await
    }

    /// Ends a key, of `owner` alone where one is named; false when there is none that counts.
    pub async fn end_token(
        self,
        id: &str,
        owner: Option<&Person>,
        (by, via): (Actor, Via),
    ) -> Result<bool, StoreError> {
        let Some(token) = self.api_tokens().named(id).await? else { return Ok(false) };
        if owner.is_some_and(|owner| !owner.email.eq_ignore_ascii_case(&token.email)) {
            return Ok(false);
        }
        let event = Event {
            origin: Origin::person(by, via),
            ..changed(&token.email, format!("a key for programs was ended: {id}"))
        };
        let recorded = self.record(event, self.now().await?);
        self.api_tokens().end(id, recorded).await
    }

    /// Returns who uses a key; none when it counts no longer, or its person may do nothing here any more.
    pub async fn caller(self, key: &str) -> Result<Option<ApiCaller>, StoreError> {
        let Some(secret) = key.strip_prefix(PREFIX).and_then(Token::read) else { return Ok(None) };
        let Some(token) = self.api_tokens().find(&secret.digest()).await? else { return Ok(None) };
        let now = self.now().await?;
        let person = self.0.settings().people.find(&token.email).cloned();
        let account = self.store().find(&token.email).await?;
        let is_locked = account.as_ref().is_some_and(|account| account.is_locked);
        let counts = token.ended_at.is_none() && now < token.ends_at && !is_locked;
        let Some(person) = person.filter(|_| counts) else { return Ok(None) };
        if token.used_at.is_none_or(|at| now.millis() - at.millis() >= NOTED_MILLIS)
            && let Err(e) = self.api_tokens().used(&token.id, now).await
        {
            // Whoever only reads need not wait for who writes.
            tracing::warn!("the use of key {} could not be noted: {e}", token.id);
        }
        let chosen = account.and_then(|account| account.language).or(person.language);
        let language = chosen.unwrap_or(self.0.settings().language);
        Ok(Some(ApiCaller { scopes: token.good_for(), person, id: token.id, language }))
    }
}

/// Returns whether a moment lies behind the end of a key.
pub fn is_over(token: &ApiToken, now: Moment) -> bool {
    token.ended_at.is_some() || now >= token.ends_at
}
