//! What whoever looks after rules and deliveries changes is in the audit trail, once, with who did it.

use crate::delivery::app;
use crate::support::receiver::Receiver;
use crate::support::{Builder, TestApp, at};
use redress::complaint::{Actor, EventKind, Source, Via};
use redress::store::{Audit, DeliveryState, Health, Replay, ReplayEnd, ReplayFilter, StoredEvent};

const INTEGRATOR: &str = "integratie@lagant.nl";

fn integrator() -> Actor {
    Actor::Person(INTEGRATOR.to_owned())
}

/// The events of a kind, in a trail that holds.
async fn recorded(app: &TestApp, kind: EventKind) -> Vec<StoredEvent> {
    assert!(matches!(app.app.store.trail().verify().await.unwrap(), Audit::Holds { .. }));
    let all = app.app.store.trail().events_after(0).await.unwrap();
    all.into_iter().filter(|e| e.kind == kind).collect()
}

/// The one event of a kind, which somebody caused from the command line, under the ruleset in force.
async fn the_one(app: &TestApp, kind: EventKind, by: &str) -> StoredEvent {
    let mut found = recorded(app, kind).await;
    assert_eq!(found.len(), 1, "{kind}: {found:?}");
    let event = found.remove(0);
    assert_eq!((event.by.as_str(), event.via, event.source()), (by, Via::CommandLine, Source::Person));
    assert_eq!((event.complaint_id, event.at), (None, app.app.workflow.now().await.unwrap()));
    assert_eq!(event.ruleset, app.app.workflow.published().ruleset.hash());
    event
}

#[tokio::test]
async fn an_approval_is_recorded_once() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let publishing = app.app.workflow.publishing();
    assert!(
        publishing
            .approve("0123456789ab", ("Kwaliteit@lagant.nl", Via::CommandLine), "doorgenomen")
            .await
            .unwrap()
    );
    assert!(
        !publishing
            .approve("0123456789ab", ("kwaliteit@lagant.nl", Via::CommandLine), "nog eens")
            .await
            .unwrap(),
        "the same person"
    );
    let event = the_one(&app, EventKind::PlanApproved, "kwaliteit@lagant.nl").await;
    assert_eq!(event.data, r#"{"plan":"0123456789ab","reason":"doorgenomen"}"#);
    assert!(
        publishing
            .approve("0123456789ab", ("directeur@lagant.nl", Via::CommandLine), "ook akkoord")
            .await
            .unwrap()
    );
    assert_eq!(recorded(&app, EventKind::PlanApproved).await.len(), 2, "somebody else approves as well");
}

fn queued(end: ReplayEnd) -> usize {
    match end {
        ReplayEnd::Queued(replayed) => replayed.len(),
        ReplayEnd::Unknown(ids) => panic!("unknown: {ids:?}"),
    }
}

#[tokio::test]
async fn replaying_is_recorded_with_what_was_put_back() {
    let (_receiver, url) = Receiver::start(&[410]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let dead = app.deliveries("hook", "dead").await.remove(0).id;
    let operations = app.app.workflow.operations();
    let both = [dead.clone(), "jan@example.nl".to_owned()];
    let unknown = ReplayEnd::Unknown(vec!["jan@example.nl".to_owned()]);
    assert_eq!(
        operations.replay(Replay::Ids(&both), (integrator(), Via::CommandLine)).await.unwrap(),
        unknown
    );
    assert_eq!(app.deliveries("hook", "dead").await.len(), 1, "nothing was done");
    let known = [dead.clone()];
    assert_eq!(
        queued(operations.replay(Replay::Ids(&known), (integrator(), Via::CommandLine)).await.unwrap()),
        1
    );
    let event = the_one(&app, EventKind::DeliveriesReplayed, INTEGRATOR).await;
    let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
    assert_eq!(data, serde_json::json!({"plugins": {"hook": 1}, "deliveries": [dead]}), "what was asked for");
    assert_eq!(app.deliveries("hook", "queued").await.len(), 1);
}

#[tokio::test]
async fn replaying_everything_since_a_day_is_recorded_by_plugin() {
    let (_receiver, url) = Receiver::start(&[410]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    app.complaint("a1").await;
    let since = |plugin| {
        Replay::Matching(ReplayFilter {
            since: at("2026-11-23 00:00"),
            until: None,
            state: DeliveryState::Dead,
            plugin,
            topic: None,
        })
    };
    let operations = app.app.workflow.operations();
    assert_eq!(
        queued(operations.replay(since(Some("mail")), (Actor::System, Via::CommandLine)).await.unwrap()),
        0
    );
    assert!(recorded(&app, EventKind::DeliveriesReplayed).await.is_empty(), "nothing changed");
    assert_eq!(queued(operations.replay(since(None), (Actor::System, Via::CommandLine)).await.unwrap()), 1);
    let event = the_one(&app, EventKind::DeliveriesReplayed, "system").await;
    let data: serde_json::Value = serde_json::from_str(&event.data).unwrap();
    assert_eq!(data["plugins"], serde_json::json!({"hook": 1}));
    assert_eq!(data["since"], serde_json::json!(at("2026-11-23 00:00")));
}

#[tokio::test]
async fn switching_a_plugin_on_again_is_recorded_once() {
    let (_receiver, url) = Receiver::start(&[410]).await;
    let folder = tempfile::tempdir().unwrap();
    let app = app(&url, folder.path()).await;
    let operations = app.app.workflow.operations();
    assert!(
        !operations.enable_plugin("hook", (integrator(), Via::CommandLine)).await.unwrap(),
        "it had no trouble"
    );
    app.complaint("a1").await;
    let (_, health): (String, Health) = app.app.store.deliveries().healths().await.unwrap().remove(0);
    assert!(health.disabled_at.is_some(), "{health:?}");
    assert!(operations.enable_plugin("hook", (integrator(), Via::CommandLine)).await.unwrap());
    assert!(
        !operations.enable_plugin("hook", (integrator(), Via::CommandLine)).await.unwrap(),
        "it is on already"
    );
    let event = the_one(&app, EventKind::PluginEnabled, INTEGRATOR).await;
    assert_eq!(event.data, r#"{"plugin":"hook"}"#);
}

#[tokio::test]
async fn mailing_an_address_again_is_recorded_without_the_address() {
    let app = Builder::default().start("2026-11-23 10:00").await;
    for _ in 0..2 {
        app.app
            .store
            .bounces()
            .count("behandelaar@lagant.nl", app.app.workflow.now().await.unwrap())
            .await
            .unwrap();
    }
    let operations = app.app.workflow.operations();
    assert!(operations.resume_address("Behandelaar@lagant.nl", integrator()).await.unwrap());
    assert!(!operations.resume_address("behandelaar@lagant.nl", integrator()).await.unwrap());
    let event = the_one(&app, EventKind::AddressResumed, INTEGRATOR).await;
    assert!(!format!("{} {}", event.summary, event.data).contains("behandelaar"), "{event:?}");
    assert_eq!(event.personal.as_deref(), Some(r#"{"address":"behandelaar@lagant.nl"}"#));
    assert!(app.app.store.bounces().bouncing().await.unwrap().is_empty());
}
