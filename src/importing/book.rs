//! Workbooks, as a stream of cells. What they come to unpacked is measured first, so that a small file cannot become a
//! large one in memory; macros are never run, and of a formula the value is read that stands beside it.

use super::plain::check;
use super::table::{Cell, Each, Form, Line, Unreadable};
use calamine::{DataRef, Reader, Xlsx, XlsxError};
use std::fs::File;
use std::io::{BufReader, Read};
use std::path::Path;

/// The most bytes of all parts together, unpacked.
const MOST_UNPACKED: u64 = 128 << 20;
/// The most parts.
const MOST_PARTS: usize = 2_000;

type Book = Xlsx<BufReader<File>>;

/// Says which sheet is read.
pub(super) fn form(path: &Path, sheet: Option<&str>) -> Result<Form, Unreadable> {
    measure(path)?;
    let names = opened(path)?.sheet_names();
    let is_wished =
        |name: &&String| sheet.is_none_or(|wished| name.trim().eq_ignore_ascii_case(wished.trim()));
    let Some(found) = names.iter().find(is_wished).cloned() else {
        let names = names.join(", ");
        return Err(Unreadable::new(
            format!("dat blad is er niet; er zijn: {names}"),
            format!("there is no such sheet; there are: {names}"),
        ));
    };
    let others = names.into_iter().filter(|name| *name != found).collect();
    Ok(Form::Book { sheet: found, others })
}

/// Unpacks every part, and keeps nothing of it: what a part says of its own size may be anything.
fn measure(path: &Path) -> Result<(), Unreadable> {
    let damaged = |e: &dyn std::fmt::Display| {
        Unreadable::new(format!("het werkboek is beschadigd: {e}"), format!("the workbook is damaged: {e}"))
    };
    let too_large = || {
        let most = MOST_UNPACKED >> 20;
        Unreadable::new(
            format!("uitgepakt is het werkboek groter dan {most} MB; sla het op als CSV"),
            format!("unpacked the workbook is larger than {most} MB; save it as CSV"),
        )
    };
    let file = BufReader::new(File::open(path)?);
    let mut parts = zip::ZipArchive::new(file).map_err(|e| damaged(&e))?;
    if parts.len() > MOST_PARTS {
        return Err(too_large());
    }
    if !parts.file_names().flatten().any(|name| name.eq_ignore_ascii_case("xl/workbook.xml")) {
        return Err(Unreadable::new(
            "dit is geen werkboek; sla het register op als .xlsx of CSV",
            "this is no workbook; save the register as .xlsx or CSV",
        ));
    }
    let mut left = MOST_UNPACKED;
    for at in 0..parts.len() {
        let part = parts.by_index(at).map_err(|e| damaged(&e))?;
        let read = std::io::copy(&mut part.take(left), &mut std::io::sink()).map_err(|e| damaged(&e))?;
        left -= read;
        if left == 0 {
            return Err(too_large());
        }
    }
    Ok(())
}

fn opened(path: &Path) -> Result<Book, Unreadable> {
    Xlsx::new(BufReader::new(File::open(path)?)).map_err(|e| wrong(&e))
}

fn wrong(error: &XlsxError) -> Unreadable {
    Unreadable::new(
        format!("het werkboek is niet te lezen: {error}"),
        format!("the workbook cannot be read: {error}"),
    )
}

/// Reads every line in which there is something. Cells that are merged stand in their first one.
pub(super) fn lines(path: &Path, sheet: &str, each: Each<'_>) -> Result<(), Unreadable> {
    let mut book = opened(path)?;
    let mut cells = book.worksheet_cells_reader(sheet).map_err(|e| wrong(&e))?;
    let (mut line, mut bytes) = (Line { number: 0, cells: Vec::new() }, 0);
    while let Some(cell) = cells.next_cell().map_err(|e| wrong(&e))? {
        let ((row, column), value) = (cell.get_position(), said(cell.get_value()));
        if value == Cell::Empty {
            continue;
        }
        let (number, column) = (u64::from(row) + 1, column as usize);
        let length = if let Cell::Text(text) = &value { text.len() } else { 0 };
        // Many cells may share one text, and each has it as its own.
        bytes = if number == line.number { bytes + length } else { length };
        check(number, column + 1, length, bytes)?;
        if number != line.number {
            let whole = std::mem::replace(&mut line, Line { number, cells: Vec::new() });
            if whole.number > 0 && each(whole).is_break() {
                return Ok(());
            }
        }
        if line.cells.len() <= column {
            line.cells.resize(column + 1, Cell::Empty);
        }
        line.cells[column] = value;
    }
    if line.number > 0 {
        let _ = each(line);
    }
    Ok(())
}

fn said(value: &DataRef<'_>) -> Cell {
    match value {
        DataRef::Empty => Cell::Empty,
        DataRef::Int(number) => Cell::Number(*number as f64),
        DataRef::Float(number) => Cell::Number(*number),
        DataRef::String(text) => Cell::of(text),
        DataRef::SharedString(text) => Cell::of(text),
        DataRef::Bool(true) => Cell::Text("ja".to_owned()),
        DataRef::Bool(false) => Cell::Text("nee".to_owned()),
        DataRef::DateTime(at) if at.is_datetime() => {
            let (year, month, day, ..) = at.to_ymd_hms_milli();
            let day = crate::calendar::Date::from_ymd_opt(i32::from(year), u32::from(month), u32::from(day));
            day.map_or_else(|| Cell::Number(at.as_f64()), Cell::Day)
        }
        DataRef::DateTime(at) => Cell::Number(at.as_f64()),
        DataRef::DateTimeIso(text) | DataRef::DurationIso(text) => Cell::of(text),
        // What a formula could not work out.
        DataRef::Error(error) => Cell::Text(error.to_string()),
    }
}
