//! Subjects as people wrote them: without reply and forward prefixes.

/// Prefixes of replies, in the languages that reach a Dutch mailbox (docs/mail.md "Subject prefixes").
const REPLY: &[&str] = &["re", "aw", "sv", "antw", "betr"];
const FORWARD: &[&str] = &["fw", "fwd", "wg", "tr", "doorst", "doorgestuurd"];
const TAGS: &[&str] = &["[ext]", "[extern]", "[external]"];

/// Returns the subject without its reply and forward prefixes, however many.
pub fn bare_subject(subject: &str) -> &str {
    let mut rest = subject.trim();
    while let Some((_, after)) = prefix(rest) {
        rest = after;
    }
    rest
}

/// Returns whether one of the subject's prefixes says that it was forwarded.
pub fn is_forwarded(subject: &str) -> bool {
    let mut rest = subject.trim();
    while let Some((word, after)) = prefix(rest) {
        if FORWARD.contains(&word.as_str()) {
            return true;
        }
        rest = after;
    }
    false
}

fn prefix(subject: &str) -> Option<(String, &str)> {
    let lower = subject.to_lowercase();
    if let Some(tag) = TAGS.iter().find(|t| lower.starts_with(**t)) {
        return Some(((*tag).to_owned(), subject.get(tag.len()..)?.trim_start()));
    }
    let (word, after) = subject.split_once(':')?;
    let word = word.trim().to_lowercase();
    (REPLY.contains(&word.as_str()) || FORWARD.contains(&word.as_str())).then(|| (word, after.trim_start()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn prefixes_go_in_any_number_and_spelling() {
        assert_eq!(bare_subject("Re: FW : [EXTERN] Antw:Klacht: de zaal"), "Klacht: de zaal");
        assert_eq!(bare_subject("  "), "");
        assert!(is_forwarded("Re: Doorst: klacht"));
        assert!(!is_forwarded("Re: klacht fw: nee"));
    }
}
