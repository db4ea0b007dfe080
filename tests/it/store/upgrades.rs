//! Databases of other versions: what older ones wrote reads as before, a newer one is refused.

use super::*;
use crate::support::commit_all;
use redress::store::{Claim, ClaimFirst, DeliveryState, NotificationState, StoreError};

/// Events from before sources were kept have one part less in their hash; the chain still holds, and what caused them is
/// read by their door.
#[tokio::test]
async fn events_from_before_sources_were_kept_still_verify() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    let store = open(&url).await;
    let id = opened(&store, "m1").await;
    let case = store.cases().load(&[id]).await.unwrap().remove(0);
    commit_all(&store, vec![registering(case)]).await;
    let event = store.trail().events(id).await.unwrap().remove(0);
    assert_eq!(event.source(), Source::Rule("r".into()));
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let digest: String =
        sqlx::query_scalar("SELECT personal_digest FROM events").fetch_one(&pool).await.unwrap();
    let (complaint, at) = (id.0.to_string(), event.at.millis().to_string());
    let hash = AuditKey::new(b"key").sign(&[
        "0",
        "1",
        &complaint,
        "1",
        &at,
        "registered",
        "system",
        "rule",
        "r",
        "r1",
        &event.summary,
        &event.data,
        &digest,
    ]);
    for sql in [
        format!("UPDATE events SET source = NULL, hash = '{hash}'"),
        format!("UPDATE meta SET value = '1 {hash}' WHERE name = 'audit_head'"),
    ] {
        sqlx::query(&sql).execute(&pool).await.unwrap();
    }
    assert_eq!(store.trail().verify().await.unwrap(), Audit::Holds { events: 1 });
    assert_eq!(store.trail().events(id).await.unwrap()[0].source(), Source::Rule("r".into()));
}

/// A later version's database is refused and left as it is, also beside migrations that are still to be applied.
#[tokio::test]
async fn a_database_with_a_later_migration_is_refused_on_both_engines_whatever_it_lacks() {
    let landed = landed();
    for known in [1, landed.len()] {
        on_each_engine(async |url| {
            let pool = pool_of(url).await;
            at_schema(&pool, &landed[..known]).await;
            for (_, row) in rows_at(&landed[..known]) {
                sqlx::query(&row).execute(&pool).await.unwrap();
            }
            let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) SELECT 29990101000000, 'later', success, checksum, 1 FROM _sqlx_migrations WHERE version = 20261122000000";
            sqlx::query(sql).execute(&pool).await.unwrap();
            pool.close().await;
            let error = Store::open(url, Arc::new(amsterdam()), AuditKey::new(b"key")).await.unwrap_err();
            assert!(matches!(error, StoreError::Newer), "{error:?}");
            let pool = pool_of(url).await;
            let applied: i64 = sqlx::query_scalar("SELECT COUNT(*) FROM _sqlx_migrations").fetch_one(&pool).await.unwrap();
            assert_eq!(usize::try_from(applied).unwrap(), known + 1, "nothing was applied");
            pool.close().await;
        })
        .await;
    }
}

#[tokio::test]
async fn a_database_of_a_newer_version_is_refused_untouched() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}", folder.path().join("t.db").display());
    open(&url).await.close().await;
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let sql = "INSERT INTO _sqlx_migrations (version, description, success, checksum, execution_time) VALUES (29990101000000, 'later', 1, x'00', 0)";
    sqlx::query(sql).execute(&pool).await.unwrap();
    pool.close().await;
    let before = std::fs::read(folder.path().join("t.db")).unwrap();
    let error = Store::open(&url, Arc::new(amsterdam()), AuditKey::new(b"key")).await.unwrap_err();
    assert!(matches!(error, StoreError::Newer), "{error:?}");
    assert_eq!(std::fs::read(folder.path().join("t.db")).unwrap(), before);
}

/// The migrations that have landed, in order: version, name and text.
fn landed() -> Vec<(i64, String, String)> {
    let mut files: Vec<_> = std::fs::read_dir("migrations").unwrap().flatten().map(|e| e.path()).collect();
    files.sort();
    let of = |path: &std::path::PathBuf| {
        let name = path.file_stem().unwrap().to_str().unwrap();
        let (version, name) = name.split_once('_').unwrap();
        (version.parse().unwrap(), name.to_owned(), std::fs::read_to_string(path).unwrap())
    };
    files.iter().map(of).collect()
}

pub async fn pool_of(url: &str) -> sqlx::AnyPool {
    sqlx::any::install_default_drivers();
    sqlx::any::AnyPoolOptions::new().max_connections(1).connect(url).await.unwrap()
}

/// Makes a database as the program of that day made it.
async fn at_schema(pool: &sqlx::AnyPool, migrations: &[(i64, String, String)]) {
    let migrations = migrations.iter().map(|(version, name, sql)| {
        let simple = sqlx::migrate::MigrationType::Simple;
        sqlx::migrate::Migration::new(*version, name.clone().into(), simple, sql.clone().into(), false)
    });
    let migrator =
        sqlx::migrate::Migrator { migrations: migrations.collect(), ..sqlx::migrate::Migrator::DEFAULT };
    migrator.run(pool).await.unwrap();
}

