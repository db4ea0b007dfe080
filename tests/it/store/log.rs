//! The log of SQLite, which is brought into the file beside what is written.

use super::*;
use std::time::Duration;

#[tokio::test]
async fn the_log_comes_into_the_file_while_the_database_is_open() {
    what_was_committed_comes_into_the_file().await;
}

/// No commit brings it there (8,000 pages of a log would make one do it), and nobody closes the database.
pub async fn what_was_committed_comes_into_the_file() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("t.db");
    let store = open(&format!("sqlite:{}", file.display())).await;
    let size = || std::fs::metadata(&file).unwrap().len();
    let before = size();
    for set in 0..30 {
        let mails =
            (0..50).map(|n| Filing::Keeps(NewMail { raw: vec![b'x'; 1_000], ..mail(&format!("{set} {n}")) }));
        assert!(store.mails().file(mails.collect(), at(NOW)).await.unwrap().is_some());
    }
    let comes = async {
        while size() < before + 1_000_000 {
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), comes).await.expect("it stays in the log");
    store.close().await;
    assert!(!folder.path().join("t.db-wal").exists());
}

/// A copy is closed right behind its last rows, of which the log is being brought into the file.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_file_is_closed_while_the_log_comes_into_it() {
    let folder = tempfile::tempdir().unwrap();
    for n in 0..8 {
        let file = folder.path().join(format!("{n}.db"));
        let store = open(&format!("sqlite:{}", file.display())).await;
        for set in 0..3 {
            let letters =
                |n| Filing::Keeps(NewMail { raw: vec![b'x'; 1_000], ..mail(&format!("{set} {n}")) });
            assert!(store.mails().file((0..2_000).map(letters).collect(), at(NOW)).await.unwrap().is_some());
            tokio::task::yield_now().await;
        }
        store.close_file().await.unwrap();
        assert!(!file.with_extension("db-wal").exists(), "the {n}th time");
    }
}
