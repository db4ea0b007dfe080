//! `Trust`: the judgement of the organisation's own mail server on where a mail comes from (RFC 8601). Never
//! a reason to refuse a complaint; a reason not to believe that a colleague wrote it.

use serde::Serialize;

/// The judgement of the organisation's own mail server on the sender's address.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Trust {
    /// DMARC passed.
    Pass,
    /// DMARC failed: somebody else may have written it.
    Fail,
    /// The server that is believed says nothing.
    #[default]
    None,
}

/// Reads the topmost header of the server that is believed; a sender can write others below it.
pub(super) fn trust_of<'h>(headers: impl Iterator<Item = &'h str>, authserv_id: Option<&str>) -> Trust {
    let Some(wanted) = authserv_id else { return Trust::None };
    for header in headers {
        let mut parts = header.split(';').map(str::trim);
        let server = parts.next().and_then(|p| p.split_whitespace().next()).unwrap_or_default();
        if !server.eq_ignore_ascii_case(wanted) {
            continue;
        }
        let dmarc = parts.filter_map(|p| p.split_whitespace().next()).find_map(|p| p.strip_prefix("dmarc="));
        return match dmarc {
            Some("pass") => Trust::Pass,
            Some(_) => Trust::Fail,
            None => Trust::None,
        };
    }
    Trust::None
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_the_topmost_header_of_the_own_server_counts() {
        let own =
            "mx.lagant.nl; spf=pass smtp.mailfrom=x; dkim=pass; dmarc=fail (p=reject) header.from=lagant.nl";
        let forged = "mx.lagant.nl; dmarc=pass";
        let other = "evil.example; dmarc=pass";
        let of = |headers: &[&str]| trust_of(headers.iter().copied(), Some("mx.lagant.nl"));
        assert_eq!(of(&[own, forged]), Trust::Fail);
        assert_eq!(of(&[other]), Trust::None);
        assert_eq!(of(&[other, forged]), Trust::Pass);
        assert_eq!(
            trust_of([forged].into_iter(), None),
            Trust::None,
            "nobody is believed unless a setting says so"
        );
        assert_eq!(of(&["mx.lagant.nl; spf=pass"]), Trust::None);
    }
}
