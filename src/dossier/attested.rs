//! What dossiers and packs have in common: a sealed file with a manifest that lists the others, and an attestation over that.

use super::manifest::{ATTESTATION, Attestation, MANIFEST};
use crate::archive::{ArchiveError, Entry, Sealed};
use serde::de::DeserializeOwned;
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;
use std::path::Path;

/// The most bytes of an attestation.
const ATTESTATION_BYTES: u64 = 1 << 16;

/// A manifest of some kind.
pub(super) trait Lists: DeserializeOwned {
    /// The form that this program reads.
    const FORM: u32;

    /// Returns the form that it is of.
    fn form(&self) -> u32;

    /// Returns the files that it lists.
    fn files(&self) -> &[Entry];
}

/// A sealed file in which everything is listed, the list as it was attested.
pub(super) struct Listed<M> {
    pub archive: Sealed,
    pub manifest: M,
    pub attestation: Attestation,
}

/// Opens a sealed file of a kind. Its files are yet to be read.
pub(super) fn open<M: Lists>(path: &Path, most: u64) -> Result<Listed<M>, ArchiveError> {
    let mut archive = Sealed::open(path)?;
    let bytes = archive.small(MANIFEST, most)?;
    let manifest: M = read(MANIFEST, &bytes)?;
    if manifest.form() != M::FORM {
        return damaged(format!(
            "it is of form {}, which another version of the program reads",
            manifest.form()
        ));
    }
    let attesting = archive.small(ATTESTATION, ATTESTATION_BYTES)?;
    let attestation: Attestation = read(ATTESTATION, &attesting)?;
    if attestation.to_bytes() != attesting {
        return damaged(format!("{ATTESTATION} in it is not as it was written"));
    }
    if attestation.manifest_sha256 != format!("{:x}", Sha256::digest(&bytes)) {
        return damaged(format!("{MANIFEST} is not the one that was attested"));
    }
    let listed = manifest.files().iter().map(|file| file.name.as_str()).chain([MANIFEST, ATTESTATION]);
    let listed: BTreeSet<&str> = listed.collect();
    match archive.names()?.into_iter().find(|name| !listed.contains(name.as_str())) {
        Some(extra) => damaged(format!("{extra} is in it, and not listed in {MANIFEST}")),
        None => Ok(Listed { archive, manifest, attestation }),
    }
}

fn read<D: DeserializeOwned>(name: &str, bytes: &[u8]) -> Result<D, ArchiveError> {
    serde_json::from_slice(bytes).map_err(|e| ArchiveError::Damaged(format!("{name} cannot be read: {e}")))
}

fn damaged<T>(why: String) -> Result<T, ArchiveError> {
    Err(ArchiveError::Damaged(why))
}
