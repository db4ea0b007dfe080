//! `Plugin`: one folder of `plugins/`, read and, when it is enabled, opened.

use super::channels::{FILES, OpenTransport, PluginOrigin, PluginSource, Subscriber};
use super::context::ChannelContext;
use super::error::PluginError;
use super::manifest::Manifest;
use crate::calendar::Moment;
use crate::config::Settings;
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::Arc;

/// Used when there is no plugins folder, so that mail works without configuration.
const DEFAULT_MAIL: &str = include_str!("../../plugins/mail/plugin.toml");

/// A plugin that is ready for use.
#[derive(Debug)]
pub struct Plugin {
    /// The plugin's name and folder.
    pub source: PluginSource,
    /// Its `plugin.toml`.
    pub manifest: Manifest,
    /// The mistake in it, kept while it is switched off; none when it has none.
    pub mistake: Option<PluginError>,
    /// The channel, opened; none while the plugin is switched off.
    pub(super) channel: Option<Arc<dyn OpenTransport>>,
    /// A digest of its files.
    pub(super) digest: String,
}

impl Plugin {
    /// Reads a folder. A mistake beside the manifest is kept, not returned, while the plugin is switched off:
    /// it must not keep everything else from starting.
    pub(super) fn read(
        name: &str,
        folder: &Path,
        context: &ChannelContext,
    ) -> Result<Self, Vec<PluginError>> {
        let digest = digest(folder);
        let manifest = Manifest::read(folder)?;
        let source = PluginSource {
            name: name.to_owned(),
            place: folder.join("plugin.toml").display().to_string(),
            origin: PluginOrigin::Folder(folder.to_owned()),
        };
        Self::open(source, manifest, digest, context)
    }

    /// Returns the plugin that is compiled in: letters to people.
    pub(super) fn default_mail(context: &ChannelContext) -> Result<Self, Vec<PluginError>> {
        let place = "embedded plugins/mail/plugin.toml".to_owned();
        let manifest = Manifest::parse(DEFAULT_MAIL, &place)?;
        let source = PluginSource { name: "mail".to_owned(), place, origin: PluginOrigin::Embedded };
        Self::open(source, manifest, String::new(), context)
    }

    pub(super) fn open(
        source: PluginSource,
        manifest: Manifest,
        digest: String,
        context: &ChannelContext,
    ) -> Result<Self, Vec<PluginError>> {
        let (channel, mistake) = match manifest.enabled {
            true => (Some(manifest.transport.open(&source, context).map_err(|e| vec![e])?), None),
            false => (None, manifest.transport.check_folder(&source).err()),
        };
        Ok(Self { source, manifest, mistake, channel, digest })
    }

    /// Returns its name: that of its folder.
    pub fn name(&self) -> &str {
        &self.source.name
    }

    /// Returns when the certificate ends that its target showed last; none while it has shown none to this process.
    pub fn target_certificate_end(&self) -> Option<Moment> {
        self.channel.as_ref()?.target_certificate_end()
    }

    pub(super) fn subscriber<'s>(&'s self, settings: &'s Settings) -> Subscriber<'s> {
        Subscriber { plugin: self.name(), purpose: self.manifest.purpose.as_deref(), settings }
    }
}

/// Returns a digest of the files that make a plugin. One that is not there or cannot be read counts as such;
/// reading the plugin says why.
pub(super) fn digest(folder: &Path) -> String {
    let mut digest = Sha256::new();
    for name in FILES {
        match std::fs::read(folder.join(name)) {
            Ok(bytes) => {
                digest.update((bytes.len() as u64).to_be_bytes());
                digest.update(bytes);
            }
            Err(e) => digest.update(format!("{:?}", e.kind())),
        }
    }
    format!("{:x}", digest.finalize())
}
