//! `Absences`: the handle of who is away and who stands in. What changes it is an event of the trail in the same transaction.

use super::accounts::{Accounts, Recorded};
use super::database::Database;
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::absences::EnteredAbsence;
use super::tables::deputies::ChosenDeputy;
use crate::calendar::Date;

/// The handle of who is away and who stands in.
#[derive(Clone, Debug)]
pub struct Absences(pub(super) Database);

impl Absences {
    /// Reads the absences that are not over on a day, by their end.
    pub async fn from(&self, day: Date) -> Result<Vec<EnteredAbsence>, StoreError> {
        let all = Statement::select::<EnteredAbsence>("FROM absences WHERE to_day >= $1 ORDER BY to_day");
        all.with(day).all(&self.0.reader).await
    }

    /// Reads who stands in for whom.
    pub async fn deputies(&self) -> Result<Vec<ChosenDeputy>, StoreError> {
        Statement::select::<ChosenDeputy>("FROM deputies ORDER BY email").all(&self.0.reader).await
    }

    /// Enters an absence.
    pub async fn enter(&self, absence: EnteredAbsence, recorded: Recorded) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        insert(&mut tx, vec![absence], Conflict::Fails).await?;
        Accounts(self.0.clone()).record(tx, recorded).await
    }

    /// Takes an absence of somebody back; false when there is none of this id.
    pub async fn take_back(&self, email: &str, id: &str, recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let this = Statement::new("DELETE FROM absences WHERE id = $1 AND email = $2").with(id).with(email);
        if this.run(&mut tx).await? == 0 {
            return Ok(false);
        }
        Accounts(self.0.clone()).record(tx, recorded).await?;
        Ok(true)
    }

    /// Says who stands in for somebody.
    pub async fn choose(&self, deputy: ChosenDeputy, recorded: Recorded) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        let columns = &["deputy", "chosen_by", "chosen_at"];
        insert(&mut tx, vec![deputy], Conflict::Updates { key: "email", columns, only_if: None }).await?;
        Accounts(self.0.clone()).record(tx, recorded).await
    }

    /// Leaves it to the settings who stands in for somebody.
    pub async fn leave(&self, email: &str, recorded: Recorded) -> Result<(), StoreError> {
        let mut tx = self.0.begin().await?;
        Statement::new("DELETE FROM deputies WHERE email = $1").with(email).run(&mut tx).await?;
        Accounts(self.0.clone()).record(tx, recorded).await
    }
}
