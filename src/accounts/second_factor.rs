//! The second factor: codes of six digits that an app on a telephone makes of a secret and the time (RFC 6238), and recovery
//! codes for who has lost it.

use crate::calendar::Moment;
use crate::random;
use hmac::{Hmac, Mac};
use sha1::Sha1;
use sha2::{Digest, Sha256};

/// The bytes of a secret: as many as the hash has (RFC 4226, 4).
const BYTES: usize = 20;
/// The length of a step, in milliseconds.
const STEP_MILLIS: i64 = 30_000;
/// The steps before and after now of which a code counts: clocks differ, and people type slowly.
const AROUND: i64 = 1;
const DIGITS: usize = 6;
/// The alphabet of base32 (RFC 4648, 6).
const ALPHABET: &[u8; 32] = b"ABCDEFGHIJKLMNOPQRSTUVWXYZ234567";
/// The recovery codes that are given at once.
pub const RECOVERY_CODES: usize = 10;

/// The secret that an app makes codes of.
#[derive(Clone, PartialEq, Eq)]
pub struct SharedSecret([u8; BYTES]);

impl std::fmt::Debug for SharedSecret {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("SharedSecret(…)")
    }
}

impl SharedSecret {
    /// Makes a secret of what is derived from a key: text that nobody else can know.
    pub fn derived(text: &str) -> Self {
        let digest = Sha256::digest(text);
        let mut bytes = [0; BYTES];
        bytes.copy_from_slice(&digest[..BYTES]);
        Self(bytes)
    }

    /// Returns it as people type it into an app, in groups of four.
    pub fn words(&self) -> String {
        let text = base32(&self.0);
        text.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group)).collect::<Vec<_>>().join(" ")
    }

    /// Returns the address by which an app takes it up, as a QR code holds it.
    pub fn address(&self, organisation: &str, person: &str) -> String {
        let encoded = |text: &str| -> String {
            let plain = |b: u8| b.is_ascii_alphanumeric() || b"-._@".contains(&b);
            text.bytes()
                .map(|b| if plain(b) { char::from(b).to_string() } else { format!("%{b:02X}") })
                .collect()
        };
        let (issuer, person) = (encoded(organisation), encoded(person));
        format!("otpauth://totp/{issuer}:{person}?secret={}&issuer={issuer}", base32(&self.0))
    }

    /// Returns the step of which a code is, around now and after the last that was used; none when it is of none. A code
    /// counts once.
    pub fn step_of(&self, code: &str, now: Moment, last: Option<i64>) -> Option<i64> {
        let code: String = code.chars().filter(|c| !c.is_whitespace()).collect();
        if code.len() != DIGITS || !code.bytes().all(|b| b.is_ascii_digit()) {
            return None;
        }
        let step = now.millis().div_euclid(STEP_MILLIS);
        // Each is computed, so that the time taken tells nothing.
        let found =
            (step - AROUND..=step + AROUND).filter(|step| self.code(*step) == code).collect::<Vec<_>>();
        found.into_iter().find(|step| last.is_none_or(|last| *step > last))
    }

    /// Returns the code of a step (RFC 4226, 5.3).
    fn code(&self, step: i64) -> String {
        let mut mac = Hmac::<Sha1>::new_from_slice(&self.0).expect("HMAC takes a key of any length");
        mac.update(&step.to_be_bytes());
        let digest = mac.finalize().into_bytes();
        let offset = usize::from(digest[digest.len() - 1] & 0xf);
        let mut word = [0; 4];
        word.copy_from_slice(&digest[offset..offset + 4]);
        format!("{:06}", (u32::from_be_bytes(word) & 0x7fff_ffff) % 1_000_000)
    }
}

fn base32(bytes: &[u8]) -> String {
    let (mut text, mut held, mut bits) = (String::new(), 0_u32, 0);
    for byte in bytes {
        held = (held << 8) | u32::from(*byte);
        bits += 8;
        while bits >= 5 {
            bits -= 5;
            text.push(char::from(ALPHABET[(held >> bits) as usize & 31]));
        }
    }
    if bits > 0 {
        text.push(char::from(ALPHABET[(held << (5 - bits)) as usize & 31]));
    }
    text
}

/// A code that lets somebody in once, in place of one from an app. Only its digest is kept.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(String);

impl std::fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

