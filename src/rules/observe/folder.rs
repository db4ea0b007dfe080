//! `RulesFolder`: everything of a rules folder that people write.

use super::clauses::Clauses;
use crate::rules::diagnostics::Diagnostic;
use crate::rules::language::source::{ORGANISATION, RulesetSource};
use crate::rules::procedure::declared;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The longest path of a file in bytes.
const LONGEST: usize = 100;

/// The texts of a rules folder: the ruleset, its scenarios, and the map of the company's text.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesFolder {
    /// The ruleset.
    pub source: RulesetSource,
    /// The scenarios of `tests/`, by path.
    pub scenarios: BTreeMap<String, String>,
    /// The text of `clauses.toml`; none without such a file.
    pub clauses: Option<String>,
}

impl RulesFolder {
    /// Reads a folder.
    ///
    /// # Errors
    /// What cannot be read.
    pub fn read(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let source = RulesetSource::read(folder)?;
        let scenarios = RulesetSource::read_scenarios(folder)?;
        Ok(Self { source, scenarios, clauses: Clauses::read_text(folder)? })
    }

    /// Makes a folder of files by path.
    pub fn of(files: BTreeMap<String, String>) -> Self {
        let (mut source, mut scenarios, mut clauses) = (BTreeMap::new(), BTreeMap::new(), None);
        for (path, text) in files {
            if path == Clauses::FILE {
                clauses = Some(text);
            } else if path.starts_with("tests/") {
                scenarios.insert(path, text);
            } else {
                source.insert(path, text);
            }
        }
        Self { source: RulesetSource::new(source), scenarios, clauses }
    }

    /// Returns every file by its path below the folder, with its text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.source.files().iter().map(|(path, text)| (path.as_str(), text.as_str()));
        texts.chain(self.companions())
    }

    /// Returns the text of a file; none where there is no such file.
    pub fn text(&self, path: &str) -> Option<&str> {
        if path == Clauses::FILE {
            return self.clauses.as_deref();
        }
        self.scenarios.get(path).or_else(|| self.source.files().get(path)).map(String::as_str)
    }

    /// Returns whether a path is one that a file of a folder may have: letters, digits, `_` and `-` between its slashes, so
    /// that no path leads anywhere else.
    pub fn is_file(path: &str) -> bool {
        let is_plain = |part: &str| {
            !part.is_empty() && part.bytes().all(|b| b.is_ascii_alphanumeric() || b == b'_' || b == b'-')
        };
        let parts: Vec<&str> = path.split('/').collect();
        let is_named = |file: &str, end: &str| file.strip_suffix(end).is_some_and(is_plain);
        path.len() <= LONGEST
            && match parts[..] {
                [file] => [declared::FILE, Clauses::FILE].contains(&file) || is_named(file, ".rhai"),
                ["tests", file] => path == ORGANISATION || is_named(file, ".rhai"),
                ["messages", language, file] => is_plain(language) && is_named(file, ".md"),
                _ => false,
            }
    }

    /// Returns every file by its path, to be changed.
    pub fn to_files(&self) -> BTreeMap<String, String> {
        self.files().map(|(path, text)| (path.to_owned(), text.to_owned())).collect()
    }

    /// Returns what belongs to the ruleset and decides nothing: its scenarios, and the map of the company's text.
    pub fn companions(&self) -> impl Iterator<Item = (&str, &str)> {
        let scenarios = self.scenarios.iter().map(|(path, text)| (path.as_str(), text.as_str()));
        scenarios.chain(self.clauses.as_deref().map(|text| (Clauses::FILE, text)))
    }

    /// Returns the SHA-256 over all paths and texts, in hexadecimal.
    pub fn digest(&self) -> String {
        let mut sha = Sha256::new();
        for (path, text) in self.files() {
            for part in [path, text] {
                sha.update(part.len().to_le_bytes());
                sha.update(part.as_bytes());
            }
        }
        format!("{:x}", sha.finalize())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_path_leads_out_of_the_folder() {
        for path in [
            "00_terms.rhai",
            "procedure.toml",
            "clauses.toml",
            "tests/10_intake.rhai",
            "messages/nl/_closing.md",
        ] {
            assert!(RulesFolder::is_file(path), "{path}");
        }
        assert!(RulesFolder::is_file(ORGANISATION));
        let long = format!("{}.rhai", "a".repeat(LONGEST));
        for path in [
            "",
            ".rhai",
            "/etc/passwd",
            "../x.rhai",
            "tests/../x.rhai",
            "messages/../../x.md",
            "messages/nl/.md",
            "x.md",
            "tests/a/b.rhai",
            "a\\b.rhai",
            "a b.rhai",
            "a\0.rhai",
            "redress.toml",
            "tests/other.toml",
            "C:x.rhai",
            &long,
        ] {
            assert!(!RulesFolder::is_file(path), "{path:?}");
        }
    }
}
