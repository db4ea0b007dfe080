//! What a plan says of events and what the trail says of them, in words that can be compared. The library's own tests read this file
//! as well.

/// Numbers are given in the commit; a plan has the mark that stands for them.
pub(crate) fn without_numbers(line: &str) -> String {
    let mut parts = line.split("K-20");
    let mut text = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        // The rest of the year, a dash and four digits.
        text.push_str(&format!("NUMBER{}", part.get(7..).unwrap_or_default()));
    }
    text.replace('\u{f8ff}', "NUMBER")
}
