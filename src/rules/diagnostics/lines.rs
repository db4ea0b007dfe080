//! `Lines`: a text that knows where its lines begin, so that many places in it are found without going through it for
//! each.

use std::borrow::Cow;

/// A text and the places, in bytes, at which its lines begin.
#[derive(Clone, Debug)]
pub struct Lines<'t> {
    text: &'t str,
    starts: Cow<'t, [usize]>,
}

impl<'t> From<&'t str> for Lines<'t> {
    fn from(text: &'t str) -> Self {
        Self { text, starts: starts(text).into() }
    }
}

impl<'t> From<&'t String> for Lines<'t> {
    fn from(text: &'t String) -> Self {
        Self::from(text.as_str())
    }
}

impl<'t> From<&'t Lines<'_>> for Lines<'t> {
    fn from(lines: &'t Lines<'_>) -> Self {
        Self { text: lines.text, starts: Cow::Borrowed(&lines.starts) }
    }
}

/// Returns the places at which the lines of a text begin.
pub(in crate::rules) fn starts(text: &str) -> Vec<usize> {
    std::iter::once(0).chain(text.match_indices('\n').map(|(at, _)| at + 1)).collect()
}

impl<'t> Lines<'t> {
    /// Makes the lines of a text of which it is known where they begin.
    pub(in crate::rules) fn known(text: &'t str, starts: &'t [usize]) -> Self {
        Self { text, starts: Cow::Borrowed(starts) }
    }

    /// Returns the text.
    pub fn text(&self) -> &'t str {
        self.text
    }

    /// Returns line and column of an offset at a character, both from 1.
    pub fn place(&self, offset: usize) -> (usize, usize) {
        let line = self.starts.partition_point(|start| *start <= offset).max(1);
        let start = self.starts.get(line - 1).copied().unwrap_or(0);
        let before = self.text.get(start..offset).unwrap_or_default();
        (line, before.chars().count() + 1)
    }

    /// Returns the offset of a line and column; that of the end of the line or text where they lie beyond.
    pub fn offset(&self, line: usize, column: usize) -> usize {
        let start = self.starts.get(line.max(1) - 1).copied().unwrap_or(self.text.len());
        let line = self.text.get(start..).unwrap_or_default();
        let before = line.chars().take_while(|c| *c != '\n').take(column.saturating_sub(1));
        start + before.map(char::len_utf8).sum::<usize>()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    proptest! {
        /// Places lead back to their offsets, and are counted as a reader counts them.
        #[test]
        fn a_place_leads_back(text in "[aé\n€]{0,40}") {
            let lines = Lines::from(&text);
            for (offset, _) in text.char_indices().chain([(text.len(), ' ')]) {
                let (line, column) = lines.place(offset);
                prop_assert_eq!(lines.offset(line, column), offset);
                let before = &text[..offset];
                prop_assert_eq!(line, before.matches('\n').count() + 1);
                prop_assert_eq!(column, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1);
            }
            prop_assert_eq!(lines.offset(99, 1), text.len());
        }
    }
}
