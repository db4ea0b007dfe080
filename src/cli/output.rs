//! Output: text for people, JSON for programs, tables that fit a terminal. What strangers wrote is escaped here, and
//! every command prints through here.

use super::Failure;
use crate::escape;
use serde::Serialize;
use std::io::{ErrorKind, IsTerminal, Write};
use std::process::ExitCode;
use std::sync::OnceLock;
use unicode_width::{UnicodeWidthChar, UnicodeWidthStr};

/// Why a line of the result could not be printed; the first counts.
static LOST: OnceLock<String> = OnceLock::new();
/// The narrowest that a column of a table becomes.
const NARROW: usize = 5;
/// The space between two columns.
const GAP: usize = 2;

#[derive(Clone, Copy, Debug)]
pub(super) struct Output {
    pub json: bool,
    /// Says nothing but failures: a step of another command.
    pub quiet: bool,
}

impl Output {
    /// Prints a line for people. A reader who has gone away is not an error.
    pub fn line(&self, text: impl AsRef<str>) {
        if self.quiet {
            return;
        }
        self.print(&escape::text(text.as_ref()));
    }

    /// Prints the result, as JSON.
    pub fn document(&self, value: &impl Serialize) {
        if !self.quiet {
            let text = serde_json::to_string_pretty(value).unwrap_or_default();
            self.print(&escape::json(&text));
        }
    }

    /// Begins a list of results that are printed as they come, as JSON.
    pub fn list(&self) -> JsonList<'_> {
        JsonList { output: self, is_empty: true }
    }

    /// Writes what is kept as it came in: whole into a file or a pipe, without what steers at a terminal.
    pub fn bytes(&self, bytes: &[u8]) -> Result<(), Failure> {
        let mut stdout = std::io::stdout().lock();
        if stdout.is_terminal() {
            stdout.write_all(escape::text(&String::from_utf8_lossy(bytes)).as_bytes())?;
        } else {
            stdout.write_all(bytes)?;
        }
        Ok(())
    }

    fn print(&self, safe: &str) {
        note(writeln!(std::io::stdout().lock(), "{safe}"));
    }

    /// Says whether everything was printed that was to be.
    ///
    /// # Errors
    /// What could not be written, such as on a full disk: a result that is not whole is none.
    pub fn is_whole(&self) -> Result<(), Failure> {
        note(std::io::stdout().lock().flush());
        match LOST.get() {
            None => Ok(()),
            Some(why) => Err(Failure::new(format!("the result cannot be written: {why}"))),
        }
    }

    /// Progress of long work, over the line before; only for people at a terminal.
    pub fn progress(&self, text: &str) {
        let mut stderr = std::io::stderr().lock();
        if !self.json && stderr.is_terminal() {
            let _ = write!(stderr, "\r\x1b[2K{}", escape::line(text));
            let _ = stderr.flush();
        }
    }

    /// Prints what people must know beside the result, where it does not mix with it.
    pub fn warn(&self, text: impl AsRef<str>) {
        let _ = writeln!(std::io::stderr().lock(), "{}", escape::text(text.as_ref()));
    }

    /// Prints a table with aligned columns, as wide as the terminal; the last one is not padded.
    pub fn table(&self, headings: &[&str], rows: &[Vec<String>]) {
        let in_lines = |row: &Vec<String>| row.iter().map(|cell| escape::line(cell).into_owned()).collect();
        let heading: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        let rows: Vec<Vec<String>> = std::iter::once(heading).chain(rows.iter().map(in_lines)).collect();
        let widths: Vec<usize> =
            (0..headings.len()).map(|i| rows.iter().map(|row| row[i].width()).max().unwrap_or(0)).collect();
        let widths = fitted(widths, terminal_width());
        for row in &rows {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| padded(&clip(cell, *width), *width)).collect();
            self.line(cells.join(&" ".repeat(GAP)).trim_end());
        }
    }

    pub fn failure(&self, failure: &Failure) -> ExitCode {
        let mut stderr = std::io::stderr().lock();
        if self.json {
            let document = serde_json::json!({"error": failure.text}).to_string();
            let _ = writeln!(stderr, "{}", escape::json(&document));
        } else {
            let _ = writeln!(stderr, "error: {}", escape::text(&failure.text));
        }
        ExitCode::from(failure.code)
    }
}

