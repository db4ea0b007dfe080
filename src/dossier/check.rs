//! Whether a dossier is as it was made, as far as the file alone can tell.

use super::attested::{self, Listed, Lists};
use super::link::Marks;
use super::manifest::{Attestation, FORMAT, MANIFEST, Manifest};
use super::step::{TIMELINE, WrittenStep};
use crate::archive::{ArchiveError, Entry};
use std::io::{self, Write};
use std::path::Path;

/// The most bytes of a manifest, and of a line of the timeline.
const MANIFEST_BYTES: u64 = 256 << 20;
const LINE_BYTES: usize = 64 << 20;

/// A dossier whose file agrees with itself.
#[derive(Debug)]
pub struct Checked {
    /// What is in it.
    pub manifest: Manifest,
    /// What the installation said of it.
    pub attestation: Attestation,
    /// Its events, in order.
    pub events: Vec<CheckedEvent>,
}

/// An event of a dossier, as far as it is compared with the trail.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CheckedEvent {
    /// Its place in the trail.
    pub seq: i64,
    /// The digest over what stays as it is also when what is personal of it is removed.
    pub lasting: String,
    /// True where what is personal of it is there.
    pub is_whole: bool,
}

impl Lists for Manifest {
    const FORM: u32 = FORMAT;

    fn form(&self) -> u32 {
        self.format
    }

    fn files(&self) -> &[Entry] {
        &self.files
    }
}

/// Reads a dossier whole.
///
/// # Errors
/// What in it is not as it was made.
pub fn check(path: &Path) -> Result<Checked, ArchiveError> {
    let Listed { mut archive, manifest, attestation } = attested::open::<Manifest>(path, MANIFEST_BYTES)?;
    let mut timeline = Timeline::default();
    for file in &manifest.files {
        match file.name == TIMELINE {
            true => archive.extract(file, &mut timeline)?,
            false => archive.extract(file, &mut io::sink())?,
        }
    }
    let events = timeline.finish(&manifest)?;
    Ok(Checked { manifest, attestation, events })
}

/// The lines of the timeline, looked at as they come.
#[derive(Default)]
struct Timeline {
    line: Vec<u8>,
    marks: Marks,
    events: Vec<CheckedEvent>,
    wrong: Option<String>,
}

impl Write for Timeline {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        for piece in bytes.split_inclusive(|byte| *byte == b'\n') {
            self.line.extend_from_slice(piece);
            if piece.ends_with(b"\n") {
                self.look();
            }
        }
        match self.line.len() <= LINE_BYTES {
            true => Ok(bytes.len()),
            false => Err(io::Error::other("a line of the timeline is too long")),
        }
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl Timeline {
    fn look(&mut self) {
        let line = std::mem::take(&mut self.line);
        let line = line.trim_ascii();
        let line = line.strip_suffix(b",").unwrap_or(line);
        if self.wrong.is_some() || line == b"[" || line == b"]" || line.is_empty() {
            return;
        }
        self.wrong = self.take(line).err();
    }

    fn take(&mut self, line: &[u8]) -> Result<(), String> {
        let place = self.events.len() as u64 + 1;
        let step: WrittenStep =
            serde_json::from_slice(line).map_err(|e| format!("step {place} cannot be read: {e}"))?;
        let is_in_order = self.events.last().is_none_or(|event| event.seq < step.link.seq);
        if step.number != place || !is_in_order {
            return Err(format!("step {place} is missing, or is not where it belongs"));
        }
        if *self.marks.over(&step.link) != step.mark || step.link.personal_holds() == Some(false) {
            return Err(format!("step {place} (event {}) is not as it was written", step.link.seq));
        }
        let (lasting, is_whole) = (step.link.lasting(), step.link.personal.is_some());
        self.events.push(CheckedEvent { seq: step.link.seq, lasting, is_whole });
        Ok(())
    }

    fn finish(self, manifest: &Manifest) -> Result<Vec<CheckedEvent>, ArchiveError> {
        let missing = (self.events.len() as u64 != manifest.steps)
            .then(|| format!("it has {} steps, and {MANIFEST} says {}", self.events.len(), manifest.steps));
        match self.wrong.or(missing) {
            Some(why) => Err(ArchiveError::Damaged(format!("{TIMELINE}: {why}"))),
            None => Ok(self.events),
        }
    }
}
