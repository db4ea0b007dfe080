//! The people of the organisation and the roles they have.

use super::Absence;
use crate::calendar::Date;
use crate::complaint::{Language, Role};

/// One of the organisation's people.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// The name, as letters show it.
    pub name: String,
    /// The address, in lower case; it identifies the person everywhere.
    pub email: String,
    /// The roles the person has, declared in `procedure.toml`.
    pub roles: Vec<Role>,
    /// The address of who stands in during absences, and where a complaint is about this person
    /// (docs/procedure.md edge cases 7 and 8).
    pub deputy: Option<String>,
    /// The periods of absence.
    pub absences: Vec<Absence>,
    /// The language that the person reads; none for that of the organisation.
    pub language: Option<Language>,
}

impl Person {
    /// Returns whether the person is away on a local day.
    pub fn is_absent(&self, day: Date) -> bool {
        self.absences.iter().any(|a| a.covers(day))
    }
}

/// The organisation's people, in the order of the configuration file.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People(Vec<Person>);

impl People {
    /// Makes the list of people whose addresses are distinct and whose deputies are among them.
    pub fn new(people: Vec<Person>) -> Self {
        Self(people)
    }

    /// Returns everybody, in order.
    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.0.iter()
    }

    /// Finds a person by address, in any case of letters.
    pub fn find(&self, email: &str) -> Option<&Person> {
        self.0.iter().find(|p| p.email.eq_ignore_ascii_case(email))
    }

    /// Returns the people who have a role, absent ones included.
    pub fn with_role<'p>(&'p self, role: &str) -> impl Iterator<Item = &'p Person> + use<'p> {
        let role = Role::from(role);
        self.0.iter().filter(move |p| p.roles.contains(&role))
    }
}
