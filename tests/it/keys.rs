//! The key of the trail: lost, empty, unreadable, another one. Nothing is written under a second key.

use crate::cli::redress;
use crate::support::repository;
use std::path::{Path, PathBuf};
use std::process::Output;

fn refused(data: &Path, what: &str) {
    for arguments in [&["tick"][..], &["list"], &["audit", "verify"]] {
        let output = redress(data, arguments);
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        assert_eq!(output.status.code(), Some(1), "{what}, {arguments:?}: {said}");
        assert!(said.contains("audit.key") && said.contains(what), "{arguments:?}: {said}");
    }
}

#[test]
fn a_key_that_is_not_the_right_one_is_refused_with_the_remedy() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let key = data.join("audit.key");
    assert!(redress(&data, &["tick"]).status.success());
    let right = std::fs::read(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    refused(&data, "is missing");
    assert!(!key.exists(), "none is made anew");
    std::fs::write(&key, " \n").unwrap();
    refused(&data, "is empty");
    std::fs::write(&key, "another").unwrap();
    refused(&data, "put back the key from your backup");
    std::fs::remove_file(&key).unwrap();
    // No right helps whoever may read everything, so that a folder stands for a file that cannot be read.
    std::fs::create_dir(&key).unwrap();
    refused(&data, "cannot be read");
    std::fs::remove_dir(&key).unwrap();
    std::fs::write(&key, &right).unwrap();
    let verified = redress(&data, &["audit", "verify"]);
    assert!(verified.status.success(), "{}", String::from_utf8_lossy(&verified.stderr));
}

/// A database that is gone beside its key is no new start.
#[test]
fn a_database_that_is_gone_is_missed() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(redress(&data, &["tick"]).status.success());
    let away = folder.path().join("away");
    std::fs::create_dir(&away).unwrap();
    let parts = ["redress.db", "redress.db-wal", "redress.db-shm"];
    for part in parts {
        let _ = std::fs::rename(data.join(part), away.join(part));
    }
    refused(&data, "is gone or empty");
    std::fs::write(data.join("redress.db"), "").unwrap();
    refused(&data, "is gone or empty");
    for part in parts {
        let _ = std::fs::rename(away.join(part), data.join(part));
    }
    assert!(redress(&data, &["audit", "verify"]).status.success());
}

/// A database from before fingerprints knows its key by its first event.
#[tokio::test(flavor = "multi_thread")]
async fn an_older_database_knows_its_key_too() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    assert!(redress(&data, &["tick"]).status.success());
    sqlx::any::install_default_drivers();
    let url = format!("sqlite:{}", data.join("redress.db").display());
    let pool = sqlx::AnyPool::connect(&url).await.unwrap();
    let gone = sqlx::query("DELETE FROM meta WHERE name = 'key_fingerprint'").execute(&pool).await.unwrap();
    assert_eq!(gone.rows_affected(), 1);
    pool.close().await;
    let right = std::fs::read(data.join("audit.key")).unwrap();
    std::fs::write(data.join("audit.key"), "another").unwrap();
    refused(&data, "is not the key");
    std::fs::write(data.join("audit.key"), right).unwrap();
    assert!(redress(&data, &["tick"]).status.success());
}

/// Two hosts share a database; the second brings a key of its own.
#[tokio::test(flavor = "multi_thread")]
async fn a_second_data_folder_on_one_database_needs_the_key_of_the_first() {
    let Ok(server) = std::env::var("REDRESS_TEST_POSTGRES") else { return };
    let database = crate::store::fresh_database(&server).await;
    let folder = tempfile::tempdir().unwrap();
    let config = folder.path().join("redress.toml");
    std::fs::write(&config, format!("[database]\nurl = \"{database}\"\n")).unwrap();
    let host = |name: &str| -> PathBuf { folder.path().join(name) };
    let tick = |name: &str| -> Output {
        redress(
            &host(name),
            &[
                "--config",
                config.to_str().unwrap(),
                "--rules",
                repository().join("rules").to_str().unwrap(),
                "tick",
            ],
        )
    };
    assert!(tick("a").status.success());
    let refused = tick("b");
    assert!(String::from_utf8_lossy(&refused.stderr).contains("is missing"), "{refused:?}");
    std::fs::copy(host("a").join("audit.key"), host("b").join("audit.key")).unwrap();
    let shared = tick("b");
    assert!(shared.status.success(), "{}", String::from_utf8_lossy(&shared.stderr));
}
