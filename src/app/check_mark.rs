//! `CheckMark`: that a ruleset has passed every check, remembered in the data folder, so that not every start makes them
//! anew. What a check finds follows from the program, the ruleset and the settings, and from nothing else; the mark names
//! all three, and counts for no others.

use crate::config::Settings;
use crate::files;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};

/// The file of the mark in a data folder.
const FILE: &str = "checked-ruleset";

/// The place of the mark, and what it stands for beside a ruleset.
pub(super) struct CheckMark {
    place: PathBuf,
    /// The program and the settings in words; none when the program cannot be told from another.
    under: Option<String>,
}

impl CheckMark {
    pub fn of(data: &Path, settings: &Settings) -> Self {
        let under = program().map(|program| format!("{program} {settings:?}"));
        Self { place: data.join(FILE), under }
    }

    /// Returns whether this ruleset has passed.
    pub fn names(&self, ruleset: &str) -> bool {
        let mark = self.mark(ruleset);
        mark.is_some() && std::fs::read_to_string(&self.place).ok() == mark
    }

    /// Remembers that this ruleset has passed. Where that fails, the next start checks again.
    pub fn note(&self, ruleset: &str) {
        if self.names(ruleset) {
            return;
        }
        let Some(mark) = self.mark(ruleset) else { return };
        if let Err(e) = files::write(&self.place, mark.as_bytes()) {
            tracing::debug!("the next start checks the rules again: {}: {e}", self.place.display());
        }
    }

    fn mark(&self, ruleset: &str) -> Option<String> {
        let digest = Sha256::digest(format!("{ruleset} {}", self.under.as_ref()?));
        Some(format!("{digest:x}"))
    }
}

/// Returns what tells this program from every other: its version, and the size and time of its file, which every build
/// writes anew.
fn program() -> Option<String> {
    let about = std::fs::metadata(std::env::current_exe().ok()?).ok()?;
    Some(format!("{} {} {:?}", env!("CARGO_PKG_VERSION"), about.len(), about.modified().ok()?))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn settings(text: &str) -> Settings {
        Settings::parse(text, "redress.toml").unwrap()
    }

    #[test]
    fn a_mark_counts_for_one_ruleset_under_the_same_settings() {
        let folder = tempfile::tempdir().unwrap();
        let plain = || CheckMark::of(folder.path(), &settings(""));
        assert!(!plain().names("a"), "nothing was checked yet");
        plain().note("a");
        assert!(plain().names("a") && !plain().names("b"));
        for other in
            ["[organisation]\nname = \"Other\"\n", "[extra.room]\ntype = \"text\"\nnl = \"x\"\nen = \"x\"\n"]
        {
            assert!(!CheckMark::of(folder.path(), &settings(other)).names("a"), "{other}");
        }
        let another = CheckMark { under: Some("another program".to_owned()), ..plain() };
        assert!(!another.names("a"));
        std::fs::write(folder.path().join(FILE), "").unwrap();
        assert!(!plain().names("a"), "what is damaged counts for nothing");
        let nameless = CheckMark { under: None, ..plain() };
        nameless.note("a");
        assert!(!nameless.names("a"));
    }
}
