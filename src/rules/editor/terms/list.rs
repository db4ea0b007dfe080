//! `Terms`: every term of a folder, with what people read for it, its value and its bounds.

use super::super::workspace::{FileKind, kind_of_file};
use super::bounds::{TermLimit, too_little, too_much};
use super::mistake::TermMistake;
use super::reading::{self, Written};
use super::value::{TermKind, TermValue};
use crate::complaint::Text;
use crate::rules::procedure::amount::Amount;
use crate::rules::procedure::declared::{FILE, Procedure};
use crate::rules::procedure::extra::ExtraFields;
use crate::rules::procedure::label::Label;
use crate::rules::procedure::terms::{TermBound, TermDeclaration, TermGroup};
use std::collections::BTreeMap;
use std::ops::Range;

/// A term of the rules: a parameter that people may change.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Term {
    /// The name by which scripts know it.
    pub name: String,
    /// The file in which it stands.
    pub file: String,
    /// The bytes of its value in that file.
    pub at: Range<usize>,
    /// What people read for it; its name where nothing is declared.
    pub label: Text,
    /// What people must know who change it.
    pub hint: Option<Text>,
    /// The group in which it is shown; what stands above it in the file where nothing is declared.
    pub group: Option<Text>,
    /// The remark behind it in the file.
    pub remark: Option<String>,
    /// Its value.
    pub value: TermValue,
    /// The least that it may be.
    pub least: Option<TermLimit>,
    /// The most that it may be.
    pub most: Option<TermLimit>,
}

impl Term {
    /// Returns the kind of its value.
    pub fn kind(&self) -> TermKind {
        self.value.kind()
    }
}

/// Terms that are shown under one heading.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct TermGroupShown<'t> {
    /// The heading; none for terms that have none.
    pub heading: Option<&'t Text>,
    /// The terms, in the order of their files.
    pub terms: Vec<&'t Term>,
}

/// The terms of a folder.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Terms {
    all: Vec<Term>,
}

impl Terms {
    /// Finds the terms of a folder's texts, by path. What does not parse is left out; the check says why.
    pub fn of(texts: &BTreeMap<String, String>) -> Self {
        let text = texts.get(FILE).map(String::as_str).unwrap_or_default();
        let (procedure, _) = Procedure::parse(text, ExtraFields::new());
        let declared: BTreeMap<&str, (&TermDeclaration, &TermGroup)> = procedure
            .iter()
            .flat_map(|procedure| procedure.declared_terms().map(|(name, term, group)| (name, (term, group))))
            .collect();
        let scripts = texts.iter().filter(|(path, _)| kind_of_file(path) == Some(FileKind::Script));
        let written =
            scripts.flat_map(|(file, text)| reading::terms(text).into_iter().map(move |w| (file, w)));
        let written: Vec<(&String, Written)> = written.collect();
        let amounts: BTreeMap<&str, Amount> =
            written.iter().filter_map(|(_, w)| Some((w.name.as_str(), w.value.amount()?))).collect();
        let limit = |bound: &TermBound| match bound.term() {
            None => Some(TermLimit { amount: bound.amount()?, term: None }),
            Some(name) => Some(TermLimit { amount: *amounts.get(name)?, term: Some(name.to_owned()) }),
        };
        let term = |(file, written): &(&String, Written)| {
            let declared = declared.get(written.name.as_str());
            let words = declared.map(|(term, _)| term);
            Term {
                name: written.name.clone(),
                file: (*file).clone(),
                at: written.at.clone(),
                label: words
                    .map_or_else(|| Text::same(written.name.clone()), |term| Text::new(&term.nl, &term.en)),
                hint: words.and_then(|term| term.hint.as_ref()).map(text_of),
                group: declared
                    .map(|(_, group)| Text::new(&group.nl, &group.en))
                    .or_else(|| written.heading.clone().map(Text::same)),
                remark: written.remark.as_ref().map(|(says, _)| says.clone()),
                value: written.value.clone(),
                least: words.and_then(|term| limit(term.min.as_ref()?)),
                most: words.and_then(|term| limit(term.max.as_ref()?)),
            }
        };
        Self { all: written.iter().map(term).collect() }
    }

    /// Lists the terms, by file and place.
    pub fn iter(&self) -> impl Iterator<Item = &Term> {
        self.all.iter()
    }

    /// Returns the term of a name.
    pub fn get(&self, name: &str) -> Option<&Term> {
        self.all.iter().find(|term| term.name == name)
    }

    /// Returns the terms under their headings, in the order in which the headings first appear.
    pub fn groups(&self) -> Vec<TermGroupShown<'_>> {
        let mut groups: Vec<TermGroupShown> = Vec::new();
        for term in &self.all {
            let heading = term.group.as_ref();
            match groups.iter_mut().find(|group| group.heading == heading) {
                Some(group) => group.terms.push(term),
                None => groups.push(TermGroupShown { heading, terms: vec![term] }),
            }
        }
        groups
    }

    /// Says whether a term may have a value: within its bounds, and so that terms whose bound it is stay within theirs.
    ///
    /// # Errors
    /// The bound that it breaks, or that there is no such term or that it is of another kind.
    pub fn check(&self, name: &str, value: &TermValue) -> Result<(), TermMistake> {
        let term = self.get(name).ok_or_else(|| no_such_term(name))?;
        if value.kind() != term.kind() {
            return Err(other_kind());
        }
        let Some(amount) = value.amount() else { return Ok(()) };
        let called = |limit: &TermLimit| Some(self.get(limit.term.as_deref()?)?.label.clone());
        if let Some(least) = &term.least
            && least.amount.is_within(amount) == Some(false)
        {
            return Err(too_little(least.amount, called(least).as_ref()));
        }
        if let Some(most) = &term.most
            && amount.is_within(most.amount) == Some(false)
        {
            return Err(too_much(most.amount, called(most).as_ref()));
        }
        self.all.iter().filter(|other| other.name != name).try_for_each(|other| other.allows(name, amount))
    }
}

impl Term {
    /// Says whether another term, whose value may be a bound of this one, may come to an amount.
    fn allows(&self, other: &str, amount: Amount) -> Result<(), TermMistake> {
        let Some(own) = self.value.amount() else { return Ok(()) };
        let is_of =
            |limit: &Option<TermLimit>| limit.as_ref().is_some_and(|l| l.term.as_deref() == Some(other));
        if is_of(&self.least) && amount.is_within(own) == Some(false) {
            return Err(too_much(own, Some(&self.label)));
        }
        if is_of(&self.most) && own.is_within(amount) == Some(false) {
            return Err(too_little(own, Some(&self.label)));
        }
        Ok(())
    }
}

fn text_of(label: &Label) -> Text {
    Text::new(&label.nl, &label.en)
}

pub(super) fn no_such_term(name: &str) -> TermMistake {
    TermMistake::new(format!("`{name}` staat niet in de regels."), format!("`{name}` is not in the rules."))
}

pub(super) fn other_kind() -> TermMistake {
    TermMistake::new(
        "Dit is een ander soort waarde dan er stond.",
        "This is another kind of value than there was.",
    )
}
