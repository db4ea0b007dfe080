//! The standing of people: roles to people and people to roles, for one complaint on one day. Deputies,
//! absence, complaints about a colleague, and the responsible person are all settled here
//! (docs/procedure.md edge cases 7, 8 and 10).

use crate::calendar::{Date, Moment};
use crate::complaint::{Complaint, Language, Recipient, Role};
use crate::config::{Person, Settings};
use crate::rules::{Procedure, Sees};

/// The addresses and language of a recipient.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Reached {
    pub addresses: Vec<String>,
    pub name: String,
    pub language: Language,
}

/// What somebody may do with plugins and deliveries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PluginAccess {
    /// Looking, as one who oversees and sees every complaint.
    Looks,
    /// Looking, sending again, switching on and off, as one who is told of alarms about plugins.
    Acts,
}

/// The view on people that one complaint has on one day.
pub(super) struct Standing<'s> {
    settings: &'s Settings,
    procedure: &'s Procedure,
    complaint: Option<&'s Complaint>,
    today: Date,
}

impl<'s> Standing<'s> {
    pub fn new(
        settings: &'s Settings,
        procedure: &'s Procedure,
        complaint: Option<&'s Complaint>,
        now: Moment,
    ) -> Self {
        Self { settings, procedure, complaint, today: settings.calendar.day_of(now).unwrap_or_default() }
    }

    /// Resolves a recipient, leaving out the people whose address is among those told. Without addresses nobody
    /// is reached.
    pub fn reach(&self, recipient: &Recipient, told: &[String]) -> Reached {
        let mut people: Vec<&Person> = match recipient {
            Recipient::Complainant => return self.complainant(),
            Recipient::Role(role) => self.holders(role.as_str()),
            Recipient::Responsible => self.responsible().map(|p| self.with_deputy(p)).unwrap_or_default(),
            Recipient::Person(address) => self.settings.people.find(address).into_iter().collect(),
        };
        let is_told = |email: &str| told.iter().any(|address| address.eq_ignore_ascii_case(email));
        people.retain(|p| !is_told(&p.email));
        let mut addresses: Vec<String> = people.iter().map(|p| p.email.clone()).collect();
        if let Recipient::Person(address) = recipient
            && addresses.is_empty()
            && !self.is_about(address)
            && !is_told(address)
        {
            addresses.push(address.clone());
        }
        let names: Vec<&str> = people.iter().map(|p| p.name.as_str()).collect();
        Reached { addresses, name: names.join(", "), language: self.language_of(&people) }
    }

    /// Returns the language that all of these people read; that of the organisation where they read different ones.
    fn language_of(&self, people: &[&Person]) -> Language {
        let mut languages = people.iter().map(|p| p.language.unwrap_or(self.settings.language));
        let first = languages.next().unwrap_or(self.settings.language);
        if languages.all(|language| language == first) { first } else { self.settings.language }
    }

    /// Returns the roles in which a person may act; none for somebody whom the complaint is about.
    pub fn roles_of(&self, email: &str) -> Vec<Role> {
        if self.is_about(email) {
            return Vec::new();
        }
        let roles = self.procedure.roles.keys();
        roles.filter(|r| self.holders(r.as_str()).iter().any(|p| p.email == email)).cloned().collect()
    }

    /// Returns whether a person may look at the complaint.
    pub fn sees(&self, email: &str) -> bool {
        if self.is_about(email) {
            return false;
        }
        let own = self.settings.people.find(email).map(|p| p.roles.as_slice()).unwrap_or_default();
        let standing = self.roles_of(email);
        let widest = |roles: &[Role], sees: Sees| {
            roles.iter().any(|r| self.procedure.roles.get(r).is_some_and(|d| d.sees == sees))
        };
        widest(own, Sees::Everything) || widest(&standing, Sees::Everything) || widest(&standing, Sees::Own)
    }

    /// Returns whether a person sees every complaint that is not about them.
    pub fn sees_everything(&self, email: &str) -> bool {
        let own = self.settings.people.find(email).map(|p| p.roles.clone()).unwrap_or_default();
        let mut roles = own.iter().chain(&self.roles_of(email)).cloned().collect::<Vec<_>>().into_iter();
        roles.any(|r| self.procedure.roles.get(&r).is_some_and(|d| d.sees == Sees::Everything))
    }

