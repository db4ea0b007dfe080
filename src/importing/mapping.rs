//! `Mapping`: what columns are, as a file of the company's says it, and as their names say it where it does not.

use super::comparing::folded;
use super::day::Order;
use super::opened::Opened;
use super::target::Target;
use crate::complaint::Text;
use crate::rules::ExtraFields;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// What a mapping file says.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Mapping {
    /// The sheet of a workbook; the first one where none is named.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sheet: Option<String>,
    /// What comes first in days that are written in figures.
    #[serde(default)]
    pub dates: Order,
    /// What a column is, by its name; empty for one that is left out.
    #[serde(default)]
    pub columns: BTreeMap<String, String>,
    /// What is meant where a cell is empty, or no column says it.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub defaults: BTreeMap<String, String>,
    /// What the words of the register are called here, by what the column is.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    pub values: BTreeMap<String, BTreeMap<String, String>>,
}

/// A mapping that cannot be followed.
#[derive(Clone, Debug, thiserror::Error)]
#[error("{}", .0.en)]
pub struct MappingMistake(pub Text);

impl MappingMistake {
    fn new(nl: impl Into<String>, en: impl Into<String>) -> Self {
        Self(Text::new(nl, en))
    }
}

/// Why a column is taken for what it is.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Why {
    /// The mapping says so.
    Said,
    /// It is called so.
    Called,
    /// It is called as one before it, which is that already.
    Doubled,
    /// Nothing is known by its name.
    Unknown,
}

/// A column, and what it is taken for.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct UnderstoodColumn {
    /// What it is called.
    pub heading: String,
    /// What it is; none for one that is left out.
    pub target: Option<Target>,
    /// Why.
    pub why: Why,
}

/// How a table is understood.
#[derive(Clone, Debug)]
pub struct Understood {
    /// Its columns, from the left.
    pub columns: Vec<UnderstoodColumn>,
    /// The mapping it follows.
    pub mapping: Mapping,
}

impl Mapping {
    /// Reads a mapping file.
    ///
    /// # Errors
    /// It is no mapping, or names what a complaint does not have.
    pub fn parse(text: &str) -> Result<Self, MappingMistake> {
        let mapping: Self = toml::from_str(text).map_err(|e| {
            MappingMistake::new(
                format!("het bestand is niet te lezen: {e}"),
                format!("the file cannot be read: {e}"),
            )
        })?;
        let words = mapping.columns.values().chain(mapping.values.keys()).chain(mapping.defaults.keys());
        for word in words.filter(|word| !word.is_empty()) {
            Self::target(word)?;
        }
        Ok(mapping)
    }

    fn target(word: &str) -> Result<Target, MappingMistake> {
        Target::named(word).ok_or_else(|| {
            let known: Vec<String> = Target::all().map(|target| target.to_string()).collect();
            let known = known.join(", ");
            MappingMistake::new(
                format!("“{word}” is geen veld; er zijn {known}, en extra.NAAM"),
                format!("`{word}` is no field; there are {known}, and extra.NAME"),
            )
        })
    }

    /// Understands the columns of a table.
    ///
    /// # Errors
    /// The mapping names a column or own field that is not there, one thing twice, or what every complaint needs is missing.
    pub fn understand(&self, opened: &Opened, own: &ExtraFields) -> Result<Understood, MappingMistake> {
        let mut columns: Vec<UnderstoodColumn> = Vec::new();
        for heading in &opened.headings {
            let column = self.column(heading, own, &columns)?;
            columns.push(column);
        }
        for named in self.columns.keys() {
            if !columns.iter().any(|column| column.heading == *named) {
                return Err(MappingMistake::new(
                    format!("er is geen kolom “{named}”"),
                    format!("there is no column \"{named}\""),
                ));
            }
        }
        for word in self.defaults.keys().chain(self.values.keys()) {
            Self::declared(&Self::target(word)?, own)?;
        }
        let understood = Understood { columns, mapping: self.clone() };
        understood.check()?;
        Ok(understood)
    }

