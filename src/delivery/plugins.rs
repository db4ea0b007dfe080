//! `Plugins`: the plugin folders as they are in use, read anew when they change; and the choice of where
//! something goes.

use super::channels::PluginKind;
use super::context::{ChannelContext, Mode};
use super::error::PluginError;
use super::kept::KeptVersions;
use super::plugin::{Plugin, digest};
use super::policy::Pace;
use crate::complaint::EventKind;
use crate::config::Settings;
use crate::network::{Network, Reach};
use crate::workflow::{Bell, Carriers, Departure, Names, NewDelivery, Outgoing, Router};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::io;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};

type Set = Vec<Arc<Plugin>>;

/// The plugins of an installation, which follow their folders.
#[derive(Debug)]
pub struct Plugins {
    root: PathBuf,
    settings: RwLock<Arc<Settings>>,
    pub(super) context: ChannelContext,
    set: RwLock<Arc<Set>>,
    /// The versions last in use, which stand in for a folder that cannot be used after a restart.
    kept: KeptVersions,
    /// The mistakes of folders that cannot be used now, by name.
    broken: Mutex<BTreeMap<String, Vec<PluginError>>>,
    /// The mistakes of webhooks that were made by the interface or on the page.
    broken_subscriptions: Mutex<BTreeMap<String, Vec<PluginError>>>,
    /// Held by who changes the set.
    changing: Mutex<()>,
    /// Digests of folders that could not be used, so that each is told once.
    told: Mutex<BTreeMap<String, String>>,
    /// Rung when the set has changed.
    pub(super) changed: Bell,
}

/// The result of reading the folders anew.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reloaded {
    /// Names of plugins that are new, changed or gone.
    pub changed: Vec<String>,
    /// Those that cannot be used as they are now, with the first mistake; the version before stays.
    pub broken: Vec<(String, PluginError)>,
}

/// The reason why a plugin cannot have what it missed.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NotReplayable {
    /// There is none of this name.
    Unknown,
    /// It is mail: letters of the past are not sent anew.
    Mail,
    /// Its manifest has it off.
    Off,
}

/// Folders of `plugins/` that are not plugins.
const NOT_PLUGINS: &[&str] = &["schema"];

impl Plugins {
    /// Reads every folder of `root`. A folder that cannot be used harms only itself: the version kept in `data`
    /// stands in where there is one, and [`Plugins::broken`] names the mistake.
    ///
    /// # Errors
    /// `root` cannot be read and nothing is kept: mail must not go another way than the manifests say.
    pub fn load(root: &Path, data: &Path, settings: Arc<Settings>, mode: Mode) -> Result<Self, PluginError> {
        let reach = match mode {
            Mode::Rehearsal => Reach::Loopback,
            Mode::Live => Reach::World { allowed: settings.delivery.allow_networks.clone() },
        };
        let context = ChannelContext { outbox: data.join("outbox"), network: Network::new(reach), mode };
        let kept = KeptVersions::of(data);
        let mut broken = BTreeMap::new();
        let named = match folders(root) {
            Ok(named) => named,
            Err(e) if kept.folders().is_empty() => return Err(unreadable(root, &e)),
            Err(e) => {
                broken.insert(root.display().to_string(), vec![unreadable(root, &e)]);
                kept.folders()
            }
        };
        let mut set = Vec::new();
        let mut take = |name: &str, plugin: Result<Plugin, Vec<PluginError>>| match plugin {
            Ok(plugin) => set.push(Arc::new(plugin)),
            Err(e) => {
                set.extend(Plugin::read(name, &kept.folder(name), &context).ok().map(Arc::new));
                broken.insert(name.to_owned(), e);
            }
        };
        for (name, folder) in &named {
            take(name, Plugin::read(name, folder, &context));
        }
        if named.is_empty() {
            take("mail", Plugin::default_mail(&context));
        }
        Ok(Self {
            root: root.to_owned(),
            settings: RwLock::new(settings),
            context,
            set: RwLock::new(Arc::new(set)),
            kept,
            broken: Mutex::new(broken),
            broken_subscriptions: Mutex::default(),
            changing: Mutex::default(),
            told: Mutex::default(),
            changed: Bell::default(),
        })
    }

    /// Keeps the versions in use, so that they stand in for folders that cannot be used after a restart.
    ///
    /// # Errors
    /// The data folder cannot be written to; nothing else fails because of it.
    pub fn keep(&self) -> io::Result<()> {
        let (set, broken) = (self.set(), self.broken());
        let is_broken = |name: &str| broken.iter().any(|(b, _)| b == name);
        // Those that are switched off as well: what was switched off stays so.
        for plugin in set.iter().filter(|p| !is_broken(p.name())) {
            self.kept.keep(plugin)?;
        }
        let known = set.iter().map(|p| p.name()).chain(broken.iter().map(|(name, _)| name.as_str()));
        self.kept.forget_all_but(&known.collect())
    }

