//! The people today: who has which role, who is away and who stands in. Who there is stands in redress.toml; absences and
//! deputies also in the store, where people enter them, and both count.

use super::accounts::changed;
use super::standing::Standing;
use super::{Workflow, WorkflowError};
use crate::accounts::Token;
use crate::calendar::{Date, Moment};
use crate::complaint::{Actor, Event, EventKind, Origin, Role, Via};
use crate::config::{Absence, People, Person, Settings};
use crate::store::{ChosenDeputy, EnteredAbsence, Recorded, StoreError};
use std::collections::BTreeMap;
use std::sync::{Arc, PoisonError};

/// The longest absence in days, and the most of one person.
const LONGEST_DAYS: i64 = 731;
const OF_ONE: usize = 50;

/// Somebody today.
#[derive(Clone, Debug)]
pub struct PersonToday {
    /// The person, with absences and deputy wherever they come from.
    pub person: Person,
    /// The roles that the person has today, those of who is away included.
    pub roles: Vec<Role>,
    /// The absences that are not over.
    pub absences: Vec<KnownAbsence>,
    /// True when the deputy was chosen on the page, and not in redress.toml.
    pub deputy_is_chosen: bool,
}

/// An absence, and where it comes from.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct KnownAbsence {
    /// The days.
    pub days: Absence,
    /// By what it is taken back; none where it stands in redress.toml.
    pub id: Option<String>,
}

/// What is kept of signing in of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AccountToday {
    /// True while the person may not sign in.
    pub is_locked: bool,
    /// The moment of the last time; none before the first.
    pub signed_in_at: Option<Moment>,
}

