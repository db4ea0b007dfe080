//! The heads of messages, as people write them: `---`, `subject: …`, `---`.

use crate::rules::RulesetSource;
use crate::rules::diagnostics::kinds::front_matter;
use crate::rules::diagnostics::{Diagnostic, Fix, Location, nearest};

const KEYS: &[&str] = &["subject", "calendar"];

/// What people write for a key.
const WORDS: &[(&str, &str)] = &[
    ("onderwerp", "subject"),
    ("betreft", "subject"),
    ("titel", "subject"),
    ("title", "subject"),
    ("agenda", "calendar"),
    ("kalender", "calendar"),
];

/// Returns what is wrong with the heads of a ruleset's messages.
pub(super) fn mistakes(source: &RulesetSource) -> Vec<Diagnostic> {
    let files = source.files().iter().filter(|(name, _)| name.starts_with("messages/"));
    files.flat_map(|(file, text)| Head { file, text }.mistakes()).collect()
}

/// A message's file, whose head is looked at.
struct Head<'h> {
    file: &'h str,
    text: &'h str,
}

impl<'h> Head<'h> {
    /// Returns the lines of the file without what ends them, each with its place in bytes.
    fn lines(&self) -> impl Iterator<Item = (usize, &'h str)> {
        let mut at = 0;
        self.text.split_inclusive('\n').map(move |line| {
            let start = at;
            at += line.len();
            (start, line.trim_end_matches(['\n', '\r']))
        })
    }

    fn at(&self, start: usize, length: usize) -> Location {
        Location::part(self.file, self.text, start, start + length)
    }

    fn mistakes(&self) -> Vec<Diagnostic> {
        let Some((start, first)) = self.lines().next() else {
            return vec![front_matter::report_missing(Location::file(self.file))];
        };
        if first != "---" {
            let told = front_matter::report_missing(self.at(start, first.trim_end().len()));
            let is_head = key(first).is_some_and(|key| KEYS.contains(&key) || meant(key).is_some());
            let fix = self.at(start, 0).span.filter(|_| is_head);
            let fix = fix.map(|span| Fix { span, replacement: "---\n".to_owned() });
            return vec![Diagnostic { fix, ..told }];
        }
        let Some(end) = self.lines().skip(1).position(|(_, line)| line == "---") else {
            let heads = self.lines().skip(1).take_while(|(_, line)| key(line).is_some());
            let (start, line) = heads.last().unwrap_or((start, first));
            return vec![front_matter::report_open(self.at(start, line.trim_end().len()))];
        };
        let mut found = Vec::new();
        let mut has_subject = false;
        for (start, line) in self.lines().skip(1).take(end) {
            let name = key(line).unwrap_or_else(|| line.trim_end());
            has_subject |= name == "subject" || meant(name) == Some("subject");
            match name {
                "subject" => {}
                "calendar" => {
                    let value = line.split_once(':').map_or("", |(_, value)| value).trim();
                    if !matches!(value, "request" | "cancel") {
                        found.push(front_matter::report_calendar(self.at(start, line.trim_end().len())));
                    }
                }
                name => {
                    found.push(front_matter::report_unknown(self.at(start, name.len()), name, meant(name)))
                }
            }
        }
        if !has_subject {
            let (start, line) = self.lines().nth(end + 1).unwrap_or((start, first));
            found.push(front_matter::report_no_subject(self.at(start, line.len())));
        }
        found
    }
}

/// Returns the word before the colon of a line.
fn key(line: &str) -> Option<&str> {
    let (key, _) = line.split_once(':')?;
    (!key.is_empty() && key.chars().all(|c| c.is_alphanumeric() || c == '_')).then_some(key)
}

/// Returns the key that was probably meant.
fn meant(key: &str) -> Option<&'static str> {
    let plain = key.to_lowercase();
    let listed = WORDS.iter().find(|(word, _)| *word == plain).map(|(_, meant)| *meant);
    listed.or_else(|| nearest(&plain, KEYS.iter().copied())).filter(|meant| *meant != key)
}
