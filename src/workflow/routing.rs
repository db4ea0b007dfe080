//! The way out, as the workflow sees it: something that turns a notification into deliveries.

use crate::complaint::Complaint;
use crate::message::{CalendarMethod, Rendered};
use crate::store::NewDelivery;

/// A rendered notification, ready to be matched with plugins.
#[derive(Clone, Debug)]
pub struct Posting<'p> {
    pub notification_id: &'p str,
    pub message: &'p str,
    pub recipient: &'p str,
    pub addresses: &'p [String],
    pub words: &'p Rendered,
    /// The calendar invitation that goes with it: method and text.
    pub invitation: Option<(CalendarMethod, String)>,
    /// The number or intake id with its check letters, for subjects.
    pub tag: Option<String>,
    /// None for reports and alarms.
    pub complaint: Option<&'p Complaint>,
    pub at: &'p str,
}

/// Implemented by the plugins.
pub trait Router: Send + Sync + std::fmt::Debug {
    /// The outbox rows of a notification; none makes it undeliverable, which is shown.
    fn deliveries(&self, posting: &Posting) -> Vec<NewDelivery>;
}
