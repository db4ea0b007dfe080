//! What a program saw and says so: `If-Match`, and the ETag by which it is known; and the key by which the same is done once.

use super::call::Call;
use super::parameters::{Kind, Parameter, Place};
use super::problem::Problem;
use axum::http::header::{IF_MATCH, IF_NONE_MATCH};

/// The key without which nothing is done.
pub(super) const ONCE: Parameter = Parameter {
    place: Place::NeededHeader,
    name: "Idempotency-Key",
    means: "A text of yours, of 1 to 200 visible characters, another for each thing that is meant: the same that is sent again \
            within a day is answered again, and done once.",
    kind: Kind::UpToCharacters(200),
};

/// The key by which an action on a complaint is taken once, for good.
pub(super) const FOR_GOOD: Parameter = Parameter {
    place: Place::NeededHeader,
    name: "Idempotency-Key",
    means: "A text of yours, of 1 to 200 visible characters, another for each action on a complaint that is meant: however often \
            the same is sent, the action is taken once. It counts for one complaint and one key of yours.",
    kind: Kind::UpToCharacters(200),
};

/// What was seen, where something else may have changed it.
pub(super) const SEEN: Parameter = Parameter {
    place: Place::Header,
    name: "If-Match",
    means: "The ETag as you saw it. Where it has changed since, nothing is done (412). Without it, it is done to what is there.",
    kind: Kind::UpToCharacters(500),
};

/// What was seen, without which nothing is done.
pub(super) const NEEDS_SEEN: Parameter = Parameter {
    place: Place::NeededHeader,
    name: "If-Match",
    means: "The ETag as you saw it. Where it has changed since, nothing is done (412).",
    kind: Kind::UpToCharacters(500),
};

/// Returns the ETag of a version, or of a mark.
pub(super) fn etag(of: impl std::fmt::Display) -> String {
    format!("\"{of}\"")
}

/// Returns what a program saw, out of its quotation marks; none where it says none, or that anything will do.
pub(super) fn seen<'c>(call: &'c Call, of: (&str, &str)) -> Result<Option<&'c str>, Problem> {
    if !call.headers.contains_key(IF_MATCH) {
        return Ok(None);
    }
    match call.header("if-match").unwrap_or_default() {
        "*" => Ok(None),
        tag => {
            let inside = tag.strip_prefix('"').and_then(|tag| tag.strip_suffix('"'));
            inside.map(Some).ok_or_else(|| wrong(of))
        }
    }
}

/// Returns the version that a program saw; none where it says none.
pub(super) fn seen_version(call: &Call, of: (&str, &str)) -> Result<Option<i64>, Problem> {
    seen(call, of)?.map(|tag| tag.parse().map_err(|_| wrong(of))).transpose()
}

/// Returns whether a program says that nothing is to be there yet.
pub(super) fn is_new(call: &Call) -> bool {
    call.headers.contains_key(IF_NONE_MATCH) && call.header("if-none-match") == Some("*")
}

fn wrong((nl, en): (&str, &str)) -> Problem {
    Problem::invalid("header", "If-Match", format!("is geen ETag van {nl}"), format!("is no ETag of {en}"))
}

/// Reads the key of a request; keys of others are other keys.
pub(super) fn key(call: &Call) -> Result<String, Problem> {
    let key = call.header("idempotency-key").unwrap_or_default();
    if !(1..=200).contains(&key.len()) || !key.bytes().all(|b| b.is_ascii_graphic() || b == b' ') {
        let (nl, en) = ("heeft 1 tot 200 zichtbare tekens", "has 1 to 200 visible characters");
        return Err(Problem::invalid("header", "Idempotency-Key", nl, en));
    }
    Ok(format!("{} {key}", call.who.caller.id))
}
