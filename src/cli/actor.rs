//! Who gives a command: `--as`.

use super::Failure;
use crate::app::App;
use crate::complaint::Actor;

/// Returns who does what a command asks: one of the people of redress.toml, or the system when nobody is named.
pub(super) fn actor(app: &App, by: Option<&str>) -> Result<Actor, Failure> {
    match by {
        None => Ok(Actor::System),
        Some(by) if app.settings.people.find(by).is_some() => Ok(Actor::Person(by.to_lowercase())),
        Some(by) => Err(Failure::new(format!("{by} is not one of the people in redress.toml"))),
    }
}
