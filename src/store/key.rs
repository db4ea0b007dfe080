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

    /// Returns the keyed digest of parts as bytes, which make a secret of their own.
    pub fn derive(&self, parts: &[&str]) -> [u8; 32] {
        self.mac(parts).into()
    }

    /// Returns whether a text is the beginning of the keyed digest of parts, in hexadecimal, in a time that does not tell how much
    /// of it is right; no text under 32 digits is.
    pub fn is_signed(&self, parts: &[&str], beginning: &str) -> bool {
        let Some(bytes) = of_hex(beginning).filter(|bytes| bytes.len() >= 16) else { return false };
        self.fed(parts).verify_truncated_left(&bytes).is_ok()
    }

    fn mac(&self, parts: &[&str]) -> Output<Sha256> {
        self.fed(parts).finalize().into_bytes()
    }

    fn fed(&self, parts: &[&str]) -> Hmac<Sha256> {
        let mut mac = self.0.clone();
        for part in parts {
            mac.update(&(part.len() as u64).to_be_bytes());
            mac.update(part.as_bytes());
        }
        mac
    }
}

/// Reads bytes in small hexadecimal; none for anything else.
fn of_hex(text: &str) -> Option<Vec<u8>> {
    let is_hex = text.bytes().all(|b| matches!(b, b'0'..=b'9' | b'a'..=b'f'));
    let pairs = text.as_bytes().chunks(2).map(|pair| {
        let pair = std::str::from_utf8(pair).ok().filter(|pair| pair.len() == 2)?;
        u8::from_str_radix(pair, 16).ok()
    });
    if is_hex { pairs.collect() } else { None }
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

    #[test]
    fn a_signature_is_checked_by_a_beginning_that_is_long_enough() {
        let key = AuditKey::new(b"key");
        let whole = key.sign(&["a", "bc"]);
        assert!(key.is_signed(&["a", "bc"], &whole) && key.is_signed(&["a", "bc"], &whole[..32]));
        assert!(
            !key.is_signed(&["ab", "c"], &whole) && !AuditKey::new(b"kez").is_signed(&["a", "bc"], &whole)
        );
        let mut other = whole[..32].to_owned();
        other.replace_range(31.., if whole[..32].ends_with('0') { "1" } else { "0" });
        for text in [
            "",
            "b",
            &whole[..30],
            &whole[..33],
            &whole.to_uppercase(),
            &format!("{whole}00"),
            &"é".repeat(16),
            &other,
        ] {
            assert!(!key.is_signed(&["a", "bc"], text), "{text}");
        }
    }
}
