//! Output: text for people, JSON for programs, tables that fit a terminal. What strangers wrote is escaped here, and
//! every command prints through here.

use super::Failure;
use crate::escape;
use serde::Serialize;
use std::io::{IsTerminal, Write};
use std::process::ExitCode;

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
        let _ = writeln!(std::io::stdout().lock(), "{safe}");
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

    /// Prints a table with aligned columns; the last one is not padded.
    pub fn table(&self, headings: &[&str], rows: &[Vec<String>]) {
        let in_lines = |row: &Vec<String>| row.iter().map(|cell| escape::line(cell).into_owned()).collect();
        let rows: Vec<Vec<String>> = rows.iter().map(in_lines).collect();
        let widths: Vec<usize> = headings
            .iter()
            .enumerate()
            .map(|(i, h)| {
                rows.iter().map(|r| r[i].chars().count()).chain([h.chars().count()]).max().unwrap_or(0)
            })
            .collect();
        let heading: Vec<String> = headings.iter().map(|h| (*h).to_owned()).collect();
        for row in std::iter::once(&heading).chain(&rows) {
            let cells: Vec<String> =
                row.iter().zip(&widths).map(|(cell, width)| format!("{cell:<width$}")).collect();
            self.line(cells.join("  ").trim_end());
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

/// Returns at most `width` characters, with an ellipsis where something was cut.
pub(super) fn clip(text: &str, width: usize) -> String {
    if text.chars().count() <= width {
        return text.to_owned();
    }
    text.chars().take(width.saturating_sub(1)).chain(['…']).collect()
}
