//! When certificates and tokens end, as far as they say so themselves.

use crate::calendar::Moment;
use base64::Engine;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::Deserialize;
use std::path::Path;
use x509_parser::pem::Pem;

/// Returns when the first certificate of a file in PEM ends; none when it holds none.
pub fn end_of_file(file: &Path) -> Option<Moment> {
    let bytes = std::fs::read(file).ok()?;
    let ends = Pem::iter_from_buffer(&bytes).flatten().filter_map(|pem| {
        let seconds = pem.parse_x509().ok()?.validity().not_after.timestamp();
        Some(Moment::from_millis(seconds.saturating_mul(1_000)))
    });
    ends.min()
}

/// Returns when a certificate ends that was shown in a handshake (DER); none when it cannot be read.
pub(super) fn end_of_certificate(der: &[u8]) -> Option<Moment> {
    let (_, certificate) = x509_parser::parse_x509_certificate(der).ok()?;
    Some(Moment::from_millis(certificate.validity().not_after.timestamp().saturating_mul(1_000)))
}

/// Returns when a token ends that says so, as a JSON Web Token does (RFC 7519, 4.1.4); none for another.
pub fn end_of_token(token: &str) -> Option<Moment> {
    #[derive(Deserialize)]
    struct Claims {
        exp: f64,
    }
    let token = token.strip_prefix("Bearer ").unwrap_or(token);
    let [_, claims, _] = token.split('.').collect::<Vec<_>>().try_into().ok()?;
    let claims: Claims = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(claims).ok()?).ok()?;
    Some(Moment::from_millis((claims.exp * 1_000.0) as i64))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_says_when_it_ends() {
        let claims = URL_SAFE_NO_PAD.encode(r#"{"sub":"x","exp":1800000000}"#);
        let token = format!("eyJhbGciOiJub25lIn0.{claims}.c2ln");
        assert_eq!(end_of_token(&token), Some(Moment::from_millis(1_800_000_000_000)));
        assert_eq!(end_of_token(&format!("Bearer {token}")), end_of_token(&token));
        for other in ["", "hunter2", "a.b.c", "whsec_abc.def", &format!("{claims}.{claims}")] {
            assert_eq!(end_of_token(other), None, "{other}");
        }
    }

    #[test]
    fn a_certificate_says_when_it_ends() {
        let mut of = rcgen::CertificateParams::new(vec!["localhost".to_owned()]).unwrap();
        of.not_after = rcgen::date_time_ymd(2027, 3, 1);
        let key = rcgen::KeyPair::generate().unwrap();
        let folder = tempfile::tempdir().unwrap();
        let file = folder.path().join("ca.pem");
        std::fs::write(&file, of.self_signed(&key).unwrap().pem()).unwrap();
        assert_eq!(end_of_file(&file), Some(Moment::from_millis(1_803_859_200_000)));
        std::fs::write(&file, "no certificate").unwrap();
        assert_eq!(end_of_file(&file), None);
    }
}
