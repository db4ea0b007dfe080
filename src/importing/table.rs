//! A table as it is read: cells, lines, and how a file is written.

use crate::calendar::Date;
use crate::complaint::Text;
use std::ops::ControlFlow;

/// The largest file in bytes.
pub const MOST_BYTES: u64 = 256 << 20;
/// The most columns, and the most lines.
pub(super) const MOST_COLUMNS: usize = 256;
pub(super) const MOST_LINES: u64 = 250_000;
/// The most characters of a cell.
pub(super) const MOST_CHARACTERS: usize = 100_000;
/// The lines among which the headings are looked for.
pub(super) const HEADINGS_WITHIN: u64 = 20;
/// The most bytes of a line.
pub(super) const MOST_LINE: usize = 1 << 20;

/// What stands in a cell.
#[derive(Clone, Debug, PartialEq)]
pub enum Cell {
    /// Nothing.
    Empty,
    /// Words.
    Text(String),
    /// A number of a spreadsheet.
    Number(f64),
    /// A day of a spreadsheet.
    Day(Date),
}

impl Cell {
    /// Makes the cell of a text.
    pub fn of(text: &str) -> Self {
        let text = text.trim();
        if text.is_empty() { Self::Empty } else { Self::Text(text.to_owned()) }
    }

    /// Returns what is read there.
    pub fn text(&self) -> String {
        match self {
            Self::Empty => String::new(),
            Self::Text(text) => text.clone(),
            Self::Number(number) => number.to_string(),
            Self::Day(day) => day.to_string(),
        }
    }
}

/// A line, by its number as the spreadsheet shows it.
#[derive(Clone, Debug, PartialEq)]
pub struct Line {
    /// Its number, from 1.
    pub number: u64,
    /// Its cells from the left; those behind the last one are empty.
    pub cells: Vec<Cell>,
}

impl Line {
    /// Returns the bytes of its texts.
    pub fn bytes(&self) -> usize {
        let bytes = |cell: &Cell| if let Cell::Text(text) = cell { text.len() } else { 0 };
        self.cells.iter().map(bytes).sum()
    }
}

/// How a file is written.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Form {
    /// Text with a sign between the cells.
    Plain {
        /// The sign.
        delimiter: char,
        /// What the letters are written in.
        encoding: &'static str,
    },
    /// A workbook, and the sheet of it that is read.
    Book {
        /// The name of the sheet.
        sheet: String,
        /// The sheets that are not read.
        others: Vec<String>,
    },
}

/// Why a file cannot be read.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.en)]
pub struct Unreadable(pub Text);

impl Unreadable {
    pub(super) fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Text::new(nl, en))
    }
}

impl From<std::io::Error> for Unreadable {
    fn from(error: std::io::Error) -> Self {
        Self::new(
            format!("het bestand is niet te lezen: {error}"),
            format!("the file cannot be read: {error}"),
        )
    }
}

/// What takes lines, and says whether it wants more.
pub(super) type Each<'e> = &'e mut dyn FnMut(Line) -> ControlFlow<()>;
