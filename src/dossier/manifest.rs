//! `Manifest`: what is in a dossier, file by file; and the attestation over it, by which the installation knows its own.

use crate::archive::Entry;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// The file that lists all others.
pub const MANIFEST: &str = "manifest.json";
/// The file that attests the manifest.
pub const ATTESTATION: &str = "attestation.json";
/// The form of dossiers; another one is read by another program.
pub const FORMAT: u32 = 1;

/// What is in a dossier.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Manifest {
    /// The form of the dossier.
    pub format: u32,
    /// The version of the program that made it.
    pub program: String,
    /// The organisation whose complaint it is.
    pub organisation: String,
    /// The number of the complaint, or its intake id while it has none.
    pub reference: String,
    /// Its identity from the first moment.
    pub intake_id: String,
    /// The moment at which it was made, as RFC 3339.
    pub made_at: String,
    /// Place and hash of the newest event of the trail, which the dossier goes up to: `12 ab…`.
    pub head: String,
    /// The number of events in it.
    pub steps: u64,
    /// The check number of its page: a digest over everything that is read there and over every event.
    pub check_number: String,
    /// The files but this one and the attestation, with size and SHA-256.
    pub files: Vec<Entry>,
}

/// The keyed digest over a manifest.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Attestation {
    /// The SHA-256 of the manifest.
    pub manifest_sha256: String,
    /// The text by which the key is known again.
    pub key_fingerprint: String,
    /// The digest of the manifest's with the key of the installation.
    pub keyed_digest: String,
}

impl Attestation {
    /// Attests a manifest, given how the installation signs parts.
    pub fn of(manifest: &[u8], key_fingerprint: String, sign: impl Fn(&[&str]) -> String) -> Self {
        Self::of_parts(manifest, key_fingerprint, |sha256| sign(&attested(sha256)))
    }

    /// Attests a manifest of any kind, given how the installation signs its digest.
    pub(super) fn of_parts(manifest: &[u8], key_fingerprint: String, sign: impl Fn(&str) -> String) -> Self {
        let manifest_sha256 = format!("{:x}", Sha256::digest(manifest));
        let keyed_digest = sign(&manifest_sha256);
        Self { manifest_sha256, key_fingerprint, keyed_digest }
    }
}

impl Attestation {
    /// Returns it as its file holds it.
    pub fn to_bytes(&self) -> Vec<u8> {
        let Self { manifest_sha256, key_fingerprint, keyed_digest } = self;
        let document = serde_json::json!({
            "manifest_sha256": manifest_sha256, "key_fingerprint": key_fingerprint, "keyed_digest": keyed_digest,
        });
        format!("{document:#}\n").into_bytes()
    }
}

/// Returns the parts that are signed; the first sets them apart from whatever else the key signs.
pub fn attested(manifest_sha256: &str) -> [&str; 2] {
    ["dossier", manifest_sha256]
}
