//! `PackManifest`: what is in an audit pack, the file that an auditor takes home on a year; and whether one is as it was made.

use super::attested::{self, Listed, Lists};
use super::manifest::{Attestation, MANIFEST};
use crate::archive::{ArchiveError, Entry, Sealed};
use serde::{Deserialize, Serialize};
use std::io;
use std::path::Path;

/// The file that holds place and hash of the newest event of the trail.
pub const HEAD: &str = "head.txt";
/// The most bytes of a manifest.
const MANIFEST_BYTES: u64 = 16 << 20;

/// What is in an audit pack.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct PackManifest {
    /// The form of the pack.
    pub audit_pack: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The organisation whose complaints they are.
    pub organisation: String,
    /// The year.
    pub year: i32,
    /// The moment at which it was made, as RFC 3339.
    pub made_at: String,
    /// Place and hash of the newest event of the trail when it was begun: `12 ab…`.
    pub head: String,
    /// What the sample was drawn with.
    pub seed: String,
    /// The number of complaints that it was drawn from.
    pub drawn_from: usize,
    /// The complaints of the sample, in the order in which they were drawn.
    pub sample: Vec<String>,
    /// The escalated complaints whose dossiers are there as well.
    pub escalated: Vec<String>,
    /// The number of escalated complaints of the year.
    pub escalated_of: usize,
    /// Those of both whose dossier could not be made.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub without_dossier: Vec<WithoutDossier>,
    /// The files but this one and the attestation, with size and SHA-256.
    pub files: Vec<Entry>,
}

/// A complaint whose dossier could not be made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WithoutDossier {
    /// Its number.
    pub reference: String,
    /// Why not, in words.
    pub why: String,
}

impl Lists for PackManifest {
    const FORM: u32 = Self::FORM;

    fn form(&self) -> u32 {
        self.audit_pack
    }

    fn files(&self) -> &[Entry] {
        &self.files
    }
}

impl PackManifest {
    /// The form that is written.
    pub const FORM: u32 = 1;

    /// Returns it as its file holds it, and the attestation over that.
    pub fn attested(
        &self,
        key_fingerprint: String,
        sign: impl Fn(&[&str]) -> String,
    ) -> io::Result<(Vec<u8>, Attestation)> {
        let bytes = serde_json::to_vec_pretty(self)?;
        let attestation =
            Attestation::of_parts(&bytes, key_fingerprint, |sha256| sign(&attested_pack(sha256)));
        Ok((bytes, attestation))
    }
}

/// Returns the parts that are signed; the first sets them apart from whatever else the key signs.
pub fn attested_pack(manifest_sha256: &str) -> [&str; 2] {
    ["audit pack", manifest_sha256]
}

/// A pack whose file agrees with itself.
#[derive(Debug)]
pub struct CheckedPack {
    /// What is in it.
    pub manifest: PackManifest,
    /// What the installation said of it.
    pub attestation: Attestation,
}

/// Returns whether a sealed file calls itself an audit pack.
///
/// # Errors
/// It is no sealed file, or not as it was written.
pub fn is_pack(path: &Path) -> Result<bool, ArchiveError> {
    let bytes = Sealed::open(path)?.small(MANIFEST, MANIFEST_BYTES)?;
    let read = serde_json::from_slice::<serde_json::Value>(&bytes);
    Ok(read.is_ok_and(|document| document.get("audit_pack").is_some()))
}

/// Reads a pack whole.
///
/// # Errors
/// What in it is not as it was made.
pub fn check_pack(path: &Path) -> Result<CheckedPack, ArchiveError> {
    let Listed { mut archive, manifest, attestation } = attested::open::<PackManifest>(path, MANIFEST_BYTES)?;
    for file in &manifest.files {
        archive.extract(file, &mut io::sink())?;
    }
    if archive.small(HEAD, 1 << 10)? != format!("{}\n", manifest.head).into_bytes() {
        return Err(ArchiveError::Damaged(format!("{HEAD} and {MANIFEST} name different heads")));
    }
    Ok(CheckedPack { manifest, attestation })
}
