//! What keeps others out of the page: other sites, other hosts, frames, and requests that are none.

use super::*;

const FORM: (&str, &str) = ("content-type", "application/x-www-form-urlencoded");

#[tokio::test]
async fn another_site_changes_nothing_by_any_method() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let origin = format!("http://{}", browser.host);
    for method in ["POST", "PUT", "PATCH", "DELETE"] {
        for headers in [
            &[("sec-fetch-site", "cross-site"), FORM][..],
            &[("sec-fetch-site", "same-site"), FORM],
            &[("sec-fetch-site", "none"), FORM],
            &[("sec-fetch-site", "cross-site"), ("sec-fetch-site", "same-origin"), FORM],
            &[("sec-fetch-site", "cross-site"), ("origin", &origin), FORM],
            &[("origin", "https://evil.nl"), FORM],
            &[("origin", "null"), FORM],
            &[("origin", "http://127.0.0.1:1"), FORM],
            &[FORM],
        ] {
            let answer = browser.send(method, "/sign-out", headers, "").await;
            let refused =
                if method == "POST" { answer.status == 403 } else { [403, 405].contains(&answer.status) };
            assert!(refused, "{method} {headers:?}: {}", answer.status);
        }
    }
    assert_eq!(browser.get("/me").await.status, 200, "still signed in");
    // Nor does reading change anything, which is all that another site can have a browser do.
    for method in ["GET", "HEAD"] {
        for path in ["/sign-out", "/me/sessions/00/end"] {
            let answer = browser.send(method, path, &[("sec-fetch-site", "cross-site")], "").await;
            assert_eq!(answer.status, 405, "{method} {path}");
        }
    }
    assert_eq!(
        browser.send("POST", "/sign-in", &[("origin", &origin), FORM], "").await.status,
        422,
        "an old browser"
    );
    assert_eq!(browser.send("POST", "/sign-out", &[("sec-fetch-site", "same-origin")], "").await.status, 303);
}

#[tokio::test]
async fn every_answer_has_the_headers_that_protect_it() {
    let site = Site::open().await;
    let link = site.welcome(RECEIVER).await;
    let mut browser = site.signed_in(HANDLER).await;
    let lists = [
        "/register",
        "/register.csv",
        "/register.xlsx",
        "/register?late=x",
        "/search",
        "/search?q=klacht",
        "/oversight",
        "/personal-data",
        "/intake",
        "/decisions",
        "/import",
        "/me/keys",
        "/api/v1/reference",
        "/api/v1/openapi.json",
        "/api/v1/complaints",
        "/api/v1/procedure/files/messages/nl/x.md",
        "/api/v1/proposals/1",
        "/api/v1/plugins/x",
        "/api/v1/complaints/x/mails/1/original",
        "/api/problems/gone",
        "/import/files/x",
        "/people",
        "/people/x",
        "/procedure",
        "/procedure/files/x.rhai",
        "/procedure/terms",
        "/procedure/words?beside=1",
        "/proposals",
        "/proposals/1",
        "/proposals/1/files/x.rhai",
        "/proposals/1/terms",
        "/publications",
        "/publications/1",
        "/plugins",
        "/plugins/mail",
        "/subscriptions",
        "/subscriptions/x",
        "/plugins/x/missed",
        "/deliveries",
        "/deliveries/x",
        "/deliveries/replay",
        "/forgotten",
        "/calendar/x.ics",
        "/survey/x",
        "/intake/log",
        "/faults",
        "/audit",
        "/audit?after=x",
        "/intake/x",
        "/procedure/letters",
        "/procedure/letters/x?complaint=x",
        "/complaints/x/scenario",
        "/procedure/scenarios",
        "/procedure/scenarios/tests/x.rhai?name=x",
        "/proposals/1/letters/x",
        "/proposals/1/scenarios",
        "/proposals/1/scenarios/tests/x.rhai?name=x",
    ];
    let others =
        ["/", "/me", "/sign-in", &link, "/nothing", "/sign-out", "/assets/nothing.css", "/welcome/x"];
    for path in lists.into_iter().chain(others) {
        let answer = browser.get(path).await;
        assert!(answer.status < 500, "{path}: {}", answer.status);
        let policy = answer.header("content-security-policy").unwrap();
        for part in ["default-src 'none'", "frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"]
        {
            assert!(policy.contains(part), "{path}: {policy}");
        }
        assert!(!policy.contains("unsafe"), "{policy}");
        assert_eq!(answer.header("x-frame-options"), Some("DENY"), "{path}");
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"), "{path}");
        assert_eq!(answer.header("cache-control"), Some("no-store"), "{path}");
        assert_eq!(answer.header("strict-transport-security"), None, "{path}");
    }
}

#[tokio::test]
async fn the_style_is_kept_by_its_digest() {
    let site = Site::open().await;
    let mut browser = site.browser();
    let page = browser.get("/sign-in").await.body;
    let path = page.split("href=\"").find(|t| t.contains("/assets/") || t.contains("assets&#x2f;")).unwrap();
    let path = path.split('"').next().unwrap().replace("&#x2f;", "/");
    let style = browser.get(&path).await;
    assert_eq!((style.status, style.header("content-type")), (200, Some("text/css; charset=utf-8")));
    assert_eq!(style.header("cache-control"), Some("public, max-age=31536000, immutable"));
    assert!(style.body.contains("@layer"));
}

