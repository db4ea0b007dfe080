//! The head of the trail, as an outside party holds it.

use crate::support::receiver::Receiver;
use crate::support::{Builder, clear_complaint, repository};
use serde_json::Value;

/// An outside party holds the head of the trail: once a day, where something happened, and only who names it.
#[tokio::test]
async fn the_head_of_the_trail_is_given_out_once_a_day_to_who_names_it() {
    let (receiver, url) = Receiver::start(&[]).await;
    let (all, all_url) = Receiver::start(&[]).await;
    let manifest = |events: &str, url: &str| {
        format!(
            "kind = \"webhook\"\nenabled = true\nmessages = []\nevents = [\"{events}\"]\n[webhook]\nurl = \"{url}\"\nsigning = \"none\"\n"
        )
    };
    let builder = Builder::default()
        .plugin("outside", manifest("audit_head", &url))
        .plugin("all", manifest("*", &all_url));
    let app = builder.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.until("2026-11-25 10:00").await;
    app.app.turn().await.unwrap();
    app.mail(&clear_complaint("piet@example.nl", "a2")).await;
    app.until("2026-11-27 10:00").await;
    app.app.turn().await.unwrap();
    let bodies = receiver.bodies();
    let days: Vec<&str> = bodies.iter().map(|b| &b["timestamp"].as_str().unwrap()[..10]).collect();
    let mut once = days.clone();
    once.dedup();
    assert_eq!(days, once, "at most once a day: {days:?}");
    assert!(days.len() >= 2 && days[0] == "2026-11-23", "{days:?}");
    let schema = std::fs::read_to_string(repository().join("plugins/schema/event.json")).unwrap();
    let schema = jsonschema::validator_for(&serde_json::from_str(&schema).unwrap()).unwrap();
    let trail = app.app.workflow.reading().trail();
    for body in &bodies {
        schema.validate(body).unwrap();
        assert_eq!((&body["type"], &body["data"]["complaint"]), (&"event.audit_head".into(), &Value::Null));
        let head: redress::store::KeptHead =
            body["data"]["details"]["head"].as_str().unwrap().parse().unwrap();
        let standing = trail.holds(&head).await.unwrap();
        assert!(matches!(standing, redress::store::HeadStanding::Holds { .. }), "{body:#}");
    }
    assert!(all.bodies().len() > 5 && all.bodies().iter().all(|b| b["type"] != "event.audit_head"));
    // Where nothing happens nothing is told, and nobody is woken for it.
    assert!(matches!(trail.verify().await.unwrap(), redress::store::Audit::Holds { .. }));
}
