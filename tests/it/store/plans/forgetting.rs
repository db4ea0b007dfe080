//! Forgetting a complaint, step by step, so that every statement of it is sent.

use super::super::*;
use super::everything::{LATER, notification};
use crate::support::commit_all;
use redress::store::{
    DigestLine, DigestRun, Forgets, ForgettingStep, Health, KeptFile, Ours, Remainder, Stopping, Told,
};

/// Decides something of a complaint that a program outside hears.
async fn tell(store: &Store, id: ComplaintId) {
    let case = store.cases().load(&[id]).await.unwrap().remove(0);
    let number = case.complaint.number.clone();
    let mut commit = registering(case);
    commit.case.complaint.number = number;
    let told = NewDelivery { notification_id: None, complaint: Some(id), ..delivery("entered", "") };
    (commit.deliveries, commit.consumed) = (vec![told], None);
    assert_eq!(commit_all(store, vec![commit]).await.written.len(), 1);
}

/// Has a digest wait, in which a complaint stands that is forgotten, and one that is not. Returns the one that is.
async fn gather(store: &Store) -> ComplaintId {
    let mut forgotten = ComplaintId(0);
    for (name, forgets) in
        [("gathering", None), ("forgotten", Some(Forgets { by: Actor::System, reason: None }))]
    {
        forgotten = opened(store, name).await;
        let mut commit = registering(store.cases().load(&[forgotten]).await.unwrap().remove(0));
        let said = notification(&format!("{name}/1"), Recipient::Role("director".into()));
        (commit.notifications, commit.forgets) = (vec![said], forgets);
        (commit.deliveries, commit.consumed) = (Vec::new(), None);
        assert_eq!(commit_all(store, vec![commit]).await.written.len(), 1);
    }
    let sent = RenderedNotification {
        gathered: None,
        ..notification("digest/2", Recipient::Person("d@lagant.nl".to_owned()))
    };
    let line = |of: &str| DigestLine {
        digest_id: "digest/2".to_owned(),
        notification_id: of.to_owned(),
        position: 1,
        line: "Let op".to_owned(),
    };
    let run = DigestRun {
        at: at(LATER),
        ruleset: "r1",
        digests: &[sent],
        deliveries: &[delivery("digest2", "digest/2")],
        lines: &[line("forgotten/1"), line("gathering/1")],
        left_out: &[],
        postponed: (&[], at(LATER)),
        event: None,
    };
    assert!(store.digests().commit(run).await.unwrap());
    forgotten
}

