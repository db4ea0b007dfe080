//! Text with a sign between the cells, as a stream: UTF-8 with and without a mark, UTF-16 with one, else Windows-1252.

use super::table::{
    Cell, Each, Form, HEADINGS_WITHIN, Line, MOST_CHARACTERS, MOST_COLUMNS, MOST_LINE, Unreadable,
};
use super::target::Target;
use csv::{ReaderBuilder, StringRecord};
use encoding_rs::{CoderResult, Decoder, Encoding, UTF_8, WINDOWS_1252};
use std::fs::File;
use std::io::{BufRead, BufReader, Read};
use std::path::Path;

/// The signs that may stand between cells.
const DELIMITERS: [char; 3] = [';', ',', '\t'];
/// The bytes that are read at once.
const PART: usize = 1 << 16;

/// Says how a file is written.
pub(super) fn form(path: &Path) -> Result<Form, Unreadable> {
    let encoding = encoding(path)?;
    let lines = beginning(path, encoding)?;
    let first = lines.iter().find(|line| !line.trim().is_empty()).cloned().unwrap_or_default();
    if first.contains('\0') {
        return Err(Unreadable::new(
            "dit is geen tabel; sla het register op als .xlsx of CSV",
            "this is no table; save the register as .xlsx or CSV",
        ));
    }
    let said = first.trim().strip_prefix("sep=").and_then(|rest| rest.chars().next());
    // Headings tell it with certainty: a title may stand above them.
    let of_headings = DELIMITERS.into_iter().find(|sign| lines.iter().any(|line| is_heading(line, *sign)));
    let counted = DELIMITERS.into_iter().max_by_key(|sign| {
        // The first of those that are found equally often: `max_by_key` takes the last.
        (cells(&first, *sign).len(), std::cmp::Reverse(DELIMITERS.iter().position(|d| d == sign)))
    });
    let delimiter = said.filter(char::is_ascii).or(of_headings).or(counted).unwrap_or(';');
    Ok(Form::Plain { delimiter, encoding: encoding.name() })
}

/// Reads the first lines, as far as headings may stand; a line without an end is not read to it.
fn beginning(path: &Path, encoding: &'static Encoding) -> Result<Vec<String>, Unreadable> {
    let mut text = BufReader::new(Decoded::new(path, encoding)?);
    let mut lines = Vec::new();
    while (lines.len() as u64) < HEADINGS_WITHIN {
        let mut line = Vec::new();
        if (&mut text).take(MOST_LINE as u64).read_until(b'\n', &mut line)? == 0 {
            break;
        }
        lines.push(String::from_utf8_lossy(&line).into_owned());
    }
    Ok(lines)
}

/// Returns the parts of a line between signs that stand outside of quotation marks.
fn cells(line: &str, sign: char) -> Vec<&str> {
    let mut is_quoted = false;
    let outside = |c: char| {
        is_quoted ^= c == '"';
        !is_quoted && c == sign
    };
    line.trim().split(outside).collect()
}

fn is_heading(line: &str, sign: char) -> bool {
    let is_known = |cell: &&str| Target::called(cell.trim_matches('"')).is_some();
    cells(line, sign).iter().filter(|cell| is_known(cell)).count() >= 2
}

/// Finds what the letters are written in, which takes the whole file: what is not UTF-8 anywhere is not UTF-8.
fn encoding(path: &Path) -> Result<&'static Encoding, Unreadable> {
    let mut file = BufReader::new(File::open(path)?);
    let mut part = vec![0; PART];
    let mut read = file.read(&mut part)?;
    if let Some((marked, _)) = Encoding::for_bom(&part[..read]) {
        return Ok(marked);
    }
    let (mut decoder, mut text) = (UTF_8.new_decoder_without_bom_handling(), String::new());
    loop {
        text.clear();
        text.reserve(PART * 3);
        let (result, _) = decoder.decode_to_string_without_replacement(&part[..read], &mut text, read == 0);
        match result {
            encoding_rs::DecoderResult::InputEmpty if read == 0 => return Ok(UTF_8),
            encoding_rs::DecoderResult::InputEmpty => {}
            _ => return Ok(WINDOWS_1252),
        }
        read = file.read(&mut part)?;
    }
}

