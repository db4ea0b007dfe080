//! `ExtraField`: a field of the organisation's own, declared in `redress.toml` with type and label.

use super::label::Label;
use crate::calendar::Date;
use crate::complaint::Name;
use serde_json::Value;
use std::collections::BTreeMap;

/// The type of an own field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ExtraKind {
    /// Free text; like other free text it does not reach conditions.
    Text,
    /// A day, stored as `YYYY-MM-DD`.
    Date,
    /// A number.
    Number,
    /// Yes or no.
    YesNo,
    /// One of these texts; at least one is given.
    Choice(Vec<String>),
}

impl ExtraKind {
    /// Returns the type as `redress.toml` writes it.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Text => "text",
            Self::Date => "date",
            Self::Number => "number",
            Self::YesNo => "yes_no",
            Self::Choice(_) => "choice",
        }
    }
}

/// A field of the organisation's own: its type and its label.
#[derive(Clone, Debug)]
pub struct ExtraField {
    /// The type.
    pub kind: ExtraKind,
    /// The label.
    pub label: Label,
}

/// All own fields of an organisation, by name.
pub type ExtraFields = BTreeMap<Name, ExtraField>;

impl ExtraField {
    /// Returns a value for rendering messages on trial.
    pub fn sample(&self) -> Value {
        match &self.kind {
            ExtraKind::Text => "x".into(),
            ExtraKind::Date => "2027-01-04".into(),
            ExtraKind::Number => 1.into(),
            ExtraKind::YesNo => true.into(),
            ExtraKind::Choice(options) => options.first().cloned().unwrap_or_default().into(),
        }
    }

    /// Returns whether a stored value is of the declared type.
    pub fn fits(&self, value: &Value) -> bool {
        match &self.kind {
            ExtraKind::Text => value.is_string(),
            ExtraKind::Date => value.as_str().is_some_and(|t| t.parse::<Date>().is_ok()),
            ExtraKind::Number => value.is_number(),
            ExtraKind::YesNo => value.is_boolean(),
            ExtraKind::Choice(options) => value.as_str().is_some_and(|t| options.iter().any(|o| o == t)),
        }
    }
}
