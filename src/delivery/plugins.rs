//! `Plugins`: the plugin folders as they are in use, how they are read anew, and which of them something goes to.

use super::channels::{Channel, letter};
use super::event::{WebhookEvent, topic};
use super::manifest::{Manifest, PluginError, PluginKind};
use super::payload::Payload;
use crate::complaint::Recipient;
use crate::config::Settings;
use crate::network::{Network, Reach};
use crate::store::NewDelivery;
use crate::workflow::{Bell, Cause, Names, Posting, Router, Told};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError, RwLock};
use uuid::Uuid;

/// Whether the outside world is real. In a demonstration or rehearsal only loopback is reached.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sandbox {
    Closed,
    Open,
}

/// What channels need to know beside their manifest.
#[derive(Clone, Debug)]
pub(super) struct Surroundings {
    pub outbox: PathBuf,
    pub network: Network,
}

impl Surroundings {
    pub fn is_rehearsal(&self) -> bool {
        self.network.is_loopback_only()
    }
}

/// A plugin that is ready for use.
#[derive(Debug)]
pub struct Plugin {
    pub name: String,
    pub manifest: Manifest,
    pub(super) payload: Option<Arc<Payload>>,
    /// What is wrong with it, while it is switched off.
    pub mistake: Option<PluginError>,
    /// Opened when it is enabled.
    pub(super) channel: Option<Channel>,
    /// Of its files, to notice changes.
    digest: String,
    place: String,
}

impl Plugin {
    pub(super) fn place(&self) -> String {
        self.place.clone()
    }
}

type Set = Vec<Arc<Plugin>>;

#[derive(Debug)]
pub struct Plugins {
    root: PathBuf,
    pub(super) settings: Arc<Settings>,
    pub(super) around: Surroundings,
    set: RwLock<Arc<Set>>,
    /// Digests of folders that could not be used, so that each is told once.
    told: Mutex<BTreeMap<String, String>>,
    /// Rung when the set has changed.
    pub(super) changed: Bell,
}

/// What reading the folders anew came to.
#[derive(Debug, Default, PartialEq, Eq)]
pub struct Reloaded {
    /// Names of plugins that are new, changed or gone.
    pub changed: Vec<String>,
    /// Those that cannot be used as they are now; the version before stays.
    pub broken: Vec<(String, PluginError)>,
}

/// The namespace of delivery ids (RFC 9562, version 5): the same notification and plugin give the same id.
const NAMESPACE: Uuid = Uuid::from_bytes(*b"redress-delivery");

/// Used when there is no plugins folder, so that mail works without configuration.
const DEFAULT_MAIL: &str = include_str!("../../plugins/mail/plugin.toml");
/// Folders of `plugins/` that are not plugins.
const NOT_PLUGINS: &[&str] = &["schema"];

impl Plugins {
    /// Reads every folder of `root`; all mistakes are reported together.
    pub fn load(
        root: &Path,
        outbox: &Path,
        settings: Arc<Settings>,
        sandbox: Sandbox,
    ) -> Result<Self, Vec<PluginError>> {
        let reach = match sandbox {
            Sandbox::Closed => Reach::Loopback,
            Sandbox::Open => Reach::World { allowed: settings.delivery.allow_networks.clone() },
        };
        let around = Surroundings { outbox: outbox.to_owned(), network: Network::new(reach) };
        let folders = folders(root);
        let mut set = Vec::new();
        let mut wrong = Vec::new();
        for (name, folder) in &folders {
            match read(name, folder, &around) {
                Ok(plugin) => set.push(Arc::new(plugin)),
                Err(e) => wrong.push(e),
            }
        }
        if folders.is_empty() {
            match default_mail(&around) {
                Ok(plugin) => set.push(Arc::new(plugin)),
                Err(e) => wrong.push(e),
            }
        }
        if !wrong.is_empty() {
            return Err(wrong);
        }
        Ok(Self {
            root: root.to_owned(),
            settings,
            around,
            set: RwLock::new(Arc::new(set)),
            told: Mutex::default(),
            changed: Bell::default(),
        })
    }

