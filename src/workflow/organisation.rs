//! The organisation that the scenarios play in: rules are tried on the same people whoever works here.

use crate::config::Settings;
use crate::rules::ORGANISATION;
use crate::rules::diagnostics::kinds::scenario_organisation;
use crate::rules::diagnostics::{Diagnostic, Location};
use std::collections::BTreeMap;

/// Returns the settings that scenarios play with: those of `tests/organisation.toml`, with the installation's own fields;
/// without that file the installation's.
pub(super) fn of_scenarios(
    files: &BTreeMap<String, String>,
    settings: &Settings,
) -> Result<Settings, Box<Diagnostic>> {
    let Some(text) = files.get(ORGANISATION) else { return Ok(settings.clone()) };
    let read = Settings::parse(text, ORGANISATION).map_err(|e| {
        let line = e.place.rsplit_once(':').and_then(|(_, line)| line.parse().ok());
        let at = line.map_or_else(
            || Location::file(ORGANISATION),
            |line| Location::line(ORGANISATION, text.as_str(), line),
        );
        Box::new(scenario_organisation::report(at, &e.why, &e.remedy))
    })?;
    Ok(Settings { extra: settings.extra.clone(), ..read })
}
