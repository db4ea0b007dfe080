//! The people of the organisation and the roles they have.

use super::Absence;
use crate::calendar::Date;
use crate::complaint::Role;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    pub name: String,
    /// Lower case.
    pub email: String,
    pub roles: Vec<Role>,
    /// Who stands in during absences, and where a complaint is about this person.
    pub deputy: Option<String>,
    pub absences: Vec<Absence>,
}

impl Person {
    pub fn is_absent(&self, day: Date) -> bool {
        self.absences.iter().any(|a| a.covers(day))
    }
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct People(Vec<Person>);

impl People {
    pub fn new(people: Vec<Person>) -> Self {
        Self(people)
    }

    pub fn iter(&self) -> impl Iterator<Item = &Person> {
        self.0.iter()
    }

    pub fn find(&self, email: &str) -> Option<&Person> {
        self.0.iter().find(|p| p.email.eq_ignore_ascii_case(email))
    }

    pub fn with_role<'p>(&'p self, role: &str) -> impl Iterator<Item = &'p Person> + use<'p> {
        let role = Role::from(role);
        self.0.iter().filter(move |p| p.roles.contains(&role))
    }
}
