//! Requirements: what auditors ask of a complaints procedure, each with the sentences and the figures that carry it.

use crate::rules::diagnostics::Diagnostic;
use crate::rules::diagnostics::kinds::declarations;
use crate::rules::language::files::collect;
use crate::rules::procedure::label::Label;
use serde::Deserialize;
use std::collections::BTreeMap;
use std::path::Path;

/// Something that is asked.
#[derive(Clone, Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct AskedOfProcedure {
    /// Who asks: a standard or a code.
    pub of: String,
    /// The part of it.
    pub part: String,
    /// What it comes to, in Dutch.
    pub nl: String,
    /// The same in English.
    pub en: String,
    /// The rows of `clauses.toml` that carry it.
    #[serde(default)]
    pub rows: Vec<u32>,
    /// The figures of the report that show it, by name.
    #[serde(default)]
    pub figures: Vec<String>,
    /// What the organisation shows itself; none where the program shows all of it.
    #[serde(default)]
    pub beside: Option<Label>,
}

/// What is asked of a procedure: `requirements.toml` of a rules folder.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Requirements {
    /// Where the numbers of the parts come from, for who reads them; none where nothing needs to be said of them.
    #[serde(default)]
    pub numbers: Option<Label>,
    /// What is asked, in the order of the file.
    #[serde(default, rename = "requirement")]
    pub requirements: Vec<AskedOfProcedure>,
}

impl Requirements {
    /// The file of a rules folder that holds them.
    pub const FILE: &str = "requirements.toml";

    /// Reads `requirements.toml` of a rules folder; none without such a file.
    pub fn read(folder: &Path) -> Result<Option<Self>, Vec<Diagnostic>> {
        let mut files = BTreeMap::new();
        collect(folder, "", &mut files, &|name| name == Self::FILE)?;
        let parse = |text: String| {
            toml::from_str(&text).map_err(|e| vec![declarations::report(Self::FILE, &text, &e)])
        };
        files.into_values().next().map(parse).transpose()
    }
}
