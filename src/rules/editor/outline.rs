//! The outline of a file: its statements, functions and terms, or the names that it declares.

use super::script::PieceKind;
use super::symbol::Role;
use super::workspace::Workspace;
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
        let (Some(text), Some(read)) = (self.text(file), self.read.get(file)) else { return Vec::new() };
        if read.pieces.is_empty() {
            let declared = read.mentions.iter().filter(|m| m.role == Role::Declares);
            let item = |m: &super::symbol::Mention| OutlineItem {
                name: m.symbol.name().to_owned(),
                what: m.symbol.what().in_language(self.language).to_owned(),
                kind: OutlineKind::Name,
                range: m.range.clone(),
                name_range: m.range.clone(),
            };
            return declared.map(item).collect();
        }
        let item = |piece: &super::script::Piece| {
            let name_range = piece.name(text, &read.tokens)?;
            let kind = match piece.kind {
                PieceKind::Function => OutlineKind::Function,
                PieceKind::Constant => OutlineKind::Constant,
                _ => OutlineKind::Statement,
            };
            // A name that is still empty would be an outline without words.
            let name = Some(text.get(name_range.clone())?).filter(|name| !name.is_empty())?;
            let (what, range) = (piece.kind.keyword().to_owned(), piece.range(&read.tokens));
            Some(OutlineItem { name: name.to_owned(), what, kind, range, name_range })
        };
        read.pieces.iter().filter_map(item).collect()
    }
}
