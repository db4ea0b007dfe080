//! The names of the shipped procedure: whatever `rules/` declares or defines, and where another text says one.

use super::source::{files, is_word};
use std::collections::BTreeMap;
use std::path::Path;

/// Each name, with the kind of thing it names.
#[derive(Debug)]
pub struct ProcedureNames(BTreeMap<String, String>);

/// How a text says a name.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Said {
    /// The text is the name and nothing else.
    Whole,
    /// The name stands in it: between quotes or backticks, as scripts, SQL and TOML write names, or, when it is of
    /// more than one word, anywhere.
    Inside,
}

impl ProcedureNames {
    /// Reads `procedure.toml`, the statements, functions and parameters of the rule files, and the names of messages.
    /// Scenarios are stories about the procedure and name nothing of it.
    pub fn read(rules: &Path) -> Self {
        let mut names = BTreeMap::new();
        let declared: toml::Table =
            std::fs::read_to_string(rules.join("procedure.toml")).unwrap().parse().unwrap();
        // `name` is the procedure's own name, in two languages; `digest`, `imports` and `survey` have keys, not names.
        let has_names = |kind: &str| !["name", "digest", "imports", "survey"].contains(&kind);
        for (kind, section) in declared.iter().filter(|(kind, _)| has_names(kind)) {
            for name in section.as_table().into_iter().flat_map(toml::Table::keys) {
                names.insert(name.clone(), kind.clone());
            }
        }
        for file in files(&rules.join("messages")) {
            let name = file.file_stem().unwrap().to_str().unwrap();
            // A part is a piece of text that any folder may have.
            if name.starts_with('_') {
                continue;
            }
            names.insert(name.to_owned(), "message".to_owned());
        }
        for file in files(rules)
            .iter()
            .filter(|f| f.extension().is_some_and(|e| e == "rhai") && f.parent() == Some(rules))
        {
            for line in std::fs::read_to_string(file).unwrap().lines() {
                if let Some((kind, name)) = defined(line) {
                    names.insert(name.to_owned(), kind.to_owned());
                }
            }
        }
        Self(names)
    }

    pub fn len(&self) -> usize {
        self.0.len()
    }

    /// Returns the kind of a name.
    pub fn kind(&self, name: &str) -> Option<&str> {
        self.0.get(name).map(String::as_str)
    }

    /// Returns every name that a text says.
    pub fn said_in<'n>(&'n self, text: &str) -> Vec<(&'n str, Said)> {
        self.0.keys().filter_map(|name| says(text, name).map(|said| (name.as_str(), said))).collect()
    }
}

/// What a line of a script defines.
fn defined(line: &str) -> Option<(&str, &str)> {
    let (kind, rest) = line.split_once(' ')?;
    let name = match kind {
        "rule" | "schedule" => rest.strip_prefix('"')?.split('"').next()?,
        "action" | "fn" | "const" => rest.split(|c: char| !c.is_alphanumeric() && c != '_').next()?,
        _ => return None,
    };
    Some((kind, name))
}

fn says(text: &str, name: &str) -> Option<Said> {
    if text == name {
        return Some(Said::Whole);
    }
    if text.len() < name.len() {
        return None;
    }
    let is_several_words = name.contains(['_', ' ']);
    let is_said = text.match_indices(name).any(|(at, _)| {
        let before = text[..at].bytes().last();
        let after = text[at + name.len()..].bytes().next();
        let is_quoted = before == after && matches!(before, Some(b'"' | b'\'' | b'`'));
        is_quoted || is_several_words && !before.is_some_and(is_word) && !after.is_some_and(is_word)
    });
    is_said.then_some(Said::Inside)
}

#[test]
fn a_name_is_found_where_it_is_said_and_nowhere_else() {
    for (text, name, expected) in [
        ("handler", "handler", Some(Said::Whole)),
        ("notify(\"handler\", x)", "handler", Some(Said::Inside)),
        ("agreement = 'yes' AND", "yes", Some(Said::Inside)),
        ("it is for `handler`", "handler", Some(Said::Inside)),
        ("the handler hears of it", "handler", None),
        ("now in_treatment", "in_treatment", Some(Said::Inside)),
        ("not_in_treatment", "in_treatment", None),
        ("handlers", "handler", None),
    ] {
        assert_eq!(says(text, name), expected, "{text}");
    }
    assert_eq!(defined("rule \"Een naam\""), Some(("rule", "Een naam")));
    assert_eq!(defined("action assign \"Toewijzen\" by"), Some(("action", "assign")));
    assert_eq!(defined("  rule \"x\""), None);
}
