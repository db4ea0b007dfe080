//! Groups of complaints in the store, on both engines: who is in them, who is woken, what they cost.

use super::*;
use crate::support::commit_all;
use redress::calendar::Moment;
use redress::complaint::{Group, GroupBy, GroupKey};

fn key(value: &str) -> GroupKey {
    GroupKey { by: GroupBy::About, value: value.to_owned() }
}

/// Takes complaint `n` in and decides about it: it is about somebody.
async fn about(store: &Store, n: usize, who: &str) -> ComplaintId {
    let id = opened(store, &format!("g{n}")).await;
    change(store, id, who, vec![key(who)]).await;
    id
}

/// Decides about a complaint, which concerns groups.
async fn change(store: &Store, id: ComplaintId, who: &str, concerns: Vec<GroupKey>) {
    let mut case = store.cases().load(&[id]).await.unwrap().remove(0);
    let is_first = case.evaluated_under.is_empty();
    case.version += 1;
    case.complaint.about = Some(who.to_owned());
    case.complaint.received_at = at(NOW).plus_millis(id.0);
    let commit = Commit {
        wake_at: None,
        notifications: Vec::new(),
        deliveries: Vec::new(),
        events: Vec::new(),
        concerns_others: false,
        is_regrouped: true,
        concerns,
        consumed: is_first.then(|| format!("received {}", id.0)),
        ..registering(case.clone())
    };
    let commit = Commit { case, ..commit };
    assert_eq!(commit_all(store, vec![commit]).await.written.len(), 1);
}

/// A later decision about a complaint, which concerns a group.
fn leaving(mut case: Case, concerns: GroupKey, now: Moment) -> Commit {
    case.version += 1;
    case.decided_at = now;
    let quiet = Commit {
        at: now,
        wake_at: None,
        notifications: Vec::new(),
        deliveries: Vec::new(),
        events: Vec::new(),
        concerns_others: false,
        is_regrouped: true,
        concerns: vec![concerns],
        consumed: None,
        ..registering(case.clone())
    };
    Commit { case, ..quiet }
}

async fn woken(store: &Store) -> Vec<i64> {
    let mut due: Vec<i64> =
        store.cases().due(Share::ALL, at(NOW), 1_000).await.unwrap().iter().map(|id| id.0).collect();
    due.sort_unstable();
    due
}

async fn members(store: &Store, who: &str) -> Vec<i64> {
    let groups = store.cases().groups(&[key(who), key("niemand@x.nl")]).await.unwrap();
    assert_eq!(groups[&key("niemand@x.nl")], Group::default());
    groups[&key(who)].members.iter().map(|m| m.id.0).collect()
}

#[tokio::test]
async fn groups_are_kept_and_their_complaints_woken() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let opened = opened(&store, "undecided").await;
        let [a, b, c] = [
            about(&store, 1, "t@x.nl").await,
            about(&store, 2, "t@x.nl").await,
            about(&store, 3, "u@x.nl").await,
        ];
        assert_eq!(
            members(&store, "t@x.nl").await,
            [b.0, a.0],
            "newest first, and none that was not decided about"
        );
        // Who joined is woken, for what changed meanwhile; so is who was there.
        let undecided = opened.0;
        assert_eq!(woken(&store).await, [undecided, a.0, b.0, c.0]);
        settle(&store, &[a, b, c]).await;
        assert_eq!(woken(&store).await, [undecided]);
        // Who leaves is known to both groups at once.
        change(&store, b, "u@x.nl", vec![key("t@x.nl"), key("u@x.nl")]).await;
        assert_eq!(
            (members(&store, "t@x.nl").await, members(&store, "u@x.nl").await),
            (vec![a.0], vec![c.0, b.0])
        );
        assert_eq!(woken(&store).await, [undecided, a.0, b.0, c.0]);
        // Who was due before stays due since then: what wakes it again comes later.
        let load = async |id| store.cases().load(&[id]).await.unwrap().remove(0);
        let (before, later) = (load(a).await, at("2026-11-25 09:00"));
        commit_all(&store, vec![leaving(load(b).await, key("t@x.nl"), later)]).await;
        let woken_again = load(a).await;
        assert_eq!(woken_again.wake_at, before.wake_at);
        assert!(woken_again.version > before.version, "a decision under way notices");
        let grouped = store.cases().grouped(&[key("u@x.nl")]).await.unwrap();
        assert_eq!(grouped.len(), 2);
        let day = redress::calendar::Date::from_ymd_opt(2026, 11, 23).unwrap();
        let received = store.cases().received(day, day).await.unwrap();
        assert_eq!(received.iter().map(|r| r.member.id.0).collect::<Vec<_>>(), [c.0, b.0, a.0]);
    })
    .await;
}

/// Decides about complaints once more, which concerns nobody.
async fn settle(store: &Store, ids: &[ComplaintId]) {
    for id in ids {
        let case = store.cases().load(&[*id]).await.unwrap().remove(0);
        let who = case.complaint.about.clone().unwrap();
        change(store, *id, &who, Vec::new()).await;
    }
}

/// What was written before groups were kept stands in them once the database is opened.
#[tokio::test]
async fn complaints_from_before_are_in_their_groups() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let a = about(&store, 1, "t@x.nl").await;
        let pool = sqlx::any::AnyPoolOptions::new().connect(url).await.unwrap();
        for sql in ["DELETE FROM group_keys", "DELETE FROM meta WHERE name = 'groups_kept'"] {
            sqlx::query(sql).execute(&pool).await.unwrap();
        }
        assert_eq!(members(&store, "t@x.nl").await, [0; 0]);
        let store = open(url).await;
        assert_eq!(members(&store, "t@x.nl").await, [a.0]);
    })
    .await;
}

/// Of a large group the newest are read, and of other complaints none: SQLite says how it would look.
#[tokio::test]
async fn a_large_group_is_cut_and_found_by_its_index() {
    let folder = tempfile::tempdir().unwrap();
    let url = format!("sqlite:{}?mode=rwc", folder.path().join("t.db").display());
    let store = open(&url).await;
    let id = about(&store, 1, "t@x.nl").await;
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let columns = "number, version, state, is_live, subject, complainant_name, complainant_email, received_at, received_on, \
        evaluated_under, decided_at, facts, latches, suspensions, faults";
    for n in 2..=300 {
        let copy = format!(
            "INSERT INTO complaints (id, intake_id, {columns}) SELECT {} + {n}, 'I-{n}', NULL, {} FROM complaints WHERE id = {}",
            id.0,
            columns.split_once(", ").unwrap().1,
            id.0
        );
        let row = format!(
            "INSERT INTO group_keys (complaint_id, field, digest, received_at) SELECT {} + {n}, field, digest, received_at + {n} \
             FROM group_keys WHERE complaint_id = {} AND field = 'about'",
            id.0, id.0
        );
        sqlx::query(&copy).execute(&pool).await.unwrap();
        sqlx::query(&row).execute(&pool).await.unwrap();
    }
    let group = store.cases().groups(&[key("t@x.nl")]).await.unwrap().remove(&key("t@x.nl")).unwrap();
    assert_eq!((group.members.len(), group.is_cut), (Group::MOST, true));
}
