//! What a first visit loads: a page and what it names, packed as a server in front of it would.

use super::whole;
use super::*;
use std::io::{Cursor, Write};
use zip::write::SimpleFileOptions;

/// The most bytes of a first visit, packed.
const MOST: usize = 45_000;

fn packed(bytes: &[u8]) -> usize {
    let mut file = zip::ZipWriter::new(Cursor::new(Vec::new()));
    file.start_file("x", SimpleFileOptions::default()).unwrap();
    file.write_all(bytes).unwrap();
    file.finish().unwrap().into_inner().len()
}

#[tokio::test]
async fn a_first_visit_loads_little() {
    let site = Site::open().await;
    for n in 1..=60 {
        site.app.mail(&crate::support::clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    let browser = site.signed_in("directeur@lagant.nl").await;
    for path in [
        "/sign-in",
        "/",
        "/register",
        "/search?q=parkeren",
        "/oversight",
        "/intake",
        "/complaints/K-2026-0001",
    ] {
        let page = String::from_utf8(whole(&site, &browser, path).await.1).unwrap();
        let page_text = page.replace("&#x2f;", "/");
        let named = page_text.split(['"', '\'']).filter(|part| part.starts_with("/assets/"));
        let named: std::collections::BTreeSet<&str> = named.collect();
        assert!(!named.is_empty(), "{path} has its style");
        let mut bytes = packed(page.as_bytes());
        for asset in named {
            bytes += packed(&whole(&site, &browser, asset).await.1);
        }
        assert!(bytes <= MOST, "{path}: {bytes} bytes");
    }
}
