//! `PluginError`: a mistake in a plugin, for the integrator who must mend it.

/// A mistake in a plugin: where it is, what it is, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}\n  help: {remedy}")]
pub struct PluginError {
    /// The file, with the line where it is known: `plugins/chat/plugin.toml:3`.
    pub place: String,
    /// The mistake, in words.
    pub why: String,
    /// The remedy, in one sentence.
    pub remedy: String,
}

impl PluginError {
    pub(super) fn new(place: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), why: why.into(), remedy: remedy.into() }
    }
}

/// A mistake in a value and its remedy, before it is known in which file it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Mistake {
    pub why: String,
    pub remedy: &'static str,
}

impl Mistake {
    pub fn new(why: impl Into<String>, remedy: &'static str) -> Self {
        Self { why: why.into(), remedy }
    }

    /// Names the file.
    pub fn at(self, place: &str) -> PluginError {
        PluginError::new(place, self.why, self.remedy)
    }
}
