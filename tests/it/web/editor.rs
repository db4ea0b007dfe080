//! The script of the editor, as browsers get it.

use super::*;
use crate::support::repository;
use sha2::{Digest, Sha256};

#[tokio::test]
async fn the_editor_is_kept_by_its_digest_and_packed_for_who_takes_it() {
    let site = Site::open().await;
    let mut browser = site.browser();
    let bundle = std::fs::read_to_string(repository().join("assets/vendor/editor.js")).unwrap();
    let path = format!("/assets/editor-{:.16x}.js", Sha256::digest(&bundle));
    let plain = browser.get(&path).await;
    assert_eq!((plain.status, plain.header("content-type")), (200, Some("text/javascript; charset=utf-8")));
    assert_eq!(plain.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert_eq!((plain.header("content-encoding"), plain.header("vary")), (None, Some("accept-encoding")));
    assert_eq!(plain.body, bundle);
    for said in ["gzip, deflate, br, zstd", "br, gzip;q=0.5"] {
        let packed = browser.send("GET", &path, &[("accept-encoding", said)], "").await;
        assert_eq!((packed.status, packed.header("content-encoding")), (200, Some("gzip")), "{said}");
        let length: usize = packed.header("content-length").unwrap().parse().unwrap();
        assert!(length < 140_000, "{length}");
    }
    for another in ["/assets/editor.js", "/assets/editor-0000000000000000.js", "/assets/MANIFEST.toml"] {
        assert_eq!(browser.get(another).await.status, 404, "{another}");
    }
}