/// Forgets a complaint that has mails, messages and events.
pub async fn forgetting(store: &Store, id: ComplaintId) {
    let (forgettings, now) = (store.forgettings(), at(LATER));
    let state = store.cases().load(&[id]).await.unwrap().remove(0).complaint.state;
    assert!(store.cases().with_mail_of("k@example.nl").await.unwrap().contains(&id));
    let alone = store.register().mails_of_none("k@example.nl", 0, 9).await.unwrap();
    assert!(!alone.is_empty() && alone.iter().all(|mail| mail.sender == "k@example.nl"));
    assert!(store.register().mails_of_none("", 0, 9).await.unwrap().is_empty());
    let named =
        store.cases().maybe_naming("K@example.nl".to_lowercase().as_str(), ComplaintId(0), 9).await.unwrap();
    assert!(named.iter().any(|(named, _)| *named == id), "{named:?}");
    assert!(forgettings.open_since(at(LATER).plus_millis(86_400_000)).await.unwrap().is_none());
    tell(store, id).await;
    for _ in 0..2 {
        forgettings.begin_in(std::slice::from_ref(&state)).await.unwrap();
    }
    assert!(forgettings.open(ComplaintId(0), 9).await.unwrap().iter().any(|one| one.complaint_id == id));
    assert!(forgettings.open_since(at(LATER).plus_millis(86_400_000)).await.unwrap().is_some());
    assert_eq!(forgettings.of(id).await.unwrap().unwrap().step, ForgettingStep::Outgoing);
    // Servers and alarms that name the complainant.
    let named = Health { last_error: "k@example.nl is unknown".to_owned(), ..Health::default() };
    store.outbox().record_outcomes("mail", &[], Some(&named), now, |_, _| String::new()).await.unwrap();
    let alarm = OpenAlarm {
        kind: "n".to_owned(),
        subject: "mail".to_owned(),
        observer: String::new(),
        since: now,
        seen_at: now,
        told_at: Some(now),
        said: "k@example.nl is unknown".to_owned(),
        remedy: String::new(),
    };
    store.oversight().record(vec![alarm], now).await.unwrap();
    let reply = NewMail { kind: MailKind::AutoReply, ..mail("reply") };
    assert!(filed(store, Filing::Joins { mail: reply, complaint: id, trigger: None }).await);
    let ours = Ours(&|address| address.ends_with("@lagant.nl"));
    let told = Told { filed: "n", of_the_whole: &["n", "m"], ours };
    let nameless = |payload: &str| Some(payload.to_owned());
    let stopping = Stopping { ruleset: "r1", now, told, nameless: &nameless };
    forgettings.stop(id, &stopping).await.unwrap();
    let other = gather(store).await;
    forgettings.stop(other, &stopping).await.unwrap();
    let again = store.digests().due(now).await.unwrap();
    let again: Vec<&str> = again.iter().map(|line| line.notification_id.as_str()).collect();
    assert_eq!(again, ["gathering/1"], "it goes with another digest");
    forgettings.sent_files(id, "").await.unwrap();
    forgettings.told_files(id, told).await.unwrap();
    let files = [KeptFile::Mail("m".to_owned()), KeptFile::Delivery("mail".to_owned(), "d".to_owned())];
    forgettings.leave_files(id, &files).await.unwrap();
    let recipients = ["complainant".to_owned(), "handler".to_owned()];
    let remainder = Remainder { word: "-", recipients: &recipients, now };
    forgettings.empty_told(id, told, remainder).await.unwrap();
    forgettings.pass(id, ForgettingStep::Files).await.unwrap();
    while forgettings.empty_mails(id, remainder).await.unwrap() {}
    forgettings.empty_messages(id, remainder).await.unwrap();
    let stays = |c: &Complaint| c.forgotten("-", |_, _| false);
    forgettings.forget_facts(id, &stays, ours).await.unwrap();
    store.search().forget(&[id]).await.unwrap();
    while forgettings.empty_events(id, "r1", now).await.unwrap() {}
    assert!(store.trail().forgotten().await.unwrap() > 0);
    let audit = store.trail().verify().await.unwrap();
    assert!(!matches!(audit, Audit::Broken { .. }), "{audit:?}");
    let left = forgettings.left_files(id, None).await.unwrap();
    assert!(files.iter().all(|file| left.contains(file)), "{left:?}");
    assert!(forgettings.left_files(id, left.last()).await.unwrap().is_empty());
    forgettings.files_gone(id, &left).await.unwrap();
    assert!(forgettings.left_files(id, None).await.unwrap().is_empty());
    store.search().merge().await.unwrap();
    forgettings.overwrite().await.unwrap();
    forgettings.pass(id, ForgettingStep::Remains).await.unwrap();
    forgettings.finish(&[id], now).await.unwrap();
    let mails = store.register().mails(id).await.unwrap();
    assert!(!mails.is_empty() && mails.iter().all(|mail| mail.sender.is_empty() && mail.body.is_empty()));
    assert!(store.oversight().alarms().await.unwrap().iter().all(|alarm| alarm.kind != "n"));
    // A mail that was emptied is known again, and seen again it is not named.
    assert_eq!(store.mails().known("m1", "h").await.unwrap(), Known::ThisMail);
    let seen = Sighting { message_id: "m1".into(), body_hash: "h".into(), source: "x".into(), cursor: None };
    assert!(filed(store, Filing::SeenAgain(seen)).await);
    let other = Sighting { message_id: "m0".into(), body_hash: "h".into(), source: "x".into(), cursor: None };
    assert!(filed(store, Filing::SeenAgain(other)).await);
    // What comes to it has it forgotten anew.
    let joining = Filing::Joins { mail: mail("late"), complaint: id, trigger: None };
    assert!(filed(store, joining).await);
    assert_eq!(forgettings.of(id).await.unwrap().unwrap().step, ForgettingStep::Outgoing);
}
