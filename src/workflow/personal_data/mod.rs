//! Everything that is kept of one person, found by an address, for whoever asks what that is (GDPR, art. 15): read complaint by
//! complaint, and written into one file with the dossiers and the mails as they came.

mod finding;
mod index;
mod kept;
mod pieces;

pub use finding::{PersonalData, PersonalDataWish};
pub use kept::{Kept, KeptComplaint, KeptEvent, KeptLetter, KeptMail, NamedAs, NamingComplaint, OwnPerson};
pub use pieces::Pieces;

use super::dossier::packing::Packing;
use super::{DossierError, DossierWish, WorkflowError};
use crate::dossier::WithoutDossier;
use crate::store::StoreError;
use index::LooseMail;
use std::fs::File;
use std::io;

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

impl PersonalData<'_> {
    /// Goes through all that is kept of those complaints, and of the person beside them.
    pub fn pieces(&self, complaints: Vec<NamingComplaint>) -> Pieces<'_> {
        Pieces::of(self, complaints)
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
        let mails = self.list(&mut out, complaints.clone()).await?;
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

    /// Writes the list of all pieces; returns the mails among them that belong to no complaint.
    async fn list(
        &self,
        out: &mut Packing,
        complaints: Vec<NamingComplaint>,
    ) -> Result<Vec<LooseMail>, PersonalDataError> {
        let (mut pieces, mut loose, mut before) = (self.pieces(complaints), Vec::new(), "[\n");
        out.open("personal-data.json").await?;
        while let Some(piece) = pieces.next().await? {
            out.write(std::mem::replace(&mut before, ",\n")).await?;
            out.write(serde_json::to_vec_pretty(&piece).map_err(io::Error::from)?).await?;
            if let Kept::Mail(KeptMail { complaint: None, id, at, subject, .. }) = piece {
                loose.push(LooseMail { id, at, subject });
            }
        }
        out.write(if before == "[\n" { "[]\n" } else { "\n]\n" }).await?;
        out.close().await?;
        Ok(loose)
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
