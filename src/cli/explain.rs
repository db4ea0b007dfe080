//! `redress rules explain`: what a kind of mistake means, how it is mended, and an example.

use super::{Failure, Output};
use crate::complaint::Language;
use crate::config::Settings;
use crate::rules::diagnostics::{explained, kinds};
use crate::rules::nearest;
use clap::Args;

#[derive(Debug, Args)]
pub(super) struct Explain {
    /// The code or the name of a kind, such as R201 or unknown-name
    name: Option<String>,
    /// nl or en; the organisation's language when not given
    #[arg(long)]
    language: Option<Language>,
}

impl Explain {
    pub fn run(self, settings: &Settings, output: &Output) -> Result<(), Failure> {
        let language = self.language.unwrap_or(settings.language);
        match &self.name {
            None => list(language, output),
            Some(name) => {
                let kind = kinds::find(name).ok_or_else(|| unknown(name))?;
                if output.json {
                    output.document(kind);
                } else {
                    output.line(explained(kind, language).trim_end());
                }
            }
        }
        Ok(())
    }
}

fn list(language: Language, output: &Output) {
    if output.json {
        return output.document(&kinds::ALL);
    }
    let rows: Vec<Vec<String>> = kinds::ALL
        .iter()
        .map(|kind| {
            let meaning = kind.meaning.in_language(language);
            let first = meaning.split_inclusive(". ").next().unwrap_or(meaning);
            let severity = kind.severity.word().in_language(language);
            vec![kind.code.to_owned(), kind.slug.to_owned(), severity.to_owned(), first.trim().to_owned()]
        })
        .collect();
    output.table(&["code", "name", "", ""], &rows);
}

fn unknown(name: &str) -> Failure {
    let meant = nearest(&name.to_lowercase(), kinds::ALL.iter().map(|k| k.slug));
    let remedy = match meant {
        Some(slug) => format!("did you mean `{slug}`?"),
        None => "`redress rules explain` lists them all".to_owned(),
    };
    Failure::usage(format!("there is no kind of mistake `{name}`\n  help: {remedy}"))
}
