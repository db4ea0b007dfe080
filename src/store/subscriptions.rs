//! `Subscriptions`: the handle of webhooks that are made by the interface or on the page. Every change is conditional on the
//! version that its maker saw, and an event of the trail in the same transaction.

use super::accounts::{Accounts, Recorded};
use super::database::Database;
use super::delivery_state::DeliveryState;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::webhook_subscriptions::WebhookSubscription;

/// The most webhooks that there are.
const MOST: i64 = 100;

/// The handle of webhooks that are made by the interface or on the page.
#[derive(Clone, Debug)]
pub struct Subscriptions(pub(super) Database);

/// The end of making a webhook.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Subscribing {
    /// It is there.
    Made,
    /// There is one of this name.
    Taken,
    /// There are as many as there may be.
    TooMany,
}

impl Subscriptions {
    /// Lists all, by name.
    pub async fn all(&self) -> Result<Vec<WebhookSubscription>, StoreError> {
        let all = format!("FROM webhook_subscriptions ORDER BY name LIMIT {MOST}");
        Statement::select::<WebhookSubscription>(&all).all(&self.0.reader).await
    }

    /// Makes one.
    pub async fn make(
        &self,
        new: WebhookSubscription,
        recorded: Recorded,
    ) -> Result<Subscribing, StoreError> {
        let mut tx = self.0.begin().await?;
        if Statement::counting("webhook_subscriptions").count(&mut tx).await? >= MOST {
            return Ok(Subscribing::TooMany);
        }
        if insert(&mut tx, vec![new], Conflict::Keeps("name")).await? == 0 {
            return Ok(Subscribing::Taken);
        }
        Accounts(self.0.clone()).record(tx, recorded).await?;
        Ok(Subscribing::Made)
    }

    /// Lets one that is of this version go elsewhere, or take something else; false where it is of another.
    pub async fn change(
        &self,
        (name, version): (&str, i64),
        (url, takes): (&str, &str),
        recorded: Recorded,
    ) -> Result<bool, StoreError> {
        let changed = "UPDATE webhook_subscriptions SET url = $1, takes = $2, version = version + 1, changed_at = $3 \
            WHERE name = $4 AND version = $5";
        let changed =
            Statement::new(changed).with(url).with(takes).with(recorded.at).with(name).with(version);
        self.do_and_record(changed, recorded).await
    }

    /// Gives one that is of this version another secret, beside those before; false where it is of another version.
    pub async fn renew(
        &self,
        (name, version): (&str, i64),
        (secret, before): (&str, &str),
        recorded: Recorded,
    ) -> Result<bool, StoreError> {
        let renewed = "UPDATE webhook_subscriptions SET secrets_before = $1, secret = $2, \
            version = version + 1, changed_at = $3 WHERE name = $4 AND version = $5";
        let renewed =
            Statement::new(renewed).with(before).with(secret).with(recorded.at).with(name).with(version);
        self.do_and_record(renewed, recorded).await
    }

    /// Takes one away that is of this version; what waits for it is given up, and how it fared is forgotten. False where it is of
    /// another version.
    pub async fn remove(&self, (name, version): (&str, i64), recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let gone = Statement::new("DELETE FROM webhook_subscriptions WHERE name = $1 AND version = $2");
        if gone.with(name).with(version).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        let given_up = format!(
            "UPDATE deliveries SET state = $1, finished_at = $2, lease_until = 0, last_error = $3 \
             WHERE {} AND plugin = $4",
            DeliveryState::Queued.condition()
        );
        let given_up = Statement::new(given_up).with(DeliveryState::Dead.as_str()).with(recorded.at);
        given_up.with("the webhook was removed").with(name).run(&mut tx).await?;
        Statement::new("DELETE FROM plugin_health WHERE plugin = $1").with(name).run(&mut tx).await?;
        Accounts(self.0.clone()).record(tx, recorded).await?;
        Ok(true)
    }

    async fn do_and_record(&self, change: Statement, recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        if change.run(&mut tx).await? == 0 {
            return Ok(false);
        }
        Accounts(self.0.clone()).record(tx, recorded).await?;
        Ok(true)
    }
}
