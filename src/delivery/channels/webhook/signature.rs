//! Signatures as Standard Webhooks asks for them (https://github.com/standard-webhooks/standard-webhooks).

use crate::credentials::{Revealed, Secret};
use base64::Engine as _;
use base64::alphabet::STANDARD as ALPHABET;
use base64::engine::DecodePaddingMode;
use base64::engine::general_purpose::{GeneralPurpose, GeneralPurposeConfig, STANDARD as BASE64};
use hmac::{Hmac, Mac};
use sha2::Sha256;

/// The beginning of a secret whose key is written in base64.
const ENCODED: &str = "whsec_";
/// Secrets come from many tools; some leave out the padding.
const LENIENT: GeneralPurpose = GeneralPurpose::new(
    &ALPHABET,
    GeneralPurposeConfig::new().with_decode_padding_mode(DecodePaddingMode::Indifferent),
);

/// A key that signs; it is never empty.
#[derive(Clone)]
pub(super) struct SigningKey(Hmac<Sha256>);

impl SigningKey {
    /// Reads the key of a secret, which is `whsec_` and base64, or plain text.
    ///
    /// # Errors
    /// In words that hold nothing of the secret: it cannot be read, or is no key.
    pub fn read(secret: &Secret) -> Result<Self, String> {
        Self::of(&secret.read()?)
    }

    fn of(secret: &Revealed) -> Result<Self, String> {
        let text = secret.expose();
        let key = match text.strip_prefix(ENCODED) {
            None => text.as_bytes().to_vec(),
            Some(encoded) => LENIENT
                .decode(encoded)
                .map_err(|_| format!("the secret begins with {ENCODED} and what follows is not base64"))?,
        };
        if key.is_empty() {
            return Err("the secret holds no key to sign with".to_owned());
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

    /// The example of the specification, with and without padding of the key.
    #[test]
    fn signs_as_the_specification_does() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw").expect("a key");
        let signed = key.sign("msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }

    #[test]
    fn plain_text_and_unpadded_base64_are_keys() {
        let sign = |text: &str| key(text).expect("a key").sign("id", 1, "{}");
        assert_eq!(sign("secret"), sign("whsec_c2VjcmV0"));
        assert_eq!(sign("whsec_c2VjcmV0cw=="), sign("whsec_c2VjcmV0cw"));
        assert_ne!(sign("secret"), sign("secrets"));
    }

    #[test]
    fn what_is_no_key_signs_nothing_and_is_not_shown() {
        for text in ["whsec_", "whsec_hush!hush", ""] {
            let Err(why) = key(text) else { panic!("`{text}` signs") };
            assert!(why.starts_with("the secret ") && !why.contains("hush"), "{why}");
        }
    }
}
