//! `mailboxes`: how far each mailbox has been taken in.

use crate::calendar::Moment;
use crate::store::error::StoreError;
use crate::store::row::row;
use crate::store::sets::{Conflict, insert};
use crate::store::statement::Tx;

row! {
    /// The place up to which a mailbox has been taken in.
    #[derive(Clone, Debug, PartialEq, Eq)]
    pub struct Cursor in "mailboxes" as "mailbox" ("name") {
        /// The mailbox's name in `redress.toml`.
        pub mailbox: String = "name",
        /// The folder's UIDVALIDITY: while it is the same, a UID always means the same mail (RFC 9051,
        /// 2.3.1.1).
        pub uid_validity: i64,
        /// The last UID that was taken in, and everything before it.
        pub uid: i64 = "last_uid",
        /// The moment from which the mailbox is read; none when it is read from its first mail.
        pub since: Option<Moment> = "since_at",
        /// The last UID that was there when the folder was first seen: what came before `since` counts up to
        /// here. A mail that somebody moves into the folder later is read, however old it is.
        pub since_uid: i64,
    }
}

/// Records where the reading of a mailbox begins.
pub(in crate::store) async fn begin(tx: &mut Tx, cursor: Cursor) -> Result<(), StoreError> {
    let anew = Conflict::Updates {
        key: "name",
        columns: &["uid_validity", "last_uid", "since_at", "since_uid"],
        only_if: None,
    };
    insert(tx, vec![cursor], anew).await?;
    Ok(())
}

/// Moves cursors forward, each of its own mailbox; another UIDVALIDITY begins anew.
pub(in crate::store) async fn advance(tx: &mut Tx, cursors: Vec<Cursor>) -> Result<(), StoreError> {
    let forward = Conflict::Updates {
        key: "name",
        columns: &["uid_validity", "last_uid"],
        only_if: Some(
            "mailboxes.uid_validity <> excluded.uid_validity OR mailboxes.last_uid < excluded.last_uid",
        ),
    };
    insert(tx, cursors, forward).await?;
    Ok(())
}
