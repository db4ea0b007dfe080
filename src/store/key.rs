//! `AuditKey`: signs the chain of events and proves that a number in a subject was written by us.

use hmac::{Hmac, Mac};
use sha2::digest::Output;
use sha2::{Digest, Sha256};

/// The length of a block of SHA-256 in bytes.
const BLOCK: usize = 64;

/// The key of the chain; it is never in the database or a backup (docs/semantics.md 5.4).
#[derive(Clone)]
pub struct AuditKey(Hmac<Sha256>);

impl std::fmt::Debug for AuditKey {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("AuditKey(…)")
    }
}

impl AuditKey {
    /// Makes a key of any number of bytes.
    pub fn new(bytes: &[u8]) -> Self {
        // What HMAC makes of a key that is not as long as a block of its hash (RFC 2104, 2).
        let mut block = [0; BLOCK];
        match block.get_mut(..bytes.len()) {
            Some(start) => start.copy_from_slice(bytes),
            None => block[..32].copy_from_slice(&Sha256::digest(bytes)),
        }
        Self(Hmac::new(&block.into()))
    }

    /// Returns three letters that prove a number in a subject was written by us
    /// (docs/mail.md "Number guessing").
    pub fn check_letters(&self, reference: &str) -> String {
        const LETTERS: &[u8; 32] = b"abcdefghijkmnpqrstuvwxyz23456789";
        let digest = self.mac(&["reply tag", reference]);
        digest.iter().take(3).map(|byte| char::from(LETTERS[usize::from(*byte) % LETTERS.len()])).collect()
    }

    /// Returns a text by which the key is known again, and from which it cannot be told.
    pub fn fingerprint(&self) -> String {
        let mut fingerprint = self.sign(&["fingerprint"]);
        fingerprint.truncate(32);
        fingerprint
    }

    /// Returns the keyed digest of parts, in hexadecimal.
    pub fn sign(&self, parts: &[&str]) -> String {
        format!("{:x}", self.mac(parts))
    }

    fn mac(&self, parts: &[&str]) -> Output<Sha256> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac.finalize().into_bytes()
    }
}

#[cfg(test)]
mod test {
    use super::AuditKey;

    /// Reply tags that are out in the world go on to prove what they proved.
    #[test]
    fn signatures_stay_what_they_were() {
        let key = AuditKey::new(b"key");
        assert_eq!(key.check_letters("K-2026-0001"), "nrt");
        assert_eq!(
            key.sign(&["a", "bc"]),
            "ba41d3aaace0b4bb31fb49a559ae1df182e1fd8add9b6b3b5603e6cb342dce22"
        );
        let long = AuditKey::new(&[b'k'; 100]);
        assert_eq!(long.sign(&["a"]), "8317a799f4005a8b164200427c8ca19c97f3ec9cc8c91fadec739182ca0792e2");
        assert_ne!(key.sign(&["ab", "c"]), key.sign(&["a", "bc"]), "parts do not run into each other");
        assert_ne!(AuditKey::new(b"").sign(&["a"]), key.sign(&["a"]));
    }
}
