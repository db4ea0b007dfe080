//! The store's contract of the outbox: what is claimed, recorded, sent again and added later.

use super::delivery;
use super::event;
use crate::support::at;
use redress::complaint::{ComplaintId, Number};
use redress::store::{
    Claim, ClaimFirst, DeliveryFilter, DeliveryResult, DeliveryState, Engine, Health, Mailed, NewDelivery,
    Outcome, PendingOutcome, Replay, ReplayEnd, ReplayFilter, Share, Store, Stranded, Waiting,
};

pub async fn are_claimed_once(store: &Store) {
    let (now, lease) = (at("2026-11-23 11:00"), at("2026-11-23 11:02"));
    let claim = Claim {
        plugin: "mail",
        now,
        lease_until: lease,
        limit: 2,
        ordered: false,
        first: ClaimFirst::Oldest,
    };
    let claimed = store.outbox().claim(claim).await.unwrap().deliveries;
    assert_eq!(claimed.len(), 2);
    assert!(claimed[0].payload.starts_with("K-2026-000"), "{}", claimed[0].payload);
    assert!(!claimed[0].payload.contains(Number::PENDING_CHECK));
    let claim = Claim { limit: 9, ..claim };
    assert!(
        !store.outbox().has_due("webhook", now).await.unwrap()
            && store.outbox().has_due("mail", now).await.unwrap()
    );
    assert_eq!(store.outbox().claim(claim).await.unwrap().deliveries.len(), 1, "the others are leased");
    let later = Claim { now: at("2026-11-23 11:03"), ordered: true, ..claim };
    // Where several computers share a database, no clock but its own ends a lease.
    let ended = if store.engine() == Engine::Sqlite { 3 } else { 0 };
    assert_eq!(store.outbox().claim(later).await.unwrap().deliveries.len(), ended, "leases end");
    let outcome = |id: &str, result| Outcome {
        id: id.to_owned(),
        is_letter: true,
        result,
        at: now,
        millis: 7,
        detail: "250 ok".to_owned(),
    };
    let (until, error) = (at("2026-11-24 11:00"), "busy".to_owned());
    let results = [
        outcome("d1", DeliveryResult::Accepted),
        outcome("d2", DeliveryResult::Retry { at: until, error }),
        outcome("d3", DeliveryResult::Dead { error: "gone".to_owned() }),
    ];
    let words = |o: &PendingOutcome, _: &DeliveryResult| format!("{} {}", o.message, o.version);
    let mut health = Health { failures: 1, failing_since: Some(now), ..Health::default() };
    store.outbox().record_outcomes("mail", &results, Some(&health), now, words).await.unwrap();
    assert_eq!(store.deliveries().healths().await.unwrap(), [("mail".to_owned(), health.clone())]);
    let tried = store.deliveries().details("d2").await.unwrap().unwrap();
    assert_eq!((tried.summary.attempts, tried.tried[0].millis), (1, 7), "a claim is no attempt");
    assert_eq!(tried.reference.as_deref(), Some("K-2026-0002"));
    let late = [outcome("d1", DeliveryResult::Dead { error: "its lease ran out meanwhile".to_owned() })];
    store.outbox().record_outcomes("mail", &late, None, now, words).await.unwrap();
    let twice = store.deliveries().details("d1").await.unwrap().unwrap();
    assert_eq!((twice.summary.attempts, twice.tried.len()), (2, 2), "both were attempts");
    assert_eq!(twice.summary.state, DeliveryState::Accepted, "what became of it first stands");
    let (hour, day) = (at("2026-11-23 10:00"), at("2026-11-22 11:00"));
    let mailed = store.outbox().mailed(&["k@example.nl".to_owned()], hour, day).await.unwrap();
    assert_eq!(
        (mailed["k@example.nl"], store.outbox().reactions(hour).await.unwrap()),
        (Mailed { in_hour: 1, in_day: 1 }, 1)
    );
    health.disabled_at = Some(now);
    health.paused_until = Some(until);
    store.outbox().record_outcomes("mail", &[], Some(&health), now, words).await.unwrap();
    let blocked = Claim { now: at("2026-11-25 11:00"), ..claim };
    assert!(store.outbox().claim(blocked).await.unwrap().deliveries.is_empty(), "it is switched off");
    assert!(store.deliveries().enable_plugin("mail", event("enabled"), "r1", now).await.unwrap());
    store.outbox().record_outcomes("mail", &[], Some(&Health::default()), now, words).await.unwrap();
    assert!(
        !store.deliveries().enable_plugin("mail", event("enabled"), "r1", now).await.unwrap()
            && store.deliveries().healths().await.unwrap().is_empty()
    );
    switched_off_stays_off(store).await;
    let waiting = store.cases().triggers(&[ComplaintId(1), ComplaintId(2), ComplaintId(3)]).await.unwrap();
    assert_eq!(waiting.len(), 2, "{waiting:?} accepted and dead letters become triggers");
    assert_eq!(waiting[&ComplaintId(1)].content, "acknowledgement 1");
    // The second is due too: it lists the first, whose state was written.
    assert_eq!(store.cases().due(Share::ALL, now, 10).await.unwrap().len(), 3);
    let dead = DeliveryFilter { state: Some(DeliveryState::Dead), ..DeliveryFilter::default() };
    assert_eq!(
        store.deliveries().waiting().await.unwrap(),
        [Waiting { plugin: "mail".to_owned(), queued: 1, oldest: Some(at("2026-11-23 10:00")), dead: 1 }]
    );
    let queued = async |plugin| store.deliveries().queued(plugin).await.unwrap();
    assert_eq!((queued("mail").await, queued("webhook").await), (1, 0));
    assert_eq!(store.deliveries().list(&dead, 9).await.unwrap()[0].last_error.as_deref(), Some("gone"));
    let unknown = Replay::Ids(&["d3".to_owned(), "d9".to_owned()]);
    let replay =
        async |replay| store.deliveries().replay(replay, |_| event("replayed"), "r1", now).await.unwrap();
    assert_eq!(replay(unknown).await, ReplayEnd::Unknown(vec!["d9".to_owned()]));
    assert_eq!(store.figures().totals(now).await.unwrap().queued, 1, "nothing was done");
    let known = ["d3".to_owned()];
    let ReplayEnd::Queued(replayed) = replay(Replay::Ids(&known)).await else { panic!("known") };
    assert_eq!(replayed.len(), 1);
    let matching = |state, topic, until| {
        Replay::Matching(ReplayFilter { since: now, until, state, plugin: Some("mail"), topic })
    };
    assert_eq!(replay(matching(DeliveryState::Dead, None, None)).await, ReplayEnd::Queued(vec![]));
    assert_eq!(store.figures().totals(now).await.unwrap().queued, 2);
    for (topic, until) in [(Some("event.entered"), None), (None, Some(now))] {
        assert_eq!(replay(matching(DeliveryState::Accepted, topic, until)).await, ReplayEnd::Queued(vec![]));
    }
    let ReplayEnd::Queued(replayed) = replay(matching(DeliveryState::Accepted, None, None)).await else {
        panic!()
    };
    assert_eq!(replayed.len(), 1);
    assert!(store.deliveries().knows_plugin("mail").await.unwrap());
    assert!(!store.deliveries().knows_plugin("nothing").await.unwrap());
    missed_is_found_and_added_once(store).await;
}