    /// Reads the folders anew. What is valid takes effect; what is not leaves the version before in use.
    pub fn reload(&self) -> Reloaded {
        let before = self.set();
        let folders = folders(&self.root);
        let mut reloaded = Reloaded::default();
        if folders.is_empty() {
            // Without folders there is the embedded plugin for mail, from the start; a folder that vanishes is a mishap.
            return reloaded;
        }
        let mut set = Vec::new();
        for (name, folder) in &folders {
            let old = before.iter().find(|p| p.name == *name);
            let digest = digest(folder);
            if let Some(old) = old.filter(|p| p.digest == digest) {
                set.push(Arc::clone(old));
                continue;
            }
            match read(name, folder, &self.around) {
                Ok(plugin) => {
                    set.push(Arc::new(plugin));
                    reloaded.changed.push(name.clone());
                }
                Err(e) => {
                    set.extend(old.cloned());
                    let mut told = self.told.lock().unwrap_or_else(PoisonError::into_inner);
                    if told.insert(name.clone(), digest.clone()).as_ref() != Some(&digest) {
                        reloaded.broken.push((name.clone(), e));
                    }
                }
            }
        }
        let gone = before.iter().filter(|p| !folders.iter().any(|(name, _)| *name == p.name));
        reloaded.changed.extend(gone.map(|p| p.name.clone()));
        if !reloaded.changed.is_empty() {
            *self.set.write().unwrap_or_else(PoisonError::into_inner) = Arc::new(set);
            self.changed.ring();
        }
        reloaded
    }

    /// Whom this installation may call.
    pub fn network(&self) -> &Network {
        &self.around.network
    }

    /// All plugins as they are now.
    pub fn set(&self) -> Arc<Set> {
        Arc::clone(&self.set.read().unwrap_or_else(PoisonError::into_inner))
    }

    pub fn find(&self, name: &str) -> Option<Arc<Plugin>> {
        self.set().iter().find(|p| p.name == name).cloned()
    }

    /// Names in subscriptions that this procedure does not have.
    pub fn unknown_names(&self, names: &Names) -> Vec<PluginError> {
        let unknown = |p: &Arc<Plugin>| p.manifest.subscription.unknown(names, &p.place);
        self.set().iter().flat_map(unknown).collect()
    }

    fn is_outside(&self, address: &str) -> bool {
        !self.settings.is_own_domain(address) && self.settings.people.find(address).is_none()
    }

    fn mails(&self, plugin: &Plugin, posting: &Posting) -> Vec<NewDelivery> {
        let Told::Message { notification, notification_id, addresses, is_first_letter, .. } = &posting.told
        else {
            return Vec::new();
        };
        let is_letter = notification.recipient == Recipient::Complainant;
        let mails = addresses.iter().filter_map(|address| {
            let key = format!("{notification_id} {} {address}", plugin.name);
            let id = Uuid::new_v5(&NAMESPACE, key.as_bytes());
            let letter = letter(posting, id, address, &self.settings)?;
            let is_outside = self.is_outside(address);
            Some(NewDelivery {
                is_letter,
                capped_address: (is_outside && posting.cause != Cause::Person).then(|| address.clone()),
                is_first_letter: is_letter && *is_first_letter,
                is_reaction: is_outside && posting.cause == Cause::IncomingMail,
                message_id: posting.complaint.map(|_| letter.message_id.clone()),
                ..row(plugin, posting, id, serde_json::json!(letter).to_string())
            })
        });
        mails.collect()
    }
}

/// A row as a webhook has it.
fn row(plugin: &Plugin, posting: &Posting, id: Uuid, payload: String) -> NewDelivery {
    let (notification_id, recipient) = match &posting.told {
        Told::Message { notification, notification_id, .. } => {
            (Some((*notification_id).to_owned()), notification.recipient.to_string())
        }
        Told::Event(_) => (None, String::new()),
    };
    NewDelivery {
        id: id.to_string(),
        notification_id,
        complaint: posting.complaint.map(|(id, _)| id),
        plugin: plugin.name.clone(),
        topic: topic(posting),
        recipient,
        position: posting.position(),
        payload,
        is_letter: false,
        capped_address: None,
        is_first_letter: false,
        is_reaction: false,
        message_id: None,
    }
}

