//! Finding what names somebody: the complaints by an address, wherever it stands in them, and the mails that belong to none.

use super::kept::{KeptMail, NamedAs, NamingComplaint, OwnPerson};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, Language};
use crate::store::StoreError;
use crate::workflow::{Workflow, WorkflowError};
use std::collections::BTreeMap;

/// The complaints that are looked at at once.
const PART: usize = 500;
/// The mails of no complaint that are read at once.
const MAILS: usize = 50;

/// A person of whom is asked what is kept, and who asks.
#[derive(Clone, Debug)]
pub struct PersonalDataWish {
    /// The address of the person, in any case.
    pub address: String,
    /// The language in which it is told.
    pub language: Language,
    /// The person whose eyes it is for; none for all there is.
    pub viewer: Option<String>,
}

/// What is kept of one person, as somebody may see it.
#[derive(Debug)]
pub struct PersonalData<'w> {
    pub(super) workflow: &'w Workflow,
    pub(super) wish: PersonalDataWish,
    /// The moment as of which it is told who may see what.
    pub(super) now: Moment,
}

impl Workflow {
    /// Returns what is kept of a person, to be read part by part.
    pub async fn personal_data(&self, wish: PersonalDataWish) -> Result<PersonalData<'_>, WorkflowError> {
        let address = wish.address.trim().to_lowercase();
        Ok(PersonalData {
            workflow: self,
            wish: PersonalDataWish { address, ..wish },
            now: self.now().await?,
        })
    }
}

impl PersonalData<'_> {
    /// Returns the address as it is looked for.
    pub fn address(&self) -> &str {
        &self.wish.address
    }

    /// Returns who it is, where it is one of the organisation's own people.
    pub fn own_person(&self) -> Option<OwnPerson> {
        let settings = self.workflow.settings();
        let person = settings.people.find(&self.wish.address)?;
        let roles = person.roles.iter().map(ToString::to_string).collect();
        Some(OwnPerson { name: person.name.clone(), roles })
    }

    /// Finds the complaints that name the person, or have a mail of theirs, oldest first. Every complaint is looked at.
    pub async fn complaints(&self) -> Result<Vec<NamingComplaint>, StoreError> {
        let (store, address) = (&self.workflow.store, self.wish.address.as_str());
        let mut found: BTreeMap<ComplaintId, NamingComplaint> = BTreeMap::new();
        let mut after = ComplaintId(0);
        loop {
            let part = store.cases().maybe_naming(address, after, PART).await?;
            let Some((last, _)) = part.last() else { break };
            after = *last;
            for (id, complaint) in part {
                let named_as = NamedAs::of(&complaint, address);
                if !named_as.is_empty() && self.sees(&complaint) {
                    found.insert(id, NamingComplaint::of(id, &complaint, named_as));
                }
            }
        }
        let wrote_in: Vec<ComplaintId> = store.cases().with_mail_of(address).await?.into_iter().collect();
        for part in wrote_in.chunks(PART) {
            for (id, complaint) in self.facts(part).await? {
                let naming = || NamingComplaint::of(id, &complaint, Vec::new());
                found.entry(id).or_insert_with(naming).named_as.push(NamedAs::Sender);
            }
        }
        Ok(found.into_values().collect())
    }

    async fn facts(&self, ids: &[ComplaintId]) -> Result<Vec<(ComplaintId, Complaint)>, StoreError> {
        let facts = self.workflow.store.register().facts(ids).await?;
        Ok(facts.into_iter().filter(|(_, complaint)| self.sees(complaint)).collect())
    }

    fn sees(&self, complaint: &Complaint) -> bool {
        let viewer = self.wish.viewer.as_deref();
        viewer.is_none_or(|viewer| self.workflow.sees(complaint, viewer, self.now))
    }

    /// Reads mails of the person that belong to no complaint, oldest first, after one of them.
    pub async fn mails_after(&self, after: i64) -> Result<Vec<KeptMail>, StoreError> {
        let register = self.workflow.store.register();
        let mails = register.mails_of_none(&self.wish.address, after, MAILS).await?;
        Ok(mails.into_iter().map(|mail| KeptMail::of(self.workflow, None, mail)).collect())
    }
}
