//! `redress rules terms`: the terms of the rules in the words of those who read them, what each touches, and changing one.

use super::check::broken;
use super::fix::{self, Edit};
use super::output::clip;
use super::{Failure, Output};
use crate::app::Places;
use crate::complaint::{Language, Text};
use crate::config::Settings;
use crate::rules::RulesFolder;
use crate::rules::diagnostics::{Diagnostic, Severity};
use crate::rules::editor::Workspace;
use crate::rules::nearest;
use crate::rules::terms::{
    Term, TermKind, TermLimit, TermMistake, Terms, Touched, parse_written, touched, with_value,
};
use clap::Args;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// The widest that a value is in the table.
const VALUE_COLUMNS: usize = 40;

#[derive(Debug, Args)]
pub(super) struct TermsCommand {
    /// Only this one, with everything that it touches; NAME=VALUE writes another value, such as INFO_TERM="3 weeks"
    #[arg(value_name = "NAME[=VALUE]")]
    term: Option<String>,
    /// nl or en; the organisation's language when not given
    #[arg(long)]
    language: Option<Language>,
}

/// The folder as the command looks at it.
struct Looked {
    folder: RulesFolder,
    terms: Terms,
    workspace: Workspace,
    language: Language,
}

impl TermsCommand {
    pub fn run(self, places: &Places, settings: &Settings, output: &Output) -> Result<(), Failure> {
        let language = self.language.unwrap_or(settings.language);
        let folder =
            RulesFolder::read(&places.rules).map_err(|found| broken(places, &found, language, output))?;
        let looked = Looked::at(folder, settings, language);
        match self.term.as_deref().map(|term| term.split_once('=').ok_or(term)) {
            None => {
                looked.list(output);
                Ok(())
            }
            Some(Err(name)) => looked.one(name, output),
            Some(Ok((name, value))) => looked.change(places, settings, (name.trim(), value), output),
        }
    }
}

impl Looked {
    fn at(folder: RulesFolder, settings: &Settings, language: Language) -> Self {
        let texts: BTreeMap<String, String> =
            folder.files().map(|(file, text)| (file.to_owned(), text.to_owned())).collect();
        let terms = Terms::of(&texts);
        let workspace = Workspace::new(texts, settings.extra.clone(), language);
        Self { folder, terms, workspace, language }
    }

    fn list(&self, output: &Output) {
        if output.json {
            let all: Vec<Value> = self.terms.iter().map(|term| self.document(term)).collect();
            return output.document(&all);
        }
        for group in self.terms.groups() {
            output.line(group.heading.map_or("", |heading| heading.in_language(self.language)));
            let rows: Vec<Vec<String>> = group.terms.iter().map(|term| self.row(term)).collect();
            output.table(&["term", "value", "label", "bounds", "touches"], &rows);
            output.line("");
        }
    }

    fn row(&self, term: &Term) -> Vec<String> {
        let touched = touched(&self.workspace, &term.name);
        vec![
            term.name.clone(),
            clip(&term.value.in_language(self.language), VALUE_COLUMNS),
            term.label.in_language(self.language).to_owned(),
            self.bounds(term),
            counted(&touched),
        ]
    }

    fn bounds(&self, term: &Term) -> String {
        let words = |limit: &TermLimit| limit.words().in_language(self.language).to_owned();
        match (term.least.as_ref().map(words), term.most.as_ref().map(words)) {
            (None, None) => String::new(),
            (Some(least), None) => format!("≥ {least}"),
            (None, Some(most)) => format!("≤ {most}"),
            (Some(least), Some(most)) => format!("{least} – {most}"),
        }
    }

    fn document(&self, term: &Term) -> Value {
        json!({
            "name": term.name, "file": term.file, "label": term.label, "hint": term.hint, "group": term.group,
            "kind": term.kind().as_str(), "value": term.value.words(), "remark": term.remark,
            "least": term.least.as_ref().map(limit), "most": term.most.as_ref().map(limit),
            "touches": touched(&self.workspace, &term.name),
        })
    }

    fn find(&self, name: &str) -> Result<&Term, Failure> {
        self.terms.get(name).ok_or_else(|| {
            let meant = nearest(name, self.terms.iter().map(|term| term.name.as_str()));
            let remedy = match meant {
                Some(meant) => format!("did you mean `{meant}`?"),
                None => "`redress rules terms` lists them all".to_owned(),
            };
            Failure::usage(format!("there is no term `{name}`\n  help: {remedy}"))
        })
    }