impl RecoveryCode {
    /// Makes as many as are given at once; nobody knows them yet.
    pub fn several() -> Vec<Self> {
        (0..RECOVERY_CODES).map(|_| Self(base32(&random::bytes::<BITS>()))).collect()
    }

    /// Reads what somebody typed, however it is set; none when it cannot be a code.
    pub fn read(text: &str) -> Option<Self> {
        let plain: String = text.chars().filter(|c| !c.is_whitespace() && *c != '-').collect();
        let plain = plain.to_ascii_uppercase();
        (plain.len() == LETTERS && plain.bytes().all(|b| ALPHABET.contains(&b))).then_some(Self(plain))
    }

    /// Returns it as it is written down, in groups of four.
    pub fn words(&self) -> String {
        let groups = self.0.as_bytes().chunks(4).map(|group| String::from_utf8_lossy(group));
        groups.collect::<Vec<_>>().join("-")
    }

    /// Returns the SHA-256 by which it is known, in hexadecimal. It has 80 unpredictable bits, so that no slower hash is
    /// needed.
    pub fn digest(&self) -> String {
        format!("{:x}", Sha256::digest(&self.0))
    }
}

/// The bytes and the letters of a recovery code.
const BITS: usize = 10;
const LETTERS: usize = 16;

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc() -> SharedSecret {
        SharedSecret(*b"12345678901234567890")
    }

    /// RFC 4226, appendix D, and the last six digits of RFC 6238, appendix B.
    #[test]
    fn codes_are_those_of_the_standard() {
        let codes: Vec<String> = (0..10).map(|step| rfc().code(step)).collect();
        let standard = [
            "755224", "287082", "359152", "969429", "338314", "254676", "287922", "162583", "399871",
            "520489",
        ];
        assert_eq!(codes, standard);
        for (seconds, code) in
            [(59, "287082"), (1_111_111_109, "081804"), (1_234_567_890, "005924"), (20_000_000_000, "353130")]
        {
            assert_eq!(rfc().code(seconds / 30), code);
        }
    }

    #[test]
    fn a_code_counts_around_its_time_and_once() {
        let at = |step: i64| Moment::from_millis(step * STEP_MILLIS);
        let code = rfc().code(100);
        for step in [99, 100, 101] {
            assert_eq!(rfc().step_of(&code, at(step), None), Some(100));
        }
        assert_eq!(rfc().step_of(&format!(" {} {} ", &code[..3], &code[3..]), at(100), None), Some(100));
        assert_eq!(rfc().step_of(&code, at(98), None), None);
        assert_eq!(rfc().step_of(&code, at(102), None), None);
        assert_eq!(rfc().step_of(&code, at(100), Some(100)), None, "it was used");
        assert_eq!(rfc().step_of(&code, at(100), Some(99)), Some(100));
        assert_eq!(rfc().step_of(&rfc().code(99), at(100), Some(100)), None, "nor one from before");
        for text in ["", "12345", "1234567", "abcdef", "１２３４５６"] {
            assert_eq!(rfc().step_of(text, at(100), None), None, "{text}");
        }
    }

    #[test]
    fn a_secret_is_said_as_apps_take_it() {
        assert_eq!(rfc().words(), "GEZD GNBV GY3T QOJQ GEZD GNBV GY3T QOJQ");
        assert_eq!(
            rfc().address("Lagant & Zn", "h@lagant.nl"),
            "otpauth://totp/Lagant%20%26%20Zn:h@lagant.nl?secret=GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ&issuer=Lagant%20%26%20Zn"
        );
        assert_ne!(SharedSecret::derived("a"), SharedSecret::derived("b"));
        assert!(!format!("{:?}", rfc()).contains('1'));
    }

    #[test]
    fn a_recovery_code_is_read_as_it_is_written_down() {
        let codes = RecoveryCode::several();
        assert_eq!(codes.len(), RECOVERY_CODES);
        for code in &codes {
            assert_eq!(code.words().len(), 19, "{}", code.words());
            assert_eq!(
                RecoveryCode::read(&format!(" {} ", code.words().to_lowercase())).as_ref(),
                Some(code)
            );
            assert_eq!(codes.iter().filter(|other| other.digest() == code.digest()).count(), 1);
        }
        for text in ["", "AAAA-AAAA-AAAA", "AAAA-AAAA-AAAA-AAA1", "AAAA-AAAA-AAAA-AAAAA"] {
            assert_eq!(RecoveryCode::read(text), None, "{text}");
        }
    }
}