/// Reads every line.
pub(super) fn lines(path: &Path, delimiter: char, each: Each<'_>) -> Result<(), Unreadable> {
    let text = Decoded::new(path, encoding(path)?)?;
    let delimiter = u8::try_from(delimiter).unwrap_or(b';');
    let mut reader =
        ReaderBuilder::new().has_headers(false).flexible(true).delimiter(delimiter).from_reader(text);
    let (mut record, mut inside) = (StringRecord::new(), 0);
    loop {
        let more = reader.read_record(&mut record).map_err(|e| {
            Unreadable::new(
                format!("de tabel is niet te lezen: {e}"),
                format!("the table cannot be read: {e}"),
            )
        })?;
        if !more {
            return Ok(());
        }
        let line = record.position().map_or(0, csv::Position::line);
        let number = line.saturating_sub(inside);
        // A spreadsheet counts a line in which a cell has several as one.
        inside += record.iter().map(|cell| cell.matches('\n').count() as u64).sum::<u64>();
        if line == 1 && record.get(0).is_some_and(|cell| cell.starts_with("sep=")) {
            continue;
        }
        let lengths = record.iter().map(str::len);
        check(number, record.len(), lengths.clone().max().unwrap_or(0), lengths.sum())?;
        let cells = record.iter().map(Cell::of).collect();
        if each(Line { number, cells }).is_break() {
            return Ok(());
        }
    }
}

/// Refuses a line that no register has.
pub(super) fn check(line: u64, columns: usize, longest: usize, bytes: usize) -> Result<(), Unreadable> {
    if bytes > MOST_LINE {
        let most = MOST_LINE >> 20;
        return Err(Unreadable::new(
            format!("rij {line} is groter dan {most} MB"),
            format!("row {line} is larger than {most} MB"),
        ));
    }
    if columns > MOST_COLUMNS {
        return Err(Unreadable::new(
            format!("rij {line} heeft meer dan {MOST_COLUMNS} kolommen"),
            format!("row {line} has more than {MOST_COLUMNS} columns"),
        ));
    }
    if longest > MOST_CHARACTERS {
        return Err(Unreadable::new(
            format!(
                "rij {line} heeft een cel van meer dan {MOST_CHARACTERS} tekens; ontbreekt er een aanhalingsteken?"
            ),
            format!(
                "row {line} has a cell of more than {MOST_CHARACTERS} characters; is a quotation mark missing?"
            ),
        ));
    }
    Ok(())
}

/// A file as UTF-8, decoded as it is read.
struct Decoded {
    file: BufReader<File>,
    decoder: Decoder,
    part: Vec<u8>,
    text: Vec<u8>,
    at: usize,
    is_over: bool,
    /// True behind a return: the line feed that follows it ends no other line.
    is_returned: bool,
}

impl Decoded {
    fn new(path: &Path, encoding: &'static Encoding) -> Result<Self, Unreadable> {
        let file = BufReader::new(File::open(path)?);
        let decoder = encoding.new_decoder_with_bom_removal();
        Ok(Self {
            file,
            decoder,
            part: vec![0; PART],
            text: Vec::new(),
            at: 0,
            is_over: false,
            is_returned: false,
        })
    }
}

impl Decoded {
    /// Makes every end of a line one sign, by which lines are counted.
    fn one_end(&mut self, text: String) -> Vec<u8> {
        let mut out = text.into_bytes();
        out.retain_mut(|byte| {
            let is_second = *byte == b'\n' && self.is_returned;
            self.is_returned = *byte == b'\r';
            if self.is_returned {
                *byte = b'\n';
            }
            !is_second
        });
        out
    }
}

impl Read for Decoded {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        while self.at == self.text.len() && !self.is_over {
            let read = self.file.read(&mut self.part)?;
            let mut text =
                String::with_capacity(self.decoder.max_utf8_buffer_length(read).unwrap_or(PART * 3).max(16));
            let (result, _, _) = self.decoder.decode_to_string(&self.part[..read], &mut text, read == 0);
            debug_assert_eq!(result, CoderResult::InputEmpty);
            (self.text, self.at, self.is_over) = (self.one_end(text), 0, read == 0);
        }
        let most = into.len().min(self.text.len() - self.at);
        into[..most].copy_from_slice(&self.text[self.at..self.at + most]);
        self.at += most;
        Ok(most)
    }
}