    /// Refuses an own field that nobody has declared.
    fn declared(target: &Target, own: &ExtraFields) -> Result<(), MappingMistake> {
        match target {
            Target::Own(name) if !own.contains_key(name) => Err(MappingMistake::new(
                format!("het eigen veld “{name}” staat niet in redress.toml"),
                format!("the own field `{name}` is not declared in redress.toml"),
            )),
            _ => Ok(()),
        }
    }

    fn column(
        &self,
        heading: &str,
        own: &ExtraFields,
        before: &[UnderstoodColumn],
    ) -> Result<UnderstoodColumn, MappingMistake> {
        let said = |target, why| UnderstoodColumn { heading: heading.to_owned(), target, why };
        let is_taken = |target: &Target| before.iter().any(|column| column.target.as_ref() == Some(target));
        let is_first = !before.iter().any(|column| column.heading == heading);
        if let Some(word) = self.columns.get(heading).filter(|_| is_first) {
            let target = if word.is_empty() { None } else { Some(Self::target(word)?) };
            target.as_ref().map_or(Ok(()), |target| Self::declared(target, own))?;
            if target.as_ref().is_some_and(is_taken) {
                return Err(MappingMistake::new(
                    format!("twee kolommen zijn hetzelfde veld; de tweede is “{heading}”"),
                    format!("two columns are the same field; the second is \"{heading}\""),
                ));
            }
            return Ok(said(target, Why::Said));
        }
        let name = folded(heading);
        let of_own = own.iter().find(|(field, declared)| {
            [field.as_str(), declared.label.nl.as_str(), declared.label.en.as_str()]
                .iter()
                .any(|called| !name.is_empty() && folded(called) == name)
        });
        let target = of_own.map(|(field, _)| Target::Own(field.clone())).or_else(|| Target::called(heading));
        // One that the mapping gives to another column is that column's.
        let is_said = |target: &Target| self.columns.values().any(|word| *word == target.to_string());
        Ok(match target {
            None => said(None, Why::Unknown),
            Some(target) if is_taken(&target) || is_said(&target) => said(None, Why::Doubled),
            Some(target) => said(Some(target), Why::Called),
        })
    }
}

impl Understood {
    /// Returns the place of the column that is something.
    pub(super) fn place(&self, target: &Target) -> Option<usize> {
        self.columns.iter().position(|column| column.target.as_ref() == Some(target))
    }

    /// Returns what is meant where nothing is said.
    pub(super) fn default(&self, target: &Target) -> Option<&str> {
        self.mapping.defaults.get(&target.to_string()).map(String::as_str)
    }

    /// Returns whether a status is said anywhere.
    fn says_status(&self) -> bool {
        let places = [Target::Status, Target::HandledOn];
        places.iter().any(|target| self.place(target).is_some()) || self.default(&Target::Status).is_some()
    }

    fn check(&self) -> Result<(), MappingMistake> {
        if self.place(&Target::ReceivedOn).is_none() {
            return Err(MappingMistake::new(
                "geen kolom is de datum van ontvangst; wijs haar aan",
                "no column is the day of receipt (received_on); say which one is",
            ));
        }
        if self.place(&Target::Subject).is_none() && self.place(&Target::Description).is_none() {
            return Err(MappingMistake::new(
                "geen kolom is het onderwerp of de omschrijving; wijs er een aan",
                "no column is the subject or the description; say which one is",
            ));
        }
        if !self.says_status() {
            return Err(MappingMistake::new(
                "geen kolom zegt of een klacht is afgehandeld; wijs er een aan, of zeg het voor alle klachten",
                "no column says whether a complaint was handled; say which one does, or say it of all: \
                 [defaults] status = \"handled\" or \"unhandled\"",
            ));
        }
        Ok(())
    }

    /// Writes how the table is understood as a mapping file, to be corrected.
    #[must_use]
    pub fn as_mapping(&self) -> Mapping {
        let columns = self.columns.iter().filter(|column| !column.heading.is_empty());
        let columns = columns.rev().map(|column| {
            let word = column.target.as_ref().map(ToString::to_string).unwrap_or_default();
            (column.heading.clone(), word)
        });
        Mapping { columns: columns.collect(), ..self.mapping.clone() }
    }
}
