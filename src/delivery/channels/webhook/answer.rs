//! The meaning of a target's answer for a delivery.

use crate::calendar::Moment;
use crate::delivery::attempt::{Attempt, Conclusion};
use reqwest::StatusCode;
use std::time::Duration;

/// The bytes of an answer that are read and kept.
const ANSWER_BYTES: usize = 1_024;
/// The longest wait for the body of an answer, once its status is known.
const BODY: Duration = Duration::from_secs(2);
/// The pause after an answer that asks for one without saying how long.
const PAUSE_MILLIS: i64 = 60_000;
/// The longest pause that a target may ask for.
const LONGEST_PAUSE_SECONDS: i64 = 86_400;

/// Concludes from a status, the `Retry-After` beside it, and the beginning of the body as far as it may be
/// shown.
pub(super) fn judge(
    status: StatusCode,
    retry_after: Option<&str>,
    said: Option<&str>,
    now: Moment,
) -> Attempt {
    if status.is_redirection() {
        return Attempt::failed(format!("{status}; redirects are not followed, write the final address"));
    }
    let conclusion = match status {
        s if s.is_success() => Conclusion::Accepted,
        StatusCode::GONE => Conclusion::Gone,
        s if concerns_the_delivery(s) => Conclusion::Refused,
        s => Conclusion::Failed { pause_until: pause_until(s, retry_after, now) },
    };
    Attempt { conclusion, reason: status.to_string(), said: said.unwrap_or_default().to_owned() }
}

/// Returns whether a target refuses this request and not those beside it: it cannot be read, is too large, of a
/// kind that is not taken, or says what the target does not accept (RFC 9110, 15.5).
fn concerns_the_delivery(status: StatusCode) -> bool {
    matches!(status.as_u16(), 400 | 406 | 409 | 413 | 414 | 415 | 422)
}

/// Returns the end of the pause that an answer asks for: 429, 502, 503 and 504 slow down, `Retry-After` says
/// how much, in seconds or as a date (RFC 9110, 10.2.3).
fn pause_until(status: StatusCode, retry_after: Option<&str>, now: Moment) -> Option<Moment> {
    if !matches!(status.as_u16(), 429 | 502 | 503 | 504) {
        return None;
    }
    let seconds = retry_after.map(str::trim).and_then(|text| {
        let until = || {
            let date = chrono::DateTime::parse_from_rfc2822(text).ok()?;
            // Rounded up: never earlier than asked for.
            Some((date.timestamp_millis() - now.millis() + 999).div_euclid(1_000))
        };
        text.parse::<i64>().ok().or_else(until)
    });
    let millis = seconds.map_or(PAUSE_MILLIS, |s| s.clamp(0, LONGEST_PAUSE_SECONDS) * 1_000);
    Some(now.plus_millis(millis))
}

/// Returns the beginning of a body; the rest is not read. A body that comes too slowly or breaks off is what
/// came of it.
pub(super) async fn beginning(mut response: reqwest::Response) -> String {
    let mut bytes = Vec::new();
    let read = async {
        while bytes.len() < ANSWER_BYTES {
            match response.chunk().await {
                Ok(Some(chunk)) => bytes.extend_from_slice(&chunk),
                Ok(None) | Err(_) => break,
            }
        }
    };
    let _ = tokio::time::timeout(BODY, read).await;
    bytes.truncate(ANSWER_BYTES);
    let text = String::from_utf8_lossy(&bytes);
    text.chars().map(|c| if c.is_control() { ' ' } else { c }).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const NOW: Moment = Moment::from_millis(1_800_000_000_000);

    fn conclusion(status: u16, retry_after: Option<&str>) -> Conclusion {
        judge(StatusCode::from_u16(status).expect("a status"), retry_after, None, NOW).conclusion
    }

    /// Every status: whether it is accepted, tried again, or switches the plugin off.
    #[test]
    fn each_status_has_one_meaning() {
        for status in 200..600 {
            let expected = match status {
                200..300 => Conclusion::Accepted,
                410 => Conclusion::Gone,
                400 | 406 | 409 | 413 | 414 | 415 | 422 => Conclusion::Refused,
                429 | 502 | 503 | 504 => Conclusion::Failed { pause_until: Some(NOW.plus_millis(60_000)) },
                _ => Conclusion::Failed { pause_until: None },
            };
            assert_eq!(conclusion(status, None), expected, "{status}");
        }
    }

    #[test]
    fn a_pause_is_in_seconds_or_until_a_date_and_at_most_a_day() {
        let millis = |text: &str| match conclusion(503, Some(text)) {
            Conclusion::Failed { pause_until: Some(until) } => until.millis() - NOW.millis(),
            other => panic!("{text}: {other:?}"),
        };
        assert_eq!(millis("120"), 120_000);
        assert_eq!(millis(" Fri, 15 Jan 2027 08:10:00 GMT"), 600_000, "now is 08:00");
        assert_eq!(millis("Thu, 14 Jan 2027 08:10:00 GMT"), 0, "a date that is past");
        assert_eq!(millis("-5"), 0);
        assert_eq!(millis("99999999"), 86_400_000);
        assert_eq!(millis("soon"), 60_000);
        let later = NOW.plus_millis(1);
        let asked =
            judge(StatusCode::SERVICE_UNAVAILABLE, Some("Fri, 15 Jan 2027 08:10:00 GMT"), None, later);
        let not_earlier = Conclusion::Failed { pause_until: Some(later.plus_millis(600_000)) };
        assert_eq!(asked.conclusion, not_earlier, "part of a second is rounded up");
        assert_eq!(conclusion(500, Some("120")), Conclusion::Failed { pause_until: None });
    }

    #[test]
    fn an_answer_is_shown_when_it_may_be() {
        let detail = |said| judge(StatusCode::BAD_REQUEST, None, said, NOW).in_full();
        assert_eq!(detail(Some(" no such field ")), "400 Bad Request: no such field");
        assert_eq!((detail(Some("  ")), detail(None)), ("400 Bad Request".into(), "400 Bad Request".into()));
        let moved = judge(StatusCode::FOUND, None, Some("secret"), NOW).in_full();
        assert_eq!(moved, "302 Found; redirects are not followed, write the final address");
    }
}
