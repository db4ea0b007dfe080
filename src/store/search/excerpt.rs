//! `Excerpt`: the part of a text in which words were found, in pieces, with those words marked.

use std::ops::Range;

/// The characters before the first word that was found, and of the whole.
const BEFORE: usize = 60;
const WHOLE: usize = 240;

/// A part of a text in pieces.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Excerpt {
    /// The pieces, each with whether it is marked.
    pub pieces: Vec<(String, bool)>,
    /// The number of words or phrases that stand in the text.
    pub marks: usize,
}

impl Excerpt {
    /// Cuts out the part from shortly before the first mark on.
    pub(super) fn of(text: &str, mut marked: Vec<Range<usize>>) -> Self {
        marked.sort_by_key(|range| (range.start, range.end));
        let marks = marked.len();
        let first = marked.first().map_or(0, |range| range.start);
        let (from, end) = window(text, first);
        let mut pieces = Vec::new();
        if from > 0 {
            pieces.push(("… ".to_owned(), false));
        }
        let mut at = from;
        for range in marked {
            let (start, stop) = (range.start.max(at), range.end.min(end));
            if start < stop {
                push(&mut pieces, &text[at..start], false);
                push(&mut pieces, &text[start..stop], true);
                at = stop;
            }
        }
        push(&mut pieces, &text[at..end], false);
        if end < text.len() {
            pieces.push((" …".to_owned(), false));
        }
        Self { pieces, marks }
    }

    /// Returns the words alone.
    pub fn text(&self) -> String {
        self.pieces.iter().map(|(text, _)| text.as_str()).collect()
    }
}

/// Returns where the part begins and ends: between words where that is near.
fn window(text: &str, first: usize) -> (usize, usize) {
    let before = &text[..first];
    let from = match before.char_indices().rev().nth(BEFORE) {
        None => 0,
        Some((cut, c)) => {
            let rest = &text[cut + c.len_utf8()..first];
            let space = rest.find(char::is_whitespace).map_or(0, |space| space + 1);
            // After a blank of more than one byte this is within it.
            (cut + c.len_utf8() + space..=first).find(|at| text.is_char_boundary(*at)).unwrap_or(first)
        }
    };
    let end = text[from..].char_indices().nth(WHOLE).map_or(text.len(), |(at, _)| from + at);
    (from, end)
}

fn push(pieces: &mut Vec<(String, bool)>, text: &str, is_marked: bool) {
    if !text.is_empty() {
        let text = if is_marked { text.to_owned() } else { plain(text) };
        pieces.push((text, is_marked));
    }
}

/// Makes lines and runs of blanks one blank each.
fn plain(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    for c in text.chars() {
        match c.is_whitespace() || c.is_control() {
            false => plain.push(c),
            true if plain.ends_with(' ') => {}
            true => plain.push(' '),
        }
    }
    plain
}

#[cfg(test)]
mod tests {
    use crate::store::search::Query;
    use proptest::prelude::*;

    fn marked(typed: &str, text: &str) -> String {
        let pieces = Query::read(typed).unwrap().excerpt(text).pieces;
        pieces
            .into_iter()
            .map(|(text, is_marked)| if is_marked { format!("[{text}]") } else { text })
            .collect()
    }

    #[test]
    fn words_are_marked_as_they_were_written() {
        assert_eq!(marked("cursus", "De Cursussen, en cursus."), "De [Cursussen], en [cursus].");
        assert_eq!(marked("geeist zaal", "Ik heb GEËIST:\n\nde zaal"), "Ik heb [GEËIST]: de [zaal]");
        assert_eq!(marked("\"op tijd\"", "niet op tijd; tijd op"), "niet [op tijd]; tijd op");
        assert_eq!(marked("weg", "hier"), "hier");
        let long = format!("{} klacht {}", "woord ".repeat(100), "rest ".repeat(100));
        let cut = marked("klacht", &long);
        assert!(cut.starts_with("… woord") && cut.contains(" [klacht] rest") && cut.ends_with(" …"), "{cut}");
    }

    proptest! {
        #[test]
        fn any_text_can_be_cut(typed in "\\PC{0,30}", text in "(?s).{0,400}") {
            if let Some(query) = Query::read(&format!("{typed} ab")) {
                let excerpt = query.excerpt(&text);
                prop_assert!(excerpt.text().chars().count() < 260);
            }
        }
    }
}
