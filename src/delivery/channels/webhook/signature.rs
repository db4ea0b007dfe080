//! Signatures as Standard Webhooks asks for them (<https://github.com/standard-webhooks/standard-webhooks>).

use crate::credentials::Revealed;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The beginning of a secret, by which people and scanners know it.
const PREFIX: &str = "whsec_";
/// The bytes of a key, as the specification has them.
const KEY_BYTES: std::ops::RangeInclusive<usize> = 24..=64;
/// The remedy for every secret that is no key.
const REMEDY: &str = "make one with: echo whsec_$(openssl rand -base64 32)";

/// A key that signs as the receiver's library will check.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Returns the key of a secret: `whsec_` and standard base64 with its padding. The libraries of receivers read
    /// anything else each in their own way, so that they would check with another key than signs here.
    ///
    /// # Errors
    /// In words that hold nothing of the secret: it is no key.
    pub fn of(secret: &Revealed) -> Result<Self, String> {
        let encoded = secret.expose().strip_prefix(PREFIX);
        let encoded = encoded.ok_or_else(|| format!("the secret does not begin with {PREFIX}; {REMEDY}"))?;
        let key = BASE64.decode(encoded).map_err(|_| {
            format!("what follows {PREFIX} in the secret is not standard base64 with its padding; {REMEDY}")
        })?;
        if !KEY_BYTES.contains(&key.len()) {
            let (least, most) = (KEY_BYTES.start(), KEY_BYTES.end());
            return Err(format!("the secret's key has {} bytes, not {least} to {most}; {REMEDY}", key.len()));
        }
        let mac = Hmac::new_from_slice(&key);
        mac.map(Self).map_err(|e| format!("the secret cannot sign: {e}"))
    }

    /// Returns `v1,` and the base64 of the HMAC over `id.seconds.body`; seconds are of the Unix epoch.
    pub fn sign(&self, id: &str, seconds: i64, body: &str) -> String {
        let mut mac = self.0.clone();
        for part in [id, ".", &seconds.to_string(), ".", body] {
            mac.update(part.as_bytes());
        }
        format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(text: &str) -> Result<SigningKey, String> {
        SigningKey::of(&Revealed::new(text))
    }

    /// The example of the specification.
    #[test]
    fn signs_as_the_specification_does() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a key");
        let signed = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    /// What libraries read in different ways, or would sign with a guessable key, is refused and not shown.
    #[test]
    fn what_libraries_read_otherwise_signs_nothing_and_is_not_shown() {
        for text in [
            "",
            "hush",
            "whsec_",
            "whsec_hush!hush",
            "whsec_aHVzaA==",
            // Without its padding, in the alphabet of URLs, with a line break inside.
            "whsec_QSBzZWNyZXQgdGhhdCBpcyBuZXZlciBzaG93bg",
            "whsec_-_KQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw",
            "whsec_MfKQ9r8GKYqrTwju\nPD8ILPZIo2LaLaSw",
            &format!("whsec_{}", "AAAA".repeat(22)),
        ] {
            let Err(why) = key(text) else { panic!("`{text}` signs") };
            assert!(why.contains("secret") && why.contains("openssl rand"), "{why}");
            assert!(!why.contains("hush") && !why.contains("MfKQ") && !why.contains("QSBz"), "{why}");
        }
    }
}
