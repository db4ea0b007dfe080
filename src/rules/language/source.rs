//! `RulesetSource`: the text of a ruleset, as one value with a hash.

use crate::rules::diagnostics::kinds::no_rules;
use crate::rules::diagnostics::{Diagnostic, Lines, Location, starts};
use crate::rules::language::files::{collect, subfolders};
use crate::rules::language::parts::Included;
use rhai::Position;
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::Path;

/// The file that names the organisation in which the scenarios play, written as `redress.toml` is.
pub const ORGANISATION: &str = "tests/organisation.toml";

/// The files of a ruleset: scripts, messages and `procedure.toml`, by path relative to the folder. Scenarios
/// are not part of it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct RulesetSource {
    files: BTreeMap<String, String>,
    /// Where the lines of each file begin.
    starts: BTreeMap<String, Vec<usize>>,
    /// The messages that include parts, by path.
    included: BTreeMap<String, Included>,
}

impl RulesetSource {
    /// Makes a ruleset's source of files by path, as `30_treatment.rhai` or `messages/nl/decision.md`.
    pub fn new(files: BTreeMap<String, String>) -> Self {
        let starts = files.iter().map(|(name, text)| (name.clone(), starts(text))).collect();
        let messages = files.iter().filter(|(path, _)| message_of(path).is_some());
        let included =
            messages.filter_map(|(path, text)| Some((path.clone(), Included::of(path, text, &files)?)));
        let included = included.collect();
        Self { files, starts, included }
    }

    /// Reads `*.rhai`, `procedure.toml` and `messages/<language>/*.md` of a folder.
    ///
    /// # Errors
    /// A folder or file that cannot be read as text, no files at all, over 1,000 files, or one over 1 MiB.
    pub fn read(folder: &Path) -> Result<Self, Vec<Diagnostic>> {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files, &|name| name.ends_with(".rhai") || name == "procedure.toml")?;
        for (language, path) in subfolders(&folder.join("messages")) {
            let prefix = format!("messages/{language}/");
            collect(&path, &prefix, &mut files, &|name| name.ends_with(".md"))?;
        }
        if files.is_empty() {
            return Err(vec![no_rules::report(&folder.display().to_string())]);
        }
        Ok(Self::new(files))
    }

    /// Returns the files that are gone in `after`, or of which it has only the beginning, as if writing them
    /// had been broken off.
    pub fn cut_short<'s>(&'s self, after: &'s Self) -> impl Iterator<Item = &'s str> {
        let is_cut = |(path, text): &(&String, &String)| match after.files.get(*path) {
            Some(now) => {
                let now = now.trim_end();
                now.len() < text.trim_end().len() && text.starts_with(now)
            }
            None => true,
        };
        self.files.iter().filter(is_cut).map(|(path, _)| path.as_str())
    }

    /// Reads the scenarios of `tests/*.rhai` and the organisation that they play in, which are checked but never
    /// published.
    pub fn read_scenarios(folder: &Path) -> Result<BTreeMap<String, String>, Vec<Diagnostic>> {
        let mut files = BTreeMap::new();
        collect(&folder.join("tests"), "tests/", &mut files, &|name| {
            name.ends_with(".rhai") || name == "organisation.toml"
        })?;
        Ok(files)
    }

    /// Returns every file's text by its path.
    pub fn files(&self) -> &BTreeMap<String, String> {
        &self.files
    }

    /// Returns the text of a file; nothing for one that is not there.
    pub(in crate::rules) fn text(&self, file: &str) -> &str {
        self.files.get(file).map(String::as_str).unwrap_or_default()
    }

    /// Returns the text of a file with its lines; nothing for one that is not there.
    pub(in crate::rules) fn lines(&self, file: &str) -> Lines<'_> {
        let starts = self.starts.get(file).map(Vec::as_slice).unwrap_or_default();
        Lines::known(self.text(file), starts)
    }

    /// Returns the location of the word, text or sign at a position of a file.
    pub(in crate::rules) fn at(&self, file: &str, position: Position) -> Location {
        Location::token(file, self.lines(file), position)
    }

    pub(in crate::rules) fn scripts(&self) -> impl Iterator<Item = (&str, &str)> {
        self.files.iter().filter(|(n, _)| n.ends_with(".rhai")).map(|(n, t)| (n.as_str(), t.as_str()))
    }

    /// Returns the message templates with the parts that they include: (language, message, text).
    pub fn messages(&self) -> impl Iterator<Item = (&str, &str, &str)> {
        self.files.iter().filter_map(|(path, text)| {
            let (language, message) = message_of(path)?;
            Some((language, message, self.included.get(path).map_or(text.as_str(), |found| &found.text)))
        })
    }

    /// Returns where a line of a message is written, which may be in a part: the file, its text and the line there.
    pub fn written_at<'s>(&'s self, file: &'s str, line: usize) -> (&'s str, &'s str, usize) {
        let included = self.included.get(file).and_then(|found| found.written_at(line));
        let (file, line) = included.unwrap_or((file, line));
        (file, self.text(file), line)
    }

    /// Returns what is included and not there: the message's path, its line, the name, and the path of the part.
    pub(in crate::rules) fn missing_parts(&self) -> impl Iterator<Item = (&str, usize, &str, String)> {
        self.included.iter().flat_map(|(path, found)| {
            let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
            let missing = found.missing.iter();
            missing.map(move |(line, name)| {
                (path.as_str(), *line, name.as_str(), format!("{folder}/_{name}.md"))
            })
        })
    }

    /// Returns the paths of parts that no message includes.
    pub(in crate::rules) fn unused_parts(&self) -> impl Iterator<Item = &str> {
        let messages = self.files.keys().filter(|path| path.starts_with("messages/"));
        let parts = messages.filter(|path| message_of(path).is_none());
        parts.filter(|part| !self.included.values().any(|message| message.holds(part))).map(String::as_str)
    }

    /// Returns the messages that their parts make too long, by path.
    pub(in crate::rules) fn too_long(&self) -> impl Iterator<Item = &str> {
        self.included.iter().filter(|(_, found)| found.is_too_long).map(|(path, _)| path.as_str())
    }

    /// Returns the names of the parts of a folder of messages.
    pub(in crate::rules) fn parts_beside(&self, message: &str) -> impl Iterator<Item = &str> {
        let folder = message.rsplit_once('/').map_or("", |(folder, _)| folder);
        let files = self.files.keys().filter_map(move |path| path.strip_prefix(folder));
        files.filter_map(|file| file.strip_prefix("/_")?.strip_suffix(".md"))
    }

    /// Returns the SHA-256 over paths and texts, in hexadecimal: the name of this ruleset in every event.
    pub fn hash(&self) -> String {
        let mut sha = Sha256::new();
        for (path, text) in &self.files {
            for part in [path, text] {
                sha.update((part.len() as u64).to_be_bytes());
                sha.update(part);
            }
        }
        format!("{:x}", sha.finalize())
    }

    /// Returns the files as JSON, path to text, as the table `rulesets` holds them.
    pub fn to_json(&self) -> String {
        serde_json::json!(self.files).to_string()
    }

    /// Reads what [`RulesetSource::to_json`] wrote.
    pub fn from_json(text: &str) -> Result<Self, serde_json::Error> {
        Ok(Self::new(serde_json::from_str(text)?))
    }
}

/// Returns the language and the name of the message that a path holds; none for a part of messages.
fn message_of(path: &str) -> Option<(&str, &str)> {
    let (language, file) = path.strip_prefix("messages/")?.split_once('/')?;
    Some((language, file.strip_suffix(".md").filter(|name| !name.starts_with('_'))?))
}
