//! `mailboxes`: how far each mailbox has been taken in.

use crate::store::error::StoreError;
use crate::store::row::row;
use crate::store::sets::{Conflict, insert};
use crate::store::statement::Tx;

row! {
    /// How far a mailbox has been taken in.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Cursor in "mailboxes" as "mailbox" ("name") {
        pub mailbox: String = "name",
        /// RFC 9051, 2.3.1.1: while it is the same, a UID always means the same mail.
        pub uid_validity: i64,
        /// Everything up to this UID has been taken in.
        pub uid: i64 = "last_uid",
    }
}

/// Moves a mailbox's cursor forward; another UIDVALIDITY begins anew.
pub(in crate::store) async fn advance(tx: &mut Tx, cursor: Cursor) -> Result<(), StoreError> {
    let forward = Conflict::Updates {
        key: "name",
        columns: &["uid_validity", "last_uid"],
        only_if: Some(
            "mailboxes.uid_validity <> excluded.uid_validity OR mailboxes.last_uid < excluded.last_uid",
        ),
    };
    insert(tx, vec![cursor], forward).await?;
    Ok(())
}
