//! The second factors of accounts: setting them up with their recovery codes, and removing them.

use super::accounts::{Accounts, Recorded};
use super::error::StoreError;
use super::sets::{Conflict, insert};
use super::statement::Statement;
use super::tables::recovery_codes::RecoveryCodeRow;

impl Accounts {
    /// Sets up a second factor where there is none, with its recovery codes; false when there is one.
    pub async fn take_factor(
        &self,
        email: &str,
        (name, step): (&str, i64),
        codes: Vec<String>,
        recorded: Recorded,
    ) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let taken = "UPDATE accounts SET factor_name = $1, factor_step = $2, factor_since = $3, changed_at = $3 \
            WHERE email = $4 AND factor_name IS NULL AND is_locked = 0";
        let taken = Statement::new(taken).with(name).with(step).with(recorded.at).with(email);
        if taken.run(&mut tx).await? == 0 {
            return Ok(false);
        }
        let codes = codes.into_iter().map(|digest| RecoveryCodeRow { digest, email: email.to_owned() });
        insert(&mut tx, codes.collect(), Conflict::Fails).await?;
        self.record(tx, recorded).await?;
        Ok(true)
    }

    /// Removes the second factor and the recovery codes of somebody; false when there is none.
    pub async fn drop_factor(&self, email: &str, recorded: Recorded) -> Result<bool, StoreError> {
        let mut tx = self.0.begin().await?;
        let dropped = "UPDATE accounts SET factor_name = NULL, factor_step = NULL, factor_since = NULL, changed_at = $1 \
            WHERE email = $2 AND factor_name IS NOT NULL";
        if Statement::new(dropped).with(recorded.at).with(email).run(&mut tx).await? == 0 {
            return Ok(false);
        }
        Statement::new("DELETE FROM recovery_codes WHERE email = $1").with(email).run(&mut tx).await?;
        self.record(tx, recorded).await?;
        Ok(true)
    }

    /// Counts the recovery codes of somebody that were not used.
    pub async fn recovery_codes_left(&self, email: &str) -> Result<i64, StoreError> {
        Statement::counting("recovery_codes WHERE email = $1").with(email).count(&self.0.reader).await
    }
}
