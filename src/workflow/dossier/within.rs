//! A dossier as a file of another archive.

use super::packing::Packing;
use super::{DossierError, DossierWish};
use crate::complaint::{ComplaintId, Words};
use crate::workflow::Workflow;

impl Workflow {
    /// Adds the dossier of a complaint to an archive; returns why there is none where that lies with the complaint alone.
    ///
    /// # Errors
    /// What keeps any dossier from being made.
    pub(in crate::workflow) async fn pack_dossier(
        &self,
        out: &mut Packing,
        (id, reference): (ComplaintId, &str),
        wish: DossierWish,
    ) -> Result<Option<Words>, DossierError> {
        let file = self.scratch()?;
        match self.write_dossier(id, wish, &file).await {
            Ok(_) => {
                out.copy(&format!("dossiers/{reference}.zip"), file).await?;
                Ok(None)
            }
            Err(e) if e.is_of_one_complaint() => {
                tracing::warn!("the dossier of {reference} cannot be made: {e}");
                Ok(Some(e.words()))
            }
            Err(e) => Err(e),
        }
    }
}
