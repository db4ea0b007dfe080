//! `plugin_health`: the health of the targets of plugins; a plugin without trouble has no row.

use crate::calendar::Moment;
use crate::store::error::StoreError;
use crate::store::row::{Row, row};
use crate::store::sets::{Conflict, insert};
use crate::store::statement::{On, Statement, Tx};
use serde::Serialize;

row! {
    pub(in crate::store) struct HealthRow in "plugin_health" as "plugin" ("plugin") {
        pub plugin: String,
        failures: u32,
        failing_since: Option<Moment>,
        /// 0 for no pause.
        paused_until: Moment,
        told_at: Option<Moment>,
        disabled_at: Option<Moment>,
        last_error: String,
    }
}

/// The health of a plugin's target; the default is one without trouble.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize)]
pub struct Health {
    /// The number of failures in a row.
    pub failures: u32,
    /// The moment of the first of them; none without trouble.
    pub failing_since: Option<Moment>,
    /// The moment before which nothing is attempted; none without a pause.
    pub paused_until: Option<Moment>,
    /// The moment at which its owner was told that it fails; none when nobody was.
    pub told_at: Option<Moment>,
    /// The moment at which it was switched off, by itself or by a person; only a person switches it on again. None
    /// while it is on.
    pub disabled_at: Option<Moment>,
    /// The latest failure, in words; empty without trouble.
    pub last_error: String,
}

impl Health {
    /// Returns whether its target fails: the latest attempts failed by its fault, or its owner was told so and it has
    /// taken nothing since. One that only refused single deliveries does not fail.
    pub fn is_failing(&self) -> bool {
        self.failing_since.is_some() && (self.failures > 0 || self.told_at.is_some())
    }

    /// Returns whether a person switched it off: what switches itself off has failed before.
    pub fn is_switched_off_by_a_person(&self) -> bool {
        self.disabled_at.is_some() && self.failing_since.is_none()
    }

    /// Returns who switched it off; none where nobody did.
    pub fn switched_off_by(&self) -> Option<&str> {
        self.last_error.strip_prefix(BY).filter(|_| self.is_switched_off_by_a_person())
    }
}

/// What stands before the name of who switched a plugin off.
const BY: &str = "by ";

const NO_PAUSE: Moment = Moment::from_millis(0);

impl From<HealthRow> for Health {
    fn from(row: HealthRow) -> Self {
        Self {
            failures: row.failures,
            failing_since: row.failing_since,
            paused_until: Some(row.paused_until).filter(|until| *until > NO_PAUSE),
            told_at: row.told_at,
            disabled_at: row.disabled_at,
            last_error: row.last_error,
        }
    }
}

/// Reads the health of a plugin's target.
pub(in crate::store) async fn health_of(on: impl Into<On<'_>>, plugin: &str) -> Result<Health, StoreError> {
    let statement = Statement::select::<HealthRow>("FROM plugin_health WHERE plugin = $1").with(plugin);
    Ok(statement.first::<HealthRow>(on).await?.map(Health::from).unwrap_or_default())
}

/// The condition on its row under which a plugin is on.
const IS_ON: &str = "plugin_health.disabled_at IS NULL";

/// Writes the health of a plugin's target. What is switched off stays as it is: an attempt that was under way
/// switches nothing on.
pub(in crate::store) async fn set_health(
    tx: &mut Tx,
    plugin: &str,
    health: &Health,
) -> Result<(), StoreError> {
    if *health == Health::default() {
        let well = format!("DELETE FROM plugin_health WHERE plugin = $1 AND {IS_ON}");
        Statement::new(well).with(plugin).run(tx).await?;
        return Ok(());
    }
    let row = HealthRow {
        plugin: plugin.to_owned(),
        failures: health.failures,
        failing_since: health.failing_since,
        paused_until: health.paused_until.unwrap_or(NO_PAUSE),
        told_at: health.told_at,
        disabled_at: health.disabled_at,
        last_error: health.last_error.clone(),
    };
    let overwrite = Conflict::Updates { key: "plugin", columns: HealthRow::COLUMNS, only_if: Some(IS_ON) };
    insert(tx, vec![row], overwrite).await?;
    Ok(())
}

/// Switches a plugin off in somebody's name; false when it was off.
pub(in crate::store) async fn switch_off(
    tx: &mut Tx,
    plugin: &str,
    by: &str,
    at: Moment,
) -> Result<bool, StoreError> {
    let row = HealthRow {
        plugin: plugin.to_owned(),
        failures: 0,
        failing_since: None,
        paused_until: NO_PAUSE,
        told_at: None,
        disabled_at: Some(at),
        last_error: format!("{BY}{by}"),
    };
    // That its owner was told of trouble is kept, so that its recovery is told.
    let columns = &["failures", "failing_since", "paused_until", "disabled_at", "last_error"];
    let overwrite = Conflict::Updates { key: "plugin", columns, only_if: Some(IS_ON) };
    Ok(insert(tx, vec![row], overwrite).await? > 0)
}