/// A reason why an absence or a deputy was not taken.
#[derive(Debug, thiserror::Error)]
pub enum PeopleError {
    /// It is for the person, or for who keeps absences; or there is no such person or absence.
    #[error("there is no such person or absence for you to change")]
    NotYours,
    /// The days are none, over, too many, or in the wrong order.
    #[error("these days are no absence")]
    Days,
    /// Nobody else of the organisation has this address.
    #[error("this is nobody who can stand in")]
    Deputy,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl Workflow {
    /// Takes over who is away and who stands in as the store has it.
    pub async fn follow_absences(&self) -> Result<(), StoreError> {
        let written = Arc::clone(&self.written.read().unwrap_or_else(PoisonError::into_inner));
        let Ok(today) = written.calendar.day_of(self.clock.now()) else { return Ok(()) };
        let entered = self.store.absences().from(today).await?;
        let deputies = self.store.absences().deputies().await?;
        let people = overlaid(&written.people, &entered, &deputies);
        if people != self.settings().people {
            let settings = Arc::new(Settings { people, ..Settings::clone(&written) });
            *self.settings.write().unwrap_or_else(PoisonError::into_inner) = settings;
        }
        Ok(())
    }

    /// Returns everybody today, in the order of redress.toml.
    pub async fn people_today(&self) -> Result<Vec<PersonToday>, WorkflowError> {
        self.follow_absences().await?;
        let (now, settings, published) = (self.now().await?, self.settings(), self.published());
        let today = settings.calendar.day_of(now).unwrap_or_default();
        let entered = self.store.absences().from(today).await?;
        let deputies = self.store.absences().deputies().await?;
        let written = Arc::clone(&self.written.read().unwrap_or_else(PoisonError::into_inner));
        let standing = Standing::new(&settings, published.ruleset.procedure(), None, now);
        let of = |person: &Person| {
            let declared = written.people.find(&person.email).map(|p| p.absences.clone()).unwrap_or_default();
            let declared = declared.into_iter().filter(|days| days.to >= today);
            let declared = declared.map(|days| KnownAbsence { days, id: None });
            let own = entered.iter().filter(|a| a.email == person.email);
            let own = own.map(|a| KnownAbsence { days: days_of(a), id: Some(a.id.clone()) });
            let mut absences: Vec<KnownAbsence> = declared.chain(own).collect();
            absences.sort_by_key(|absence| absence.days.from);
            PersonToday {
                roles: standing.roles_of(&person.email),
                absences,
                deputy_is_chosen: deputies.iter().any(|d| d.email == person.email),
                person: person.clone(),
            }
        };
        Ok(settings.people.iter().map(of).collect())
    }

    /// Returns what is kept of signing in, by address, to who looks after accounts; none to others.
    pub async fn accounts_today(
        &self,
        viewer: &str,
    ) -> Result<Option<BTreeMap<String, AccountToday>>, WorkflowError> {
        let published = self.published();
        let keepers = &published.ruleset.procedure().accounts_kept_by;
        if !self.has_one_of(viewer, keepers, self.now().await?) {
            return Ok(None);
        }
        let all = self.store.accounts().all().await?.into_iter();
        let today =
            all.map(|a| (a.email, AccountToday { is_locked: a.is_locked, signed_in_at: a.signed_in_at }));
        Ok(Some(today.collect()))
    }

    /// Returns whether somebody says of others when they are away and who stands in.
    pub async fn keeps_absences(&self, person: &str) -> Result<bool, StoreError> {
        let published = self.published();
        let keepers = &published.ruleset.procedure().absences_kept_by;
        Ok(self.has_one_of(person, keepers, self.now().await?))
    }

    /// Enters that a person is away from one day to another.
    pub async fn enter_absence(
        &self,
        (by, via): (&str, Via),
        of: &str,
        days: Absence,
    ) -> Result<(), PeopleError> {
        let (person, now) = (self.changeable(by, of).await?, self.now().await?);
        let today = self.settings().calendar.day_of(now).unwrap_or_default();
        let is_far = |day: Date| (day - today).num_days() > 2 * LONGEST_DAYS;
        if days.to < days.from
            || days.to < today
            || (days.to - days.from).num_days() > LONGEST_DAYS
            || is_far(days.to)
        {
            return Err(PeopleError::Days);
        }
        let known = self.store.absences().from(today).await?;
        if known.iter().filter(|a| a.email == person.email).count() >= OF_ONE {
            return Err(PeopleError::Days);
        }
        let absence = EnteredAbsence {
            id: Token::new().beginning(16),
            email: person.email.clone(),
            from_day: days.from,
            to_day: days.to,
            entered_by: by.to_lowercase(),
            entered_at: now,
        };
        let recorded = self.person_changed((by, via), &person, "an absence was entered", now);
        self.store.absences().enter(absence, recorded).await?;
        Ok(self.follow_absences().await?)
    }

    /// Takes an absence back that was entered on the page.
    pub async fn take_back_absence(
        &self,
        (by, via): (&str, Via),
        of: &str,
        id: &str,
    ) -> Result<(), PeopleError> {
        let (person, now) = (self.changeable(by, of).await?, self.now().await?);
        let recorded = self.person_changed((by, via), &person, "an absence was taken back", now);
        if !self.store.absences().take_back(&person.email, id, recorded).await? {
            return Err(PeopleError::NotYours);
        }
        Ok(self.follow_absences().await?)
    }

    /// Says who stands in for a person; nobody named leaves it to redress.toml.
    pub async fn choose_deputy(
        &self,
        (by, via): (&str, Via),
        of: &str,
        deputy: &str,
    ) -> Result<(), PeopleError> {
        let (person, now) = (self.changeable(by, of).await?, self.now().await?);
        if deputy.trim().is_empty() {
            let recorded = self.person_changed((by, via), &person, "a deputy was left to redress.toml", now);
            self.store.absences().leave(&person.email, recorded).await?;
        } else {
            let settings = self.settings();
            let deputy = settings.people.find(deputy.trim()).filter(|d| d.email != person.email);
            let deputy = deputy.ok_or(PeopleError::Deputy)?.email.clone();
            let (email, chosen_by) = (person.email.clone(), by.to_lowercase());
            let chosen = ChosenDeputy { email, deputy, chosen_by, chosen_at: now };
            let recorded = self.person_changed((by, via), &person, "a deputy was chosen", now);
            self.store.absences().choose(chosen, recorded).await?;
        }
        Ok(self.follow_absences().await?)
    }

    async fn changeable(&self, by: &str, of: &str) -> Result<Person, PeopleError> {
        if !by.eq_ignore_ascii_case(of) && !self.keeps_absences(by).await? {
            return Err(PeopleError::NotYours);
        }
        self.settings().people.find(of).cloned().ok_or(PeopleError::NotYours)
    }

    fn has_one_of(&self, person: &str, roles: &[Role], now: Moment) -> bool {
        let (settings, published) = (self.settings(), self.published());
        let own = Standing::new(&settings, published.ruleset.procedure(), None, now).roles_of(person);
        roles.iter().any(|role| own.contains(role))
    }

    fn person_changed(&self, (by, via): (&str, Via), of: &Person, summary: &str, at: Moment) -> Recorded {
        let origin = Origin::person(Actor::Person(by.to_lowercase()), via);
        let event = changed(&of.email, summary.to_owned());
        self.accounts().record(Event { kind: EventKind::PersonChanged, origin, ..event }, at)
    }
}

fn days_of(entered: &EnteredAbsence) -> Absence {
    Absence { from: entered.from_day, to: entered.to_day }
}

/// Returns the people with what was entered beside what the settings say.
fn overlaid(people: &People, entered: &[EnteredAbsence], deputies: &[ChosenDeputy]) -> People {
    let with = |person: &Person| {
        let mut person = person.clone();
        person.absences.extend(entered.iter().filter(|a| a.email == person.email).map(days_of));
        let chosen = deputies.iter().find(|d| d.email == person.email).map(|d| d.deputy.clone());
        // Who has left the organisation stands in for nobody.
        let chosen = chosen.filter(|deputy| people.find(deputy).is_some());
        person.deputy = chosen.or(person.deputy);
        person
    };
    People::new(people.iter().map(with).collect())
}
