//! The outline of a file: its statements, functions and terms, the names that it declares, or the headings of a message.

use super::script::{Piece, PieceKind, pieces};
use super::symbol::{Mention, Role};
use super::tables;
use super::tokens::{Token, tokens};
use super::workspace::{FileKind, Workspace, kind_of_file};
use crate::complaint::Language;
use std::ops::Range;

/// What an item of an outline is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum OutlineKind {
    /// A rule, action, schedule or scenario.
    Statement,
    /// A function.
    Function,
    /// A term.
    Constant,
    /// A name that `procedure.toml` declares.
    Name,
    /// A heading of a message.
    Heading,
}

/// An item of the outline of a file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OutlineItem {
    /// The name, as people write it.
    pub name: String,
    /// What it is, in a word: `rule`.
    pub what: String,
    /// What it is.
    pub kind: OutlineKind,
    /// The bytes of all of it.
    pub range: Range<usize>,
    /// The bytes of its name.
    pub name_range: Range<usize>,
}

impl Workspace {
    /// Returns the outline of a file, in its order.
    pub fn outline(&self, file: &str) -> Vec<OutlineItem> {
        self.text(file).map(|text| outline(file, text, self.language)).unwrap_or_default()
    }
}

/// Returns the outline of a text that stands at a path, in its order; what cannot be read of it is left out.
pub fn outline(path: &str, text: &str, language: Language) -> Vec<OutlineItem> {
    let declared = |mentions: Vec<Mention>| -> Vec<OutlineItem> {
        let declared = mentions.into_iter().filter(|mention| mention.role == Role::Declares);
        declared.map(|mention| of_name(&mention, language)).collect()
    };
    match kind_of_file(path) {
        Some(FileKind::Script | FileKind::Scenarios) => {
            let tokens = tokens(text);
            pieces(text, &tokens).iter().filter_map(|piece| of_piece(text, &tokens, piece)).collect()
        }
        Some(FileKind::Procedure) => declared(tables::of_procedure(text)),
        Some(FileKind::Clauses) => declared(tables::of_clauses(text)),
        Some(FileKind::Organisation) => declared(tables::of_organisation(text)),
        Some(FileKind::Message) => headings(text),
        None => Vec::new(),
    }
}

fn of_name(mention: &Mention, language: Language) -> OutlineItem {
    OutlineItem {
        name: mention.symbol.name().to_owned(),
        what: mention.symbol.what().in_language(language).to_owned(),
        kind: OutlineKind::Name,
        range: mention.range.clone(),
        name_range: mention.range.clone(),
    }
}

fn of_piece(text: &str, tokens: &[Token], piece: &Piece) -> Option<OutlineItem> {
    let name_range = piece.name(text, tokens)?;
    let kind = match piece.kind {
        PieceKind::Function => OutlineKind::Function,
        PieceKind::Constant => OutlineKind::Constant,
        _ => OutlineKind::Statement,
    };
    // A name that is still empty would be an outline without words.
    let name = text.get(name_range.clone()).filter(|name| !name.is_empty())?.to_owned();
    Some(OutlineItem {
        name,
        what: piece.kind.keyword().to_owned(),
        kind,
        range: piece.range(tokens),
        name_range,
    })
}

/// Returns the headings of a message, as Markdown writes them.
fn headings(text: &str) -> Vec<OutlineItem> {
    let mut start = 0;
    let mut found = Vec::new();
    for line in text.split_inclusive('\n') {
        let signs = line.bytes().take_while(|byte| *byte == b'#').count();
        let name = line[signs..].trim();
        if (1..=6).contains(&signs) && line[signs..].starts_with(' ') && !name.is_empty() {
            let at = start + line.find(name).unwrap_or(signs);
            found.push(OutlineItem {
                name: name.to_owned(),
                what: "#".repeat(signs),
                kind: OutlineKind::Heading,
                range: start..start + line.trim_end().len(),
                name_range: at..at + name.len(),
            });
        }
        start += line.len();
    }
    found
}