    /// Returns the folders that cannot be used now, each with every mistake in it; a version before may be in
    /// use.
    pub fn broken(&self) -> Vec<(String, PluginError)> {
        let broken = self.broken.lock().unwrap_or_else(PoisonError::into_inner);
        let subscriptions = self.broken_subscriptions.lock().unwrap_or_else(PoisonError::into_inner);
        let mistakes = broken
            .iter()
            .chain(subscriptions.iter())
            .flat_map(|(name, found)| found.iter().map(move |e| (name, e)));
        mistakes.map(|(name, error)| (name.clone(), error.clone())).collect()
    }

    /// Reads the folders anew. What is valid takes effect; what is not leaves the version before in use.
    pub fn reload(&self) -> Reloaded {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let before = self.set();
        let mut reloaded = Reloaded::default();
        let folders = match folders(&self.root) {
            Ok(folders) => folders,
            Err(e) => {
                let error = unreadable(&self.root, &e);
                self.note_broken([(self.root.display().to_string(), vec![error.clone()])].into());
                self.tell_once(&mut reloaded, &self.root.display().to_string(), &e.to_string(), error);
                return reloaded;
            }
        };
        if folders.is_empty() {
            // Without folders there is the embedded plugin for mail, from the start; a folder that vanishes
            // is a mishap.
            return reloaded;
        }
        let mut set = Vec::new();
        let mut broken = BTreeMap::new();
        for (name, folder) in &folders {
            let old = before.iter().find(|p| p.name() == name && !p.is_subscribed());
            let digest = digest(folder);
            if let Some(old) = old.filter(|p| p.digest == digest) {
                set.push(Arc::clone(old));
                continue;
            }
            match Plugin::read(name, folder, &self.context) {
                Ok(plugin) => {
                    set.push(Arc::new(plugin));
                    reloaded.changed.push(name.clone());
                }
                Err(found) => {
                    set.extend(old.cloned());
                    if let Some(first) = found.first() {
                        self.tell_once(&mut reloaded, name, &digest, first.clone());
                    }
                    broken.insert(name.clone(), found);
                }
            }
        }
        self.note_broken(broken);
        let (subscribed, of_folders): (Set, Set) = before.iter().cloned().partition(|p| p.is_subscribed());
        let gone = of_folders.iter().filter(|p| !folders.iter().any(|(name, _)| name == p.name()));
        reloaded.changed.extend(gone.map(|p| p.name().to_owned()));
        set.extend(subscribed.into_iter().filter(|p| !folders.iter().any(|(name, _)| name == p.name())));
        if !reloaded.changed.is_empty() {
            *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
            self.changed.ring();
        }
        reloaded
    }

    /// Puts other webhooks in the place of those that were made by the interface or on the page; `next` is shown those and the
    /// plugins of folders.
    pub(super) fn replace_subscribed(&self, next: impl FnOnce(&[Arc<Plugin>], &[Arc<Plugin>]) -> Set) {
        let _changing = self.changing.lock().unwrap_or_else(PoisonError::into_inner);
        let (before, mut set): (Set, Set) = self.set().iter().cloned().partition(|p| p.is_subscribed());
        let now = next(&before, &set);
        let is_same = before.len() == now.len() && before.iter().zip(&now).all(|(a, b)| Arc::ptr_eq(a, b));
        if !is_same {
            set.extend(now);
            *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
            self.changed.ring();
        }
    }

    pub(super) fn note_broken_subscriptions(&self, broken: BTreeMap<String, Vec<PluginError>>) {
        *self.broken_subscriptions.lock().unwrap_or_else(PoisonError::into_inner) = broken;
    }

    fn note_broken(&self, broken: BTreeMap<String, Vec<PluginError>>) {
        *self.broken.lock().unwrap_or_else(PoisonError::into_inner) = broken;
    }

    fn tell_once(&self, reloaded: &mut Reloaded, name: &str, digest: &str, error: PluginError) {
        let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
        if told.insert(name.to_owned(), digest.to_owned()).as_deref() != Some(digest) {
            reloaded.broken.push((name.to_owned(), error));
        }
    }

