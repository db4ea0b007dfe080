//! `Engine`: everything that differs between SQLite and PostgreSQL.

use super::error::StoreError;
use std::time::Duration;

/// A kind of database.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Engine {
    /// A file of SQLite: one writer, several readers.
    Sqlite,
    /// A PostgreSQL server, which several processes can share.
    Postgres,
}

impl Engine {
    pub(super) fn of(url: &str) -> Result<Self, StoreError> {
        match url.split(':').next() {
            Some("sqlite") => Ok(Self::Sqlite),
            Some("postgres" | "postgresql") => Ok(Self::Postgres),
            _ => Err(StoreError::Address),
        }
    }

    pub(super) fn writers(self) -> u32 {
        match self {
            Self::Sqlite => 1,
            Self::Postgres => 8,
        }
    }

    /// Returns the longest wait for a connection: a file's writer may be at work, a server answers or is away.
    pub(super) fn patience(self) -> Duration {
        match self {
            Self::Sqlite => Duration::from_secs(30),
            Self::Postgres => Duration::from_secs(10),
        }
    }

    pub(super) fn connection_url(self, url: &str) -> String {
        match self {
            Self::Sqlite if !url.contains('?') => format!("{url}?mode=rwc"),
            _ => url.to_owned(),
        }
    }

    /// Returns what begins a transaction that is on the disk when it is committed. On SQLite a read followed by a write
    /// under a plain BEGIN fails under contention.
    pub(super) fn begin(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA synchronous = FULL; BEGIN IMMEDIATE",
            Self::Postgres => "BEGIN",
        }
    }

    /// Returns what begins a transaction of leases. Whoever has leased something from a file goes with the power as the lease
    /// does, so it comes to the disk with what is committed next; a server's leases are of others, who may go on.
    pub(super) fn begin_leasing(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA synchronous = NORMAL; BEGIN IMMEDIATE",
            Self::Postgres => self.begin(),
        }
    }

    /// Returns the statement that begins a transaction in which nothing changes while it reads.
    pub(super) fn begin_reading(self) -> &'static str {
        match self {
            Self::Sqlite => "BEGIN",
            Self::Postgres => "BEGIN TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY",
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
            // A process that stands still in a transaction, holding what others wait for, loses it.
            Self::Postgres => &["SET idle_in_transaction_session_timeout = '10s'"],
        }
    }

    /// Returns what a connection that writes is told besides.
    pub(super) fn on_connect_to_write(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                // What a statement would take back if it failed. Above 64 kB it would go to a file, for each statement.
                "PRAGMA temp_store = MEMORY",
                // The pages of a large transaction, in kB: those above it are written out before its end, and read again.
                "PRAGMA cache_size = -16000",
                // The log is brought into the file beside what writes (`checkpoints.rs`); in a commit only where that could not
                // keep up, in pages.
                "PRAGMA wal_autocheckpoint = 8000",
            ],
            Self::Postgres => &[],
        }
    }

    /// Returns the database's own time in epoch milliseconds, as an expression, where several computers share it, whose
    /// clocks differ; none where nobody shares it.
    pub(super) fn time(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => None,
            Self::Postgres => Some("CAST(EXTRACT(EPOCH FROM clock_timestamp()) * 1000 AS BIGINT)"),
        }
    }

    /// Returns the time that leases are measured by, as an expression: the database's own where it has one, else the one
    /// of the parameter `now`.
    pub(super) fn lease_time(self, now: &'static str) -> &'static str {
        self.time().unwrap_or(now)
    }

    /// Returns the clause after the inner select of a claim, by which processes pass over each other's rows.
    pub(super) fn skip_locked(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE SKIP LOCKED",
        }
    }

    /// Returns the clause after the read of the audit head inside the commit.
    pub(super) fn for_update(self) -> &'static str {
        match self {
            Self::Sqlite => "",
            Self::Postgres => " FOR UPDATE",
        }
    }

    pub(super) fn of_connection(connection: &sqlx::AnyConnection) -> Self {
        if connection.backend_name() == "SQLite" { Self::Sqlite } else { Self::Postgres }
    }

    /// Appends the `n`-th parameter of a generated list. SQLite looks a named one (`$n`) up in a list, when
    /// it parses and when it binds, so a statement costs the square of its parameters; one without a name
    /// costs nothing.
    pub(super) fn push_placeholder(self, sql: &mut String, n: usize) {
        match self {
            Self::Sqlite => sql.push('?'),
            Self::Postgres => {
                sql.push('$');
                sql.push_str(&n.to_string());
            }
        }
    }

    /// Returns the statement that names the columns of a table that are written, and the kind of each.
    pub(super) fn columns(self) -> &'static str {
        match self {
            Self::Sqlite => "SELECT name, type AS kind FROM pragma_table_info($1) ORDER BY cid",
            Self::Postgres => {
                "SELECT CAST(column_name AS TEXT) AS name, CAST(data_type AS TEXT) AS kind FROM information_schema.columns \
                 WHERE table_name = $1 AND table_schema = current_schema() AND is_generated = 'NEVER' \
                 ORDER BY ordinal_position"
            }
        }
    }

    /// Returns the statement that brings everything into the file of the database, as `busy` when it could not; none where it is
    /// no file.
    pub(super) fn checkpoint(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA wal_checkpoint(TRUNCATE)"),
            Self::Postgres => None,
        }
    }

    /// Returns the statement that brings as much of the log into the file as stands in nobody's way; none where there is no such
    /// log.
    pub(super) fn checkpoint_beside(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("PRAGMA wal_checkpoint(PASSIVE)"),
            Self::Postgres => None,
        }
    }

    /// Returns the statements that clear away rows which nobody sees any more, of the tables that hold what people wrote; none
    /// where a row that is deleted is overwritten.
    pub(super) fn cleaning(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[],
            Self::Postgres => &[
                "VACUUM complaints",
                "VACUUM mails",
                "VACUUM notifications",
                "VACUUM deliveries",
                "VACUUM delivery_attempts",
                "VACUUM gathered",
                "VACUUM digest_lines",
                "VACUUM events",
                "VACUUM search",
                "VACUUM drafts",
                "VACUUM triggers",
                "VACUUM threads",
                "VACUUM conversations",
                "VACUUM mail_sightings",
                "VACUUM alarms",
                "VACUUM plugin_health",
                "VACUUM views",
                "VACUUM links",
                "VACUUM group_keys",
                "VACUUM forgotten_files",
                "VACUUM forgettings",
            ],
        }
    }

    /// Returns the statement that reads all of the file to see whether it is sound, as `found`; none where the server
    /// looks after that.
    pub(super) fn soundness(self) -> Option<&'static str> {
        match self {
            Self::Sqlite => Some("SELECT integrity_check AS found FROM pragma_integrity_check()"),
            Self::Postgres => None,
        }
    }

    /// Returns the statement that tells the size of the database in bytes, as `size`.
    pub(super) fn size(self) -> &'static str {
        match self {
            Self::Sqlite => {
                "SELECT page_count * page_size AS size FROM pragma_page_count(), pragma_page_size()"
            }
            Self::Postgres => "SELECT pg_database_size(current_database()) AS size",
        }
    }

    pub(super) fn change_stamp(self) -> &'static str {
        match self {
            Self::Sqlite => "PRAGMA data_version",
            Self::Postgres => "SELECT COALESCE((SELECT value FROM counters WHERE name = 'change'), 0)",
        }
    }

    /// Returns where texts are searched: the index itself, or the table that has one.
    pub(super) fn search_source(self) -> &'static str {
        match self {
            Self::Sqlite => "search_index",
            Self::Postgres => "search",
        }
    }

    /// Returns the column of the id there, by which texts come in order.
    pub(super) fn search_id(self) -> &'static str {
        match self {
            Self::Sqlite => "rowid",
            Self::Postgres => "id",
        }
    }

    /// Returns the condition on texts `i`; its parameter is the first.
    pub(super) fn search_matches(self) -> &'static str {
        match self {
            Self::Sqlite => "i.search_index MATCH $1",
            Self::Postgres => "i.words @@ CAST(CAST($1 AS TEXT) AS tsquery)",
        }
    }

    /// Returns what is looked for: words one after the other. They hold letters, digits and our own marks only.
    pub(super) fn sought_phrase(self, words: &[String], is_open: bool) -> String {
        match self {
            Self::Sqlite => format!("\"{}\"{}", words.join(" "), if is_open { " *" } else { "" }),
            Self::Postgres => {
                let words: Vec<String> = words.iter().map(|word| format!("'{word}'")).collect();
                format!("{}{}", words.join(" <-> "), if is_open { ":*" } else { "" })
            }
        }
    }

    /// Returns whether texts with a rare and a common word are found by going through all that have the common one, up to those.
    pub(super) fn goes_through_common_words(self) -> bool {
        self == Self::Sqlite
    }

    pub(super) fn sought_all(self, parts: &[String]) -> String {
        joined(parts, if self == Self::Sqlite { " AND " } else { " & " })
    }

    pub(super) fn sought_any(self, parts: &[String]) -> String {
        joined(parts, if self == Self::Sqlite { " OR " } else { " | " })
    }

    pub(super) fn sought_without(self, one: &str, other: &str) -> String {
        match self {
            Self::Sqlite => format!("({one}) NOT ({other})"),
            Self::Postgres => format!("({one}) & !({other})"),
        }
    }

    /// Returns the statement by which one process at a time makes the index.
    pub(super) fn search_lock(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[],
            Self::Postgres => &["LOCK TABLE search IN ACCESS EXCLUSIVE MODE"],
        }
    }

    /// Returns the statements that make the index over what is searched. The words are folded and one blank apart, so neither
    /// engine has anything to decide about them.
    pub(super) fn search_index(self) -> &'static [&'static str] {
        match self {
            Self::Sqlite => &[
                "DROP TRIGGER IF EXISTS search_added",
                "DROP TRIGGER IF EXISTS search_changed",
                "DROP TRIGGER IF EXISTS search_removed",
                "DROP TABLE IF EXISTS search_index",
                "CREATE VIRTUAL TABLE search_index USING fts5(head, body, content='search', content_rowid='id', tokenize='ascii')",
                "CREATE TRIGGER search_added AFTER INSERT ON search BEGIN \
                 INSERT INTO search_index (rowid, head, body) VALUES (new.id, new.head, new.body); END",
                "CREATE TRIGGER search_changed AFTER UPDATE ON search BEGIN \
                 INSERT INTO search_index (search_index, rowid, head, body) VALUES ('delete', old.id, old.head, old.body); \
                 INSERT INTO search_index (rowid, head, body) VALUES (new.id, new.head, new.body); END",
                "CREATE TRIGGER search_removed AFTER DELETE ON search BEGIN \
                 INSERT INTO search_index (search_index, rowid, head, body) VALUES ('delete', old.id, old.head, old.body); END",
                "INSERT INTO search_index (search_index) VALUES ('rebuild')",
            ],
            Self::Postgres => &[
                "ALTER TABLE search DROP COLUMN IF EXISTS words",
                // The parser of PostgreSQL would take words apart; these stand apart already.
                "CREATE OR REPLACE FUNCTION redress_words(text_of TEXT) RETURNS tsvector LANGUAGE sql IMMUTABLE PARALLEL SAFE AS $$ \
                 SELECT CAST(COALESCE(string_agg('''' || t.word || ''':' || LEAST(t.place, 16383), ' '), '') AS tsvector) \
                 FROM unnest(string_to_array(text_of, ' ')) WITH ORDINALITY AS t(word, place) WHERE t.word <> '' $$",
                "ALTER TABLE search ADD COLUMN words tsvector \
                 GENERATED ALWAYS AS (redress_words(head || ' § ' || body)) STORED",
                "CREATE INDEX search_words ON search USING gin (words)",
            ],
        }
    }

    /// Returns the statement that merges a part of the index, and the one that tells how much has been changed, as `changes`;
    /// none where the server does so by itself.
    pub(super) fn search_merging(self) -> Option<(&'static str, &'static str)> {
        match self {
            Self::Sqlite => Some((
                "INSERT INTO search_index (search_index, rank) VALUES ('merge', $1)",
                "SELECT total_changes() AS changes",
            )),
            Self::Postgres => None,
        }
    }
}

fn joined(parts: &[String], by: &str) -> String {
    let parts: Vec<String> = parts.iter().map(|part| format!("({part})")).collect();
    parts.join(by)
}
