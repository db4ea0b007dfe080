//! `PluginError`: what is wrong with a plugin, for the integrator who must mend it.

/// What is wrong with a plugin, where, and the remedy.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{place}: {why}\n  help: {remedy}")]
pub struct PluginError {
    pub place: String,
    pub why: String,
    pub remedy: String,
}

impl PluginError {
    pub(super) fn new(place: impl Into<String>, why: impl Into<String>, remedy: impl Into<String>) -> Self {
        Self { place: place.into(), why: why.into(), remedy: remedy.into() }
    }
}

/// What is wrong with a value, and the remedy, before it is known in which file it stands.
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
