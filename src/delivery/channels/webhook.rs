//! Webhook: a Standard Webhooks event, signed with HMAC-SHA256 (https://www.standardwebhooks.com).

use super::Attempt;
use crate::calendar::Moment;
use crate::workflow::Posting;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use hmac::{Hmac, Mac};
use serde_json::{Value, json};
use sha2::Sha256;
use std::time::Duration;

/// The event: number, state, dates, categories; never names or texts.
pub(crate) fn event(posting: &Posting) -> Value {
    let data = posting.complaint.map(|c| {
        json!({
            "intake_id": c.intake_id,
            "number": c.number,
            "state": c.state,
            "complainant_kind": c.complainant_kind,
            "promised_by": c.promised_by,
            "decided_on": c.decided_on,
            "verdict": c.verdict,
            "agreement": c.agreement,
            "escalation": c.escalation,
            "flags": c.flags,
        })
    });
    json!({
        "type": posting.message,
        "timestamp": posting.at,
        "data": {"recipient": role(posting.recipient), "complaint": data},
    })
}

/// An address is personal; that it was a person is not.
fn role(recipient: &str) -> &str {
    if recipient.contains('@') { "person" } else { recipient }
}

/// Key bytes of a secret written as `whsec_` and base64, or as plain text.
pub(crate) fn key(secret: &str) -> Vec<u8> {
    let encoded = secret.strip_prefix("whsec_");
    encoded.and_then(|e| BASE64.decode(e).ok()).unwrap_or_else(|| secret.as_bytes().to_vec())
}

/// `v1,<base64>` over `id.timestamp.body`.
pub(crate) fn signature(key: &[u8], id: &str, seconds: i64, body: &str) -> String {
    let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(key) else { return String::new() };
    mac.update(format!("{id}.{seconds}.{body}").as_bytes());
    format!("v1,{}", BASE64.encode(mac.finalize().into_bytes()))
}

/// One signed request.
#[derive(Debug)]
pub(crate) struct Request<'r> {
    pub url: &'r str,
    pub secret: &'r str,
    pub timeout: Duration,
    pub id: &'r str,
    pub body: &'r str,
}

pub(crate) async fn post(client: &reqwest::Client, request: Request<'_>, at: Moment) -> Attempt {
    let seconds = at.millis().div_euclid(1000);
    let signature = signature(&key(request.secret), request.id, seconds, request.body);
    let sent = client
        .post(request.url)
        .timeout(request.timeout)
        .header("content-type", "application/json")
        .header("webhook-id", request.id)
        .header("webhook-timestamp", seconds.to_string())
        .header("webhook-signature", signature)
        .body(request.body.to_owned())
        .send()
        .await;
    match sent {
        Ok(response) if response.status().is_success() => Attempt::Accepted,
        // Gone: the receiver asks us to stop.
        Ok(response) if response.status() == reqwest::StatusCode::GONE => {
            Attempt::Rejected("the receiver answered 410 Gone".to_owned())
        }
        Ok(response) => Attempt::Failed(format!("the receiver answered {}", response.status())),
        Err(e) if e.is_timeout() => {
            Attempt::Failed(format!("no answer within {} s", request.timeout.as_secs()))
        }
        Err(e) if e.is_connect() => Attempt::Failed("no connection".to_owned()),
        Err(_) => Attempt::Failed("the connection broke off".to_owned()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The example of the Standard Webhooks specification.
    #[test]
    fn signs_as_the_specification_does() {
        let key = key("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw");
        let signed =
            signature(&key, "msg_p5jXN8AQM9LWM0D4loKWxJek", 1_614_265_330, r#"{"test": 2432232314}"#);
        assert_eq!(signed, "v1,g0hM9SsE+OTPJTGt/tmIKtSyZlE3uFJELVlNIOLJ1OE=");
    }
}