    /// Returns the organisation's settings, as last read.
    pub(super) fn settings(&self) -> Arc<Settings> {
        Arc::clone(&self.settings.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Goes on with other settings. Whom may be called stays as it was.
    pub fn take_settings(&self, settings: Arc<Settings>) {
        *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
    }

    /// Returns whom this installation may call.
    pub fn network(&self) -> &Network {
        &self.context.network
    }

    /// Returns all plugins as they are now.
    pub fn set(&self) -> Arc<Set> {
        Arc::clone(&self.set.read().unwrap_or_else(PoisonError::into_inner))
    }

    /// Returns a digest of all plugins: 12 hexadecimal digits.
    pub fn fingerprint(&self) -> String {
        let mut digest = Sha256::new();
        for plugin in self.set().iter() {
            digest.update(format!("{} {}\n", plugin.name(), plugin.digest));
        }
        format!("{:.12x}", digest.finalize())
    }

    /// Finds a plugin by name, also one that is switched off.
    pub fn find(&self, name: &str) -> Option<Arc<Plugin>> {
        self.set().iter().find(|p| p.name() == name).cloned()
    }

    /// Returns a plugin that can have what it missed.
    ///
    /// # Errors
    /// Why it cannot.
    pub fn replayable(&self, name: &str) -> Result<Arc<Plugin>, NotReplayable> {
        match self.find(name) {
            None => Err(NotReplayable::Unknown),
            Some(plugin) if plugin.manifest.kind() == PluginKind::Email => Err(NotReplayable::Mail),
            Some(plugin) if !plugin.manifest.enabled => Err(NotReplayable::Off),
            Some(plugin) => Ok(plugin),
        }
    }

    /// Returns what is wrong with the fallback that the settings name: what mail does not bring would go nowhere.
    pub fn fallback_mistake(&self) -> Option<PluginError> {
        let settings = self.settings();
        let name = settings.delivery.fallback.as_deref()?;
        let wrong = |why: String, remedy: &str| Some(PluginError::new("redress.toml", why, remedy));
        match self.find(name) {
            None => wrong(
                format!("delivery.fallback: there is no plugin `{name}`"),
                "name a folder of plugins/, or leave it empty",
            ),
            Some(plugin) if !plugin.manifest.enabled => wrong(
                format!("delivery.fallback: the plugin `{name}` is switched off"),
                "write enabled = true in its plugin.toml",
            ),
            Some(_) => None,
        }
    }

    /// Returns the names in subscriptions that this procedure does not have.
    pub fn unknown_names(&self, names: &Names) -> Vec<PluginError> {
        let unknown = |p: &Arc<Plugin>| p.manifest.subscription.unknown(names, &p.source.place);
        self.set().iter().flat_map(unknown).collect()
    }
}

impl Router for Plugins {
    fn deliveries(&self, outgoing: &Outgoing) -> Vec<NewDelivery> {
        let (set, settings) = (self.set(), self.settings());
        // A digest goes by the plugin for which it was put together, and by no other.
        let takes = |p: &Plugin| p.manifest.subscription.takes(outgoing) && !outgoing.is_digest();
        let may = |p: &Plugin| match outgoing.carriers {
            Carriers::Subscribers => takes(p),
            Carriers::AllBut(name) => p.name() != name && takes(p),
            Carriers::Avoiding(names) => !names.iter().any(|name| p.name() == name) && takes(p),
            Carriers::Only(name) => p.name() == name && takes(p),
            Carriers::InPlace(name) => p.name() == name,
        };
        let taking = set.iter().filter(|p| p.manifest.enabled && may(p));
        let rows = taking.flat_map(|plugin| {
            let not_before = match (plugin.manifest.pace, outgoing.departure) {
                (Pace::WorkingHours, Departure::Gathered) => return Vec::new(),
                (Pace::WorkingHours, Departure::NotBefore(moment)) | (_, Departure::Recallable(moment)) => {
                    Some(moment)
                }
                _ => None,
            };
            let rows = plugin.manifest.transport.rows(outgoing, &plugin.subscriber(&settings));
            let mut rows = rows.unwrap_or_else(|e| {
                tracing::error!(plugin = plugin.name(), "a delivery cannot be written and is left out: {e}");
                Vec::new()
            });
            rows.iter_mut().for_each(|row| row.not_before = not_before);
            rows
        });
        rows.collect()
    }

    fn gatherers(&self, outgoing: &Outgoing) -> Vec<String> {
        let set = self.set();
        let gathers = |p: &&Arc<Plugin>| {
            let manifest = &p.manifest;
            manifest.enabled && manifest.pace == Pace::WorkingHours && manifest.subscription.takes(outgoing)
        };
        set.iter().filter(gathers).map(|p| p.name().to_owned()).collect()
    }

    fn takes_events(&self) -> bool {
        self.set().iter().any(|p| p.manifest.enabled && p.manifest.subscription.takes_events())
    }

    fn takes_head(&self) -> bool {
        let is_named = |p: &Plugin| p.manifest.subscription.names_event(EventKind::AuditHead);
        self.set().iter().any(|p| p.manifest.enabled && is_named(p))
    }
}

/// Returns whether a folder of this name is a plugin.
pub(super) fn is_plugin_name(name: &str) -> bool {
    !name.starts_with('.') && !NOT_PLUGINS.contains(&name)
}

/// Returns (name, folder) of everything that is a plugin, by name; nothing where there is no such folder.
fn folders(root: &Path) -> io::Result<Vec<(String, PathBuf)>> {
    let entries = match std::fs::read_dir(root) {
        Ok(entries) => entries,
        Err(e) if e.kind() == io::ErrorKind::NotFound => return Ok(Vec::new()),
        Err(e) => return Err(e),
    };
    let mut named = Vec::new();
    for entry in entries {
        let path = entry?.path();
        let Some(name) = path.file_name().map(|n| n.to_string_lossy().into_owned()) else { continue };
        if path.is_dir() && is_plugin_name(&name) {
            named.push((name, path));
        }
    }
    named.sort();
    Ok(named)
}

fn unreadable(root: &Path, error: &io::Error) -> PluginError {
    let why = format!("the folder cannot be read: {error}");
    PluginError::new(root.display().to_string(), why, "make it readable, or name another with --plugins")
}