    fn one(&self, name: &str, output: &Output) -> Result<(), Failure> {
        let term = self.find(name)?;
        if output.json {
            output.document(&self.document(term));
            return Ok(());
        }
        let said = |text: &Text| text.in_language(self.language).to_owned();
        output.line(format!("{} ({})", said(&term.label), term.name));
        output.line(format!("{}: {}", term.file, term.value.in_language(self.language)));
        if term.kind() == TermKind::Expression {
            output.line("only in the file: its value is reckoned");
        }
        if let Some(hint) = &term.hint {
            output.line(said(hint));
        }
        let bounds = self.bounds(term);
        if !bounds.is_empty() {
            output.line(format!("bounds: {bounds}"));
        }
        for (what, names) in listed(&touched(&self.workspace, name)) {
            for (i, name) in names.iter().enumerate() {
                output.line(format!("  {:<10} {name}", if i == 0 { what } else { "" }));
            }
        }
        Ok(())
    }

    /// Writes another value, when its bounds allow it and the folder has no mistake more than before.
    fn change(
        &self,
        places: &Places,
        settings: &Settings,
        (name, typed): (&str, &str),
        output: &Output,
    ) -> Result<(), Failure> {
        let term = self.find(name)?;
        let refused =
            |mistake: TermMistake| Failure::new(format!("{name}: {}", mistake.in_language(self.language)));
        let value = parse_written(term.kind(), typed).map_err(refused)?;
        self.terms.check(name, &value).map_err(refused)?;
        let before = self.workspace.text(&term.file).unwrap_or_default();
        let after = with_value(before, name, &value).map_err(refused)?;
        let new = self.new_mistakes(&self.folder.with_text(&term.file, after.clone()), settings);
        if !new.is_empty() {
            return Err(broken(places, &new, self.language, output));
        }
        let edit = Edit::of(&term.file, before, &after, "changed");
        if before != after {
            fix::write(&places.rules, std::slice::from_ref(&edit))?;
        }
        if output.json {
            output.document(&json!({
                "name": name, "file": term.file, "before": term.value.words(), "value": value.words(), "diff": edit.diff,
            }));
        } else if before == after {
            output.line(format!("{name} is {} already", value.in_language(self.language)));
        } else {
            output.line(edit.diff.trim_end());
        }
        Ok(())
    }

    /// Returns the mistakes that another folder has and this one has not.
    fn new_mistakes(&self, changed: &RulesFolder, settings: &Settings) -> Vec<Diagnostic> {
        let mistakes = |folder: &RulesFolder| {
            let found = folder.check(settings).diagnostics.into_iter();
            found.filter(|d| d.kind.severity == Severity::Error).collect::<Vec<_>>()
        };
        let after = mistakes(changed);
        let before = if after.is_empty() { Vec::new() } else { mistakes(&self.folder) };
        after.into_iter().filter(|mistake| !before.contains(mistake)).collect()
    }
}

fn limit(limit: &TermLimit) -> Value {
    json!({"words": limit.words(), "term": limit.term})
}

/// Returns what is touched by kind, without what is not.
fn listed(touched: &Touched) -> Vec<(&'static str, Vec<String>)> {
    let names = |set: &BTreeSet<String>| set.iter().cloned().collect();
    let clauses = touched.clauses.iter().map(|clause| format!("{} {}", clause.row, clip(&clause.text, 100)));
    let all = [
        ("rules", names(&touched.rules)),
        ("actions", names(&touched.actions)),
        ("schedules", names(&touched.schedules)),
        ("letters", names(&touched.letters)),
        ("deadlines", names(&touched.deadlines)),
        ("terms", names(&touched.terms)),
        ("settings", names(&touched.settings)),
        ("scenarios", names(&touched.scenarios)),
        ("rows", clauses.collect()),
    ];
    all.into_iter().filter(|(_, names): &(_, Vec<String>)| !names.is_empty()).collect()
}

fn counted(touched: &Touched) -> String {
    let counts = listed(touched).into_iter().map(|(what, names)| match names.len() {
        1 => format!("1 {}", what.trim_end_matches('s')),
        many => format!("{many} {what}"),
    });
    counts.collect::<Vec<_>>().join(", ")
}
