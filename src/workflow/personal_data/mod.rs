//! Everything that is kept of one person, found by an address, for whoever asks what that is (GDPR, art. 15): read complaint by
//! complaint, and written into one file with the dossiers and the mails as they came.

mod index;
mod kept;

pub use kept::{KeptComplaint, KeptMail, NamedAs, NamingComplaint, OwnPerson};

use super::dossier::packing::Packing;
use super::{DossierError, DossierWish, Workflow, WorkflowError};
use crate::calendar::Moment;
use crate::complaint::{Complaint, ComplaintId, Language};
use crate::dossier::WithoutDossier;
use crate::store::StoreError;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fs::File;
use std::io;

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

/// A file that was made of everything.
#[derive(Clone, Debug)]
pub struct MadePersonalData {
    /// The number of files in it.
    pub files: usize,
    /// The number of complaints.
    pub complaints: usize,
    /// The number of mails that belong to no complaint.
    pub mails: usize,
    /// The complaints of which no dossier could be made.
    pub without_dossier: Vec<WithoutDossier>,
}

/// A reason why there is no such file.
#[derive(Debug, thiserror::Error)]
pub enum PersonalDataError {
    /// Another large file is being made.
    #[error("another audit pack or file of a person is being made; try again in a few minutes")]
    Busy,
    /// A dossier could not be made, for a reason that is not of its complaint alone.
    #[error("the dossier of {0} cannot be made: {1}")]
    Dossier(String, DossierError),
    /// The file cannot be written.
    #[error("what is kept of a person cannot be written: {0}")]
    Unwritable(#[from] io::Error),
    /// Something of ours failed.
    #[error(transparent)]
    Workflow(#[from] WorkflowError),
}

impl From<StoreError> for PersonalDataError {
    fn from(error: StoreError) -> Self {
        Self::Workflow(error.into())
    }
}

/// What is kept of one person, as somebody may see it.
#[derive(Debug)]
pub struct PersonalData<'w> {
    workflow: &'w Workflow,
    wish: PersonalDataWish,
    /// The moment as of which it is told who may see what.
    now: Moment,
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
        Some(OwnPerson::of(person.name.clone(), roles))
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

    /// Reads what is kept of one of those complaints; none when it is gone.
    pub async fn complaint(&self, of: &NamingComplaint) -> Result<Option<KeptComplaint>, StoreError> {
        kept::kept(self.workflow, (of.id, of.named_as.clone()), self.wish.language).await
    }

    /// Reads mails of the person that belong to no complaint, oldest first, after one of them.
    pub async fn mails_after(&self, after: i64) -> Result<Vec<KeptMail>, StoreError> {
        let register = self.workflow.store.register();
        let mails = register.mails_of_none(&self.wish.address, after, MAILS).await?;
        Ok(mails.into_iter().map(|mail| KeptMail::of(self.workflow, mail)).collect())
    }

    /// Writes all of it into a file, which is then whole and on the disk; whose eyes it is for is noted as having looked.
    ///
    /// # Errors
    /// What keeps it from being made; what stands in the file then is none.
    pub async fn write(
        self,
        dossiers: DossierWish,
        file: File,
    ) -> Result<MadePersonalData, PersonalDataError> {
        let _alone = self.workflow.packs.try_acquire().map_err(|_| PersonalDataError::Busy)?;
        let mut out = Packing::begin(file);
        let complaints = self.complaints().await?;
        out.open("personal-data.json").await?;
        let mut list = List { before: "[\n" };
        if let Some(person) = self.own_person() {
            list.add(&mut out, &person).await?;
        }
        for complaint in &complaints {
            if let Some(kept) = self.complaint(complaint).await? {
                list.add(&mut out, &kept).await?;
            }
        }
        let mut mails = Vec::new();
        loop {
            let part = self.mails_after(mails.last().map_or(0, |mail: &index::LooseMail| mail.id)).await?;
            if part.is_empty() {
                break;
            }
            for mail in part {
                list.add(&mut out, &mail).await?;
                mails.push(index::LooseMail { id: mail.id, at: mail.at, subject: mail.subject });
            }
        }
        list.end(&mut out).await?;
        let without_dossier = self.dossiers(&mut out, &complaints, dossiers).await?;
        for mail in &mails {
            let raw = self.workflow.store.register().raw_mail(mail.id).await?.unwrap_or_default();
            out.file(&format!("mails/{}.eml", mail.id), raw).await?;
        }
        let page = index::page(&index::Told {
            language: self.wish.language,
            organisation: &self.workflow.settings().organisation,
            address: &self.wish.address,
            own: self.own_person().as_ref(),
            made_at: &kept::local(self.workflow, self.now),
            complaints: &complaints,
            without_dossier: &without_dossier,
            mails: &mails,
        });
        out.file("index.html", page).await?;
        let files = out.entries().await?.len();
        out.seal().await?;
        Ok(MadePersonalData { files, complaints: complaints.len(), mails: mails.len(), without_dossier })
    }

    async fn dossiers(
        &self,
        out: &mut Packing,
        complaints: &[NamingComplaint],
        wish: DossierWish,
    ) -> Result<Vec<WithoutDossier>, PersonalDataError> {
        let mut without = Vec::new();
        for NamingComplaint { id, reference, .. } in complaints {
            if let Some(viewer) = &self.wish.viewer {
                self.workflow.views().note_at_once(viewer, *id, self.now).await?;
            }
            let packed = self.workflow.pack_dossier(out, (*id, reference), wish).await;
            if let Some(why) = packed.map_err(|e| PersonalDataError::Dossier(reference.clone(), e))? {
                let why = why.in_language(self.wish.language).to_owned();
                without.push(WithoutDossier { reference: reference.clone(), why });
            }
        }
        Ok(without)
    }
}

/// A list in JSON that is written item by item.
struct List {
    before: &'static str,
}

impl List {
    async fn add(&mut self, out: &mut Packing, item: &impl Serialize) -> io::Result<()> {
        out.write(std::mem::replace(&mut self.before, ",\n")).await?;
        out.write(serde_json::to_vec_pretty(item)?).await
    }

    async fn end(self, out: &mut Packing) -> io::Result<()> {
        out.write(if self.before == "[\n" { "[]\n" } else { "\n]\n" }).await?;
        out.close().await
    }
}