/// Returns the rows of every table as they looked at a version: of each table, those of the last file that has it.
/// `tests/fixtures/upgrades/` has a file for each migration that changed what rows look like.
fn rows_at(migrations: &[(i64, String, String)]) -> Vec<(String, String)> {
    let mut tables: Vec<(String, Vec<String>)> = Vec::new();
    for (version, ..) in migrations {
        let text =
            std::fs::read_to_string(format!("tests/fixtures/upgrades/{version}.sql")).unwrap_or_default();
        let inserts: Vec<(&str, &str)> = text
            .lines()
            .filter_map(|l| Some((l.strip_prefix("INSERT INTO ")?.split_once(' ')?.0, l)))
            .collect();
        for (table, _) in &inserts {
            let here = inserts.iter().filter(|(t, _)| t == table).map(|(_, l)| (*l).to_owned()).collect();
            match tables.iter_mut().find(|(t, _)| t == table) {
                Some((_, rows)) => *rows = here,
                None => tables.push(((*table).to_owned(), here)),
            }
        }
    }
    tables
        .into_iter()
        .flat_map(|(table, rows)| rows.into_iter().map(move |row| (table.clone(), row)))
        .collect()
}

/// The database of every landed schema, with rows in every table, becomes today's and is worked with, on both engines.
#[tokio::test]
async fn a_database_of_every_landed_schema_becomes_todays_and_works() {
    let landed = landed();
    for (i, (version, name, _)) in landed.iter().enumerate() {
        let until = &landed[..=i];
        let rows = rows_at(until);
        on_each_engine(async |url| {
            let pool = pool_of(url).await;
            at_schema(&pool, until).await;
            for (_, row) in &rows {
                sqlx::query(row)
                    .execute(&pool)
                    .await
                    .unwrap_or_else(|e| panic!("{version} {name}: {row}: {e}"));
            }
            let empty =
                "SELECT name FROM sqlite_master WHERE type = 'table' AND name NOT LIKE '\\_%' ESCAPE '\\'";
            if url.starts_with("sqlite") {
                let tables: Vec<String> = sqlx::query_scalar(empty).fetch_all(&pool).await.unwrap();
                for table in tables {
                    assert!(rows.iter().any(|(t, _)| *t == table), "{version}: {table} has no row");
                }
            }
            let counted = counts(&pool, &rows).await;
            pool.close().await;
            let store = open(url).await;
            works(&store, &format!("{version}_{name}")).await;
            store.close().await;
            // A second start finds nothing to do.
            open(url).await.close().await;
            let pool = pool_of(url).await;
            for ((table, before), (_, after)) in counted.iter().zip(counts(&pool, &rows).await) {
                assert!(after >= *before, "{version}: {table} had {before} rows and has {after}");
            }
            pool.close().await;
        })
        .await;
    }
}

async fn counts(pool: &sqlx::AnyPool, rows: &[(String, String)]) -> Vec<(String, i64)> {
    let tables: std::collections::BTreeSet<&String> = rows.iter().map(|(table, _)| table).collect();
    let mut counted = Vec::new();
    for table in tables.into_iter().filter(|t| *t != "triggers") {
        let count =
            sqlx::query_scalar(&format!("SELECT COUNT(*) FROM {table}")).fetch_one(pool).await.unwrap();
        counted.push((table.clone(), count));
    }
    counted
}

