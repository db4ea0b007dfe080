//! Forgotten passwords. Asking notes a request and says nothing; a tick looks at it. The one-time link is made of the request's
//! id and the key of the installation, when the mail goes: the database has the link's digest, and no link.

use super::accounts::{Accounts, changed};
use super::links::replaced;
use super::renderer::Sending;
use super::survey_link::path_of;
use super::{Workflow, WorkflowError};
use crate::accounts::{RESET_MILLIS, Token, next_reset};
use crate::complaint::{Event, Notification, Origin, Recipient};
use crate::config::Person;
use crate::message::BuiltinMessage;
use crate::store::{ResetRequest, StoreError};
use serde_json::json;

/// The requests that one tick looks at.
const AT_ONCE: usize = 100;
/// The longest address, in bytes.
const LONGEST: usize = 254;

impl Accounts<'_> {
    /// Notes that somebody has forgotten a password; false when too many have asked for too much, whoever it was. Nothing
    /// else tells whether there is such a person, how long it takes included.
    pub async fn ask_reset(self, address: &str) -> Result<bool, StoreError> {
        let now = self.now().await?;
        if self.ask_of_everybody(now) {
            return Ok(false);
        }
        let address = address.trim().to_lowercase();
        let address: String = address.chars().filter(|c| !c.is_control()).take(LONGEST).collect();
        let request = ResetRequest { address, id: Token::new().beginning(32), asked_at: now };
        self.resets().ask(request).await?;
        self.wake();
        Ok(true)
    }
}

impl Workflow {
    /// Returns the link's token of a request; only who has the key of the installation can.
    fn reset_token(&self, id: &str) -> Option<Token> {
        Token::read(&self.store.key().sign(&["password reset", id]))
    }

    /// Looks at what was asked for, and mails a link to whom it is to be given. One that fails is tried again by the next
    /// tick; the others, and whatever else a tick does, do not wait for it.
    pub(super) async fn answer_resets(&self) -> Result<(), WorkflowError> {
        for request in self.store.resets().waiting(AT_ONCE).await? {
            match self.answer_reset(&request).await {
                Ok(()) => self.store.resets().forget(&request).await?,
                Err(why) => tracing::error!("a forgotten password could not be answered: {why}"),
            }
        }
        Ok(())
    }

    async fn answer_reset(&self, request: &ResetRequest) -> Result<(), WorkflowError> {
        let (settings, now) = (self.settings(), self.now().await?);
        let Some(person) = settings.people.find(&request.address) else { return Ok(()) };
        let Some(account) = self.store.accounts().find(&person.email).await? else { return Ok(()) };
        // A link that nobody can follow is none.
        let (Some(token), Some(_)) = (self.reset_token(&request.id), settings.web.public_base()) else {
            return Ok(());
        };
        let is_given = account.has_link(&token.digest());
        let must_wait = next_reset(account.resets, account.reset_at).is_some_and(|from| now < from);
        let is_too_old = request.asked_at.plus_millis(RESET_MILLIS) <= now;
        if !is_given && (must_wait || is_too_old) {
            return Ok(());
        }
        if !is_given {
            let summary = "a one-time link was asked for by mail".to_owned();
            let event = Event { origin: Origin::ENGINE, ..changed(&person.email, summary) };
            let recorded = self.accounts().record(event, now);
            let (digest, ends_at) = (token.digest(), request.asked_at.plus_millis(RESET_MILLIS));
            let given = (digest.as_str(), ends_at);
            if !self.store.resets().give(&person.email, given, account.resets, recorded).await? {
                return Ok(());
            }
        }
        // A process that ended between the two goes on here: the mail has the same id.
        let data = json!({"reset": request.id});
        self.tell_person(person, BuiltinMessage::PasswordReset, data, &format!("reset/{}", request.id)).await
    }

    /// Tells somebody that the own password was changed.
    pub(super) async fn tell_password_changed(&self, person: &Person) -> Result<(), WorkflowError> {
        let id = format!("password/{}", Token::new().beginning(16));
        self.tell_person(person, BuiltinMessage::PasswordChanged, json!({}), &id).await
    }

    async fn tell_person(
        &self,
        person: &Person,
        message: BuiltinMessage,
        data: serde_json::Value,
        id: &str,
    ) -> Result<(), WorkflowError> {
        let (renderer, now) = (self.renderer(), self.now().await?);
        let to = Recipient::Person(person.email.clone());
        let notification = Notification::of_engine(to, message.as_str().into(), data);
        self.tell(&renderer, Sending::alone(id.to_owned(), &notification, now, None)).await
    }

    /// Puts the links in a mail that is about to go, and takes out the marks of those that cannot be made; none where nothing
    /// stands for one.
    pub(super) fn with_links(&self, payload: &str) -> Option<String> {
        let settings = self.settings();
        let base = settings.web.public_base();
        replaced(payload, |mark| {
            let path = path_of(mark, self.store.key());
            let path = path.or_else(|| Some(format!("/welcome/{}", self.reset_token(mark)?.expose())));
            Some(base.as_ref().zip(path).map(|(base, path)| format!("{base}{path}")).unwrap_or_default())
        })
    }
}
