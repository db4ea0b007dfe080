//! The migrations, in order; a landed one never changes.

use super::error::StoreError;
use super::statement::Statement;
use sqlx::migrate::{Migration, MigrationType, Migrator};
use sqlx::{Any, Pool};
use std::borrow::Cow;

macro_rules! migrations {
    ($($version:literal $name:literal),+ $(,)?) => {
        &[$(($version, $name, include_str!(concat!("../../migrations/", $version, "_", $name, ".sql")))),+]
    };
}

/// The version (the time at which it was written, `YYYYMMDDhhmmss`), name and text of each.
const MIGRATIONS: &[(i64, &str, &str)] = migrations![
    20261122000000 "foundation",
    20261122200000 "records",
    20261122210000 "publications",
    20261122220000 "terms",
    20261123000000 "plugins",
    20261123100000 "mail",
    20261125230000 "sources",
    20261126030000 "firings",
    20261126040000 "first_connection",
    20261126063000 "subjects",
    20261126070000 "alarms",
    20261126101500 "conversations",
    20261126110000 "groups",
    20261126110500 "pauses",
    20261126111500 "digests",
    20261126141500 "ranges",
    20261126180000 "processes",
    20261126183000 "accounts",
    20261126210000 "lists",
    20261126213000 "drafts",
    20261126220000 "second_factor",
    20261126223000 "views",
    20261127010000 "search",
    20261127020000 "decisions",
    20261127020100 "resets",
    20261127020200 "feeds",
    20261127020300 "absences",
    20261127050000 "reports",
    20261127060000 "forgetting",
    20261127080000 "work",
    20261127090000 "kept_reports",
    20261127100000 "imports",
    20261127110000 "survey",
    20261127120000 "forgotten_files",
    20261127130000 "api_tokens",
    20261127140000 "ended_terms",
    20261127150000 "late_states",
    20261127160000 "proposals",
    20261127170000 "deliveries_of_plugin",
    20261127180000 "kept_answers",
    20261128000000 "intake",
    20261128100000 "webhook_subscriptions",
    20261128101500 "overseen",
];

/// Returns the version of the newest, which is that of the tables once they are up to date.
pub(super) fn newest() -> i64 {
    MIGRATIONS.last().map_or(0, |(version, ..)| *version)
}

/// Whether anything was missing.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Migrated {
    /// The tables were as this version has them.
    Nothing,
    /// What was missing was applied.
    Something,
}

/// Applies what is missing. Checks first: a database with a migration unknown here is left alone.
pub(super) async fn migrate(pool: &Pool<Any>) -> Result<Migrated, StoreError> {
    // A new database has no such table yet.
    let applied = Statement::new("SELECT MAX(version) AS version FROM _sqlx_migrations");
    let applied: Option<i64> = applied.value("version", pool).await.unwrap_or_default();
    let migrations = MIGRATIONS.iter().map(|(version, name, sql)| {
        Migration::new(*version, Cow::Borrowed(*name), MigrationType::Simple, Cow::Borrowed(*sql), false)
    });
    let migrator = Migrator { migrations: migrations.collect(), ..Migrator::DEFAULT };
    match migrator.run(pool).await {
        Ok(()) if applied == Some(newest()) => Ok(Migrated::Nothing),
        Ok(()) => Ok(Migrated::Something),
        Err(sqlx::migrate::MigrateError::VersionMissing(_)) => Err(StoreError::Newer),
        Err(e) => Err(StoreError::Migration(e)),
    }
}

#[cfg(test)]
mod test {
    use super::MIGRATIONS;
    use sha2::{Digest, Sha256};
    use std::path::Path;

