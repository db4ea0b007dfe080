//! A mail as it was sent: shown whole and safely, downloaded and never shown in our place, and only for who may see it.

use super::*;

const K1: &str = "/complaints/K-2026-0001";

const HOSTILE: &str = "<html><head><meta http-equiv=\"refresh\" content=\"0;url=https://evil.nl\">\
    <base href=\"https://evil.nl/\"><link rel=stylesheet href=\"https://evil.nl/a.css\">\
    <style>@import url(https://evil.nl/b.css); body { background: url(https://evil.nl/c.png); position: fixed }</style>\
    </head><body onload=alert(1)><script>alert(2)</script><p>Ik heb een klacht over het parkeren bij de training in \
    Utrecht.</p><img src=\"https://evil.nl/d.png\"><img src=\"cid:foto@x\"><img src=\"cid:foto@x\">\
    <form action=\"https://evil.nl\"><input name=x></form><iframe src=\"https://evil.nl\"></iframe>\
    <svg><script>alert(3)</script></svg>gnituptuo \u{202e}txt</main></div></body></html>";

/// The smallest picture.
const PICTURE: &str = "R0lGODlhAQABAIAAAAAAAP///yH5BAEAAAAALAAAAAABAAEAAAIBRAA7";

fn hostile(html: &str) -> String {
    format!(
        "From: Jan <jan@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Klacht over parkeren in Utrecht\r\n\
         Message-ID: <h1@example.nl>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/related; boundary=b\r\n\r\n\
         --b\r\nContent-Type: text/html; charset=utf-8\r\n\r\n{html}\r\n\
         --b\r\nContent-Type: image/gif\r\nContent-ID: <foto@x>\r\nContent-Transfer-Encoding: base64\r\n\r\n{PICTURE}\r\n\
         --b\r\nContent-Type: text/html\r\nContent-Disposition: attachment; filename=\"../../x\\\";.html\"\r\n\r\n\
         <script>alert(document.cookie)</script>\r\n--b--\r\n"
    )
}

async fn site_of(mail: &str) -> (Site, Browser, String) {
    let site = Site::open().await;
    site.app.mail(mail).await;
    site.app.app.turn().await.unwrap();
    let mut browser = site.signed_in(HANDLER).await;
    let page = browser.get(K1).await;
    let links = page.body.split("href=\"").filter_map(|t| t.split('"').next());
    let mail = links.map(|t| t.replace("&#x2f;", "/")).find(|t| t.contains("/mails/")).unwrap();
    (site, browser, mail)
}

#[tokio::test]
async fn a_hostile_original_can_do_nothing() {
    let (site, mut browser, path) = site_of(&hostile(HOSTILE)).await;
    let page = browser.get(&path).await;
    assert_eq!(page.status, 200);
    assert!(page.body.contains("<iframe class=\"mail\" sandbox=\"allow-popups\" title="), "{}", page.body);
    for part in ["<script", "evil.nl/d.png\">", "http-equiv=\"refresh\"", "\u{202e}"] {
        assert!(!page.body.contains(part), "{part}: {}", page.body);
    }
    assert!(page.text().contains("Ik heb een klacht over het parkeren"), "the text comes first");
    assert!(page.header("content-security-policy").unwrap().contains("frame-src 'self'"));
    let original = browser.get(&format!("{path}/original")).await;
    assert_eq!(original.status, 200);
    assert!(
        original.body.contains("Ik heb een klacht over het parkeren")
            && original.body.contains("<script>alert(2)")
    );
    let policy: Vec<&str> = original.header("content-security-policy").unwrap().split("; ").collect();
    assert_eq!(
        policy,
        [
            "sandbox allow-popups",
            "default-src 'none'",
            "style-src 'unsafe-inline'",
            "img-src data:",
            "form-action 'none'",
            "base-uri 'none'",
            "frame-ancestors 'self'",
        ]
    );
    for (name, value) in [
        ("content-type", "text/html; charset=utf-8"),
        ("x-content-type-options", "nosniff"),
        ("x-frame-options", "SAMEORIGIN"),
        ("referrer-policy", "no-referrer"),
        ("x-dns-prefetch-control", "off"),
        ("cache-control", "no-store"),
    ] {
        assert_eq!(original.header(name), Some(value), "{name}");
        assert_eq!(original.headers.iter().filter(|(n, _)| n == name).count(), 1, "{name}");
    }
    assert!(original.body.contains("<base target=\"_blank\">"), "a link opens elsewhere");
    let picture = format!("data:image/gif;base64,{PICTURE}");
    assert_eq!(original.body.matches(&picture).count(), 1, "what came along is shown, once");
    drop(site);
}

