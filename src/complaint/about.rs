//! `About`: the subject of what goes out, for programs that take it: a complaint, or what an alarm or a report is
//! about. It names nobody.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The subject of a message or event.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct About {
    /// The kind of subject.
    pub kind: AboutKind,
    /// Its name: a complaint's number (its intake id before it has one), a plugin's or mailbox's name, a rule's, a
    /// schedule's.
    pub name: String,
    /// The reason of an alarm, or the period of a report, in words without names; null where type and name say
    /// it all.
    pub reason: Option<String>,
}

/// The kinds of subject.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "snake_case")]
pub enum AboutKind {
    /// A complaint.
    Complaint,
    /// A plugin.
    Plugin,
    /// A mailbox that is read, or the folder in which new mail appears.
    Mailbox,
    /// A rule, a message, or the folder of rules.
    Rule,
    /// A schedule, whose report it is.
    Schedule,
    /// The installation.
    Installation,
}
