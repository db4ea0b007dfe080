//! `Seen`: what is known of an expression, and of the names that a template gives.

use crate::message::shape::{Presence, Shape};
use std::collections::BTreeMap;

/// What is known of an expression.
#[derive(Clone)]
pub(super) struct Seen {
    pub shape: Shape,
    pub presence: Presence,
    /// How many values it is put together from, at most.
    pub parts: usize,
}

/// Names that the template itself gives.
pub(super) type Names = BTreeMap<String, Seen>;

impl Seen {
    /// Makes what is certain to be there.
    pub fn certain(shape: Shape, parts: usize) -> Self {
        Self { shape, presence: Presence::Certain, parts }
    }
}

/// Returns what names are after one of two blocks: perhaps missing where only one of them gives a value.
pub(super) fn either(yes: Names, mut no: Names) -> Names {
    let mut names = Names::new();
    for (name, a) in yes {
        let seen = match no.remove(&name) {
            Some(b) => {
                let (presence, parts) = (a.presence.max(b.presence), a.parts.max(b.parts));
                Seen { shape: a.shape.or(b.shape), presence, parts }
            }
            None => Seen { presence: Presence::MaybeMissing, ..a },
        };
        names.insert(name, seen);
    }
    let missing = |(name, seen)| (name, Seen { presence: Presence::MaybeMissing, ..seen });
    names.extend(no.into_iter().map(missing));
    names
}
