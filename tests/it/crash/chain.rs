//! The audit chain, checked by a hand of our own from what docs/semantics.md 5.4 says of it.

use super::records::{EventRecord, Records};
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};

/// Asserts that the events are a chain that this key signed, and that its head is the newest.
pub fn assert_intact(records: &Records, key: &str) {
    let (mut place, mut hash) = (0, "0".to_owned());
    for event in &records.events {
        assert_eq!(event.seq, place + 1, "an event is missing");
        assert_eq!(event.prev, hash, "event {} does not follow the one before", event.seq);
        assert_eq!(event.personal_digest, digest(event), "what is personal in event {}", event.seq);
        assert_eq!(event.hash, signed(event, key), "event {} is not as it was written", event.seq);
        (place, hash) = (event.seq, event.hash.clone());
    }
    let head = records.head.clone().unwrap_or_else(|| "0 0".to_owned());
    assert_eq!(head, format!("{place} {hash}"), "the head of the chain");
}

fn digest(event: &EventRecord) -> Option<String> {
    let (personal, salt) = (event.personal.as_ref()?, event.salt.as_ref()?);
    Some(hex(&Sha256::digest(format!("{salt}{personal}"))))
}

fn signed(event: &EventRecord, key: &str) -> String {
    let complaint = event.complaint.map_or_else(String::new, |id| id.to_string());
    let (seq, version, at) = (event.seq.to_string(), event.version.to_string(), event.at.to_string());
    let mut parts = vec![
        event.prev.as_str(),
        &seq,
        &complaint,
        &version,
        &at,
        &event.kind,
        &event.by,
        &event.via,
        event.rule.as_deref().unwrap_or(""),
        &event.ruleset,
        &event.summary,
        &event.data,
        event.personal_digest.as_deref().unwrap_or(""),
    ];
    parts.extend(event.source.as_deref());
    parts.push(&event.on_day);
    let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
    for part in parts {
        mac.update(&(part.len() as u64).to_be_bytes());
        mac.update(part.as_bytes());
    }
    hex(&mac.finalize().into_bytes())
}

fn hex(bytes: &[u8]) -> String {
    bytes.iter().map(|b| format!("{b:02x}")).collect()
}