    /// Returns what a person may do with plugins and deliveries; none where they are not for this person.
    pub fn plugin_access(&self, email: &str) -> Option<PluginAccess> {
        let told = self.procedure.plugin_alarms_to.as_ref().unwrap_or(&self.procedure.faults_to);
        match self.roles_of(email).contains(told) {
            true => Some(PluginAccess::Acts),
            false => (self.sees_everything(email) && self.oversees(email)).then_some(PluginAccess::Looks),
        }
    }

    /// Returns whether a person has a role, of the own or in somebody's place, that oversees the work of all.
    pub fn oversees(&self, email: &str) -> bool {
        let own = self.settings.people.find(email).map(|p| p.roles.clone()).unwrap_or_default();
        let mut roles = own.into_iter().chain(self.roles_of(email));
        roles.any(|r| self.procedure.roles.get(&r).is_some_and(|d| d.oversees))
    }

    /// Returns whether a person has a role by redress.toml, and not in somebody's place.
    pub fn has_of_own(&self, email: &str, role: &Role) -> bool {
        let is_everybodys = self.procedure.roles.get(role).is_some_and(|d| d.everybody);
        is_everybodys || self.settings.people.find(email).is_some_and(|p| p.roles.contains(role))
    }

    /// Returns the addresses of those whose complaints concern a person: the person, and those in whose place the person
    /// may stand.
    pub fn represented(&self, email: &str) -> Vec<String> {
        let deputises = |p: &&Person| p.deputy.as_deref().is_some_and(|d| d.eq_ignore_ascii_case(email));
        let others = self.settings.people.iter().filter(deputises).map(|p| p.email.clone());
        std::iter::once(email.to_lowercase()).chain(others).collect()
    }

    pub fn is_about(&self, email: &str) -> bool {
        self.complaint.and_then(|c| c.about.as_deref()).is_some_and(|about| about.eq_ignore_ascii_case(email))
    }

    fn complainant(&self) -> Reached {
        let party = self.complaint.map(|c| &c.complainant);
        let language = self.complaint.map_or(self.settings.language, |c| c.language);
        Reached {
            addresses: party.map(|p| p.email.clone()).filter(|e| !e.is_empty()).into_iter().collect(),
            name: party.map(|p| p.name.clone()).unwrap_or_default(),
            language,
        }
    }

    /// Returns the responsible person, while that is one of the people.
    fn responsible(&self) -> Option<&'s Person> {
        let email = self.complaint?.responsible.as_deref()?;
        self.settings.people.find(email)
    }

    /// Returns who has a role here and now: its holders, deputies of those who are absent or complained of,
    /// and when nobody is left, whoever stands in for the role.
    fn holders(&self, role: &str) -> Vec<&'s Person> {
        let mut reached: Vec<&Person> = Vec::new();
        let mut next = Some(role.to_owned());
        // As many steps as there are roles: a circle of stand-ins ends.
        for _ in 0..=self.procedure.roles.len() {
            let Some(role) = next else { break };
            let declaration = self.procedure.roles.get(role.as_str());
            let is_held = declaration.is_some_and(|r| r.held_by_responsible);
            let found: Vec<&Person> = match self.responsible() {
                Some(person) if is_held => self.with_deputy(person),
                _ if declaration.is_some_and(|r| r.everybody) => {
                    self.settings.people.iter().flat_map(|p| self.with_deputy(p)).collect()
                }
                _ => self.settings.people.with_role(&role).flat_map(|p| self.with_deputy(p)).collect(),
            };
            for person in found {
                if !reached.iter().any(|p| p.email == person.email) {
                    reached.push(person);
                }
            }
            // Somebody who is absent still hears of it, but somebody must be able to act as well.
            if reached.iter().any(|p| !p.is_absent(self.today)) {
                break;
            }
            next = declaration.and_then(|d| d.stands_in.as_ref()).map(ToString::to_string);
        }
        reached
    }

    /// Returns a person, unless complained of, and the deputy when the person is absent or complained of.
    fn with_deputy(&self, person: &'s Person) -> Vec<&'s Person> {
        let is_about = self.is_about(&person.email);
        let needs_deputy = is_about || person.is_absent(self.today);
        let deputy = person.deputy.as_deref().filter(|_| needs_deputy);
        let deputy = deputy.and_then(|d| self.settings.people.find(d)).filter(|d| !self.is_about(&d.email));
        (!is_about).then_some(person).into_iter().chain(deputy).collect()
    }
}
