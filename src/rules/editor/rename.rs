//! Renaming: a name and everything that says it, in scripts, `procedure.toml`, messages, scenarios and
//! `clauses.toml`. The renamed folder is loaded on trial; what would not load is refused.

use super::hover::said;
use super::symbol::{Symbol, is_name};
use super::workspace::{Spot, Workspace};
use crate::complaint::Language;
use crate::rules::language::source::RulesetSource;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words::vocabulary::Vocabulary;
use std::collections::BTreeMap;
use std::ops::Range;

/// The longest name of a statement, in characters.
const NAME_CHARACTERS: usize = 200;

/// Everything that a new name changes.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Renaming {
    /// The places that say the name, in order.
    pub places: Vec<Spot>,
    /// The text that they say instead.
    pub text: String,
    /// The files that are called by the name: what each is called, and what it is called then.
    pub files: Vec<(String, String)>,
    /// What else the person must know, in the organisation's language; none when that is all.
    pub note: Option<String>,
}

/// The reason why something is not renamed, in words for the person who asked.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct Refused(pub String);

impl Workspace {
    /// Returns the place and the text of the name at a place, when it can have another.
    ///
    /// # Errors
    /// What stands there is no name of the organisation's own, or not one that can be changed here.
    pub fn renamable(&self, file: &str, offset: usize) -> Result<(Range<usize>, String), Refused> {
        let (symbol, range) = self.symbol_to_rename(file, offset)?;
        Ok((range, symbol.name().to_owned()))
    }

    /// Returns what giving another name changes.
    ///
    /// # Errors
    /// The name is taken or not allowed, the folder does not load as it is, or would not load then.
    pub fn rename(&self, file: &str, offset: usize, to: &str) -> Result<Renaming, Refused> {
        let (symbol, _) = self.symbol_to_rename(file, offset)?;
        self.is_allowed(&symbol, to)?;
        let mut places: Vec<Spot> = self.mentions_of(&symbol).into_iter().map(|(spot, _)| spot).collect();
        places.sort();
        places.dedup();
        let files = match &symbol {
            Symbol::Name(Vocabulary::Message, name) => {
                let renamed = |path: &str| {
                    let folder = path.rsplit_once('/').map_or("", |(folder, _)| folder);
                    (path.to_owned(), format!("{folder}/{to}.md"))
                };
                self.files_of_message(name).into_iter().map(renamed).collect()
            }
            _ => Vec::new(),
        };
        let note = self.note(&symbol, to);
        let renaming = Renaming { places, text: to.to_owned(), files, note };
        self.try_out(&renaming)?;
        Ok(renaming)
    }

    fn refuse<T>(&self, nl: String, en: String) -> Result<T, Refused> {
        Err(Refused(if self.language == Language::English { en } else { nl }))
    }

    fn symbol_to_rename(&self, file: &str, offset: usize) -> Result<(Symbol, Range<usize>), Refused> {
        let Some((symbol, range)) = self.symbol_at(file, offset) else {
            return self.refuse(
                "Hier staat geen naam die een andere kan krijgen.".to_owned(),
                "Nothing stands here that can have another name.".to_owned(),
            );
        };
        let meant = self.meant(&symbol);
        let [meant] = &meant[..] else {
            let name = symbol.name();
            return self.refuse(
                format!("`{name}` is de naam van meer dan één ding; kies er een waar het verklaard is."),
                format!("`{name}` names more than one thing; rename it where it is declared."),
            );
        };
        match meant {
            Symbol::Word(name) | Symbol::Statement(name) | Symbol::Property(name) => self.refuse(
                format!("`{name}` is een woord van Redress zelf."),
                format!("`{name}` is a word of Redress itself."),
            ),
            Symbol::Name(Vocabulary::Role, name) => self.refuse(
                format!("`{name}` staat ook bij de mensen in redress.toml; verander het daar en hier met de hand."),
                format!("`{name}` stands with the people in redress.toml as well; change it there and here by hand."),
            ),
            Symbol::Name(Vocabulary::ExtraField, name) => self.refuse(
                format!("`{name}` is verklaard in redress.toml, en klachten bewaren het onder die naam."),
                format!("`{name}` is declared in redress.toml, and complaints keep it under that name."),
            ),
            Symbol::Name(vocabulary, name) if !is_declared_here(*vocabulary) => self.refuse(
                format!("`{name}` is een naam van Redress zelf."),
                format!("`{name}` is a name of Redress itself."),
            ),
            // What nothing declares is a mistake, and `check` says so.
            _ if self.definitions(file, offset).is_empty() => self.refuse(
                format!("`{}` bestaat niet.", meant.name()),
                format!("`{}` does not exist.", meant.name()),
            ),
            _ => Ok((meant.clone(), range)),
        }
    }

    fn is_allowed(&self, symbol: &Symbol, to: &str) -> Result<(), Refused> {
        let is_statement = matches!(symbol, Symbol::Rule(_) | Symbol::Schedule(_) | Symbol::Scenario(_));
        if is_statement {
            let is_plain = !to.contains(['"', '\\']) && !to.contains(char::is_control);
            if to.trim().is_empty() || to.trim() != to || !is_plain || to.chars().count() > NAME_CHARACTERS {
                return self.refuse(
                    "Een naam is één regel zonder aanhalingstekens, hooguit 200 tekens.".to_owned(),
                    "A name is one line without quotes, of at most 200 characters.".to_owned(),
                );
            }
        } else if !is_name(to) {
            return self.refuse(
                format!(
                    "`{to}` kan geen naam zijn: begin met een letter, dan letters, cijfers en lage strepen."
                ),
                format!("`{to}` cannot be a name: begin with a letter, then letters, digits and low lines."),
            );
        }
        match self.declared_as(symbol, to) {
            Some(other) => self.refuse(
                format!("`{to}` bestaat al: {}.", other.what().nl),
                format!("`{to}` exists already: {}.", other.what().en),
            ),
            None => Ok(()),
        }
    }

