//! `redress.toml` as written, and the checked settings that the program uses.

mod absence;
mod file;
mod mailbox;
mod people;
mod settings;
mod web;

pub use absence::Absence;
pub use file::{ConfigError, describe};
pub use mailbox::{MailboxSecurity, MailboxSettings, ReadFrom};
pub use people::{People, Person};
pub use settings::{DeliverySettings, LogSettings, RuleSettings, Settings, WatchdogSettings};
pub use web::{Reach, WebSettings};
