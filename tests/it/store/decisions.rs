//! Decisions on their way into the store: numbered without gaps, only on the version they were computed on, and with what came
//! since they were made ready.

use super::{opened, registering};
use crate::support::commit_all;
use redress::complaint::ComplaintId;
use redress::store::{Audit, Commit, ListFilter, Share, Store};

pub async fn are_numbered_without_gaps_and_conditional(store: &Store) {
    let second = opened(store, "m3").await;
    let mut cases = store.cases().load(&[ComplaintId(1), second]).await.unwrap();
    assert_eq!(cases.len(), 2);
    assert_eq!(cases[1].related.len(), 1, "the same sender's earlier complaint is a candidate");
    let batch: Vec<Commit> = cases.drain(..).map(registering).collect();
    let stale = batch[0].clone();
    let done = commit_all(store, batch).await;
    assert_eq!(done.written.len(), 2);
    let numbers: Vec<String> = done.numbers.values().map(ToString::to_string).collect();
    assert_eq!(numbers, ["K-2026-0001", "K-2026-0002"]);
    let again = commit_all(store, vec![stale.clone()]).await;
    assert!(again.written.is_empty(), "a decision on an old version is left out");
    let third = opened(store, "m4").await;
    let case = store.cases().load(&[third]).await.unwrap().remove(0);
    let done = commit_all(store, vec![stale, registering(case)]).await;
    assert_eq!(done.written, [third].into(), "what is left out holds up no other");
    assert_eq!(done.numbers[&third].as_str(), "K-2026-0003", "no gap");
    assert_eq!(done.numbers.len(), 1);
    assert!(store.cases().triggers(&[second]).await.unwrap().is_empty(), "the trigger is consumed");
    let events = store.trail().events(second).await.unwrap();
    assert_eq!(events[0].summary, "registered as K-2026-0002");
    let seen = store.cases().load(&[second]).await.unwrap().remove(0);
    assert_eq!(seen.complaint.number.unwrap().as_str(), "K-2026-0002");
    let notified = store.register().notifications(second).await.unwrap();
    assert_eq!(notified[0].subject, "Klacht K-2026-0002");
    assert_eq!(store.mails().by_message_ids(&["sent2".to_owned()]).await.unwrap(), Some(second));
    assert_eq!(store.register().lines().await.unwrap().len(), 3);
    assert_eq!(store.cases().stale(Share::ALL, "s2", 10).await.unwrap().len(), 3);
    assert!(store.cases().stale(Share::ALL, "s1", 10).await.unwrap().is_empty());
    assert_eq!(
        store
            .register()
            .list(&ListFilter { state: Some("a".to_owned()), ..ListFilter::default() }, 10)
            .await
            .unwrap()
            .len(),
        3
    );
}

/// The next number, a decision on one of its complaints, and another complaint of the same sender.
pub async fn are_written_with_what_came_since_they_were_ready(store: &Store) {
    let [early, late, changed] =
        [opened(store, "r1").await, opened(store, "r2").await, opened(store, "r3").await];
    let cases = store.cases();
    let loaded = cases.load(&[early, changed]).await.unwrap();
    let decided = |case| Commit { sender_changed: true, ..registering(case) };
    let batch: Vec<Commit> = loaded.into_iter().map(decided).collect();
    let opening = cases.opening_texts(&batch).await.unwrap();
    let ready = cases.ready(batch, &opening).unwrap();

    let meanwhile = cases.load(&[late, changed]).await.unwrap();
    let meanwhile = commit_all(store, meanwhile.into_iter().map(registering).collect()).await;
    assert_eq!(meanwhile.written, [late, changed].into());
    let newcomer = opened(store, "r4").await;

    let done = cases.write(ready).await.unwrap();
    assert_eq!(done.written, [early].into(), "what was decided on meanwhile is left out");
    let number = done.numbers[&early].clone();
    assert!(meanwhile.numbers.values().all(|before| *before < number), "the next number, no gap");
    let seen = cases.load(&[early]).await.unwrap().remove(0);
    assert_eq!(seen.complaint.number.as_ref(), Some(&number));
    assert!(seen.complaint.links.iter().any(|link| link.other == newcomer), "{:?}", seen.complaint.links);
    assert_eq!(cases.find(number.as_str()).await.unwrap().unwrap().id, early);
    assert_eq!(store.trail().events(early).await.unwrap()[0].summary, format!("registered as {number}"));
    let Audit::Holds { .. } = store.trail().verify().await.unwrap() else { panic!("broken") };
}
