//! Everything that the pages of plugins and deliveries and the interface for programs show of a plugin, to be searched for its
//! secrets.

use super::links::BOTH;
use super::*;
use crate::support::TestApp;

/// All of it, as tags and as text, to who may see the most; a sample that is sent and one delivery that is sent again included.
pub async fn shown(app: TestApp, plugin: &str) -> String {
    let (address, stop) = Site::serve(&app, Door::Loopback, "127.0.0.1:0").await;
    let site = Site { app, address, stop: Some(stop) };
    let mut browser = site.signed_in(BOTH).await;
    let mut program = super::api::Program::of(&site, BOTH).await;
    let mut answers = Vec::new();
    for path in ["/plugins".to_owned(), format!("/plugins/{plugin}"), "/deliveries".to_owned()] {
        answers.push(browser.get(&path).await);
    }
    answers.push(browser.post(&format!("/plugins/{plugin}/test"), &[]).await);
    for delivery in site.app.deliveries(plugin, "").await {
        let path = format!("/deliveries/{}", delivery.id);
        browser.post(&format!("{path}/replay"), &[]).await;
        site.app.app.turn().await.unwrap();
        answers.push(browser.get(&path).await);
        answers.push(program.get(&format!("/api/v1{path}")).await);
    }
    answers.push(program.get("/api/v1/deliveries").await);
    for path in ["/api/v1/plugins".to_owned(), format!("/api/v1/plugins/{plugin}")] {
        answers.push(program.get(&path).await);
    }
    let nothing = serde_json::json!({});
    answers.push(program.act(&format!("/api/v1/plugins/{plugin}/tests"), &nothing).await);
    assert!(answers.len() > 5 && answers.iter().all(|a| a.status == 200), "{:?}", statuses(&answers));
    answers.iter().map(|a| format!("{}\n{}\n", a.body, a.text())).collect()
}

fn statuses(answers: &[Answer]) -> Vec<u16> {
    answers.iter().map(|answer| answer.status).collect()
}
