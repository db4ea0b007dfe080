//! The key of the trail: lost, empty, unreadable, another one. Nothing is written under a second key.

use crate::cli::redress;
use crate::support::shipped_untried;
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
                shipped_untried().join("rules").to_str().unwrap(),
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

/// The key is lost, and no copy is left: a person goes on under a new one. What was written before is sealed, what comes
/// after is signed, and the trail says so.
#[tokio::test(flavor = "multi_thread")]
async fn a_key_that_is_lost_for_good_is_replaced_by_a_person() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mail = folder.path().join("a1.eml");
    std::fs::write(&mail, crate::support::clear_complaint("jan@example.nl", "a1")).unwrap();
    assert!(redress(&data, &["intake", mail.to_str().unwrap()]).status.success());
    let key = data.join("audit.key");
    let replace =
        |by: &str| redress(&data, &["audit", "replace-key", "--as", by, "--reason", "schijf kapot"]);
    let refusal = |output: &Output| String::from_utf8_lossy(&output.stderr).into_owned();
    let there = replace("kwaliteit@lagant.nl");
    assert!(refusal(&there).contains("is there; where it is not the key"), "{there:?}");
    let lost = std::fs::read_to_string(&key).unwrap();
    std::fs::remove_file(&key).unwrap();
    refused(&data, "redress audit replace-key");
    let stranger = replace("piet@example.nl");
    assert!(refusal(&stranger).contains("is not one of the people"), "{stranger:?}");
    assert!(!key.exists());
    let replaced = replace("kwaliteit@lagant.nl");
    assert!(replaced.status.success(), "{}", refusal(&replaced));
    assert_ne!(std::fs::read_to_string(&key).unwrap(), lost);
    assert!(!data.join("audit.key.new").exists());
    // Work goes on, and the trail says what it vouches for.
    std::fs::write(&mail, crate::support::clear_complaint("piet@example.nl", "a2")).unwrap();
    assert!(redress(&data, &["intake", mail.to_str().unwrap()]).status.success());
    let verify = || redress(&data, &["--json", "audit", "verify"]);
    let verified: serde_json::Value = serde_json::from_slice(&verify().stdout).unwrap();
    let from = verified["signed_from"].as_i64().unwrap();
    assert!(from > 1 && verified["events"].as_i64().unwrap() > from, "{verified}");
    let said = crate::cli::stdout(&redress(&data, &["audit", "verify"]));
    assert!(
        said.contains(&format!("those before event {from} were signed with a key that was lost")),
        "{said}"
    );
    sqlx::any::install_default_drivers();
    let pool =
        sqlx::AnyPool::connect(&format!("sqlite:{}", data.join("redress.db").display())).await.unwrap();
    let change = async |sql: &str| sqlx::query(sql).execute(&pool).await.unwrap().rows_affected();
    // Whatever is changed now is found, on either side of the seal.
    for (changed, back) in [
        (
            "UPDATE events SET summary = summary || 'x' WHERE seq = 2",
            "UPDATE events SET summary = substr(summary, 1, length(summary) - 1) WHERE seq = 2",
        ),
        ("UPDATE events SET at = at + 1 WHERE seq = 1", "UPDATE events SET at = at - 1 WHERE seq = 1"),
        (
            "UPDATE events SET kind = 'clock_confirmed' WHERE kind = 'key_replaced'",
            "UPDATE events SET kind = 'key_replaced' WHERE kind = 'clock_confirmed'",
        ),
    ] {
        assert_eq!(change(changed).await, 1, "{changed}");
        let broken = verify();
        assert!(refusal(&broken).contains("broken at event"), "{changed}: {broken:?}");
        assert_eq!(change(back).await, 1);
        assert!(verify().status.success(), "{back}");
    }
    pool.close().await;
    // The old key comes to light again: it is not the one of this trail any more.
    std::fs::write(&key, lost).unwrap();
    refused(&data, "is not the key");
}