    /// SHA-256 of every migration as it landed. A new one adds a line; no line ever changes, because
    /// databases that have applied a migration refuse to open when its text differs.
    const LANDED: &[(&str, &str)] = &[
        ("20261122000000_foundation.sql", "eea0608a745d16031819e8ea7e1b76280ccdce5f8fa3fd773bbe935df583d0ea"),
        ("20261122200000_records.sql", "c688da8ef41d4174b0aa05c2197b79411640e77c1392e4e61912a31da1bb80f1"),
        (
            "20261122210000_publications.sql",
            "b1234276d5d806613ab9c83d1e52420e906c392fe6e9d7290218ccdeb0d6fe7d",
        ),
        ("20261122220000_terms.sql", "45d253e18b0219b4cd65e621d884373da1a616341b4259aa6aca5ce62c6a3b99"),
        ("20261123000000_plugins.sql", "e9aa301aefc3980b333d2d5ccafcffa20f7c1e1c8b1885c819239a0466491860"),
        ("20261123100000_mail.sql", "aff3be4fa94104c2e95e32bece534e41a98a234382c618d53f79c833ba6f9b8e"),
        ("20261125230000_sources.sql", "d69127e91aca5b1ea49f34b1d490435769924e625ea51d114cb38953852b520a"),
        ("20261126030000_firings.sql", "0d6d8c07e171d27938b8be2bbf85725c26a3554926f8fd6a64583f298bd4dfe8"),
        (
            "20261126040000_first_connection.sql",
            "84d0faef13dfca2ff827de027144b3129f7c698176a4dd2e9a95fae361103966",
        ),
        ("20261126063000_subjects.sql", "a1cdbc64e0b6f6b92c3b84ffc40ebb4fdc5343b3252448bb05054e1bd50cfbaf"),
        ("20261126070000_alarms.sql", "069eb83b057d4da429ae7c07e284d6361c204bf4fa3205d09837b5d4d351b29d"),
        (
            "20261126101500_conversations.sql",
            "06ea7a0fda0949f9c84d060a9d7b9b9308d6dc33d322e72479bf72bf99c934f9",
        ),
        ("20261126110000_groups.sql", "969826a0f2f3816c669395e7fed52976873d1b1b0a85aa803ae0fc00daea2c24"),
        ("20261126110500_pauses.sql", "82196fc0ac51764e799f4a17d3ca38e30329794cea8b47cf511da8de9eb12c67"),
        ("20261126111500_digests.sql", "42b79883ff9f29442e8dc94133cc23ff28f9e0d58bb2e63acc218c8b5d464a9d"),
        ("20261126141500_ranges.sql", "301fd82c61cebc516a9709d859d3910b126361da95478fcab3b8ff4ae1020d41"),
        ("20261126180000_processes.sql", "77138e2f25b278357fa517484cc05831ae3da5a5f8586eb648077dd7114b0073"),
        ("20261126183000_accounts.sql", "d3990b906303f4e08a3cf929e3fca96880316364d5e2a839ee18b52d2d738175"),
        ("20261126210000_lists.sql", "f0e5c8abb9a4be31839413b244b0cfe6a454a8125d05a663834025e487493fa6"),
        ("20261126213000_drafts.sql", "7d7f6da543140ba8e8d61fd4991485a3bfa57d9c8ccb0e87099e9a542ed5c541"),
        (
            "20261126220000_second_factor.sql",
            "179b76665d00b99ec6e3f2bf41c31c23335e903be805bca02d0af53ad8457761",
        ),
        ("20261126223000_views.sql", "2b93bf089ad97f1e1c9c1a8e2a48de4a1deb13699c7eda0827a74ff9e6bd5ffb"),
        ("20261127010000_search.sql", "95842735bbcf67c200dfa6afc0d7ebaa5d99aecd7078ae2a16b32bb36a0f2fb5"),
        ("20261127020000_decisions.sql", "0d13194562283012e5615bdbfc22b5e915aef872e09a3ceb411a5b76a61bcf54"),
        ("20261127020100_resets.sql", "e8b95792887d770f1f1cf393c3b02363b268cf48d93515afc6b333eaf461baba"),
        ("20261127020200_feeds.sql", "d038c0e80a4ccd4abbe406f0a83596cf43b6368b5ec67a088d2afb14543c7cc2"),
        ("20261127020300_absences.sql", "87d82bb91d8dadac14640c39b17d3499986ff19fc7caf2d74f1353163436f544"),
        ("20261127050000_reports.sql", "b84190b6e83d4f031ff1105c1c3f5bb01fb817acd24f7ce8b95e112554a2ee22"),
        ("20261127060000_forgetting.sql", "d358a8f5a2a73ed1f1ca7b8c75457f827f62040dd342f82ba8259370c22c1a5b"),
        ("20261127080000_work.sql", "b53d0216052269d4dbe53d28b7ce847818812d8595e508d7f66a0495d521d7b5"),
        (
            "20261127090000_kept_reports.sql",
            "29e1aee49b80df10d60ac42c8cc2c8ea497c16858c7b6ae0f129fb54d7af1925",
        ),
        ("20261127100000_imports.sql", "7fb280bbeedd3da1d4749423379da7bde9ff0e6cb9c929c54c516e8691e9857d"),
        ("20261127110000_survey.sql", "6525da12bee238d162add4f290a83698e10056e5c5fbbe6ae2aee0d289a57a25"),
        (
            "20261127120000_forgotten_files.sql",
            "5ef9c5418ff5d85bc5fe191d27b6992f88e8a847522b6b82360a5f47245b5035",
        ),
        ("20261127130000_api_tokens.sql", "207016c5f6ab06c29102c325e6c321aa490bdecbefb08de39332985c8666e267"),
        (
            "20261127140000_ended_terms.sql",
            "55896a4a47b842a63c801755ef3fb17bd165c715ad9b8e0ad5026ed8ff963125",
        ),
        (
            "20261127150000_late_states.sql",
            "6c9e888e4120034708b1689a3c4e4cc8eb97ded32de32afb1dc0ba9df4408ab2",
        ),
        ("20261127160000_proposals.sql", "8f04179dce8043a35669bb69c368df8e1cc9b6b796ed102903bc4dc22aa9c99b"),
        (
            "20261127170000_deliveries_of_plugin.sql",
            "a34caa35a939d26c4993fc57424c1412525a28c4c185b60ced5cba40beeda4ef",
        ),
        (
            "20261127180000_kept_answers.sql",
            "525e1a104d6026c408605b514c4e3ee26af624f33cc7dade5032697034435d94",
        ),
        ("20261128000000_intake.sql", "a3bc407bebe01d5894f77a800afe7d53c569691e47ebd33b9cc1b8077e617ab7"),
        (
            "20261128100000_webhook_subscriptions.sql",
            "332384fb54d805007b3ca62be06b9613c00635650d909088dce8e0ce3a0c106e",
        ),
        ("20261128101500_overseen.sql", "8d1dbfc77e1055961d9c0e9ded3035af7b850eae70bfce6a8ec9bf5e2abedff8"),
    ];

