//! `Measure`: a preventive measure with a life of its own (docs/procedure.md rows 29 and 30).

use super::Name;
use crate::calendar::Date;
use serde::{Deserialize, Serialize};

/// A preventive measure of one complaint, with an owner and a state of its own.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// The number within the complaint, from 1.
    pub id: u32,
    /// The measure in words.
    pub description: String,
    /// The role, or the address of the person, that carries it out.
    pub owner: String,
    /// The day by which it is to be carried out; none when no day was set.
    pub due: Option<Date>,
    /// The day on which its effect is to be checked; none when no day was set.
    #[serde(default)]
    pub check_on: Option<Date>,
    /// The latest finding or decision about it, in words.
    #[serde(default)]
    pub note: Option<String>,
    /// The state, declared under `measures` in `procedure.toml`.
    pub state: Name,
}
