//! `Draft`: a text with slips put right, that still knows where each of its characters stood.

/// A change of a text: what stands from `start` to `end`, in bytes, becomes `text`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Edit {
    pub start: usize,
    pub end: usize,
    pub text: String,
}

impl Edit {
    /// Makes a change that only adds.
    pub fn insert(at: usize, text: &str) -> Self {
        Self { start: at, end: at, text: text.to_owned() }
    }

    /// Makes a change that puts one text in the place of another.
    pub fn replace(start: usize, end: usize, text: impl Into<String>) -> Self {
        Self { start, end, text: text.into() }
    }
}

/// A text and, for each byte of it, the place in the original.
#[derive(Clone, Debug)]
pub(in crate::rules) struct Draft {
    pub text: String,
    origin: Vec<usize>,
    end: usize,
}

impl Draft {
    /// Starts from a text that stands at a place of the original.
    pub fn of(text: &str, at: usize) -> Self {
        Self { text: text.to_owned(), origin: (at..at + text.len()).collect(), end: at + text.len() }
    }

    /// Adds a draft of what follows in the original.
    pub fn append(&mut self, next: Self) {
        self.text.push_str(&next.text);
        self.origin.extend(next.origin);
        self.end = next.end;
    }

    /// Leaves nothing of the text but its lines.
    pub fn blank(&mut self) {
        let (mut text, mut origin) = (String::new(), Vec::new());
        for (at, _) in self.text.match_indices('\n') {
            text.push('\n');
            origin.push(self.origin(at));
        }
        (self.text, self.origin) = (text, origin);
    }

    /// Returns the place in the original of a place in the draft.
    pub fn origin(&self, at: usize) -> usize {
        self.origin.get(at).copied().unwrap_or(self.end)
    }

    /// Makes changes, which may not overlap; of those that do, the first stands.
    pub fn apply(&mut self, mut edits: Vec<Edit>) {
        edits.sort_by_key(|e| (e.start, e.end));
        let (mut text, mut origin, mut at) = (String::new(), Vec::new(), 0);
        for edit in edits {
            if edit.start < at || edit.end > self.text.len() {
                continue;
            }
            text.push_str(self.text.get(at..edit.start).unwrap_or_default());
            origin.extend_from_slice(self.origin.get(at..edit.start).unwrap_or_default());
            let place = self.origin(edit.start);
            text.push_str(&edit.text);
            origin.extend(std::iter::repeat_n(place, edit.text.len()));
            at = edit.end;
        }
        text.push_str(self.text.get(at..).unwrap_or_default());
        origin.extend_from_slice(self.origin.get(at..).unwrap_or_default());
        (self.text, self.origin) = (text, origin);
    }
}
