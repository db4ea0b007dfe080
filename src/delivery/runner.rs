//! The outbox loop: claim, attempt, record. Each plugin has its own share, so a dead target delays nobody else.

use super::channels::{Attempt, email, webhook};
use super::manifest::{PluginKind, WebhookSection};
use super::plugins::{Plugin, Plugins, Sandbox};
use super::retry::next_attempt;
use crate::calendar::Moment;
use crate::complaint::LetterStatus;
use crate::store::{ClaimedDelivery, DeliveryResult, StoreError};
use crate::workflow::{StoredTrigger, Workflow};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// A claim ends by itself this long after its attempt must have ended, should the process die.
const LEASE_MILLIS: i64 = 15_000;
/// Files written in one go.
const EMAIL_BATCH: usize = 200;
/// The longest sleep between two looks at the outbox.
const LOOK: Duration = Duration::from_millis(500);

/// How many deliveries were accepted, put off, and given up.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, serde::Serialize)]
pub struct Delivered {
    pub accepted: usize,
    pub retried: usize,
    pub dead: usize,
}

#[derive(Debug)]
pub struct Runner {
    workflow: Arc<Workflow>,
    plugins: Arc<Plugins>,
    client: reqwest::Client,
}

impl Runner {
    /// # Errors
    /// When the system's TLS roots cannot be loaded.
    pub fn new(workflow: Arc<Workflow>, plugins: Arc<Plugins>) -> Result<Self, reqwest::Error> {
        // A second runner in one process finds the provider installed, which is as good.
        let _ = rustls::crypto::ring::default_provider().install_default();
        let client = reqwest::Client::builder().redirect(reqwest::redirect::Policy::none()).build()?;
        Ok(Self { workflow, plugins, client })
    }

    /// Attempts everything that is due now, until nothing is.
    pub async fn deliver_due(&self) -> Result<Delivered, StoreError> {
        let mut total = Delivered::default();
        for plugin in self.plugins.enabled() {
            loop {
                let done = self.round(plugin).await?;
                total.accepted += done.accepted;
                total.retried += done.retried;
                total.dead += done.dead;
                if done == Delivered::default() {
                    break;
                }
            }
        }
        Ok(total)
    }

    /// Runs until `stop`: one loop per plugin.
    pub async fn run(self: Arc<Self>, stop: Arc<AtomicBool>) {
        let mut loops = JoinSet::new();
        for plugin in self.plugins.enabled().cloned().collect::<Vec<_>>() {
            let (runner, stop) = (Arc::clone(&self), Arc::clone(&stop));
            loops.spawn(async move {
                while !stop.load(Ordering::Relaxed) {
                    match runner.round(&plugin).await {
                        Ok(done) if done != Delivered::default() => continue,
                        Ok(_) => {}
                        Err(e) => tracing::error!(plugin = plugin.name, "the outbox cannot be worked: {e}"),
                    }
                    let _ = tokio::time::timeout(LOOK, runner.workflow.outbox.notified()).await;
                }
            });
        }
        while loops.join_next().await.is_some() {}
    }

    async fn round(&self, plugin: &Plugin) -> Result<Delivered, StoreError> {
        let now = self.workflow.clock.now();
        let limit = plugin.manifest.webhook.as_ref().map_or(EMAIL_BATCH, |w| w.concurrency);
        let store = &self.workflow.store;
        let timeout =
            plugin.manifest.webhook.as_ref().map_or(0, |w| w.timeout_seconds.min(60) as i64 * 1_000);
        let lease = now.plus_millis(LEASE_MILLIS + timeout);
        let claimed = store.claim(&plugin.name, now, lease, limit).await?;
        if claimed.is_empty() {
            return Ok(Delivered::default());
        }
        let mut results = Vec::new();
        let mut done = Delivered::default();
        for (delivery, attempt) in self.attempt_all(plugin, claimed, now).await {
            let result = judge(attempt, delivery.attempts, now);
            match &result {
                DeliveryResult::Accepted => done.accepted += 1,
                DeliveryResult::Retry { .. } => done.retried += 1,
                DeliveryResult::Dead { error } => {
                    tracing::error!(plugin = plugin.name, delivery = delivery.id, "given up: {error}");
                    done.dead += 1;
                }
            }
            results.push((delivery.id, result));
        }
        store
            .record_results(&results, now, |outcome, result| {
                let status = match result {
                    DeliveryResult::Accepted => LetterStatus::Accepted,
                    _ => LetterStatus::Failed,
                };
                let ordinal = u32::try_from(outcome.ordinal).unwrap_or(0);
                let (message, version) = (outcome.message.clone(), outcome.version);
                StoredTrigger::Delivered { message, version, ordinal, status }.to_json()
            })
            .await?;
        self.workflow.due.notify_one();
        Ok(done)
    }

