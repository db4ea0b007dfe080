//! `Local`: what is known of a value that has a name: its kind, and the texts it can be.

use crate::rules::words::kind::Kind;
use rhai::Position;

/// A text that a value can be, and where somebody wrote it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(in crate::rules) struct Written<'a> {
    pub text: String,
    pub file: &'a str,
    pub position: Position,
    pub way: Way,
}

/// The way from where a text is written to where it is used.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::rules) enum Way {
    /// It stands there, or the parameter does that holds it.
    Straight,
    /// Something was named after it, which may be used for one thing and for another.
    Named,
}

/// The knowledge about a value that has a name: its kind, and the texts it can be.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(in crate::rules) struct Local<'a> {
    pub kind: Kind,
    pub texts: Vec<Written<'a>>,
}

impl Local<'_> {
    pub fn of(kind: Kind) -> Self {
        Self { kind, texts: Vec::new() }
    }

    pub fn unknown() -> Self {
        Self::of(Kind::Any)
    }

    pub fn is_known(&self) -> bool {
        self.kind != Kind::Any || !self.texts.is_empty()
    }

    /// Returns what an item of it is.
    pub fn item(self) -> Self {
        Self { kind: self.kind.item(), texts: self.texts }
    }

    /// Returns what it is under a name.
    pub fn named(mut self) -> Self {
        self.texts.iter_mut().for_each(|t| t.way = Way::Named);
        self
    }

    /// Returns what it is under the name that a function gives it.
    pub fn handed(self) -> Self {
        let mut local = self.named();
        // What is nothing in one call is something else in another.
        if local.kind == Kind::Nothing {
            local.kind = Kind::Any;
        }
        local
    }

    /// Takes in that it may be another value as well.
    pub fn join(&mut self, other: Self) {
        self.kind = self.kind.or(other.kind);
        for text in other.texts {
            if !self.texts.contains(&text) {
                self.texts.push(text);
            }
        }
    }
}
