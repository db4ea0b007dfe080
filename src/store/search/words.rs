//! The words of a text as they are searched: folded, one blank apart, and as many as an engine keeps.

use crate::complaint::FoldedText;

/// The most that is searched of one text: words, and bytes of them. PostgreSQL keeps no more places and bytes.
const WORDS: usize = 12_000;
const BYTES: usize = 200_000;
/// The longest word, in characters; what is longer is searched by its beginning.
pub(super) const LONGEST: usize = 40;

/// Returns the words of texts, folded and one blank apart, as far as they are searched.
pub(super) fn folded<'t>(texts: impl IntoIterator<Item = &'t str>) -> String {
    let texts: Vec<FoldedText> = texts.into_iter().map(FoldedText::of).collect();
    let mut all = String::new();
    for word in texts.iter().flat_map(FoldedText::words).take(WORDS) {
        let end = word.char_indices().nth(LONGEST).map_or(word.len(), |(at, _)| at);
        if all.len() + end >= BYTES {
            break;
        }
        if !all.is_empty() {
            all.push(' ');
        }
        all.push_str(&word[..end]);
    }
    all
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn long_texts_are_cut_and_stay_words() {
        let long = "é".repeat(100);
        assert_eq!(folded([long.as_str(), "B-c"]), format!("{} b c", "e".repeat(LONGEST)));
        let many = "woord ".repeat(WORDS * 2);
        assert_eq!(folded([many.as_str()]).split(' ').count(), WORDS);
        let wide = format!("{} ", "日".repeat(90)).repeat(WORDS);
        assert!(folded([wide.as_str()]).len() <= BYTES);
    }
}