    async fn attempt_all(
        &self,
        plugin: &Plugin,
        claimed: Vec<ClaimedDelivery>,
        now: Moment,
    ) -> Vec<(ClaimedDelivery, Attempt)> {
        match (&plugin.manifest.kind, &plugin.manifest.webhook) {
            (PluginKind::Webhook, Some(section)) => self.post_all(plugin, section, claimed, now).await,
            _ => {
                let outbox = self.plugins.outbox.clone();
                let write = move |d: ClaimedDelivery| {
                    let attempt = email::write(&outbox, &d.payload, now);
                    (d, attempt)
                };
                let written =
                    tokio::task::spawn_blocking(move || claimed.into_iter().map(write).collect::<Vec<_>>());
                written.await.unwrap_or_default()
            }
        }
    }

    async fn post_all(
        &self,
        plugin: &Plugin,
        section: &WebhookSection,
        claimed: Vec<ClaimedDelivery>,
        now: Moment,
    ) -> Vec<(ClaimedDelivery, Attempt)> {
        let secret = match section.secret.read() {
            Ok(secret) => secret,
            Err(e) => return claimed.into_iter().map(|d| (d, Attempt::Failed(e.clone()))).collect(),
        };
        let to_files = self.plugins.sandbox == Sandbox::Closed && !is_loopback(&section.url);
        let mut posts = JoinSet::new();
        for delivery in claimed {
            let (client, url, secret) = (self.client.clone(), section.url.clone(), secret.clone());
            let timeout = Duration::from_secs(section.timeout_seconds);
            let file = self.plugins.outbox.join(format!("{}-{}.json", plugin.name, delivery.id));
            posts.spawn(async move {
                if to_files {
                    let made = file.parent().map_or(Ok(()), std::fs::create_dir_all);
                    let written = made.and_then(|()| std::fs::write(&file, &delivery.payload));
                    let attempt =
                        written.map_or_else(|e| Attempt::Failed(e.to_string()), |()| Attempt::Accepted);
                    return (delivery, attempt);
                }
                let request = webhook::Request {
                    url: &url,
                    secret: &secret,
                    timeout,
                    id: &delivery.id,
                    body: &delivery.payload,
                };
                let attempt = webhook::post(&client, request, now).await;
                (delivery, attempt)
            });
        }
        posts.join_all().await
    }
}

fn judge(attempt: Attempt, attempts: i64, now: Moment) -> DeliveryResult {
    match attempt {
        Attempt::Accepted => DeliveryResult::Accepted,
        Attempt::Rejected(error) => DeliveryResult::Dead { error },
        Attempt::Failed(error) => match next_attempt(attempts, now, crate::random::fraction()) {
            Some(at) => DeliveryResult::Retry { at, error },
            None => DeliveryResult::Dead { error },
        },
    }
}

fn is_loopback(url: &str) -> bool {
    let host =
        reqwest::Url::parse(url).ok().and_then(|u| u.host_str().map(str::to_owned)).unwrap_or_default();
    let ip = host.trim_matches(['[', ']']).parse::<std::net::IpAddr>();
    host == "localhost" || ip.is_ok_and(|ip| ip.is_loopback())
}
