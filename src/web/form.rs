//! `Fields`: what a form posted, by name.

use axum::body::Bytes;
use std::collections::BTreeMap;
use url::form_urlencoded;

/// The most fields of a form; what comes after is left out.
const FIELDS: usize = 5_000;

/// The fields of a posted form. Of several with the same name the last counts.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Fields(BTreeMap<String, String>);

impl Fields {
    /// Reads a body; any is a form, however strange.
    pub fn read(body: &Bytes) -> Self {
        let pairs = form_urlencoded::parse(body).take(FIELDS);
        Self(pairs.map(|(name, value)| (clean(&name), clean(&value))).collect())
    }

    /// Reads the part of an address behind the question mark.
    pub fn of_query(query: Option<&str>) -> Self {
        let pairs = form_urlencoded::parse(query.unwrap_or_default().as_bytes()).take(FIELDS);
        Self(pairs.map(|(name, value)| (clean(&name), clean(&value))).collect())
    }

    /// Makes fields of what is known already, as if somebody had typed it.
    pub fn of<const N: usize>(fields: [(&str, String); N]) -> Self {
        Self(fields.into_iter().map(|(name, value)| (name.to_owned(), value)).collect())
    }

    /// Returns a field as it was typed; empty when it is not there.
    pub fn get(&self, name: &str) -> &str {
        self.0.get(name).map_or("", String::as_str)
    }

    /// Returns the fields whose name begins so, without that beginning.
    pub fn under<'f>(&'f self, prefix: &'f str) -> impl Iterator<Item = (&'f str, &'f str)> {
        self.0.iter().filter_map(move |(name, value)| Some((name.strip_prefix(prefix)?, value.as_str())))
    }
}

/// Takes out what no keyboard types and a database cannot hold, and makes ends of lines one character.
pub(super) fn clean(text: &str) -> String {
    text.replace('\0', "").replace("\r\n", "\n").replace('\r', "\n")
}
