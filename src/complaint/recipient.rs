//! `Recipient`: the one a notification is for, before anybody is looked up.

use super::Role;
use serde::{Serialize, Serializer};
use std::fmt;

const COMPLAINANT: &str = "complainant";
const RESPONSIBLE: &str = "responsible";
const PERSON: &str = "person";

/// The one a notification is for. Its text form, in scripts, tables and documents, is `complainant`,
/// `responsible`, an address, or else the name of a role.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub enum Recipient {
    /// The complainant; nobody while the address is unknown.
    Complainant,
    /// The person responsible for the complaint.
    Responsible,
    /// The people who have the role, for this complaint on this day.
    Role(Role),
    /// A person by address, in any case of letters.
    Person(String),
}

impl Recipient {
    /// The text forms of the kinds that are no role, as subscriptions name them.
    pub const KINDS: [&str; 3] = [COMPLAINANT, RESPONSIBLE, PERSON];

    /// Returns the text form.
    pub fn as_str(&self) -> &str {
        match self {
            Self::Complainant => COMPLAINANT,
            Self::Responsible => RESPONSIBLE,
            Self::Role(role) => role.as_str(),
            Self::Person(address) => address,
        }
    }

    /// Returns the kind, without personal data: the text form, but `person` for an address.
    pub fn kind(&self) -> &str {
        if matches!(self, Self::Person(_)) { PERSON } else { self.as_str() }
    }
}

impl From<&str> for Recipient {
    fn from(text: &str) -> Self {
        match text {
            COMPLAINANT => Self::Complainant,
            RESPONSIBLE => Self::Responsible,
            address if address.contains('@') => Self::Person(address.to_owned()),
            role => Self::Role(role.into()),
        }
    }
}

impl From<Role> for Recipient {
    fn from(role: Role) -> Self {
        Self::Role(role)
    }
}

impl fmt::Display for Recipient {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(self.as_str())
    }
}

impl Serialize for Recipient {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_text_form_is_read_as_what_was_written() {
        let person = Recipient::Person("x@example.nl".to_owned());
        for recipient in
            [Recipient::Complainant, Recipient::Responsible, Recipient::Role("director".into()), person]
        {
            assert_eq!(Recipient::from(recipient.as_str()), recipient);
        }
    }

    #[test]
    fn an_address_is_personal() {
        assert_eq!(Recipient::Person("x@example.nl".to_owned()).kind(), "person");
        assert_eq!(Recipient::Role("director".into()).kind(), "director");
    }
}