#[tokio::test]
async fn what_came_along_is_kept_and_never_shown() {
    let (_site, mut browser, path) = site_of(&hostile(HOSTILE)).await;
    let page = browser.get(&path).await;
    let files: Vec<String> = page
        .body
        .split("href=\"")
        .filter_map(|t| t.split('"').next())
        .map(|t| t.replace("&#x2f;", "/"))
        .filter(|t| t.contains("/attachments/") || t.ends_with("/raw"))
        .collect();
    assert!(files.len() >= 2, "{}", page.body);
    let mut names = Vec::new();
    for file in &files {
        let answer = browser.get(file).await;
        assert_eq!(answer.status, 200, "{file}");
        assert_eq!(answer.header("content-type"), Some("application/octet-stream"));
        assert_eq!(answer.header("x-content-type-options"), Some("nosniff"));
        let disposition = answer.header("content-disposition").unwrap();
        assert!(disposition.starts_with("attachment; filename=\""), "{disposition}");
        assert!(!disposition.contains('/') && !disposition.contains('\\'), "{disposition}");
        assert_eq!(disposition.matches('"').count(), 2, "{disposition}");
        assert!(answer.header("content-security-policy").unwrap().starts_with("sandbox; default-src 'none'"));
        names.push(answer.body.clone());
    }
    assert!(names.iter().any(|body| body.contains("alert(document.cookie)")));
    for other in ["attachments/00", "attachments/%2e%2e", "attachments/", "nothing", "original/x"] {
        let answer = browser.get(&format!("{path}/{other}")).await;
        assert_eq!(answer.status, 404, "{other}");
    }
}

#[tokio::test]
async fn deep_and_long_mails_are_there_completely() {
    let deep = format!(
        "{}<p>Ik heb een klacht over het parkeren in Utrecht, binnenin.</p>{}",
        "<div>".repeat(2_000),
        "</div>".repeat(2_000)
    );
    let (_site, mut browser, path) = site_of(&hostile(&deep)).await;
    assert!(browser.get(&path).await.text().contains("binnenin"));
    assert!(browser.get(&format!("{path}/original")).await.body.contains("binnenin"));
    let long =
        format!("<p>Ik heb een klacht over het parkeren in Utrecht.</p>{}", "<p>meer</p>".repeat(60_000));
    let (_site, mut browser, path) = site_of(&hostile(&long)).await;
    let page = browser.get(&path).await;
    assert!(
        page.text().contains("te lang om hier te tonen") && !page.body.contains("<iframe"),
        "{}",
        page.status
    );
    assert_eq!(browser.get(&format!("{path}/original")).await.status, 404);
    assert_eq!(browser.get(&format!("{path}/raw")).await.body.matches("<p>meer</p>").count(), 60_000);
}

#[tokio::test]
async fn a_mail_of_text_has_no_frame_and_is_found_by_who_may_see_it_only() {
    let (site, mut browser, path) = site_of(&crate::support::clear_complaint("jan@example.nl", "m1")).await;
    let page = browser.get(&path).await;
    assert!(page.text().contains("Dit bericht is als tekst verstuurd.") && !page.body.contains("<iframe"));
    assert!(page.text().contains("Er zijn geen bijlagen."));
    assert_eq!(browser.get(&format!("{path}/original")).await.status, 404);
    // A mail of another complaint is not found under this one.
    site.app.complaint("m2").await;
    let id = path.rsplit_once('/').unwrap().1.parse::<i64>().unwrap();
    for rest in ["", "/original", "/raw", "/attachments/00"] {
        for mail in [id + 1, id + 1_000, -1] {
            assert_eq!(browser.get(&format!("{K1}/mails/{mail}{rest}")).await.status, 404, "{mail}{rest}");
        }
    }
    let input = [("about".to_owned(), HANDLER.into())].into();
    let via = redress::complaint::Via::CommandLine;
    site.app.app.workflow.act("K-2026-0001", "record_facts", RECEIVER, input, via).await.unwrap();
    for rest in ["", "/original", "/raw"] {
        assert_eq!(browser.get(&format!("{path}{rest}")).await.status, 404, "{rest}");
        assert_eq!(site.browser().get(&format!("{path}{rest}")).await.status, 303, "{rest}");
    }
}
