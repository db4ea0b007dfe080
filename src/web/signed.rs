//! `Signed`: who is signed in.

use crate::complaint::Language;
use crate::config::Person;
use crate::workflow::Menu;

/// Somebody who is signed in; a handler that takes it answers nobody else.
#[derive(Clone, Debug)]
pub(super) struct Signed {
    pub person: Person,
    /// The digest by which the session is known.
    pub session: String,
    /// What the menu offers the person.
    pub menu: Menu,
    /// The language that the person reads.
    pub language: Language,
}