/// What a person switched off stays off, whatever attempts say that were under way; and is switched on once.
async fn switched_off_stays_off(store: &Store) {
    let (deliveries, now) = (store.deliveries(), at("2026-11-23 11:30"));
    let words = |o: &PendingOutcome, _: &DeliveryResult| o.message.clone();
    let failing = Health { failures: 6, failing_since: Some(now), told_at: Some(now), ..Health::default() };
    store.outbox().record_outcomes("odd", &[], Some(&failing), now, words).await.unwrap();
    assert!(deliveries.disable_plugin("odd", "Jan", event("off"), "r1", now).await.unwrap());
    assert!(!deliveries.disable_plugin("odd", "Piet", event("off"), "r1", now).await.unwrap(), "it is off");
    for later in [Health::default(), Health { failures: 1, ..failing.clone() }] {
        store.outbox().record_outcomes("odd", &[], Some(&later), now, words).await.unwrap();
        let health = store.outbox().health("odd").await.unwrap();
        assert!(
            health.is_switched_off_by_a_person() && health.switched_off_by() == Some("Jan"),
            "{health:?}"
        );
        assert_eq!((health.failures, health.told_at), (0, Some(now)));
    }
    assert!(deliveries.enable_plugin("odd", event("on"), "r1", now).await.unwrap());
    assert!(!deliveries.enable_plugin("odd", event("on"), "r1", now).await.unwrap());
    assert!(!store.outbox().health("odd").await.unwrap().is_switched_off_by_a_person());
    store.outbox().record_outcomes("odd", &[], Some(&Health::default()), now, words).await.unwrap();
    assert!(deliveries.healths().await.unwrap().is_empty());
    // What attempts took, without what was held back, and when something was last taken.
    let start = at("2026-11-20 00:00");
    let took = deliveries.took("mail", start).await.unwrap();
    assert!(took.len() >= 3 && took.iter().all(|t| *t == 7), "{took:?}");
    assert!(deliveries.took("mail", at("2027-11-20 00:00")).await.unwrap().is_empty());
    assert_eq!(deliveries.last_accepted("mail").await.unwrap(), Some(at("2026-11-23 11:00")));
    assert_eq!(deliveries.last_accepted("odd").await.unwrap(), None);
    let of =
        |complaint| DeliveryFilter { complaint: Some(ComplaintId(complaint)), ..DeliveryFilter::default() };
    assert_eq!(deliveries.list(&of(1), 9).await.unwrap().len(), 1);
    assert_eq!(deliveries.listed(&of(1)).await.unwrap().len(), 1);
    assert!(deliveries.list(&of(999), 9).await.unwrap().is_empty());
}