/// A list in JSON that is printed item by item, as [`Output::document`] prints a list that is there whole.
#[derive(Debug)]
pub(super) struct JsonList<'o> {
    output: &'o Output,
    is_empty: bool,
}

impl JsonList<'_> {
    /// Prints the next item.
    pub fn push(&mut self, value: &impl Serialize) {
        let text = serde_json::to_string_pretty(value).unwrap_or_default().replace('\n', "\n  ");
        self.write(&format!("{}\n  {}", if self.is_empty { "[" } else { "," }, escape::json(&text)));
        self.is_empty = false;
    }

    /// Closes the list; one that a failure ended stays open, so that nobody takes it for whole.
    pub fn end(self) {
        self.write(if self.is_empty { "[]\n" } else { "\n]\n" });
    }

    fn write(&self, safe: &str) {
        if !self.output.quiet {
            note(write!(std::io::stdout().lock(), "{safe}"));
        }
    }
}

/// Remembers that something could not be printed. A reader who has gone away is not an error.
fn note(printed: std::io::Result<()>) {
    if let Err(e) = printed
        && e.kind() != ErrorKind::BrokenPipe
    {
        let _ = LOST.set(e.to_string());
    }
}

/// Returns the width of the terminal in columns; none where the output goes elsewhere and nobody says.
fn terminal_width() -> Option<usize> {
    let said = std::env::var("COLUMNS").ok().and_then(|text| text.parse().ok()).filter(|width| *width > 0);
    said.or_else(|| {
        let stdout = std::io::stdout();
        let size = stdout.is_terminal().then(|| rustix::termios::tcgetwinsize(stdout).ok()).flatten()?;
        Some(usize::from(size.ws_col)).filter(|width| *width > 0)
    })
}

/// Narrows the widest columns until the table fits, as far as columns may become narrow.
fn fitted(mut widths: Vec<usize>, terminal: Option<usize>) -> Vec<usize> {
    let Some(terminal) = terminal else { return widths };
    let total = |widths: &[usize]| widths.iter().sum::<usize>() + GAP * widths.len().saturating_sub(1);
    while total(&widths) > terminal {
        match widths.iter_mut().max() {
            Some(widest) if *widest > NARROW => *widest -= 1,
            _ => break,
        }
    }
    widths
}

/// Fills a cell up to a width in columns of the terminal.
fn padded(cell: &str, width: usize) -> String {
    format!("{cell}{}", " ".repeat(width.saturating_sub(cell.width())))
}

/// Returns what fits in `width` columns of a terminal, with an ellipsis where something was cut. Some characters
/// are two columns wide, some none.
pub(super) fn clip(text: &str, width: usize) -> String {
    if text.width() <= width {
        return text.to_owned();
    }
    let mut room = width.saturating_sub(1);
    let fits = text.chars().take_while(|c| {
        let wide = c.width().unwrap_or(0);
        let fits = wide <= room;
        room = room.saturating_sub(wide);
        fits
    });
    fits.chain(['…']).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_is_clipped_fits_in_columns_of_the_terminal() {
        assert_eq!(clip("klacht", 6), "klacht");
        assert_eq!(clip("klachten", 6), "klach…");
        assert_eq!(clip("投诉投诉", 8), "投诉投诉");
        assert_eq!(clip("投诉投诉", 7), "投诉投…");
        assert_eq!(clip("投诉投诉", 6), "投诉…", "half a character is none");
        assert_eq!(clip("e\u{301}e\u{301}", 2), "e\u{301}e\u{301}");
        for width in 1..9 {
            assert!(clip("投a诉b投c", width).width() <= width);
        }
    }

    #[test]
    fn the_widest_columns_give_way() {
        assert_eq!(fitted(vec![12, 40, 30], Some(60)), [12, 22, 22]);
        assert_eq!(fitted(vec![12, 40, 30], None), [12, 40, 30]);
        assert_eq!(fitted(vec![40, 40], Some(3)), [5, 5], "and no further");
        assert_eq!(padded("投诉", 6), "投诉  ");
    }
}
