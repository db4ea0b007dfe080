//! Webhooks that are made by the interface or on the page: made, changed, given another secret and taken away, each with an event of
//! the trail. The secret that signs is made of the key of the installation, so that no secret stands in the database and every
//! process has it.

use super::Workflow;
use super::operations::event_by;
use crate::calendar::Moment;
use crate::complaint::{Actor, EventKind, Via};
use crate::random;
use crate::store::{AuditKey, Recorded, StoreError, Subscribing, WebhookSubscription};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use serde_json::{Value, json};
use url::Url;

/// The hours for which a secret signs beside the one that takes its place, where nothing is said.
pub const USUAL_HOURS: i64 = 24;
/// The most hours for which it does: 30 days.
pub const MOST_HOURS: i64 = 720;

/// The most secrets that sign beside the one that was made last.
const MOST_BEFORE: usize = 5;
const HOUR_MILLIS: i64 = 3_600_000;

/// A webhook that was made by the interface or on the page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Subscribed {
    /// What the database has of it.
    pub row: WebhookSubscription,
    /// The secret that signs.
    pub secret: WebhookSecret,
    /// Those before that sign as well, and until when each, newest first.
    pub before: Vec<(WebhookSecret, Moment)>,
}

/// A secret that signs. It has no `Display`, and its `Debug` says nothing of its value.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookSecret {
    /// The name under which it is made.
    pub name: String,
    value: String,
}

impl WebhookSecret {
    /// Returns the secret as Standard Webhooks writes it, for its receiver and the signature only.
    pub fn expose(&self) -> &str {
        &self.value
    }
}

impl std::fmt::Debug for WebhookSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "WebhookSecret({}, …)", self.name)
    }
}

/// What a webhook is to be.
#[derive(Clone, Copy, Debug)]
pub struct SubscriptionWish<'w> {
    /// The name of the plugin that it becomes.
    pub name: &'w str,
    /// Where it goes.
    pub url: &'w str,
    /// What it takes, as JSON.
    pub takes: &'w str,
}

/// Who does something, and by which route.
type By = (Actor, Via);

/// The handle of webhooks that are made by the interface or on the page.
#[derive(Clone, Copy, Debug)]
pub struct Subscriptions<'w>(&'w Workflow);

impl Workflow {
    /// Returns the handle of webhooks that are made by the interface or on the page.
    pub fn subscriptions(&self) -> Subscriptions<'_> {
        Subscriptions(self)
    }
}

impl Subscribed {
    fn of(row: WebhookSubscription, key: &AuditKey, now: Moment) -> Self {
        let secret = made(key, &row.name, &row.secret);
        let before: Vec<(String, Moment)> = serde_json::from_str(&row.secrets_before).unwrap_or_default();
        let live = before.into_iter().filter(|(_, until)| now < *until);
        let before = live.map(|(name, until)| (made(key, &row.name, &name), until)).collect();
        Self { secret, before, row }
    }

    /// Returns until when a secret before signs as well; none where none does.
    pub fn before_until(&self) -> Option<Moment> {
        self.before.iter().map(|(_, until)| *until).max()
    }
}

/// Makes a secret of the key of the installation.
fn made(key: &AuditKey, subscription: &str, name: &str) -> WebhookSecret {
    let bytes = key.derive(&["webhook", subscription, name]);
    WebhookSecret { name: name.to_owned(), value: format!("whsec_{}", BASE64.encode(bytes)) }
}

impl Subscriptions<'_> {
    /// Returns all, by name, with the secrets that sign now.
    pub async fn all(self) -> Result<Vec<Subscribed>, StoreError> {
        let (rows, now) = (self.0.store.subscriptions().all().await?, self.0.now().await?);
        Ok(rows.into_iter().map(|row| Subscribed::of(row, self.0.store.key(), now)).collect())
    }

    /// Returns one; none where there is none of this name.
    pub async fn find(self, name: &str) -> Result<Option<Subscribed>, StoreError> {
        Ok(self.all().await?.into_iter().find(|subscribed| subscribed.row.name == name))
    }

    /// Makes one, with a secret of its own.
    pub async fn subscribe(self, wish: SubscriptionWish<'_>, by: By) -> Result<Subscribing, StoreError> {
        let now = self.0.now().await?;
        let row = WebhookSubscription {
            name: wish.name.to_owned(),
            url: wish.url.to_owned(),
            takes: wish.takes.to_owned(),
            secret: random::hex::<8>(),
            secrets_before: json!([]).to_string(),
            version: 1,
            made_by: by.0.as_str().to_owned(),
            made_at: now,
            changed_at: now,
        };
        let summary = format!("webhook {} made", wish.name);
        let recorded = self.recorded(EventKind::SubscriptionMade, by, summary, told(wish), now);
        self.0.store.subscriptions().make(row, recorded).await
    }

    /// Lets one go elsewhere, or take something else; false where it is not any more of the version that was seen.
    pub async fn change(self, wish: SubscriptionWish<'_>, version: i64, by: By) -> Result<bool, StoreError> {
        let now = self.0.now().await?;
        let summary = format!("webhook {} changed", wish.name);
        let recorded = self.recorded(EventKind::SubscriptionChanged, by, summary, told(wish), now);
        self.0.store.subscriptions().change((wish.name, version), (wish.url, wish.takes), recorded).await
    }

    /// Gives one another secret; those that sign now do so for so many hours at most, 0 to 720. Whoever renews twice in a row
    /// takes none away from receivers that have it. False where it is not any more as it was seen.
    pub async fn renew_secret(self, seen: &Subscribed, hours: i64, by: By) -> Result<bool, StoreError> {
        let now = self.0.now().await?;
        let until = now.plus_millis(hours.clamp(0, MOST_HOURS) * HOUR_MILLIS);
        let (name, version) = (seen.row.name.as_str(), seen.row.version);
        let before = seen.before.iter().map(|(secret, end)| (secret.name.as_str(), until.min(*end)));
        let before = std::iter::once((seen.row.secret.as_str(), until)).chain(before).take(MOST_BEFORE);
        let before = json!(before.collect::<Vec<_>>()).to_string();
        let summary = format!("webhook {name} has another secret");
        let data = json!({"subscription": name, "secret_before_until": until});
        let recorded = self.recorded(EventKind::SubscriptionChanged, by, summary, data, now);
        self.0.store.subscriptions().renew((name, version), (&random::hex::<8>(), &before), recorded).await
    }

    /// Takes one away, and gives up what waits for it; false where it is not any more of the version that was seen.
    pub async fn unsubscribe(self, name: &str, version: i64, by: By) -> Result<bool, StoreError> {
        let now = self.0.now().await?;
        let summary = format!("webhook {name} removed");
        let data = json!({"subscription": name});
        let recorded = self.recorded(EventKind::SubscriptionRemoved, by, summary, data, now);
        self.0.store.subscriptions().remove((name, version), recorded).await
    }

    fn recorded(self, kind: EventKind, by: By, summary: String, data: Value, at: Moment) -> Recorded {
        let ruleset = self.0.published().ruleset.hash().to_owned();
        Recorded { event: event_by(kind, by, summary, data), ruleset, at }
    }
}

/// Tells where a webhook goes and what it takes; of its address the beginning, because the rest may let somebody in.
fn told(wish: SubscriptionWish<'_>) -> Value {
    let origin = Url::parse(wish.url).map(|url| url.origin().ascii_serialization()).unwrap_or_default();
    let takes: Value = serde_json::from_str(wish.takes).unwrap_or_default();
    json!({"subscription": wish.name, "to": origin, "takes": takes})
}