async fn missed_is_found_and_added_once(store: &Store) {
    let (missed, now) = (store.missed(), at("2026-11-23 12:00"));
    let start = at("2026-11-23 00:00");
    assert_eq!(missed.complaints_since(now).await.unwrap(), []);
    let complaints = missed.complaints_since(start).await.unwrap();
    assert_eq!(complaints.len(), 3);
    let events = missed.events_since(&complaints, start).await.unwrap();
    assert!(events.len() >= 3 && events.is_sorted_by_key(|e| e.seq), "{events:?}");
    let sent = missed.notifications_since(start).await.unwrap();
    assert_eq!(sent.len(), 3);
    assert!(missed.notifications_since(now).await.unwrap().is_empty());
    let nobody: [String; 0] = [];
    let mail = ["mail".to_owned()];
    let stranded = Stranded { fallback: "chat", mail: &mail, failing: &nobody, since: start };
    assert!(missed.stranded(stranded).await.unwrap().is_empty(), "letters tell their complaint");
    let again = delivery("again", &sent[0].notification.id);
    let row = NewDelivery { plugin: "pigeon".to_owned(), topic: "notification.x".to_owned(), ..again };
    for expected in [1, 0] {
        assert_eq!(missed.absent(std::slice::from_ref(&row)).await.unwrap(), expected);
        let added =
            missed.add(std::slice::from_ref(&row), |_| Some(event("replayed")), "r1", now).await.unwrap();
        assert_eq!(added, expected, "once");
    }
    let pigeon = ["pigeon".to_owned()];
    let stranded = Stranded { fallback: "chat", mail: &mail, failing: &pigeon, since: start };
    assert_eq!(
        missed.stranded(stranded).await.unwrap().len(),
        1,
        "it waits for a plugin that delivers nothing"
    );
    assert!(missed.stranded(Stranded { fallback: "pigeon", ..stranded }).await.unwrap().is_empty());
    assert!(missed.stranded(Stranded { since: now, ..stranded }).await.unwrap().is_empty());
}
