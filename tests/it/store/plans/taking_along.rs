//! What is taken over from elsewhere and what is taken along: imports, dossiers, and the head of the trail.

use super::super::*;
use super::everything::{LATER, day};
use redress::store::{Engine, HeadStanding, HeadTold, ImportedRow, KeptHead, LetterPlace, RowKeys};

/// One complaint from end to end, in parts.
pub async fn dossier(store: &Store, id: ComplaintId) {
    let dossiers = store.dossiers();
    let all = dossiers.events(id, (0, i64::MAX), 9).await.unwrap();
    assert!(!all.is_empty());
    let kind = all[0].kind;
    assert!(!dossiers.events_of_kind(id, kind, (0, i64::MAX), 9).await.unwrap().is_empty());
    dossiers.mail_sizes(id, 0, 9).await.unwrap();
    dossiers.mails(&[1, 2]).await.unwrap();
    dossiers.raw_mails(&[1, 2]).await.unwrap();
    let some = dossiers.notifications(id, LetterPlace::BEGINNING, 9).await.unwrap();
    assert_eq!(dossiers.notifications(id, LetterPlace::of(some.last().unwrap()), 9).await.unwrap().len(), 0);
    dossiers.carried(&["1/1/1".to_owned()]).await.unwrap();
    assert!(dossiers.ruleset("none").await.unwrap().is_none());
    dossiers.in_force("none").await.unwrap();
}

/// An import of one row, and what undoes it.
pub async fn imports(store: &Store) {
    let (imports, now) = (store.imports(), at(LATER));
    let import = imports.begin("file", "q@lagant.nl", now).await.unwrap();
    assert_eq!(imports.begin("file", "q@lagant.nl", now).await.unwrap().id, import.id, "it goes on");
    let keys = RowKeys { row: "r".to_owned(), number: Some("n".to_owned()), case: Some("c".to_owned()) };
    let row = || {
        let who = Party { name: "K".to_owned(), email: "imported@example.nl".to_owned() };
        let c = Complaint::received(IntakeId::new(2020, 1), State::from("a"), "Oud".to_owned(), who, at(NOW));
        let mut commit = registering(Case::new(ComplaintId(0), c));
        (commit.notifications, commit.deliveries) = (Vec::new(), Vec::new());
        ImportedRow { line: 2, keys: keys.clone(), commit }
    };
    let stored = imports.store(import.id, vec![row()], now).await.unwrap().unwrap();
    assert!(imports.store(import.id, vec![row()], now).await.unwrap().is_none(), "it is there");
    assert!(imports.known(std::slice::from_ref(&keys)).await.unwrap()[0].is_some());
    assert_eq!(imports.registered_of(&["imported@example.nl"]).await.unwrap().len(), 1);
    imports.finish(import.id, now).await.unwrap();
    assert!(imports.find(import.id).await.unwrap().unwrap().finished_at.is_some());
    assert_eq!(imports.newest(9).await.unwrap()[0].1, 1);
    let ids = imports.complaints(import.id, ComplaintId(0), 9).await.unwrap();
    assert_eq!(ids, stored.written.into_iter().collect::<Vec<_>>());
    assert!(imports.touched(&ids).await.unwrap().is_empty());
    let mut case = store.cases().load(&ids).await.unwrap().remove(0);
    case.version += 1;
    let mut undone = registering(case.clone());
    undone.case = case;
    (undone.notifications, undone.deliveries) = (Vec::new(), Vec::new());
    assert_eq!(imports.undo(import.id, "q@lagant.nl", vec![undone], now).await.unwrap().len(), 1);
    assert!(imports.known(&[keys]).await.unwrap()[0].is_none());
}

pub async fn trail(store: &Store) {
    let (trail, now) = (store.trail(), at(LATER));
    assert!(trail.high_water().await.unwrap().is_some());
    assert_eq!(trail.time_seen().await.unwrap(), None);
    trail.note_time(now).await.unwrap();
    trail.restart_time(now, event("confirmed"), "r1").await.unwrap();
    trail.reconcile().await.unwrap();
    let head: KeptHead = trail.head().await.unwrap().parse().unwrap();
    assert_eq!(trail.holds(&head).await.unwrap(), HeadStanding::Holds { later: 0 });
    let other = KeptHead { hash: "ab".repeat(32), ..head.clone() };
    assert_eq!(trail.holds(&other).await.unwrap(), HeadStanding::Differs);
    let beyond = KeptHead { seq: head.seq + 1, ..head.clone() };
    assert_eq!(trail.holds(&beyond).await.unwrap(), HeadStanding::Cut { last: head.seq });
    assert_eq!(trail.head_told().await.unwrap(), None);
    let on = day("2026-11-24");
    trail.note_head_told(HeadTold { on, seq: head.seq }).await.unwrap();
    trail.tell_head(event("head"), &[delivery("head", "report/1")], now, "r1", on).await.unwrap();
    assert_eq!(trail.head_told().await.unwrap(), Some(HeadTold { on, seq: head.seq + 1 }));
    assert_eq!(trail.holds(&head).await.unwrap(), HeadStanding::Holds { later: 1 });
    store.recognise_key().await.unwrap();
    store.replace_key(event("replaced"), now).await.unwrap();
    store.remember_key().await.unwrap();
    trail.verify().await.unwrap();
    if store.engine() == Engine::Sqlite {
        let folder = tempfile::tempdir().unwrap();
        store.copy_to_file(&folder.path().join("copy.db")).await.unwrap();
    }
}
