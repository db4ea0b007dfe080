//! `meta`: single values of the installation, each under a name of its own.

use crate::store::error::StoreError;
use crate::store::row::row;
use crate::store::sets::{Conflict, insert};
use crate::store::statement::{On, Statement, Tx};
use std::fmt::Display;
use std::str::FromStr;

row! {
    pub(in crate::store) struct MetaRow in "meta" as "value" ("name") {
        name: String,
        value: String,
    }
}

/// The values that are kept of an installation.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::store) enum Meta {
    /// The newest event of the trail and its hash.
    AuditHead,
    /// The day on which the head was last given out, and the place of the event that says so.
    HeadTold,
    /// The hash of the ruleset in force.
    RulesetInForce,
    /// The purpose of the database: for real or for rehearsals.
    Purpose,
    /// The complaint that the slow sweep looked at last.
    SweepAfter,
    /// The number of events that only the sweep has found.
    SweepFinds,
    /// The last mail without a person that somebody was told of.
    FiledTold,
    /// The moment at which a watchdog last wrote.
    WatchedAt,
    /// The moment of the last backup.
    BackedUpAt,
    /// The copy that the database was restored from, while nobody has let it go on.
    Restored,
    /// The states whose complaints are forgotten, those that were there before as well.
    Forgets,
    /// The latest time that was noted as seen, in epoch milliseconds.
    TimeSeen,
    /// The fingerprint of the key that the trail is written with.
    KeyFingerprint,
    /// Set once every complaint stands in the groups it belongs to.
    GroupsKept,
    /// The form of the index of what is searched, as it was made.
    SearchForm,
    /// The complaint before which complaints are not searched yet; those from before their texts were kept for it.
    SearchBelow,
}

impl Meta {
    pub const fn name(self) -> &'static str {
        match self {
            Self::AuditHead => "audit_head",
            Self::HeadTold => "head_told",
            Self::RulesetInForce => "ruleset",
            Self::Purpose => "purpose",
            Self::SweepAfter => "sweep_after",
            Self::SweepFinds => "sweep_finds",
            Self::FiledTold => "filed_told",
            Self::Forgets => "forgets",
            Self::WatchedAt => "watched_at",
            Self::BackedUpAt => "backed_up_at",
            Self::Restored => "restored",
            Self::TimeSeen => "time_seen",
            Self::KeyFingerprint => "key_fingerprint",
            Self::GroupsKept => "groups_kept",
            Self::SearchForm => "search_form",
            Self::SearchBelow => "search_below",
        }
    }

    /// Reads the value, if it was ever written.
    pub async fn read<T: FromStr<Err: Display>>(
        self,
        on: impl Into<On<'_>>,
    ) -> Result<Option<T>, StoreError> {
        self.read_by(Statement::select::<MetaRow>("FROM meta WHERE name = $1"), on).await
    }

    /// Reads the value by a statement of its own, whose first parameter is the name.
    pub async fn read_by<T: FromStr<Err: Display>>(
        self,
        statement: Statement,
        on: impl Into<On<'_>>,
    ) -> Result<Option<T>, StoreError> {
        let Some(row) = statement.with(self.name()).first::<MetaRow>(on).await? else { return Ok(None) };
        let value = row.value.parse().map_err(|why: T::Err| StoreError::Unreadable {
            table: "meta",
            column: "value".to_owned(),
            row: format!("value {}", self.name()),
            why: why.to_string(),
        })?;
        Ok(Some(value))
    }

    pub async fn write(self, tx: &mut Tx, value: impl Display) -> Result<(), StoreError> {
        let row = MetaRow { name: self.name().to_owned(), value: value.to_string() };
        let overwrite = Conflict::Updates { key: "name", columns: &["value"], only_if: None };
        insert(tx, vec![row], overwrite).await?;
        Ok(())
    }
}
