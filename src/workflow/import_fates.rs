//! `Fate`: what becomes of a row of an earlier register, and by what it is found to be there already.

use crate::complaint::Text;
use crate::importing::{CellTrouble, Keys, Row};
use crate::store::{Registered, RowKeys, SameAs, SameBy};
use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// By what a row is the same as a complaint, or as a row before it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sameness {
    /// It is the same row.
    Row,
    /// It has the same earlier number.
    Number,
    /// The same person complained of the same on the same day.
    Case,
}

/// What becomes of a row.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Fate {
    /// It is a complaint: its number where it was imported, none where it would be.
    Imported(Option<String>),
    /// It is there: the number of the complaint, or the line of the row in the same file.
    Duplicate {
        /// The complaint, or the row before.
        of: Result<String, u64>,
        /// By what it is the same.
        by: Sameness,
    },
    /// It is refused.
    Refused(Vec<CellTrouble>),
}

/// A row of which the fate is known.
#[derive(Clone, Debug)]
pub struct ImportTold {
    /// Its number, as the spreadsheet shows it.
    pub line: u64,
    /// What becomes of it.
    pub fate: Fate,
    /// What was understood of it; none where it is refused.
    pub row: Option<Box<Row>>,
}

impl ImportTold {
    /// Returns whether it would become a complaint, and is none yet.
    pub(super) fn is_new(&self) -> bool {
        self.fate == Fate::Imported(None)
    }
}

pub(super) fn written(keys: &Keys) -> RowKeys {
    RowKeys { row: keys.row.clone(), number: keys.number.clone(), case: keys.case.clone() }
}

pub(super) fn found(same: SameAs) -> Fate {
    let by = match same.by {
        SameBy::Row => Sameness::Row,
        SameBy::Number => Sameness::Number,
        SameBy::Case => Sameness::Case,
    };
    Fate::Duplicate { of: Ok(same.reference), by }
}

/// What the register has, by the address of who complains.
pub(super) type ByEmail = HashMap<String, Vec<Registered>>;

pub(super) fn by_email(registered: Vec<Registered>) -> ByEmail {
    let mut by_email = ByEmail::new();
    for one in registered {
        by_email.entry(one.email.clone()).or_default().push(one);
    }
    by_email
}

/// Finds the complaint that came another way: of the same address, on the same day, of the same subject.
pub(super) fn in_register(row: &Row, registered: &ByEmail) -> Option<Fate> {
    let plain = |text: &str| text.split_whitespace().collect::<Vec<_>>().join(" ").to_lowercase();
    let c = &row.complaint;
    let same = registered
        .get(&c.complainant.email)?
        .iter()
        .find(|other| other.received_on == row.received_on && plain(&other.subject) == plain(&c.subject))?;
    Some(Fate::Duplicate { of: Ok(same.reference.clone()), by: Sameness::Case })
}

/// What rows before are known by, and their lines: each a number, so that a file of any length takes little memory.
#[derive(Debug, Default)]
pub(super) struct Before {
    lines: HashMap<u64, u64>,
    /// What was noted before that.
    earlier: HashMap<u64, u64>,
}

impl Before {
    /// Keeps what was noted since this was last said, and nothing from before that.
    pub fn keep_last(&mut self) {
        self.earlier = std::mem::take(&mut self.lines);
    }

    /// Finds the row before that is the same.
    pub fn find(&self, row: &Row) -> Option<Fate> {
        let line = |mark| self.lines.get(&mark).or_else(|| self.earlier.get(&mark)).copied();
        let (by, line) = marks(&row.keys).find_map(|(by, mark)| Some((by, line(mark)?)))?;
        Some(Fate::Duplicate { of: Err(line), by })
    }

    /// Notes a row, for those that come behind it.
    pub fn note(&mut self, row: &Row) {
        self.lines.extend(marks(&row.keys).map(|(_, mark)| (mark, row.line)));
    }
}

/// Returns what a row is known by within its file.
fn marks(keys: &Keys) -> impl Iterator<Item = (Sameness, u64)> + use<> {
    let mark = |by: Sameness, text: &String| {
        let mut hasher = DefaultHasher::new();
        (by as u8, text).hash(&mut hasher);
        (by, hasher.finish())
    };
    let row = Some(mark(Sameness::Row, &keys.row));
    let number = keys.number.as_ref().map(|text| mark(Sameness::Number, text));
    let case = keys.case.as_ref().map(|text| mark(Sameness::Case, text));
    [row, number, case].into_iter().flatten()
}

impl Fate {
    /// Says it, with where it goes wrong.
    pub fn said(&self) -> Text {
        match self {
            Self::Imported(Some(number)) => {
                Text::new(format!("overgenomen als {number}"), format!("imported as {number}"))
            }
            Self::Imported(None) => Text::new("wordt overgenomen", "would be imported"),
            Self::Duplicate { of, by } => {
                let (nl, en) = match by {
                    Sameness::Row => ("dezelfde rij", "the same row"),
                    Sameness::Number => ("hetzelfde nummer", "the same number"),
                    Sameness::Case => {
                        ("dezelfde klager, dag en onderwerp", "the same complainant, day and subject")
                    }
                };
                match of {
                    Ok(number) => Text::new(
                        format!("is er al: {nl} als {number}"),
                        format!("is there already: {en} as {number}"),
                    ),
                    Err(line) => Text::new(
                        format!("dubbel: {nl} als rij {line}"),
                        format!("double: {en} as row {line}"),
                    ),
                }
            }
            Self::Refused(troubles) => {
                let said =
                    |one: &CellTrouble, why: &str, column: &dyn Fn(&str) -> String| match one.column.as_str()
                    {
                        "" => why.to_owned(),
                        heading => format!("{}: {why}", column(heading)),
                    };
                let dutch = |heading: &str| format!("kolom “{heading}”");
                let english = |heading: &str| format!("column \"{heading}\"");
                let nl: Vec<String> = troubles.iter().map(|t| said(t, &t.why.nl, &dutch)).collect();
                let en: Vec<String> = troubles.iter().map(|t| said(t, &t.why.en, &english)).collect();
                Text::new(nl.join("; "), en.join("; "))
            }
        }
    }
}
