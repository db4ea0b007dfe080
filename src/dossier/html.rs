//! `Html`: a piece of the page and, as it grows, the digest of what is read there: its text without white space.

use crate::escape;
use sha2::{Digest, Sha256};

/// A piece of the page.
#[derive(Default)]
pub(super) struct Html {
    out: String,
    read: Sha256,
}

impl Html {
    /// Adds markup of ours, of which nothing is read.
    pub fn tag(&mut self, markup: &str) -> &mut Self {
        debug_assert!(reads_nothing(markup), "{markup} is read, and its digest would not be of it");
        self.out.push_str(markup);
        self
    }

    /// Adds text, whoever wrote it.
    pub fn say(&mut self, foreign: &str) -> &mut Self {
        let shown = escape::text(foreign);
        shown.split(|c: char| c.is_ascii_whitespace()).for_each(|word| self.read.update(word));
        self.out.push_str(&escape::markup(foreign));
        self
    }

    /// Adds text between markup: `wrap("<td>", text, "</td>")`.
    pub fn wrap(&mut self, before: &str, foreign: &str, after: &str) -> &mut Self {
        self.tag(before).say(foreign).tag(after)
    }

    /// Returns the markup, and the digest of what is read there.
    pub fn finish(self) -> (String, String) {
        (self.out, format!("{:x}", self.read.finalize()))
    }
}

/// Returns whether markup has no text but white space.
fn reads_nothing(markup: &str) -> bool {
    let outside = markup.split('<').map(|part| part.split_once('>').map_or(part, |(_, text)| text));
    outside.into_iter().all(|text| text.trim_ascii().is_empty())
}

/// Returns JSON as it stands in a script element: nothing in it ends the element, or turns the direction of writing.
pub(super) fn in_script(document: &str) -> String {
    escape::json(document).replace('<', "\\u003c")
}
