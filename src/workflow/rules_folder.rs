//! All that is wrong with a rules folder, and what mends it.

use super::{Published, organisation};
use crate::config::Settings;
use crate::rules::diagnostics::{Diagnostic, Fix, Severity, mended};
use crate::rules::{Clauses, RulesFolder, RulesetSource, scenario};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most rounds of mending; an edit may bring to light what another one mends.
const ROUNDS: usize = 10;

/// A rules folder after its check.
#[derive(Debug)]
pub struct CheckedFolder {
    /// What is wrong or probably not meant, by place.
    pub diagnostics: Vec<Diagnostic>,
    /// The ruleset; none when it does not load.
    pub published: Option<Arc<Published>>,
}

impl CheckedFolder {
    /// Returns whether nothing in it is wrong.
    pub fn is_sound(&self) -> bool {
        self.mistakes() == 0
    }

    /// Returns how much in it is wrong, beside what is probably not meant.
    pub fn mistakes(&self) -> usize {
        self.diagnostics.iter().filter(|d| d.kind.severity == Severity::Error).count()
    }
}

impl RulesFolder {
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
                Some(Arc::new(published))
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

    /// Returns the folder with another text of a file of its ruleset.
    pub fn with_text(&self, file: &str, text: String) -> Self {
        let mut files = self.source.files().clone();
        files.insert(file.to_owned(), text);
        Self { source: RulesetSource::new(files), ..self.clone() }
    }
}
