//! Whether a dossier is as it was made, as far as the file alone can tell.

use super::link::{Marks, hex};
use super::manifest::{ATTESTATION, Attestation, FORMAT, MANIFEST, Manifest};
use super::step::{TIMELINE, WrittenStep};
use crate::archive::{ArchiveError, Sealed};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
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
    /// Place in the trail and lasting digest of each event, in order.
    pub events: Vec<(i64, String)>,
}

/// Reads a dossier whole.
///
/// # Errors
/// What in it is not as it was made.
pub fn check(path: &Path) -> Result<Checked, ArchiveError> {
    let mut archive = Sealed::open(path)?;
    let bytes = archive.small(MANIFEST, MANIFEST_BYTES)?;
    let manifest: Manifest = serde_json::from_slice(&bytes)
        .map_err(|e| ArchiveError::Damaged(format!("{MANIFEST} cannot be read: {e}")))?;
    if manifest.format != FORMAT {
        let why = format!("it is of form {}, which another version of the program reads", manifest.format);
        return Err(ArchiveError::Damaged(why));
    }
    let attesting = archive.small(ATTESTATION, 1 << 16)?;
    let attestation: Attestation = serde_json::from_slice(&attesting)
        .map_err(|e| ArchiveError::Damaged(format!("{ATTESTATION} cannot be read: {e}")))?;
    if attestation.to_bytes() != attesting {
        return Err(ArchiveError::Damaged(format!("{ATTESTATION} in it is not as it was written")));
    }
    if attestation.manifest_sha256 != hex(&Sha256::digest(&bytes)) {
        return Err(ArchiveError::Damaged(format!("{MANIFEST} is not the one that was attested")));
    }
    let listed = manifest.files.iter().map(|file| file.name.as_str()).chain([MANIFEST, ATTESTATION]);
    let listed: BTreeSet<&str> = listed.collect();
    if let Some(extra) = archive.names()?.into_iter().find(|name| !listed.contains(name.as_str())) {
        return Err(ArchiveError::Damaged(format!("{extra} is in it, and not listed in {MANIFEST}")));
    }
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
    events: Vec<(i64, String)>,
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
        let is_in_order = self.events.last().is_none_or(|(seq, _)| *seq < step.link.seq);
        if step.number != place || !is_in_order {
            return Err(format!("step {place} is missing, or is not where it belongs"));
        }
        if *self.marks.over(&step.link) != step.mark || step.link.personal_holds() == Some(false) {
            return Err(format!("step {place} (event {}) is not as it was written", step.link.seq));
        }
        self.events.push((step.link.seq, step.link.lasting()));
        Ok(())
    }

    fn finish(self, manifest: &Manifest) -> Result<Vec<(i64, String)>, ArchiveError> {
        let missing = (self.events.len() as u64 != manifest.steps)
            .then(|| format!("it has {} steps, and {MANIFEST} says {}", self.events.len(), manifest.steps));
        match self.wrong.or(missing) {
            Some(why) => Err(ArchiveError::Damaged(format!("{TIMELINE}: {why}"))),
            None => Ok(self.events),
        }
    }
}