#[tokio::test]
async fn behind_tls_the_cookie_is_closed_to_other_hosts_and_clear_connections() {
    let door = Door::Secure("https://klachten.lagant.nl".to_owned());
    let site = Site::of(Builder::default(), door).await;
    let link = site.welcome(HANDLER).await;
    let mut browser = site.browser();
    assert_eq!(browser.get("/sign-in").await.status, 421, "asked for as another host");
    browser.host = "klachten.lagant.nl".to_owned();
    browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    let answer = sign_in(&mut browser, HANDLER, PASSWORD).await;
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.starts_with("__Host-redress=") && cookie.ends_with("; Secure"), "{cookie}");
    assert_eq!(answer.header("strict-transport-security"), Some("max-age=31536000"));
    assert_eq!(browser.get("/me").await.status, 200);
    // A cookie without the prefix could come from another host, and two of them from anywhere.
    let token = browser.cookies.remove("__Host-redress").unwrap();
    browser.cookies.insert("redress".to_owned(), token);
    assert_eq!(browser.get("/me").await.status, 303);
}

/// A name that leads to this computer by a trick of the name server is no name of ours.
#[tokio::test]
async fn a_foreign_name_for_this_computer_is_refused() {
    let site = Site::open().await;
    let mut browser = site.browser();
    for host in ["evil.nl", "127.0.0.1.evil.nl", ""] {
        assert_eq!(browser.send("GET", "/sign-in", &[("host", host)], "").await.status, 421, "{host}");
    }
}

#[tokio::test]
async fn nothing_that_somebody_sends_is_our_failure() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let long = "x".repeat(4_000);
    for path in [
        "/%00",
        "/%ff%fe",
        "/sign-in?next=%ff",
        "/sign-in?%00=%00",
        "/welcome/%00",
        "/welcome/%c3%28",
        "/survey/%00",
        "/survey/%c3%28",
        "/me/sessions/%00/end",
        "/me/sessions/' OR 1=1 --/end",
        "/assets/..%2f..%2fCargo.toml",
        "/..%2f",
        "//",
        "/me/",
        "/complaints/%00",
        "/complaints/K-2026-9999",
        "/complaints/%00/dossier",
        "/complaints/K-2026-9999/dossier",
        "/complaints/K-2026-0001/actions/%00",
        "/reports/%00/pack",
        "/faults/%00",
        "/faults/K-2026-9999",
        "/faults?tried=%00",
        "/audit?after=%00",
        "/procedure/letters/%00?complaint=%00",
        "/proposals/1/letters/%00",
        "/reports/2026-Q1/pack",
        "/reports/-001/pack",
        "/procedure/files/%00",
        "/procedure/files/..%2f..%2fredress.toml",
        "/procedure/terms/%c3%28",
        "/proposals/%00",
        "/proposals/99999999999999999999",
        "/proposals/1/files/%c3%28",
        "/proposals/1/terms",
        "/proposals/1/behind",
        "/proposals/1/work",
        "/proposals/1/plan",
        "/proposals/1/editor/check/x.rhai",
        "/proposals/1/editor/hover/%00",
        "/publications/-1",
        "/publications/%c3%28",
        "/plugins/%00",
        "/subscriptions",
        "/subscriptions/%00",
        "/subscriptions/x/remove",
        "/subscriptions/%c3%28/secret",
        "/plugins/%c3%28/test",
        "/plugins/x/disable",
        "/plugins/x/missed",
        "/deliveries/%00",
        "/deliveries/%c3%28/replay",
        "/deliveries/replay",
        "/deliveries?%00=%00&after=x.y",
        &format!("/plugins/{long}"),
        &format!("/deliveries/{long}"),
        &format!("/welcome/{long}"),
        &format!("/survey/{long}"),
        &format!("/{long}"),
    ] {
        for method in ["GET", "HEAD", "POST", "OPTIONS", "BREW"] {
            let headers = [("sec-fetch-site", "same-origin"), FORM];
            let answer =
                browser.send(method, &path.replace(' ', "%20"), &headers, "%00=%00&a=%ff&=&&b").await;
            assert!((200..500).contains(&answer.status), "{method} {path}: {}", answer.status);
        }
    }
    let nul = browser.post("/sign-in", &[("address", "a\0@b.nl"), ("password", "\0")]).await;
    assert_eq!(nul.status, 422);
    let large = browser.post("/sign-in", &[("address", &"a".repeat(2 << 20))]).await;
    assert!([413, 0].contains(&large.status), "{}", large.status);
    let hostile = "\"><script>alert(1)</script>";
    let shown = browser.post("/sign-in", &[("address", hostile), ("password", "x")]).await;
    assert!(
        !shown.body.contains("<script") && shown.text().contains("horen niet bij elkaar"),
        "{}",
        shown.body
    );
}
