//! The places of a message template where something is filled in or decided: between its braces.

use std::ops::Range;

/// Returns the places between `{{ }}` and `{% %}`; one that is not closed ends with its line.
pub(in crate::rules) fn braces(text: &str) -> Vec<Range<usize>> {
    let mut found = Vec::new();
    let mut at = 0;
    while let Some(i) = text[at..].find(['{']) {
        let open = at + i;
        let close = match text.get(open..open + 2) {
            Some("{{") => "}}",
            Some("{%") => "%}",
            _ => {
                at = open + 1;
                continue;
            }
        };
        let start = open + 2;
        let line = text[start..].find('\n').map_or(text.len(), |i| start + i);
        let end = text[start..line].find(close).map_or(line, |i| start + i);
        found.push(start..end);
        at = end;
    }
    found
}

/// Returns whether a character can be part of a name.
pub(in crate::rules) fn is_part(c: char) -> bool {
    c.is_alphanumeric() || c == '_'
}
