//! What a page asks of the database: as many statements however much is shown.

use super::*;
use crate::store::plans::capture::sent;

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
    ("/personal-data", 9),
    ("/intake", 12),
    ("/decisions", 24),
    ("/people", 20),
    ("/procedure/terms", 14),
    ("/proposals", 16),
    ("/publications", 10),
    ("/plugins", 20),
    ("/deliveries", 14),
    ("/deliveries?plugin=mail&state=accepted&from=2026-11-01", 14),
    ("/faults", 20),
    ("/audit", 20),
];

/// The same for pages on which a handler has something and the director has not.
const OF_HANDLER: &[(&str, usize)] = &[("/", 14)];

/// Returns the statements that a page sends to somebody whose browser has signed in, without those that set up a connection.
async fn statements(site: &Site, browser: &Browser, path: &str) -> Vec<String> {
    let mut all = sent(async { drop(whole(site, browser, path).await) }).await;
    all.retain(|sql| !["PRAGMA", "SET"].iter().any(|word| sql.trim_start().starts_with(word)));
    all
}

#[tokio::test]
async fn a_list_asks_no_more_when_it_shows_more() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let (director, handler) = (site.signed_in("directeur@lagant.nl").await, site.signed_in(HANDLER).await);
    let pages = || {
        let own = OF_HANDLER.iter().map(|page| (&handler, page));
        AT_MOST.iter().map(|page| (&director, page)).chain(own)
    };
    // The trail is walked through behind the first look, and not again within the hour.
    while whole(&site, &director, "/audit").await.0.contains_key("refresh") {
        tokio::task::yield_now().await;
    }
    let mut few = Vec::new();
    for (browser, (path, _)) in pages() {
        few.push(statements(&site, browser, path).await);
    }
    for n in 2..=60 {
        site.app.mail(&crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    for ((browser, (path, at_most)), few) in pages().zip(few) {
        let sent = statements(&site, browser, path).await;
        assert_eq!(sent.len(), few.len(), "{path}: {sent:#?} before: {few:#?}");
        assert!(few.len() > 1 && few.len() <= *at_most, "{path}: {few:#?}");
    }
}
