//! `redress.toml` as written, and the checked settings that the program uses.

mod absence;
mod file;
mod mailbox;
mod people;
mod settings;

pub use absence::Absence;
pub use file::{ConfigError, describe};
pub use mailbox::{MailboxSecurity, MailboxSettings, ReadFrom};
pub use people::{People, Person};
pub use settings::{DeliverySettings, LogSettings, RuleSettings, Settings, WatchdogSettings};
