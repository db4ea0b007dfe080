//! `Slip`: a slip of the pen in a script: where it is, how it is told, and how the text goes on without it.

use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::language::draft::Edit;
use std::fmt;

/// A slip of the pen, with places in bytes of the text in which it was found.
pub(in crate::rules) struct Slip {
    pub start: usize,
    pub end: usize,
    /// Tells it, of its place in the file.
    pub told: Box<dyn Fn(Location) -> Diagnostic>,
    /// The edit that is certain to be meant.
    pub fix: Option<Edit>,
    /// The edits with which the rest of the statement can be looked at.
    pub repair: Vec<Edit>,
}

impl fmt::Debug for Slip {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "slip {}..{}: {:?}", self.start, self.end, self.repair)
    }
}

impl Slip {
    /// Makes a slip from where it begins to where it ends.
    pub fn new((start, end): (usize, usize), told: impl Fn(Location) -> Diagnostic + 'static) -> Self {
        Self { start, end, told: Box::new(told), fix: None, repair: Vec::new() }
    }

    /// Adds the edit that is certain to be meant.
    pub fn fixed(self, edit: Edit) -> Self {
        Self { fix: Some(edit.clone()), repair: vec![edit], ..self }
    }

    /// Adds what is certain to be meant in the place of the slip.
    pub fn replaced(self, text: impl Into<String>) -> Self {
        let edit = Edit::replace(self.start, self.end, text);
        self.fixed(edit)
    }

    /// Adds an edit with which the rest can be looked at, though something else may be meant.
    pub fn repaired(mut self, edit: Edit) -> Self {
        self.repair.push(edit);
        self
    }
}
