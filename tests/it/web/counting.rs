//! What a page asks of the database: as many statements however much is shown.

use super::*;
use crate::store::plans::capture::sent;
use hyper::Request;
use hyper::service::Service;
use hyper_util::service::TowerToHyperService;

/// The pages, and the most statements of each, the session included.
const AT_MOST: &[(&str, usize)] = &[
    ("/register", 9),
    ("/register?stage=open&late=1&order=number", 9),
    ("/register.csv", 9),
    ("/register.xlsx", 9),
    ("/search?q=parkeren", 16),
    ("/search?q=K-2026-1", 16),
    ("/search?q=k@example.nl", 16),
    ("/oversight", 18),
    ("/intake", 12),
    ("/decisions", 24),
    ("/people", 20),
];

/// Returns the statements that a page sends to somebody whose browser has signed in, without those that set up a connection.
async fn statements(site: &Site, browser: &Browser, path: &str) -> Vec<String> {
    let router = web::pages(Arc::clone(&site.app.app.workflow), Door::Loopback);
    let (name, value) = browser.cookies.iter().next().unwrap();
    let request = Request::get(path)
        .header("host", "127.0.0.1")
        .header("cookie", format!("{name}={value}"))
        .body(axum::body::Body::empty())
        .unwrap();
    let mut all = sent(async {
        let answer = TowerToHyperService::new(router).call(request).await.unwrap();
        assert_eq!(answer.status(), 200, "{path}");
        axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap();
    })
    .await;
    all.retain(|sql| !["PRAGMA", "SET"].iter().any(|word| sql.trim_start().starts_with(word)));
    all
}

#[tokio::test]
async fn a_list_asks_no_more_when_it_shows_more() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let browser = site.signed_in("directeur@lagant.nl").await;
    let mut few = Vec::new();
    for (path, _) in AT_MOST {
        few.push(statements(&site, &browser, path).await.len());
    }
    for n in 2..=60 {
        site.app.mail(&crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    for ((path, at_most), few) in AT_MOST.iter().zip(few) {
        let sent = statements(&site, &browser, path).await;
        assert_eq!(sent.len(), few, "{path}: {sent:#?}");
        assert!(few > 1 && few <= *at_most, "{path}: {few} {sent:#?}");
    }
}
