//! `Link`: an event as the trail has it, all that its signature covers and what is personal of it; and the marks by which a
//! dossier is held together without a key.
//!
//! The hash of an event is keyed, so nobody without the key can recompute it. What can be: that the personal facts are those
//! whose digest the trail keeps, and that an event names the one before. Over both runs a chain of plain digests, the marks.

use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};

/// An event of the trail with everything that its hash covers.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Link {
    /// The place in the trail.
    pub seq: i64,
    /// The key of the complaint.
    pub complaint: String,
    /// The version of the complaint after the decision.
    pub version: i64,
    /// The moment of the decision, in milliseconds since 1970.
    pub at: i64,
    /// The kind of event.
    pub kind: String,
    /// The author.
    pub by: String,
    /// The route by which it came.
    pub via: String,
    /// The name of the source; empty where it has none.
    pub rule: String,
    /// The hash of the ruleset it was decided under.
    pub ruleset: String,
    /// The event in a line.
    pub summary: String,
    /// Its facts that are not personal, as the trail writes them.
    pub data: String,
    /// The source, as the trail writes it; empty in rows from before it was kept.
    pub source: String,
    /// The local day.
    pub on_day: String,
    /// The digest of salt and personal facts; empty where there never were any.
    pub personal_digest: String,
    /// The personal facts, as the trail writes them; none where there are none, or they were removed.
    pub personal: Option<String>,
    /// What the digest was salted with; none where there is nothing personal.
    pub salt: Option<String>,
    /// The hash of the event before it in the trail, whosever that is.
    pub prev: String,
    /// Its own hash, made with the key of the installation.
    pub hash: String,
}

impl Link {
    /// Returns a digest over what stays as it is also when what is personal of it is removed.
    pub fn lasting(&self) -> String {
        digest(&self.parts(["", ""]).each_ref().map(String::as_str))
    }

    fn parts(&self, personal: [&str; 2]) -> [String; 18] {
        let [personal, salt] = personal.map(str::to_owned);
        let text = |text: &String| text.clone();
        [
            self.seq.to_string(),
            text(&self.complaint),
            self.version.to_string(),
            self.at.to_string(),
            text(&self.kind),
            text(&self.by),
            text(&self.via),
            text(&self.rule),
            text(&self.ruleset),
            text(&self.summary),
            text(&self.data),
            text(&self.source),
            text(&self.on_day),
            text(&self.personal_digest),
            personal,
            salt,
            text(&self.prev),
            text(&self.hash),
        ]
    }

    fn mark(&self, before: &str) -> String {
        let personal = [&self.personal, &self.salt].map(|text| text.as_deref().unwrap_or_default());
        let parts = self.parts(personal);
        let parts: Vec<&str> = std::iter::once(before).chain(parts.iter().map(String::as_str)).collect();
        digest(&parts)
    }

    /// Returns whether what is personal of it is what the trail keeps a digest of; none where nothing is there to be seen. The
    /// digest is the one that the store computes, which may not know dossiers, nor dossiers the store.
    pub fn personal_holds(&self) -> Option<bool> {
        match (&self.personal, &self.salt) {
            (None, None) => None,
            (Some(personal), Some(salt)) => {
                let digest = Sha256::new().chain_update(salt).chain_update(personal).finalize();
                Some(format!("{digest:x}") == self.personal_digest)
            }
            // One without the other was never written.
            _ => Some(false),
        }
    }
}

/// The running digest over events: each mark is over the mark before and the event.
#[derive(Clone, Debug, Default)]
pub struct Marks(String);

impl Marks {
    /// Goes on over an event, and returns its mark.
    pub fn over(&mut self, link: &Link) -> &str {
        self.0 = link.mark(&self.0);
        &self.0
    }

    /// Returns the mark of the last event; nothing before the first.
    pub fn last(&self) -> &str {
        &self.0
    }
}

/// Returns the digest of parts that carry their lengths, in hexadecimal.
pub(super) fn digest(parts: &[&str]) -> String {
    let mut sha = Sha256::new();
    for part in parts {
        sha.update((part.len() as u64).to_be_bytes());
        sha.update(part);
    }
    format!("{:x}", sha.finalize())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_part_of_an_event_is_under_its_mark() {
        let link =
            Link { seq: 7, personal: Some("p".to_owned()), salt: Some("s".to_owned()), ..Link::default() };
        let written = serde_json::to_value(&link).expect("writes");
        let fields: Vec<String> = written.as_object().expect("an object").keys().cloned().collect();
        assert_eq!(fields.len(), 18);
        for field in fields {
            let mut other = written.clone();
            other[&field] = match &written[&field] {
                serde_json::Value::Number(n) => (n.as_i64().unwrap_or_default() + 1).into(),
                _ => "other".into(),
            };
            let other: Link = serde_json::from_value(other).expect("reads");
            assert_ne!(other.mark(""), link.mark(""), "{field}");
            let is_removable = ["personal", "salt"].contains(&field.as_str());
            assert_eq!(other.lasting() == link.lasting(), is_removable, "{field}");
        }
        assert_ne!(link.mark("x"), link.mark(""));
    }
}
