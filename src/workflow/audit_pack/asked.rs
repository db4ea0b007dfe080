//! What auditors ask of the procedure, and what of it is carried by which sentence, rule and figure; the rest are gaps.

use crate::complaint::{Language, Words};
use crate::escape;
use crate::report::Report;
use crate::rules::{Clauses, Requirements};
use serde::Serialize;
use std::collections::{BTreeMap, BTreeSet};

/// Something that is asked, with what carries it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Answered {
    /// Who asks: a standard or a code.
    pub of: String,
    pub part: String,
    pub nl: String,
    pub en: String,
    /// The sentences of the company's text that carry it, by row.
    pub rows: Vec<u32>,
    /// The rules, actions and schedules of those sentences.
    pub rules: Vec<String>,
    /// How often those rules fired, actions were taken and schedules ran within the year.
    pub fired: i64,
    /// The figures that show it: name, label and count.
    pub figures: Vec<Shown>,
    /// What the organisation shows itself.
    pub beside: Option<(String, String)>,
    pub standing: Standing,
}

/// A figure as the report has it.
#[derive(Clone, Debug, Serialize)]
pub(super) struct Shown {
    pub name: String,
    pub label: String,
    pub count: Option<i64>,
}

/// How far something that is asked is carried.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Standing {
    /// By a sentence, a rule or a figure.
    Carried,
    /// By those, and by something that the organisation shows itself.
    Partly,
    /// By nothing here.
    Gap,
}

impl Standing {
    pub fn word(self, language: Language) -> &'static str {
        let words = match self {
            Self::Carried => Words::new("gedragen", "carried"),
            Self::Partly => Words::new("deels", "partly"),
            Self::Gap => Words::new("niets hier", "nothing here"),
        };
        words.in_language(language)
    }
}

impl Answered {
    pub fn text(&self, language: Language) -> &str {
        match language {
            Language::Dutch => &self.nl,
            Language::English => &self.en,
        }
    }

    pub fn beside(&self, language: Language) -> &str {
        self.beside.as_ref().map_or("", |(nl, en)| match language {
            Language::Dutch => nl.as_str(),
            Language::English => en.as_str(),
        })
    }

    pub fn rows_text(&self) -> String {
        self.rows.iter().map(u32::to_string).collect::<Vec<_>>().join(", ")
    }

    pub fn figures_text(&self) -> String {
        let text = |f: &Shown| f.count.map_or_else(|| f.label.clone(), |n| format!("{}: {n}", f.label));
        self.figures.iter().map(text).collect::<Vec<_>>().join("; ")
    }
}

/// Looks up what carries each part. A row or a figure that is not there carries nothing.
pub(super) fn answered(
    asked: &Requirements,
    clauses: &Clauses,
    report: &Report,
    workings: &BTreeMap<String, i64>,
) -> Vec<Answered> {
    let answer = |r: &crate::rules::AskedOfProcedure| {
        let carrying: Vec<_> = clauses.clauses.iter().filter(|c| r.rows.contains(&c.row)).collect();
        let mut seen = BTreeSet::new();
        let rules = carrying.iter().flat_map(|c| &c.rules).filter(|rule| seen.insert((*rule).clone()));
        let rules: Vec<String> = rules.cloned().collect();
        let figures = r.figures.iter().filter_map(|name| report.figures.iter().find(|f| f.name == *name));
        let figures: Vec<Shown> =
            figures.map(|f| Shown { name: f.name.clone(), label: f.label.clone(), count: f.count }).collect();
        let is_carried = !carrying.is_empty() || !figures.is_empty();
        let standing = match (is_carried, r.beside.is_some()) {
            (false, _) => Standing::Gap,
            (true, true) => Standing::Partly,
            (true, false) => Standing::Carried,
        };
        Answered {
            of: r.of.clone(),
            part: r.part.clone(),
            nl: r.nl.clone(),
            en: r.en.clone(),
            rows: carrying.iter().map(|c| c.row).collect(),
            fired: rules.iter().filter_map(|rule| workings.get(rule)).sum(),
            rules,
            figures,
            beside: r.beside.as_ref().map(|b| (b.nl.clone(), b.en.clone())),
            standing,
        }
    };
    asked.requirements.iter().map(answer).collect()
}

/// Returns the headings of the table.
pub(super) fn headings(language: Language) -> Vec<String> {
    let said = [
        ("van", "of"),
        ("onderdeel", "part"),
        ("gevraagd", "asked"),
        ("stand", "standing"),
        ("zinnen van de procedure", "sentences of the procedure"),
        ("regels", "rules"),
        ("keer gewerkt in het jaar", "times at work in the year"),
        ("cijfers", "figures"),
        ("zelf te tonen", "to be shown beside"),
    ];
    said.map(|(nl, en)| Words::new(nl, en).in_language(language).to_owned()).to_vec()
}

/// Returns the table as comma-separated values.
pub(super) fn csv(answered: &[Answered], language: Language) -> String {
    let row = |a: &Answered| {
        vec![
            a.of.clone(),
            a.part.clone(),
            a.text(language).to_owned(),
            a.standing.word(language).to_owned(),
            a.rows_text(),
            a.rules.join("; "),
            a.fired.to_string(),
            a.figures_text(),
            a.beside(language).to_owned(),
        ]
    };
    let rows = std::iter::once(headings(language)).chain(answered.iter().map(row));
    rows.map(|cells| format!("{}\r\n", escape::cells(&cells))).collect()
}
