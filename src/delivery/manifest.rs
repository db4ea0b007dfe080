//! `Manifest`: `plugin.toml`, checked.

use super::channels::{PluginKind, Transport, WrittenManifest};
use super::error::PluginError;
use super::policy::{DeliveryOrder, Pace};
use super::secret_place::SecretPlace;
use super::subscription::{NameList, Subscription};
use crate::config::describe;
use crate::credentials::Secret;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// A plugin's `plugin.toml`, checked.
#[derive(Clone, Debug)]
pub struct Manifest {
    /// True when the plugin is to be used.
    pub enabled: bool,
    /// The address of who hears when it fails; none for the role that the procedure names.
    pub owner: Option<String>,
    /// The messages and events that it takes.
    pub subscription: Subscription,
    /// Whether it keeps working hours and takes what is gathered as digests.
    pub(super) pace: Pace,
    /// Whether a delivery waits for the earlier ones of its complaint.
    pub(super) order: DeliveryOrder,
    /// The reason why names and texts may leave the organisation; without a purpose they do not.
    pub purpose: Option<String>,
    pub(super) transport: Arc<dyn Transport>,
}

impl Manifest {
    /// Reads the manifest of a plugin's folder.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub fn read(folder: &Path) -> Result<Self, Vec<PluginError>> {
        let path = folder.join("plugin.toml");
        let place = path.display().to_string();
        let text = std::fs::read_to_string(&path).map_err(|e| {
            vec![PluginError::new(place.clone(), e.to_string(), "every folder in plugins/ has a plugin.toml")]
        })?;
        Self::parse(&text, &place)
    }

    /// Reads a manifest; `place` is named in errors.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once; of what is no manifest at all the first mistake.
    pub fn parse(text: &str, place: &str) -> Result<Self, Vec<PluginError>> {
        let written: WrittenManifest = toml::from_str(text).map_err(|e| {
            let wrong = describe(&e, text, place);
            let remedy = match wrong.remedy.starts_with("did you mean") {
                true => wrong.remedy,
                false => "plugins/README.md explains every key".to_owned(),
            };
            vec![PluginError::new(wrong.place, wrong.why, remedy)]
        })?;
        Self::of(written, place)
    }

    /// Takes a manifest that was read; `place` is named in errors.
    ///
    /// # Errors
    /// Everything that is wrong with it, at once.
    pub(super) fn of(written: WrittenManifest, place: &str) -> Result<Self, Vec<PluginError>> {
        let mut found = Vec::new();
        let mut wrong = |is_wrong: bool, why: &str, remedy: &str| {
            if is_wrong {
                found.push(PluginError::new(place, why, remedy));
            }
        };
        let purpose = written.purpose.as_ref().filter(|p| !p.trim().is_empty());
        wrong(
            written.include_personal_data && purpose.is_none(),
            "include_personal_data sends names and texts, and no purpose is stated",
            "write purpose = \"why the target needs them\", or leave include_personal_data out",
        );
        wrong(
            written.kind == PluginKind::Email && !written.events.is_empty(),
            "an email plugin carries messages only",
            "remove `events`",
        );
        wrong(
            written.kind == PluginKind::Email && written.digests,
            "an email plugin takes digests by itself",
            "remove `digests`; what is gathered stands in the heads of messages",
        );
        let purpose = purpose.filter(|_| written.include_personal_data).cloned();
        let transport = match written.transport() {
            Ok(transport) if found.is_empty() => transport,
            transport => {
                found.extend(transport.err().into_iter().flatten().map(|mistake| mistake.at(place)));
                return Err(found);
            }
        };
        Ok(Self {
            enabled: written.enabled,
            owner: written.owner,
            subscription: Subscription {
                messages: written.messages.unwrap_or_else(NameList::all),
                events: written.events,
                recipients: written.recipients.unwrap_or_else(NameList::all),
                states: written.states.unwrap_or_else(NameList::all),
                when: written.when,
            },
            // People read mail; a program takes things as they happen, unless it asks for digests.
            pace: match (written.kind, written.digests) {
                (PluginKind::Webhook, false) => Pace::AtOnce,
                (PluginKind::Email, _) | (PluginKind::Webhook, true) => Pace::WorkingHours,
            },
            order: if written.ordered { DeliveryOrder::PerComplaint } else { DeliveryOrder::Free },
            purpose,
            transport,
        })
    }

    /// Returns the kind of plugin.
    pub fn kind(&self) -> PluginKind {
        self.transport.kind()
    }

    /// Returns the places of the secrets that it names.
    pub fn secrets(&self) -> Vec<Secret> {
        self.transport.secrets().into_iter().cloned().collect()
    }

    /// Returns the places of all secrets that it names, by name.
    pub fn secret_places(&self) -> Vec<SecretPlace> {
        self.transport.secret_places()
    }

    /// Returns the files of the certificates that it names.
    pub fn certificate_files(&self) -> Vec<PathBuf> {
        self.transport.certificate_files().into_iter().map(Path::to_owned).collect()
    }

    /// Returns why secrets that it names cannot be read now; the words hold no secret.
    pub fn missing_secrets(&self) -> Vec<String> {
        self.transport.secrets().into_iter().filter_map(|s| s.read().err()).collect()
    }
}
