//! What differs between SQLite and PostgreSQL, all of it.

use super::StoreError;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, Pool};
use std::borrow::Cow;

#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    Sqlite,
    Postgres,
}

impl Engine {
    pub(super) fn of(url: &str) -> Result<Self, StoreError> {
        match url.split(':').next() {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::Address(url.to_owned())),
        }
    }

    pub(super) fn writers(self) -> u32 {
        match self {
            Self::Sqlite => 1,
            Self::Postgres => 8,
        }
    }

    pub(super) fn connection_url(self, url: &str) -> String {
        match self {
            Self::Sqlite if !url.contains('?') => format!("{url}?mode=rwc"),
            _ => url.to_owned(),
        }
    }

    /// A read followed by a write under a plain BEGIN fails under contention on SQLite.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    pub(super) fn on_connect(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                "PRAGMA busy_timeout = 10000",
                "PRAGMA journal_mode = WAL",
                "PRAGMA synchronous = FULL",
                "PRAGMA foreign_keys = ON",
                "PRAGMA secure_delete = ON",
            ],
            Self::Postgres => &[],
        }
    }

    /// Appended to the inner select of a claim, so that processes pass each other's rows.
    pub(super) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Appended to the read of the audit head inside the commit.
    pub(super) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    pub(super) fn of_connection(connection: &sqlx::AnyConnection) -> Self {
        if connection.backend_name() == "SQLite" { Self::Sqlite } else { Self::Postgres }
    }

    /// The `n`-th parameter of a generated list. SQLite looks a named one (`$n`) up in a list, when it parses and
    /// when it binds, so a statement costs the square of its parameters; one without a name costs nothing.
    pub(super) fn push_placeholder(self, sql: &mut String, n: usize) {
        match self {
            Self::Sqlite => sql.push('?'),
            Self::Postgres => {
                sql.push('$');
                sql.push_str(&n.to_string());
            }
        }
    }

    pub(super) fn change_stamp(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA data_version",
            Self::Postgres => "SELECT COALESCE((SELECT value FROM counters WHERE name = 'change'), 0)",
        }
    }
}

const MIGRATIONS: &[(i64, &str, &str)] = &[
    (20_261_122_000_000, "foundation", include_str!("../../migrations/20261122000000_foundation.sql")),
    (20_261_122_200_000, "records", include_str!("../../migrations/20261122200000_records.sql")),
    (20_261_122_210_000, "publications", include_str!("../../migrations/20261122210000_publications.sql")),
    (20_261_122_220_000, "terms", include_str!("../../migrations/20261122220000_terms.sql")),
    (20_261_123_000_000, "plugins", include_str!("../../migrations/20261123000000_plugins.sql")),
    (20_261_123_100_000, "mail", include_str!("../../migrations/20261123100000_mail.sql")),
    (20_261_125_230_000, "sources", include_str!("../../migrations/20261125230000_sources.sql")),
];

/// Applies what is missing. Checks first: a database with a migration unknown here is left alone.
pub(super) async fn migrate(pool: &Pool<Any>) -> Result<(), StoreError> {
    let migrations = MIGRATIONS.iter().map(|(version, name, sql)| {
        Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, Cow::Borrowed(*sql), false)
    });
    let migrator = Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT };
    match migrator.run(pool).await {
        Ok(()) => Ok(()),
        Err(sqlx::migrate::MigrateError::VersionMissing(_)) => Err(StoreError::Newer),
        Err(e) => Err(StoreError::Migration(e)),
    }
}
