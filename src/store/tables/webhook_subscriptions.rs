//! `webhook_subscriptions`: webhooks that were made by the interface or on the page.

use crate::calendar::Moment;
use crate::store::row::row;

row! {
    /// A webhook that was made by the interface or on the page.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct WebhookSubscription in "webhook_subscriptions" as "webhook subscription" ("name") {
        /// The name of the plugin.
        pub name: String,
        /// Where it goes.
        pub url: String,
        /// What it takes, as JSON.
        pub takes: String,
        /// The name under which its secret is made of the key of the installation.
        pub secret: String,
        /// The names of secrets before, each with the moment until which it signs as well, as JSON pairs, newest first.
        pub secrets_before: String,
        /// Rises with each change.
        pub version: i64,
        /// The address of who made it.
        pub made_by: String,
        /// The moment at which it was made.
        pub made_at: Moment,
        /// The moment of its last change.
        pub changed_at: Moment,
    }
}