/// The event of a posting as its outbox row holds it.
pub(super) fn stored(posting: &Posting, purpose: Option<&str>) -> String {
    let event = WebhookEvent::of(posting, purpose);
    format!("{{\"event\":{}}}", serde_json::to_string(&event).unwrap_or_default())
}

impl Router for Plugins {
    fn deliveries(&self, posting: &Posting) -> Vec<NewDelivery> {
        let set = self.set();
        let taking = set.iter().filter(|p| {
            p.manifest.enabled
                && posting.except != Some(p.name.as_str())
                && p.manifest.subscription.takes(posting)
        });
        taking
            .flat_map(|plugin| match plugin.manifest.kind() {
                PluginKind::Email => self.mails(plugin, posting),
                PluginKind::Webhook => {
                    let key = match &posting.told {
                        Told::Message { notification_id, .. } => format!("{notification_id} {}", plugin.name),
                        Told::Event(_) => {
                            let complaint = posting.complaint.map_or(0, |(id, _)| id.0);
                            format!(
                                "event/{complaint}/{}/{} {}",
                                posting.version, posting.ordinal, plugin.name
                            )
                        }
                    };
                    let id = Uuid::new_v5(&NAMESPACE, key.as_bytes());
                    vec![row(plugin, posting, id, stored(posting, plugin.manifest.purpose.as_deref()))]
                }
            })
            .collect()
    }

    fn takes_events(&self) -> bool {
        self.set().iter().any(|p| p.manifest.enabled && p.manifest.subscription.takes_events())
    }
}

fn folders(root: &Path) -> Vec<(String, PathBuf)> {
    let entries = std::fs::read_dir(root).map(|e| e.flatten().map(|e| e.path()).collect::<Vec<_>>());
    let folders = entries.unwrap_or_default().into_iter().filter(|p| p.is_dir());
    let mut named: Vec<(String, PathBuf)> = folders
        .filter_map(|p| Some((p.file_name()?.to_string_lossy().into_owned(), p)))
        .filter(|(name, _)| !name.starts_with('.') && !NOT_PLUGINS.contains(&name.as_str()))
        .collect();
    named.sort();
    named
}

fn read(name: &str, folder: &Path, around: &Surroundings) -> Result<Plugin, PluginError> {
    let digest = digest(folder);
    let manifest = Manifest::read(folder)?;
    let (payload, mistake) = match Payload::read(folder) {
        // What is switched off must not keep everything else from starting.
        Err(mistake) if !manifest.enabled => (None, Some(mistake)),
        read => (read?, None),
    };
    if payload.is_some() && manifest.kind() == PluginKind::Email {
        let place = folder.join("payload.rhai").display().to_string();
        return Err(PluginError::new(place, "an email plugin has no payload script", "remove the file"));
    }
    let place = folder.join("plugin.toml").display().to_string();
    open(
        Plugin {
            name: name.to_owned(),
            manifest,
            payload: payload.map(Arc::new),
            mistake,
            channel: None,
            digest,
            place,
        },
        around,
    )
}

fn default_mail(around: &Surroundings) -> Result<Plugin, PluginError> {
    let place = "embedded plugins/mail/plugin.toml".to_owned();
    let manifest = Manifest::parse(DEFAULT_MAIL, &place)?;
    let plugin = Plugin {
        name: "mail".to_owned(),
        manifest,
        payload: None,
        mistake: None,
        channel: None,
        digest: String::new(),
        place,
    };
    open(plugin, around)
}

fn open(plugin: Plugin, around: &Surroundings) -> Result<Plugin, PluginError> {
    let channel = plugin.manifest.enabled.then(|| Channel::open(&plugin, around)).transpose()?;
    Ok(Plugin { channel, ..plugin })
}

/// Of the files that make a plugin.
fn digest(folder: &Path) -> String {
    let mut digest = Sha256::new();
    for name in ["plugin.toml", "payload.rhai"] {
        let bytes = std::fs::read(folder.join(name)).unwrap_or_default();
        digest.update((bytes.len() as u64).to_be_bytes());
        digest.update(bytes);
    }
    format!("{:x}", digest.finalize())
}