    /// Returns what a name already is, in the set of names that a symbol's must differ from.
    fn declared_as(&self, symbol: &Symbol, name: &str) -> Option<Symbol> {
        let others: Vec<Symbol> = match symbol {
            Symbol::Rule(_) | Symbol::Schedule(_) => {
                [Symbol::Rule, Symbol::Schedule, |n| Symbol::Name(Vocabulary::Action, n)]
                    .map(|make: fn(String) -> Symbol| make(name.to_owned()))
                    .into()
            }
            // `happened` and `last` take names of actions, states and steps alike.
            Symbol::Name(Vocabulary::Action | Vocabulary::State | Vocabulary::Escalation, _) => vec![
                Symbol::Rule(name.to_owned()),
                Symbol::Schedule(name.to_owned()),
                Symbol::Name(Vocabulary::Action, name.to_owned()),
                Symbol::Name(Vocabulary::State, name.to_owned()),
                Symbol::Name(Vocabulary::Escalation, name.to_owned()),
            ],
            Symbol::Name(vocabulary, _) => vec![Symbol::Name(*vocabulary, name.to_owned())],
            Symbol::Scenario(_) => vec![Symbol::Scenario(name.to_owned())],
            Symbol::Function { scenarios, .. } => vec![
                Symbol::Function { scenarios: scenarios.clone(), name: name.to_owned() },
                Symbol::Constant(name.to_owned()),
            ],
            Symbol::Constant(_) => vec![
                Symbol::Constant(name.to_owned()),
                Symbol::Function { scenarios: None, name: name.to_owned() },
            ],
            Symbol::Answer { action, .. } => {
                vec![Symbol::Answer { action: action.clone(), name: name.to_owned() }]
            }
            Symbol::Working(_) | Symbol::Word(_) | Symbol::Property(_) | Symbol::Statement(_) => Vec::new(),
        };
        let mentions = self.read.values().flat_map(|read| &read.mentions);
        let mut declared = mentions.filter(|m| m.role == super::symbol::Role::Declares);
        let found = declared.find(|m| others.contains(&m.symbol)).map(|m| m.symbol.clone());
        let is_message = matches!(symbol, Symbol::Name(Vocabulary::Message, _));
        found.or_else(|| (is_message && !self.files_of_message(name).is_empty()).then(|| others[0].clone()))
    }

    /// Returns what a person must know who renames such a thing.
    fn note(&self, symbol: &Symbol, to: &str) -> Option<String> {
        let from = symbol.name();
        let help = match symbol {
            Symbol::Rule(_) => said(
                "Wat de regel al deed, doet hij niet opnieuw: alleen zijn naam is anders.",
                "What the rule has done it does not do again: only its name is another.",
            ),
            Symbol::Name(Vocabulary::Message, _) => said(
                "Plugins die zich op dit bericht abonneren noemen het bij zijn naam; kijk in de map plugins.",
                "Plugins that subscribe to this message call it by name; look in the plugins folder.",
            ),
            Symbol::Name(_, _) => said(
                "Klachten bewaren wat er was onder de oude naam; kijk voor het publiceren naar `redress rules plan`.",
                "Complaints keep what was there under the old name; look at `redress rules plan` before publishing.",
            ),
            _ => return None,
        };
        Some(format!("{from} → {to}. {}", self.say(help)))
    }

    /// Loads the folder as it is and as it would be.
    fn try_out(&self, renaming: &Renaming) -> Result<(), Refused> {
        if let Err(why) = self.loads(self.texts()) {
            return self.refuse(
                format!("Herstel eerst wat niet klopt; anders blijft de oude naam ergens staan. {why}"),
                format!("Mend the mistakes first; the old name might stay behind otherwise. {why}"),
            );
        }
        if let Err(why) = self.loads(&self.renamed(renaming)) {
            return self.refuse(
                format!("Met die naam werken de regels niet: {why}"),
                format!("The rules would not work with that name: {why}"),
            );
        }
        Ok(())
    }

    fn loads(&self, texts: &BTreeMap<String, String>) -> Result<(), String> {
        let is_published =
            |path: &str| !path.starts_with("tests/") && path != crate::rules::observe::clauses::Clauses::FILE;
        let files = texts.iter().filter(|(path, _)| is_published(path));
        let source = RulesetSource::new(files.map(|(p, t)| (p.clone(), t.clone())).collect());
        let loaded = Ruleset::load(source, self.extra().clone());
        loaded.map(|_| ()).map_err(|found| found.first().map(ToString::to_string).unwrap_or_default())
    }

    /// Returns the texts of the folder after a renaming.
    pub fn renamed(&self, renaming: &Renaming) -> BTreeMap<String, String> {
        let mut texts = self.texts().clone();
        for place in renaming.places.iter().rev() {
            if let Some(text) = texts.get_mut(&place.file) {
                text.replace_range(place.range.clone(), &renaming.text);
            }
        }
        for (from, to) in &renaming.files {
            if let Some(text) = texts.remove(from) {
                texts.insert(to.clone(), text);
            }
        }
        texts
    }
}

/// Returns whether the names of a vocabulary are declared in the folder itself.
fn is_declared_here(vocabulary: Vocabulary) -> bool {
    matches!(vocabulary, Vocabulary::Message | Vocabulary::Action)
        || super::tables::SECTIONS.iter().any(|(_, declared)| *declared == vocabulary)
}