/// Reads what the rows of `tests/fixtures/upgrades/` say, and writes: a decision, a mail, an attempt.
async fn works(store: &Store, version: &str) {
    let case = store.cases().load(&[ComplaintId(1)]).await.unwrap().remove(0);
    let c = &case.complaint;
    assert_eq!(
        (case.version, c.subject.as_str(), c.state.as_str()),
        (3, "Klacht over parkeren", "a"),
        "{version}"
    );
    assert_eq!(c.number.as_ref().map(Number::as_str), Some("K-2026-0001"), "{version}");
    assert_eq!((c.complainant.name.as_str(), c.language), ("Jan Klant", Language::Dutch), "{version}");
    assert_eq!(
        (c.counters["reminders"], c.flags.len(), &c.extra["course"]),
        (1, 1, &"Excel".into()),
        "{version}"
    );
    assert_eq!(case.latches.len(), 1, "{version}");
    assert_eq!(case.deadlines.len(), 1, "{version}");
    assert_eq!(
        (case.deadlines[0].name.as_str(), case.deadlines[0].span.as_deref()),
        ("reply", Some("14 days"))
    );
    assert_eq!(case.deadlines[0].armed_by, Source::Rule("r".into()), "{version}");
    assert_eq!(store.cases().find("I-2026-000002").await.unwrap().unwrap().id, ComplaintId(2), "{version}");
    assert_eq!(store.cases().text(ComplaintId(1)).await.unwrap(), "Klacht over parkeren\nEr was geen plek.");
    assert_eq!(store.trail().verify().await.unwrap(), Audit::Holds { events: 2 }, "{version}");
    assert_eq!(store.trail().events(ComplaintId(1)).await.unwrap()[1].source(), Source::Rule("r".into()));
    assert_eq!(store.register().mails(ComplaintId(1)).await.unwrap().len(), 1, "{version}");
    assert_eq!(
        store
            .register()
            .list(&ListFilter { state: Some("a".to_owned()), ..ListFilter::default() }, 9)
            .await
            .unwrap()
            .len(),
        1,
        "{version}"
    );
    let told = store.register().notifications(ComplaintId(1)).await.unwrap();
    assert_eq!(
        (told.len(), told[0].state),
        (1, NotificationState::Deliverable(DeliveryState::Queued)),
        "{version}"
    );
    assert_eq!(store.cases().triggers(&[ComplaintId(1)]).await.unwrap().len(), 1, "{version}");
    let claim = Claim {
        plugin: "mail",
        now: at(NOW),
        lease_until: at("2026-11-23 10:02"),
        limit: 9,
        ordered: true,
        first: ClaimFirst::Oldest,
    };
    let claimed = store.outbox().claim(claim).await.unwrap().deliveries;
    assert_eq!((claimed.len(), claimed[0].id.as_str()), (1, "old"), "{version}");
    let id = opened(store, "a new mail").await;
    assert!(id.0 > 2, "{version}: ids go on");
    let case = store.cases().load(&[id]).await.unwrap().remove(0);
    let done = commit_all(store, vec![registering(case)]).await;
    assert_eq!(done.numbers[&id].as_str(), "K-2026-0002", "{version}: numbers go on");
    assert_eq!(store.trail().verify().await.unwrap(), Audit::Holds { events: 3 }, "{version}");
}

/// What the migration of a large database takes: `REDRESS_UPGRADE_COMPLAINTS=1000000 cargo test --test it
/// a_large_database -- --nocapture` prints it, in whatever build it runs.
#[expect(clippy::print_stdout, reason = "the figure, for whoever asks with --nocapture")]
#[tokio::test]
async fn a_large_database_of_the_first_version_becomes_todays() {
    let wanted = std::env::var("REDRESS_UPGRADE_COMPLAINTS").ok();
    let complaints: i64 = wanted.map_or(2_000, |n| n.parse().unwrap());
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("t.db").display());
    let pool = pool_of(&url).await;
    let landed = landed();
    at_schema(&pool, &landed[..1]).await;
    let rows = rows_at(&landed[..1]);
    let many = format!(
        "WITH RECURSIVE n (i) AS (SELECT 3 UNION ALL SELECT i + 1 FROM n WHERE i < {complaints}) INSERT INTO"
    );
    let copied = [
        format!(
            "{many} complaints SELECT i, 'I-2026-' || (i + 1000000), NULL, version, state, is_live, subject, complainant_name, complainant_email, responsible, received_at, received_on, promised_by, decided_on, solution, agreement, description, wake_at, evaluated_under, decided_at, facts, latches, suspensions, faults FROM n, complaints WHERE id = 1"
        ),
        format!(
            "{many} deadlines SELECT i, name, instance, is_current, owner, base, span, raw_end, due, due_on, alarm_at, rolled_because, armed_at, armed_by, met_at, cancelled_at, replaced_at, breached_at FROM n, deadlines WHERE complaint_id = 1"
        ),
        format!(
            "{many} mails SELECT i, i, received_at, source, kind, 'm' || i, body_hash, sender, subject, body, attachments, remarks, raw FROM n, mails WHERE id = 1"
        ),
        format!(
            "{many} notifications SELECT i || '/2/1', i, version, ordinal, at, recipient, addresses, message, language, rule, subject, body, is_deliverable FROM n, notifications WHERE id = '1/2/1'"
        ),
        format!(
            "{many} deliveries SELECT 'd' || i, i || '/2/1', plugin, payload, is_letter, 'accepted', attempts, next_at, lease_until, created_at, created_at, NULL FROM n, deliveries WHERE id = 'old'"
        ),
    ];
    for row in rows.iter().map(|(_, row)| row).chain(&copied) {
        sqlx::query(row).execute(&pool).await.unwrap_or_else(|e| panic!("{row}: {e}"));
    }
    pool.close().await;
    let millis = || redress::clock::Clock::now(&redress::clock::SystemClock).millis();
    let bytes = |name: &str| std::fs::metadata(folder.path().join(name)).map_or(0, |m| m.len() >> 20);
    let (before, begun) = (bytes("t.db"), millis());
    let store = open(&url).await;
    let took = (millis() - begun) as f64 / 1_000.0;
    println!(
        "{complaints} complaints of the first schema, {before} MiB, migrated in {took:.1} s to {} MiB",
        bytes("t.db")
    );
    assert_eq!(store.cases().load(&[ComplaintId(complaints)]).await.unwrap()[0].deadlines.len(), 1);
    let row = store.deliveries().details(&format!("d{complaints}")).await.unwrap().unwrap();
    assert_eq!(row.summary.topic, "notification.acknowledgement");
}
