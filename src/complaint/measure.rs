//! `Measure`: a preventive measure with a life of its own (docs/procedure.md rows 29 and 30).

use super::Name;
use crate::calendar::Date;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Measure {
    /// Counts within the complaint, from 1.
    pub id: u32,
    pub description: String,
    /// The role or person who carries it out.
    pub owner: String,
    pub due: Option<Date>,
    /// When its effect is to be checked.
    #[serde(default)]
    pub check_on: Option<Date>,
    /// What was found or decided about it last.
    #[serde(default)]
    pub note: Option<String>,
    pub state: Name,
}
