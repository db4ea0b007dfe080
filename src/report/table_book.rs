//! `TableBook`: rows of a table as a workbook of a spreadsheet. Texts stay texts, whatever they begin with; days are days. Rows
//! go to a temporary file as they come, so that a register of any size can be written.

use crate::calendar::Date;
use chrono::Datelike;
use rust_xlsxwriter::{ExcelDateTime, Format, Workbook, Worksheet, XlsxError};
use std::io::{Seek, Write};
use std::path::Path;

/// The longest text of a cell, in characters, as spreadsheets take it.
const LONGEST: usize = 32_767;
/// The width of a column, in characters.
const TEXT_WIDTH: f64 = 24.0;
const DAY_WIDTH: f64 = 12.0;

/// A workbook with one sheet, its first row the headings.
#[expect(missing_debug_implementations, reason = "the workbook of the library has none")]
pub struct TableBook {
    file: Workbook,
    /// The columns that hold days.
    days: Vec<bool>,
    /// The row that is written next.
    row: u32,
    day: Format,
    text: Format,
}

impl TableBook {
    /// Begins a sheet with its headings, each with whether its column holds days; `folder` is where its rows are for a while.
    pub fn new(title: &str, columns: &[(String, bool)], folder: &Path) -> Result<Self, XlsxError> {
        let mut file = Workbook::new();
        file.set_tempdir(folder)?;
        let bold = Format::new().set_bold();
        let sheet = file.add_worksheet_with_constant_memory()?;
        sheet.set_name(title)?.set_freeze_panes(1, 0)?;
        for (column, (heading, is_day)) in (0..).zip(columns) {
            sheet.set_column_width(column, if *is_day { DAY_WIDTH } else { TEXT_WIDTH })?;
            sheet.write_string_with_format(0, column, heading, &bold)?;
        }
        let day = Format::new().set_num_format("yyyy-mm-dd");
        let days = columns.iter().map(|(_, is_day)| *is_day).collect();
        Ok(Self { file, days, row: 1, day, text: Format::new().set_num_format("@") })
    }

    /// Writes the next row.
    pub fn push(&mut self, cells: &[String]) -> Result<(), XlsxError> {
        let sheet = self.file.worksheet_from_index(0)?;
        for (column, (cell, is_day)) in (0..).zip(cells.iter().zip(&self.days)) {
            match as_day(cell).filter(|_| *is_day) {
                Some(day) => drop(sheet.write_datetime_with_format(self.row, column, &day, &self.day)?),
                None if cell.is_empty() => {}
                None => write(sheet, (self.row, column), cell, &self.text)?,
            }
        }
        self.row += 1;
        Ok(())
    }

    /// Ends the sheet with a filter over all rows, and returns the bytes of the file.
    pub fn bytes(mut self) -> Result<Vec<u8>, XlsxError> {
        self.filter()?;
        self.file.save_to_buffer()
    }

    /// Ends the sheet as [`TableBook::bytes`] does, and writes the file.
    pub fn write(mut self, to: impl Write + Seek + Send) -> Result<(), XlsxError> {
        self.filter()?;
        self.file.save_to_writer(to)
    }

    fn filter(&mut self) -> Result<(), XlsxError> {
        let last = u16::try_from(self.days.len().saturating_sub(1)).unwrap_or(u16::MAX);
        self.file.worksheet_from_index(0)?.autofilter(0, 0, self.row - 1, last)?;
        Ok(())
    }
}

fn write(sheet: &mut Worksheet, place: (u32, u16), cell: &str, format: &Format) -> Result<(), XlsxError> {
    // What may stand in no file of the kind.
    let shown = |c: char| match c {
        '\n' | '\t' => c,
        c if c.is_control() || matches!(c, '\u{FFFE}' | '\u{FFFF}') => '\u{FFFD}',
        c => c,
    };
    let text: String = cell.chars().map(shown).take(LONGEST).collect();
    sheet.write_string_with_format(place.0, place.1, text, format)?;
    Ok(())
}

fn as_day(cell: &str) -> Option<ExcelDateTime> {
    let day: Date = cell.parse().ok()?;
    let (month, day_of_month) = (u8::try_from(day.month()).ok()?, u8::try_from(day.day()).ok()?);
    ExcelDateTime::from_ymd(u16::try_from(day.year()).ok()?, month, day_of_month).ok()
}