    /// Lists the files of `migrations/`, in the order of their names.
    fn files() -> Vec<(String, Vec<u8>)> {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("migrations");
        let mut files: Vec<(String, Vec<u8>)> = std::fs::read_dir(folder)
            .unwrap()
            .map(|entry| entry.unwrap())
            .map(|entry| (entry.file_name().into_string().unwrap(), std::fs::read(entry.path()).unwrap()))
            .collect();
        files.sort();
        files
    }

    #[test]
    fn every_file_is_in_the_list_in_order() {
        let listed: Vec<(String, Vec<u8>)> = MIGRATIONS
            .iter()
            .map(|(version, name, sql)| (format!("{version}_{name}.sql"), sql.as_bytes().to_vec()))
            .collect();
        let names = |files: &[(String, Vec<u8>)]| files.iter().map(|f| f.0.clone()).collect::<Vec<_>>();
        assert_eq!(names(&listed), names(&files()), "MIGRATIONS lists the files of migrations/, by name");
        assert!(listed == files(), "the compiled-in texts are those of the files");
        assert!(MIGRATIONS.is_sorted_by_key(|(version, ..)| version));
    }

    #[test]
    fn a_landed_migration_has_not_changed() {
        let found: Vec<(String, String)> = files()
            .into_iter()
            .map(|(name, text)| {
                let digest = format!("{:x}", Sha256::digest(text));
                (name, digest)
            })
            .collect();
        let landed: Vec<(String, String)> =
            LANDED.iter().map(|(name, digest)| ((*name).to_owned(), (*digest).to_owned())).collect();
        assert_eq!(
            found, landed,
            "add a line for a new migration; write a new one instead of changing a landed one"
        );
    }
}
