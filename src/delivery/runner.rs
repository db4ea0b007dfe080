//! `Runner`: one lane for each plugin, so that a dead target delays nobody else.

use super::channels::PluginKind;
use super::lane::{Delivered, Lane, Until};
use super::plugin::Plugin;
use super::plugins::Plugins;
use crate::workflow::{PluginNames, StoreError, Workflow};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};
use std::time::Duration;
use tokio::task::JoinSet;

/// The time within which lanes follow a change of the plugins, and a stop.
const LOOK: Duration = Duration::from_millis(500);

/// The looks between two of which is looked once for what mail does not bring: ten seconds.
const LOOKS_PER_FALLBACK: u32 = 20;

/// The lanes of all enabled plugins.
#[derive(Debug)]
pub struct Runner {
    workflow: Arc<Workflow>,
    plugins: Arc<Plugins>,
}

impl Runner {
    /// Makes a runner for the plugins as they are; no lane runs yet.
    pub fn new(workflow: Arc<Workflow>, plugins: Arc<Plugins>) -> Self {
        Self { workflow, plugins }
    }

    /// Attempts everything that is due now, until nothing is; all plugins at once.
    pub async fn deliver_due(&self) -> Result<Delivered, StoreError> {
        self.fall_back().await?;
        let mut lanes = JoinSet::new();
        for lane in self.plugins.set().iter().filter_map(|p| Lane::of(&self.workflow, p)) {
            lanes.spawn(async move { lane.work(Until::Idle).await });
        }
        let mut total = Delivered::default();
        for done in lanes.join_all().await {
            total += done?;
        }
        Ok(total)
    }

    /// Sends by the fallback what mail does not bring to our own people.
    async fn fall_back(&self) -> Result<u64, StoreError> {
        let (set, mut names) = (self.plugins.set(), PluginNames::default());
        for plugin in set.iter() {
            let name = || plugin.name().to_owned();
            match plugin.manifest.kind() {
                PluginKind::Webhook => names.others.push(name()),
                PluginKind::Email => {
                    names.mail.push(name());
                    names.off.extend((!plugin.manifest.enabled).then(name));
                }
            }
        }
        self.workflow.delivering().fall_back(&names).await
    }

    /// Runs until `stop`: a lane for each enabled plugin, in step with the folders.
    pub async fn run(self: Arc<Self>, stop: Arc<AtomicBool>) {
        let mut lanes: Vec<(Arc<Plugin>, Arc<AtomicBool>)> = Vec::new();
        let mut running = JoinSet::new();
        let mut changed = self.plugins.changed.listen();
        let mut looks = 0_u32;
        while !stop.load(Ordering::Relaxed) {
            if looks.is_multiple_of(LOOKS_PER_FALLBACK)
                && let Err(e) = self.fall_back().await
            {
                tracing::error!("what mail does not bring cannot be looked for and will be again: {e}");
            }
            looks = looks.wrapping_add(1);
            let set = self.plugins.set();
            let is_current = |p: &Arc<Plugin>| set.iter().any(|q| Arc::ptr_eq(p, q));
            lanes.retain(|(plugin, ends)| {
                let stays = is_current(plugin);
                ends.store(!stays, Ordering::Relaxed);
                stays
            });
            for plugin in set.iter() {
                if !lanes.iter().any(|(p, _)| Arc::ptr_eq(p, plugin))
                    && let Some(lane) = Lane::of(&self.workflow, plugin)
                {
                    let ends = Arc::new(AtomicBool::new(false));
                    running.spawn(lane.run(Arc::clone(&ends)));
                    lanes.push((Arc::clone(plugin), ends));
                }
            }
            while running.try_join_next().is_some() {}
            let _ = tokio::time::timeout(LOOK, changed.heard()).await;
        }
        lanes.iter().for_each(|(_, ends)| ends.store(true, Ordering::Relaxed));
        while running.join_next().await.is_some() {}
    }
}
