//! `Report`: figures of a period, each with its definition, and tables, as a document, and how it is written: as a page, a
//! drawing, a table of values, a workbook. It may not know where the figures come from.

pub mod chart;
mod open;
mod page;
mod period;
mod rows;
mod table_book;
mod workbook;

pub use page::{ReportError, body, page};
pub use period::{day_in_words, period, period_text};
pub use rows::csv;
pub use table_book::TableBook;
pub use workbook::xlsx;

use crate::calendar::Date;
use crate::complaint::Language;
use serde::{Deserialize, Serialize};

/// A report on a period.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Report {
    /// The organisation it is about; empty when it has no name.
    pub organisation: String,
    /// The language of its words.
    pub language: Language,
    /// The first day of the period.
    pub from: Date,
    /// The last day of the period.
    pub to: Date,
    /// The day as of which it counts.
    pub made_on: Date,
    /// True where small numbers are left out, for who may not see complaints.
    pub is_open: bool,
    /// The figures.
    pub figures: Vec<Figure>,
    /// The tables.
    pub tables: Vec<Table>,
    /// The conclusions of who concludes reports; none before there are any.
    pub conclusions: Option<String>,
    /// The recommendations that are still to be followed up.
    pub recommendations: Vec<Advice>,
}

/// A figure with what it means.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Figure {
    /// Its name for programs.
    pub name: String,
    /// Its name for people.
    pub label: String,
    /// What is counted, of what, and of which complaints.
    pub definition: String,
    /// The numerator, or the number of days; none where it is left out or there is none.
    pub count: Option<i64>,
    /// The denominator; none where it is no part of anything, or is left out.
    pub of: Option<i64>,
    /// The same figure a year earlier.
    pub before: Option<i64>,
    /// What the count is of.
    pub unit: Unit,
    /// The name of the whole of which this and the others of that name are the parts.
    pub part_of: Option<String>,
    /// The name of the table of whose first counts this is a mean or a rank; none where it is none of a table.
    #[serde(default)]
    pub sums_up: Option<String>,
}

/// What a count is of.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Unit {
    /// Complaints.
    Complaints,
    /// Days.
    Days,
    /// Tenths of a step of satisfaction.
    Steps,
}

/// A table of counts.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Table {
    /// Its name for programs.
    pub name: String,
    /// Its name for people.
    pub title: String,
    /// What is counted.
    pub definition: String,
    /// The heading of the first column.
    pub heading: String,
    /// The headings of the counts.
    pub columns: Vec<String>,
    /// The rows.
    pub rows: Vec<Row>,
    /// What the first count of each row is a part of; none where it is shown as no part.
    pub of: Option<i64>,
    /// How it is drawn; none where it is a table only.
    pub drawing: Option<Drawing>,
    /// True where the rows stand in the order of a count.
    #[serde(default)]
    pub is_by_size: bool,
}

/// A row of a table.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// What is counted.
    pub label: String,
    /// The counts; none where one is left out because it is small.
    pub counts: Vec<Option<i64>>,
}

/// How a table is drawn.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Drawing {
    /// Bars side by side, the first two counts of each row.
    Bars,
    /// Lying bars, the first count of each row.
    Lengths,
    /// Bars by size with the line of their sum, and the line of 80 %.
    Pareto,
}

/// A recommendation that is still to be followed up.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Advice {
    /// The recommendation.
    pub content: String,
    /// Where it stands.
    pub state: String,
    /// The latest finding about it; empty when there is none.
    pub note: String,
    /// The day on which it is looked at again.
    pub follow_up_on: Date,
}

impl Figure {
    /// Returns the share in tenths of a per cent; none where it is no part of anything.
    pub fn share(&self) -> Option<i64> {
        share(self.count.filter(|_| self.unit.counts())?, self.of?)
    }
}

impl Unit {
    /// Returns whether it counts complaints, and so may be a part of others.
    fn counts(self) -> bool {
        self == Self::Complaints
    }

    /// Returns a number as people write it.
    pub fn written(self, n: i64, language: Language) -> String {
        match self {
            Self::Complaints | Self::Days => n.to_string(),
            Self::Steps => tenths(n, language),
        }
    }
}

impl Table {
    /// Returns the share of a row in tenths of a per cent.
    pub fn share(&self, row: &Row) -> Option<i64> {
        share((*row.counts.first()?)?, self.of?)
    }

    /// Returns the share of each row and those before it in tenths of a per cent, as far as no count is left out.
    pub fn sums(&self) -> Vec<Option<i64>> {
        let mut sum = Some(0);
        let sums = self.rows.iter().map(|row| {
            sum = sum.zip(row.counts.first().copied().flatten()).map(|(sum, count)| sum + count);
            share(sum?, self.of?)
        });
        sums.collect()
    }
}

fn share(count: i64, of: i64) -> Option<i64> {
    (of > 0).then(|| (count * 1000 + of / 2) / of)
}

/// Returns tenths of a per cent as people write them.
fn percent(tenths: i64, language: Language) -> String {
    match tenths % 10 {
        0 => format!("{} %", tenths / 10),
        _ => format!("{} %", self::tenths(tenths, language)),
    }
}

/// Returns tenths as people write them.
fn tenths(n: i64, language: Language) -> String {
    let sign = match language {
        Language::Dutch => ',',
        Language::English => '.',
    };
    format!("{}{sign}{}", n / 10, n % 10)
}

/// Returns the Dutch or the English words.
fn words<'w>(language: Language, nl: &'w str, en: &'w str) -> &'w str {
    match language {
        Language::Dutch => nl,
        Language::English => en,
    }
}
