//! `Drafts`: the handle of what people typed and have not sent: one for each person, complaint and action.

use super::database::Database;
use super::error::StoreError;
use super::row::{Row, Written};
use super::statement::{Statement, Tx};
use super::tables::drafts::{Draft, DraftKey};
use crate::calendar::Moment;
use crate::complaint::ComplaintId;

/// The most drafts of one person; of more the oldest goes.
const OF_ONE: usize = 50;

/// The handle of what people typed and have not sent.
#[derive(Clone, Debug)]
pub struct Drafts(pub(super) Database);

impl Drafts {
    /// Keeps a draft in place of the one before; none of a complaint whose names and texts are taken away. Those from before
    /// `oldest` are removed.
    pub async fn keep(&self, draft: Draft, oldest: Moment) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Statement::new("DELETE FROM drafts WHERE at < $1").with(oldest).run(&mut tx).await?;
        let (email, at) = (draft.email.clone(), draft.at);
        let keep = format!(
            "INSERT INTO drafts ({}) SELECT $1, $2, $3, $4, $5, $6, $7 WHERE NOT EXISTS \
             (SELECT 1 FROM forgettings WHERE complaint_id = $2) ON CONFLICT (email, complaint_id, action) DO UPDATE SET \
             form = excluded.form, version = excluded.version, answers = excluded.answers, at = excluded.at",
            Draft::columns()
        );
        let cells = draft.cells()?.into_iter();
        cells.fold(Statement::new(keep), Statement::with).run(&mut tx).await?;
        let more = format!(
            "DELETE FROM drafts WHERE email = $1 AND at < $2 AND at <= \
             (SELECT at FROM drafts WHERE email = $1 ORDER BY at DESC LIMIT 1 OFFSET {OF_ONE})"
        );
        Statement::new(more).with(&email).with(at).run(&mut tx).await?;
        Ok(tx.commit().await?)
    }

    /// Reads the draft of somebody for an action.
    pub async fn find(
        &self,
        email: &str,
        id: ComplaintId,
        action: &str,
    ) -> Result<Option<Draft>, StoreError> {
        let this =
            Statement::select::<Draft>("FROM drafts WHERE email = $1 AND complaint_id = $2 AND action = $3");
        this.with(email).with(id).with(action).first(&self.0.reader).await
    }

    /// Reads the drafts of somebody, newest first.
    pub async fn of(&self, email: &str) -> Result<Vec<Draft>, StoreError> {
        let all = Statement::select::<Draft>("FROM drafts WHERE email = $1 ORDER BY at DESC");
        all.with(email).all(&self.0.reader).await
    }

    /// Removes the draft of somebody for an action.
    pub async fn discard(&self, email: &str, id: ComplaintId, action: &str) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        remove(&mut tx, id, &DraftKey { email: email.to_owned(), action: action.to_owned() }).await?;
        Ok(tx.commit().await?)
    }
}

/// Removes the draft of somebody for an action of a complaint.
pub(super) async fn remove(tx: &mut Tx, id: ComplaintId, of: &DraftKey) -> Result<(), StoreError> {
    let this = "DELETE FROM drafts WHERE email = $1 AND complaint_id = $2 AND action = $3";
    Statement::new(this).with(&of.email).with(id).with(&of.action).run(tx).await?;
    Ok(())
}
