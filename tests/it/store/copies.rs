//! Copies of complaints: each is whole, under an id, a number and a sender of its own, and the trail holds.

use super::*;

#[tokio::test]
async fn a_copy_is_whole_and_the_trail_holds() {
    on_each_engine(async |url| {
        let store = open(url).await;
        let id = opened(&store, "first").await;
        let case = store.cases().load(&[id]).await.unwrap().remove(0);
        let mut commit = registering(case);
        commit.deadlines = vec![deadline()];
        store.cases().commit(vec![commit]).await.unwrap();
        store.copies().make(0, &|_| panic!("none is made")).await.unwrap();
        let told = std::sync::Mutex::new(Vec::new());
        store.copies().make(600, &|made| told.lock().unwrap().push(made)).await.unwrap();
        assert_eq!(*told.lock().unwrap(), [250, 500, 600]);
        let last = store.cases().find("K-2026-0601").await.unwrap().expect("numbers without a gap").id;
        let copy = store.cases().load(&[last]).await.unwrap().remove(0);
        assert_eq!(copy.complaint.number.as_ref().unwrap().as_str(), "K-2026-0601");
        assert_eq!(copy.complaint.intake_id.as_str(), "I-2026-000601");
        assert_eq!(copy.complaint.complainant.email, format!("{}.k@example.nl", last.0));
        assert_eq!(store.cases().deadlines(last).await.unwrap().len(), 1);
        assert_eq!(store.cases().of_sender("k@example.nl").await.unwrap().len(), 1, "senders of their own");
        let mails = store.mails().of_id(&format!("{}.first", last.0)).await.unwrap();
        assert_eq!(mails.len(), 1, "and the mail");
        let letter = store.deliveries().details(&format!("{}-d{}", last.0, id.0)).await.unwrap().unwrap();
        assert!(letter.payload.as_str().unwrap().starts_with("K-2026-0601"), "{}", letter.payload);
        assert_eq!(store.trail().verify().await.unwrap(), Audit::Holds { events: 601 });
        // What is made afterwards goes on behind them.
        let next = opened(&store, "next").await;
        assert!(next > last);
        let case = store.cases().load(&[next]).await.unwrap().remove(0);
        let numbers = store.cases().commit(vec![registering(case)]).await.unwrap().numbers;
        assert_eq!(numbers[&next].as_str(), "K-2026-0602");
    })
    .await;
}

/// What refers to others is not copied: the others would be woken by all its copies.
#[tokio::test]
async fn what_refers_to_others_is_left_alone() {
    on_each_engine(async |url| {
        let store = open(url).await;
        store.copies().make(5, &|_| panic!("there is nothing to copy")).await.unwrap();
        let (one, other) = (opened(&store, "one").await, opened(&store, "other").await);
        let links = &store.cases().load(&[other]).await.unwrap()[0].complaint.links;
        assert!(links.iter().any(|link| link.other == one), "of one sender");
        store.copies().make(5, &|_| panic!("both refer to each other")).await.unwrap();
    })
    .await;
}
