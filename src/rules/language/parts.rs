//! `Included`: a message as it is read, with the parts that it includes in their places.

use std::collections::BTreeMap;

/// A message with its parts put in, line by line.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Included {
    /// The text.
    pub text: String,
    /// The file and the line of it, from 1, from which each line of the text is.
    pub lines: Vec<(String, usize)>,
    /// The names of parts that are not there, with the lines of the message on which they are included.
    pub missing: Vec<(usize, String)>,
}

impl Included {
    /// Puts the parts of its language in a message; none where it includes none.
    pub fn of(path: &str, text: &str, files: &BTreeMap<String, String>) -> Option<Self> {
        let folder = path.rsplit_once('/')?.0;
        if !text.lines().any(|line| included(line).is_some()) {
            return None;
        }
        let mut found = Self { text: String::new(), lines: Vec::new(), missing: Vec::new() };
        for (i, line) in text.split_inclusive('\n').enumerate() {
            let Some(name) = included(line) else {
                found.put(line, path, i + 1);
                continue;
            };
            let part = format!("{folder}/_{name}.md");
            match files.get(&part) {
                Some(text) => text.lines().enumerate().for_each(|(j, line)| {
                    found.put(&format!("{line}\n"), &part, j + 1);
                }),
                None => {
                    found.missing.push((i + 1, name.to_owned()));
                    found.put("\n", path, i + 1);
                }
            }
        }
        Some(found)
    }

    fn put(&mut self, line: &str, file: &str, number: usize) {
        self.text.push_str(line);
        self.lines.push((file.to_owned(), number));
    }
}

/// Returns the name of the part that a line includes: `{% include "closing" %}`, alone on its line.
fn included(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("{%")?.strip_suffix("%}")?.trim().strip_prefix("include")?.trim();
    let name = inner.strip_prefix('"')?.strip_suffix('"')?;
    (!name.is_empty() && name.chars().all(|c| c.is_ascii_lowercase() || c == '_')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stands_where_it_is_included_and_is_found_again() {
        let files = BTreeMap::from([("messages/nl/_end.md".to_owned(), "Groet,\r\n\nWij\n".to_owned())]);
        let text = "---\nsubject: s\n---\nDag\n  {% include \"end\" %}\nPS {% include \"end\" %}\n{% include \"gone\" %}";
        let found = Included::of("messages/nl/m.md", text, &files).expect("it includes one");
        assert_eq!(found.text, "---\nsubject: s\n---\nDag\nGroet,\n\nWij\nPS {% include \"end\" %}\n\n");
        assert_eq!(found.lines.len(), found.text.lines().count());
        assert_eq!(found.lines[4], ("messages/nl/_end.md".to_owned(), 1));
        assert_eq!(found.lines[6], ("messages/nl/_end.md".to_owned(), 3));
        assert_eq!(found.lines[7], ("messages/nl/m.md".to_owned(), 6));
        assert_eq!(found.missing, [(7, "gone".to_owned())]);
        assert_eq!(Included::of("messages/nl/m.md", "---\nsubject: s\n---\nDag\n", &files), None);
        assert_eq!(
            Included::of("messages/en/m.md", "{% include \"end\" %}", &files).map(|f| f.missing.len()),
            Some(1)
        );
    }
}
