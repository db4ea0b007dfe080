//! A head of the trail that somebody kept: how it is read from what they have, and whether it is of the trail here.

use super::Failure;
use crate::dossier::{check_pack, is_pack};
use crate::store::{HeadStanding, KeptHead, Trail};
use serde_json::Value;
use std::path::Path;

/// The most bytes of a file that is no pack.
const BYTES: u64 = 1 << 20;

/// Reads a head as it is typed, or from a file: text, the body of a webhook, an audit pack.
pub(super) fn read(text: &str) -> Result<KeptHead, Failure> {
    if let Ok(head) = text.parse() {
        return Ok(head);
    }
    let path = Path::new(text);
    let unreadable = |e: &dyn std::fmt::Display| Failure::usage(format!("{text} cannot be read: {e}"));
    let size = std::fs::metadata(path)
        .map_err(|_| Failure::usage(format!("{text} is no head of a trail (`SEQ HASH`), and no file")))?
        .len();
    if is_pack(path).unwrap_or(false) {
        let checked = check_pack(path).map_err(|e| unreadable(&e))?;
        return checked.manifest.head.parse().map_err(|()| none_in(text));
    }
    if size > BYTES {
        return Err(none_in(text));
    }
    let content = std::fs::read_to_string(path).map_err(|e| unreadable(&e))?;
    found_in(&content).ok_or_else(|| none_in(text))
}

fn none_in(text: &str) -> Failure {
    Failure::usage(format!("{text} holds no head of a trail (`SEQ HASH`)"))
}

/// Finds the head in a text: a line of it, or the value of `head` in a document.
fn found_in(content: &str) -> Option<KeptHead> {
    if let Some(head) = content.lines().find_map(|line| line.parse().ok()) {
        return Some(head);
    }
    let document: Value = serde_json::from_str(content).ok()?;
    let places = ["/head", "/data/details/head", "/details/head"];
    places.iter().find_map(|place| document.pointer(place)?.as_str()?.parse().ok())
}

/// Returns how many events came since a head was kept.
///
/// # Errors
/// It is not of this trail, in words.
pub(super) async fn compare(trail: &Trail, head: &KeptHead) -> Result<i64, Failure> {
    match trail.holds(head).await? {
        HeadStanding::Holds { later } => Ok(later),
        HeadStanding::Differs => Err(Failure::new(format!(
            "the head that was kept is not of this trail: its event {} is another one. The trail was written anew since, or the head is \
             of another installation; keep both, and compare with a backup",
            head.seq
        ))),
        HeadStanding::Cut { last } => Err(Failure::new(format!(
            "the head that was kept is not of this trail: that ends at event {last}, before event {}. Events were taken away, an older \
             backup was restored, or the head is of another installation; keep both, and compare with a backup",
            head.seq
        ))),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_head_is_found_in_what_people_keep() {
        let hash = "ab".repeat(32);
        let head = Some(KeptHead { seq: 12, hash: hash.clone() });
        assert_eq!(found_in(&format!("12 {hash}\n")), head);
        assert_eq!(found_in(&format!("kept on Monday\r\n12 {hash}\r\n")), head);
        assert_eq!(found_in(&format!("{{\"head\": \"12 {hash}\"}}")), head);
        assert_eq!(found_in(&format!("{{\"data\": {{\"details\": {{\"head\": \"12 {hash}\"}}}}}}")), head);
        for wrong in
            ["", "12", "12 ab", "-1 0", "0 00", &format!("12  {hash}"), &format!("x {hash}"), "{\"head\": 3}"]
        {
            assert_eq!(found_in(wrong), None, "{wrong}");
        }
    }
}
