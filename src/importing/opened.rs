//! `Opened`: a file as a table: how it is written, what its columns are called, and its lines one after the other.

use super::table::{Cell, Each, Form, HEADINGS_WITHIN, Line, MOST_BYTES, MOST_LINES, Unreadable};
use super::target::Target;
use super::{book, plain};
use sha2::{Digest, Sha256};
use std::fs::File;
use std::io::{BufReader, Read};
use std::ops::ControlFlow;
use std::path::{Path, PathBuf};

/// A file that was opened.
#[derive(Clone, Debug)]
pub struct Opened {
    path: PathBuf,
    /// How it is written.
    pub form: Form,
    /// The SHA-256 of its bytes, in hexadecimal.
    pub digest: String,
    /// What its columns are called.
    pub headings: Vec<String>,
    /// The line in which that stands.
    pub heading_line: u64,
}

/// Opens a file; `sheet` names the sheet of a workbook, the first one where none is named.
pub fn open(path: &Path, sheet: Option<&str>) -> Result<Opened, Unreadable> {
    let (digest, start) = digest(path)?;
    let form = match &start[..] {
        [] => return Err(Unreadable::new("het bestand is leeg", "the file is empty")),
        [b'P', b'K', 3, 4, ..] => book::form(path, sheet)?,
        [0xD0, 0xCF, 0x11, 0xE0, ..] => {
            return Err(Unreadable::new(
                "dit is een oud of met een wachtwoord beveiligd werkboek; sla het op als .xlsx zonder wachtwoord, of als CSV",
                "this is an old workbook or one with a password; save it as .xlsx without a password, or as CSV",
            ));
        }
        [b'%', b'P', b'D', b'F', ..] => {
            return Err(Unreadable::new(
                "dit is een PDF en geen tabel; sla het register op als .xlsx of CSV",
                "this is a PDF and no table; save the register as .xlsx or CSV",
            ));
        }
        _ => plain::form(path)?,
    };
    let mut opened = Opened { path: path.to_owned(), form, digest, headings: Vec::new(), heading_line: 0 };
    opened.find_headings()?;
    Ok(opened)
}

fn digest(path: &Path) -> Result<(String, Vec<u8>), Unreadable> {
    let file = File::open(path)?;
    if file.metadata()?.len() > MOST_BYTES {
        let most = MOST_BYTES >> 20;
        return Err(Unreadable::new(
            format!("het bestand is groter dan {most} MB; verdeel het"),
            format!("the file is larger than {most} MB; divide it"),
        ));
    }
    let (mut file, mut hash, mut part) = (BufReader::new(file), Sha256::new(), vec![0; 1 << 16]);
    let mut start = Vec::new();
    loop {
        let read = file.read(&mut part)?;
        if read == 0 {
            break;
        }
        if start.len() < 8 {
            start.extend_from_slice(&part[..read.min(8)]);
        }
        hash.update(&part[..read]);
    }
    Ok((format!("{:x}", hash.finalize()), start))
}

impl Opened {
    /// Reads the lines behind the headings, in order, as long as they are wanted. Empty lines are left out.
    pub fn lines(&self, each: &mut dyn FnMut(Line) -> ControlFlow<()>) -> Result<(), Unreadable> {
        let after = self.heading_line;
        let mut lines = 0;
        let mut is_too_long = false;
        self.all(&mut |line| {
            if line.number <= after || line.cells.iter().all(|cell| *cell == Cell::Empty) {
                return ControlFlow::Continue(());
            }
            lines += 1;
            is_too_long = lines > MOST_LINES;
            if is_too_long { ControlFlow::Break(()) } else { each(line) }
        })?;
        match is_too_long {
            false => Ok(()),
            true => Err(Unreadable::new(
                format!("er staan meer dan {MOST_LINES} rijen in; verdeel het bestand"),
                format!("it has more than {MOST_LINES} rows; divide the file"),
            )),
        }
    }

    fn all(&self, each: Each<'_>) -> Result<(), Unreadable> {
        match &self.form {
            Form::Plain { delimiter, .. } => plain::lines(&self.path, *delimiter, each),
            Form::Book { sheet, .. } => book::lines(&self.path, sheet, each),
        }
    }

    /// Takes the first line with two known names for the headings; where there is none, the first that says anything.
    fn find_headings(&mut self) -> Result<(), Unreadable> {
        let (mut first, mut best) = (None, None);
        self.all(&mut |line| {
            let names: Vec<String> = line.cells.iter().map(Cell::text).collect();
            if line.number > HEADINGS_WITHIN {
                return ControlFlow::Break(());
            }
            if names.iter().filter(|name| Target::called(name).is_some()).count() >= 2 {
                best = Some((line.number, names));
                return ControlFlow::Break(());
            }
            if first.is_none() && names.iter().any(|name| !name.is_empty()) {
                first = Some((line.number, names));
            }
            ControlFlow::Continue(())
        })?;
        let Some((line, mut headings)) = best.or(first) else {
            return Err(Unreadable::new("het bestand is leeg", "the file is empty"));
        };
        while headings.last().is_some_and(String::is_empty) {
            headings.pop();
        }
        (self.heading_line, self.headings) = (line, headings);
        Ok(())
    }
}
