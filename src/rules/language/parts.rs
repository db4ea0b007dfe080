//! `Included`: a message as it is read, with the parts that it includes in their places.

use std::collections::BTreeMap;

/// The longest a message may become by what it includes, in bytes: as long as a file may be.
const LONGEST: usize = 1 << 20;

/// A message with its parts put in.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Included {
    /// The text.
    pub text: String,
    /// Where its stretches are written, in their order.
    stretches: Vec<Stretch>,
    /// The names of parts that are not there, with the lines of the message on which they are included.
    pub missing: Vec<(usize, String)>,
    /// True when the parts make it longer than a file may be; then the rest of them is left out.
    pub is_too_long: bool,
}

/// Lines of one file that follow each other.
#[derive(Clone, Debug, PartialEq, Eq)]
struct Stretch {
    /// Its first line in the whole text, from 1.
    first: usize,
    file: String,
    /// Its first line in the file, from 1.
    line: usize,
}

impl Included {
    /// Puts the parts of its language in a message; none where it includes none.
    pub fn of(path: &str, text: &str, files: &BTreeMap<String, String>) -> Option<Self> {
        let folder = path.rsplit_once('/')?.0;
        if !text.lines().any(|line| included(line).is_some()) {
            return None;
        }
        let (mut found, mut lines) = (Self::default(), 0);
        for (i, line) in text.split_inclusive('\n').enumerate() {
            let Some(name) = included(line) else {
                lines += found.put(line, lines, path, i + 1);
                continue;
            };
            let part = format!("{folder}/_{name}.md");
            let Some(text) = files.get(&part) else {
                found.missing.push((i + 1, name.to_owned()));
                lines += found.put("\n", lines, path, i + 1);
                continue;
            };
            found.is_too_long |= found.text.len() + text.len() > LONGEST;
            if !found.is_too_long {
                let end = if text.is_empty() || text.ends_with('\n') { "" } else { "\n" };
                lines += found.put(&format!("{text}{end}"), lines, &part, 1);
            }
        }
        Some(found)
    }

    /// Returns the file and the line of it, from 1, that a line of the text is.
    pub fn written_at(&self, line: usize) -> Option<(&str, usize)> {
        let after = self.stretches.partition_point(|stretch| stretch.first <= line);
        let stretch = self.stretches.get(after.checked_sub(1)?)?;
        Some((&stretch.file, stretch.line + line - stretch.first))
    }

    /// Returns whether a file stands in it.
    pub fn holds(&self, file: &str) -> bool {
        self.stretches.iter().any(|stretch| stretch.file == file)
    }

    /// Appends lines behind so many others, and returns how many.
    fn put(&mut self, text: &str, lines: usize, file: &str, line: usize) -> usize {
        self.text.push_str(text);
        let goes_on =
            self.stretches.last().is_some_and(|s| s.file == file && s.line + lines + 1 - s.first == line);
        if !goes_on {
            self.stretches.push(Stretch { first: lines + 1, file: file.to_owned(), line });
        }
        text.lines().count()
    }
}

/// Returns the name of the part that a line includes: `{% include "closing" %}`, alone on its line.
fn included(line: &str) -> Option<&str> {
    let inner = line.trim().strip_prefix("{%")?.strip_suffix("%}")?.trim().strip_prefix("include")?.trim();
    let quoted = |quote: char| inner.strip_prefix(quote)?.strip_suffix(quote);
    let name = quoted('"').or_else(|| quoted('\''))?;
    (!name.is_empty() && name.chars().all(|c| c.is_alphanumeric() || c == '_' || c == '-')).then_some(name)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_part_stands_where_it_is_included_and_is_found_again() {
        let files = BTreeMap::from([("messages/nl/_end.md".to_owned(), "Groet,\r\n\nWij\n".to_owned())]);
        let text = "---\nsubject: s\n---\nDag\n  {% include \"end\" %}\nPS {% include \"end\" %}\n{% include \"gone\" %}";
        let found = Included::of("messages/nl/m.md", text, &files).expect("it includes one");
        assert_eq!(found.text, "---\nsubject: s\n---\nDag\nGroet,\r\n\nWij\nPS {% include \"end\" %}\n\n");
        let written = |line| found.written_at(line).expect("a line");
        let (message, part) = ("messages/nl/m.md", "messages/nl/_end.md");
        let expected = [(1, (message, 1)), (4, (message, 4)), (5, (part, 1)), (7, (part, 3))];
        for (line, place) in expected.into_iter().chain([(8, (message, 6)), (9, (message, 7))]) {
            assert_eq!(written(line), place, "{line}");
        }
        assert_eq!(found.stretches.len(), 3);
        assert_eq!(found.missing, [(7, "gone".to_owned())]);
        assert_eq!(Included::of("messages/nl/m.md", "---\nsubject: s\n---\nDag\n", &files), None);
        assert_eq!(
            Included::of("messages/en/m.md", "{% include \"end\" %}", &files).map(|f| f.missing.len()),
            Some(1)
        );
    }
    #[test]
    fn whatever_is_included_is_bounded_and_stays_in_its_folder() {
        let big = "x".repeat(LONGEST / 2);
        let files =
            BTreeMap::from([("messages/nl/_big.md".to_owned(), big), ("_up.md".to_owned(), String::new())]);
        let of = |text: &str| Included::of("messages/nl/m.md", text, &files);
        let thrice = of(&"{% include 'big' %}\n".repeat(1_000)).expect("it includes");
        assert!(thrice.is_too_long && thrice.text.len() <= LONGEST + 1_000, "{}", thrice.text.len());
        for text in [
            "{% include \"../_up\" %}",
            "{% include big %}",
            "{%- include \"big\" -%}",
            "x {% include \"big\" %}",
        ] {
            assert_eq!(of(text), None, "{text}");
        }
    }
}
