//! `RulesFolder`: everything of a rules folder that people write, and all that is wrong with it.

use super::{Published, organisation};
use crate::config::Settings;
use crate::rules::diagnostics::{Diagnostic, Fix, Severity, mended};
use crate::rules::{Clauses, RulesetSource, scenario};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;

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

/// The most rounds of mending; an edit may bring to light what another one mends.
const ROUNDS: usize = 10;

/// A rules folder after its check.
#[derive(Debug)]
pub struct CheckedFolder {
    /// What is wrong or probably not meant, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The ruleset; none when it does not load.
    pub published: Option<Published>,
}

impl CheckedFolder {
    /// Returns whether nothing in it is wrong.
    pub fn is_sound(&self) -> bool {
        self.diagnostics.iter().all(|d| d.kind.severity != Severity::Error)
    }
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

    /// Finds every mistake that can be found without running: in scripts, messages, declared names, scenarios and clauses.
    pub fn check(&self, settings: &Settings) -> CheckedFolder {
        let mut diagnostics = scenario::mistakes(&self.scenarios);
        diagnostics.extend(organisation::of_scenarios(&self.scenarios, settings).err().map(|wrong| *wrong));
        let clauses = self.clauses.as_deref().map(Clauses::parse).transpose();
        let published = match Published::load(self.source.clone(), settings) {
            Ok(published) => {
                diagnostics.extend(published.warnings(settings));
                let played = organisation::on_ruleset(&self.scenarios, &published.ruleset);
                diagnostics.extend(played.err().map(|wrong| *wrong));
                if let Ok(Some(clauses)) = &clauses {
                    let names: BTreeSet<String> = scenario::names(&self.scenarios).into_iter().collect();
                    diagnostics.extend(clauses.mistakes(&published.ruleset, &names));
                }
                Some(published)
            }
            Err(found) => {
                diagnostics.extend(found);
                None
            }
        };
        diagnostics.extend(clauses.err().into_iter().flatten());
        diagnostics.sort();
        diagnostics.dedup();
        CheckedFolder { diagnostics, published }
    }

    /// Returns the folder with every edit applied that a diagnostic is certain of, until there is none left, in at most
    /// ten rounds.
    pub fn mended(&self, settings: &Settings) -> Self {
        let mut folder = self.clone();
        for _ in 0..ROUNDS {
            let next = folder.with_fixes(&folder.check(settings).diagnostics);
            if next == folder {
                break;
            }
            folder = next;
        }
        folder
    }

    fn with_fixes(&self, found: &[Diagnostic]) -> Self {
        let mut fixes: BTreeMap<&str, Vec<&Fix>> = BTreeMap::new();
        for diagnostic in found {
            fixes.entry(&diagnostic.at.file).or_default().extend(&diagnostic.fix);
        }
        let edited = |(file, text): (&String, &String)| {
            let fixes = fixes.get(file.as_str()).into_iter().flatten().copied();
            (file.clone(), mended(text, fixes))
        };
        let clauses = fixes.get(Clauses::FILE).into_iter().flatten().copied();
        Self {
            source: RulesetSource::new(self.source.files().iter().map(edited).collect()),
            scenarios: self.scenarios.iter().map(edited).collect(),
            clauses: self.clauses.as_deref().map(|text| mended(text, clauses)),
        }
    }

    /// Returns every file by its path below the folder, with its text.
    pub fn files(&self) -> impl Iterator<Item = (&str, &str)> {
        let texts = self.source.files().iter().chain(&self.scenarios);
        let clauses = self.clauses.as_deref().map(|text| (Clauses::FILE, text));
        texts.map(|(file, text)| (file.as_str(), text.as_str())).chain(clauses)
    }
}
