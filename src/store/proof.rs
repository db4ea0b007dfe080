//! `Proof`: what shows beside the password that it is the person who signs in. Each counts once.

use super::error::StoreError;
use super::statement::{Statement, Tx};

/// What shows that it is the person who signs in, beside the password.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Proof {
    /// Nothing: the account has no second factor.
    PasswordAlone,
    /// A code of a step, which is later than the last that was used.
    Code {
        /// The name under which the secret is derived.
        name: String,
        /// The step.
        step: i64,
    },
    /// A recovery code, by its digest.
    Recovery {
        /// The digest.
        digest: String,
    },
}

impl Proof {
    /// Uses it up; false when it counts no longer. The account is looked at with the password, in the same statement.
    pub(super) async fn use_up(&self, tx: &mut Tx, email: &str, password: &str) -> Result<bool, StoreError> {
        const CLEARED: &str = "UPDATE accounts SET failures = 0, failed_at = NULL";
        const OPEN: &str = "WHERE email = $1 AND password = $2 AND is_locked = 0";
        let cleared = match self {
            Self::PasswordAlone => {
                Statement::new(format!("{CLEARED} {OPEN} AND factor_name IS NULL")).with(email).with(password)
            }
            Self::Code { name, step } => {
                let sql = format!(
                    "{CLEARED}, factor_step = $3 {OPEN} AND factor_name = $4 AND (factor_step IS NULL OR factor_step < $3)"
                );
                Statement::new(sql).with(email).with(password).with(*step).with(name)
            }
            Self::Recovery { digest } => {
                let used = "DELETE FROM recovery_codes WHERE digest = $1 AND email = $2";
                if Statement::new(used).with(digest).with(email).run(tx).await? == 0 {
                    return Ok(false);
                }
                let sql = format!("{CLEARED} {OPEN} AND factor_name IS NOT NULL");
                Statement::new(sql).with(email).with(password)
            }
        };
        Ok(cleared.run(tx).await? > 0)
    }
}
