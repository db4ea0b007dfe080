//! `Absence`: the days on which somebody is away, so that the deputy stands in
//! (docs/procedure.md edge case 7).

use crate::calendar::Date;
use std::str::FromStr;

/// A period of absence, from the first day to the last, both included.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Absence {
    /// The first day away.
    pub from: Date,
    /// The last day away.
    pub to: Date,
}

impl Absence {
    /// Returns whether the person is away on `day`.
    pub fn covers(&self, day: Date) -> bool {
        self.from <= day && day <= self.to
    }
}

/// Reads `2026-12-24/2027-01-04`, or one day.
impl FromStr for Absence {
    type Err = ();

    fn from_str(text: &str) -> Result<Self, ()> {
        let (from, to) = text.split_once('/').unwrap_or((text, text));
        let day = |t: &str| t.trim().parse::<Date>().map_err(|_| ());
        let absence = Self { from: day(from)?, to: day(to)? };
        if absence.from <= absence.to { Ok(absence) } else { Err(()) }
    }
}
