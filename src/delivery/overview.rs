//! How plugins fare: what their folders say, beside what the store knows of their targets and of what waits for them.

use super::channels::PluginKind;
use super::error::PluginError;
use super::plugin::Plugin;
use super::plugins::Plugins;
use crate::calendar::Moment;
use crate::workflow::{Health, Reading, StoreError, Waiting};
use std::sync::Arc;

/// The time over which the latest attempts are looked at: seven days.
const PACE_MILLIS: i64 = 7 * 86_400_000;

/// Whether a plugin is on, and how its target fares.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginState {
    /// It is on, and its target takes what comes.
    Enabled,
    /// It is on, and its target fails.
    Failing,
    /// It has switched itself off.
    SwitchedOff,
    /// A person has switched it off, whatever its manifest says.
    SwitchedOffByAPerson,
    /// Its manifest has it off.
    Disabled,
    /// Its folder cannot be used, and the version before runs.
    BrokenBesides,
    /// Its folder cannot be used, and there is no version before.
    Broken,
}

impl PluginState {
    /// Returns the words that a table shows.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Enabled => "enabled",
            Self::Failing => "failing",
            Self::SwitchedOff => "switched off",
            Self::SwitchedOffByAPerson => "switched off by a person",
            Self::Disabled => "disabled",
            Self::BrokenBesides => "broken; the version before runs",
            Self::Broken => "broken",
        }
    }
}

/// A plugin as it stands now.
#[derive(Clone, Debug)]
pub struct PluginStanding {
    /// Its name.
    pub name: String,
    /// The version in use; none where its folder cannot be used and none was before.
    pub plugin: Option<Arc<Plugin>>,
    /// Whether it is on, and how its target fares.
    pub state: PluginState,
    /// What is wrong with its folder.
    pub mistakes: Vec<PluginError>,
    /// How its target fares; none without trouble.
    pub health: Option<Health>,
    /// What has not arrived.
    pub waiting: Waiting,
}

impl PluginStanding {
    /// Returns its kind; none where its folder cannot be used.
    pub fn kind(&self) -> Option<PluginKind> {
        self.plugin.as_ref().map(|plugin| plugin.manifest.kind())
    }

    /// Returns how its target fares, where it has failed lately.
    pub fn trouble(&self) -> Option<&Health> {
        self.health.as_ref().filter(|health| health.failing_since.is_some() || health.disabled_at.is_some())
    }
}

/// How quickly and how lately a target has taken something.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Pace {
    /// When it took the newest of all that it has taken.
    pub last_accepted: Option<Moment>,
    /// The number of attempts that are reckoned with: the latest of seven days, at most 200.
    pub attempts: usize,
    /// The duration in milliseconds that half of them did not exceed.
    pub median: i64,
    /// The duration in milliseconds that 99 in 100 of them did not exceed.
    pub slowest: i64,
}

/// Returns all plugins as they stand: those that cannot be used at all first.
pub async fn standings(plugins: &Plugins, reading: Reading<'_>) -> Result<Vec<PluginStanding>, StoreError> {
    let (healths, waiting) = (reading.healths().await?, reading.waiting().await?);
    let (set, broken) = (plugins.set(), plugins.broken());
    let standing = |name: &str, plugin: Option<&Arc<Plugin>>| {
        let mistakes: Vec<PluginError> =
            broken.iter().filter(|(of, _)| of == name).map(|(_, error)| error.clone()).collect();
        let health = healths.iter().find(|(of, _)| of == name).map(|(_, health)| health.clone());
        PluginStanding {
            name: name.to_owned(),
            state: state(plugin, !mistakes.is_empty(), health.as_ref()),
            plugin: plugin.cloned(),
            mistakes,
            health,
            waiting: waiting.iter().find(|w| w.plugin == name).cloned().unwrap_or_else(|| nothing_for(name)),
        }
    };
    let mut unusable: Vec<&String> = broken.iter().map(|(name, _)| name).collect();
    unusable.dedup();
    unusable.retain(|name| plugins.find(name).is_none());
    let unusable = unusable.into_iter().map(|name| standing(name, None));
    Ok(unusable.chain(set.iter().map(|plugin| standing(plugin.name(), Some(plugin)))).collect())
}

/// Returns how quickly and how lately the target of a plugin has taken something.
pub async fn pace(reading: Reading<'_>, plugin: &str, now: Moment) -> Result<Pace, StoreError> {
    let mut took = reading.took(plugin, now.plus_millis(-PACE_MILLIS)).await?;
    took.sort_unstable();
    let of_hundred = |part: usize| {
        let rank = (took.len() * part).div_ceil(100).saturating_sub(1);
        took.get(rank).copied().unwrap_or_default()
    };
    let last_accepted = reading.last_accepted(plugin).await?;
    Ok(Pace { last_accepted, attempts: took.len(), median: of_hundred(50), slowest: of_hundred(99) })
}

fn state(plugin: Option<&Arc<Plugin>>, is_broken: bool, health: Option<&Health>) -> PluginState {
    let Some(plugin) = plugin else { return PluginState::Broken };
    match health {
        _ if is_broken => PluginState::BrokenBesides,
        _ if !plugin.manifest.enabled => PluginState::Disabled,
        Some(h) if h.is_switched_off_by_a_person() => PluginState::SwitchedOffByAPerson,
        Some(h) if h.disabled_at.is_some() => PluginState::SwitchedOff,
        Some(h) if h.is_failing() => PluginState::Failing,
        _ => PluginState::Enabled,
    }
}

fn nothing_for(plugin: &str) -> Waiting {
    Waiting { plugin: plugin.to_owned(), queued: 0, oldest: None, dead: 0 }
}
