//! Deliveries on the page: what is listed and told to whom, sending again, and what a plugin missed.

use super::browser::Browser;
use super::links::{BOTH, INTEGRATOR, events, site};
use super::program::{Server, address};
use super::*;
use crate::delivery::hook;
use crate::support::clear_complaint;
use crate::support::receiver::Receiver;
use redress::complaint::Via;

const DIRECTOR: &str = "directeur@lagant.nl";

#[tokio::test]
async fn deliveries_are_found_by_what_they_are_page_by_page() {
    let folder = tempfile::tempdir().unwrap();
    let (_receiver, url) = Receiver::start(&[400]).await;
    let site = site(hook(&url, folder.path(), "retry = \"never\"\n")).await;
    for n in 1..=60 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    site.app.app.turn().await.unwrap();
    let mut browser = site.signed_in(INTEGRATOR).await;
    let (mut next, mut ids) = (Some("/deliveries?plugin=hook".to_owned()), Vec::new());
    while let Some(path) = next {
        let page = browser.get(&path).await;
        assert_eq!(page.status, 200, "{path}");
        let links = page.body.split("<th scope=\"row\"").skip(1).map(|row| {
            row.split("href=\"/deliveries/").nth(1).unwrap().split('"').next().unwrap().to_owned()
        });
        ids.extend(links);
        next = page.following();
    }
    let mut once = ids.clone();
    once.sort();
    once.dedup();
    assert_eq!((ids.len(), once.len()), (60, 60), "each once");
    let rows = async |browser: &mut Browser, query: &str| {
        let page = browser.get(&format!("/deliveries?{query}")).await;
        assert_eq!(page.status, 200, "{query}");
        page.body.matches("<th scope=\"row\"").count()
    };
    for (query, count) in [
        ("plugin=hook&state=dead", 1),
        ("plugin=hook&topic=notification.acknowledgement&from=2026-11-23&to=2026-11-23", 50),
        ("plugin=hook&topic=notification.decision", 0),
        ("plugin=hook&from=2026-11-24", 0),
        ("plugin=hook&to=2026-11-22", 0),
        ("plugin=gone", 0),
        ("plugin=%22%3E%3Cscript%3E", 0),
        // The integrator sees no complaint, so that none is found by its number, nor whether there is one.
        ("complaint=K-2026-0001", 0),
        ("complaint=K-2026-9999", 0),
        ("complaint=%00'%20OR%201=1", 0),
    ] {
        assert_eq!(rows(&mut browser, query).await, count, "{query}");
    }
    let mut both = site.signed_in(BOTH).await;
    assert_eq!(rows(&mut both, "plugin=hook&complaint=K-2026-0007").await, 1);
    let hostile = both.get("/deliveries?plugin=%22%3E%3Cscript%3E").await;
    assert!(!hostile.body.contains("<script"), "{}", hostile.body);
}

/// What it carries is told to who may act and may see the complaint, which is noted; the list names no complaint.
#[tokio::test]
async fn what_a_delivery_carries_is_for_who_may_see_the_complaint() {
    let folder = tempfile::tempdir().unwrap();
    let (_receiver, url) = Receiver::start(&[503]).await;
    let site = site(hook(&url, folder.path(), "")).await;
    site.app.complaint("m1").await;
    let letters = site.app.deliveries("mail", "accepted").await;
    let letter = letters.iter().find(|d| d.recipient == "complainant").unwrap().id.clone();
    let hooked = site.app.deliveries("hook", "queued").await[0].id.clone();
    let (mail, event) = (format!("/deliveries/{letter}"), format!("/deliveries/{hooked}"));
    for (email, is_told, is_linked) in
        [(BOTH, true, true), (INTEGRATOR, false, false), (DIRECTOR, false, true)]
    {
        let mut browser = site.signed_in(email).await;
        for (path, personal) in [(&mail, "jan@example.nl"), (&event, "notification.acknowledgement")] {
            let page = browser.get(path).await;
            assert_eq!(page.status, 200, "{email} {path}");
            assert_eq!(page.text().contains("K-2026-0001"), is_linked, "{email} {path}: {}", page.text());
            assert_eq!(page.body.contains("<pre>"), is_told, "{email} {path}");
            assert!(!is_told || page.text().contains(personal), "{email} {path}: {}", page.text());
        }
        let tried = browser.get(&event).await.text();
        assert!(tried.contains("mislukt, gaat opnieuw") && tried.contains(" ms"), "{tried}");
        assert!(!browser.get("/deliveries").await.text().contains("K-2026-0001"));
        // The complaint's page leads to its deliveries, for who finds them.
        if is_linked {
            let complaint = browser.get("/complaints/K-2026-0001").await.body;
            assert!(complaint.contains(&format!("href=\"/deliveries/{letter}\"")), "{email}");
        }
    }
    let mut handler = site.signed_in(HANDLER).await;
    let complaint = handler.get("/complaints/K-2026-0001").await;
    assert!(!complaint.body.contains("/deliveries/"), "not for who does not find it");
    let mut director = site.browser();
    sign_in(&mut director, DIRECTOR, PASSWORD).await;
    let views = director.get("/complaints/K-2026-0001/views").await.text();
    assert!(views.contains(BOTH) && !views.contains(INTEGRATOR), "{views}");
    // What is stuck leads to its delivery as well.
    let oversight = director.get("/oversight").await;
    assert!(!oversight.body.contains("/deliveries/"), "nothing is stuck that arrived by mail");
}

#[tokio::test]
async fn what_is_stuck_leads_to_its_delivery() {
    let folder = tempfile::tempdir().unwrap();
    let manifest = hook("http://127.0.0.1:1/", folder.path(), "");
    let builder = Builder::default().config(&super::links::people()).plugin("hook", manifest);
    let site = Site::of(builder, Door::Loopback).await;
    site.app.complaint("m1").await;
    let id = site.app.deliveries("hook", "queued").await[0].id.clone();
    site.advance(60 * 25);
    let mut director = site.signed_in(DIRECTOR).await;
    let page = director.get("/oversight").await;
    assert!(page.body.contains(&format!("href=\"/deliveries/{id}\"")), "{}", page.text());
    assert_eq!(director.get(&format!("/deliveries/{id}")).await.status, 200);
}

#[tokio::test]
async fn one_is_sent_again_under_its_id_and_a_list_after_a_look() {
    let folder = tempfile::tempdir().unwrap();
    let (receiver, url) = Receiver::start(&[400, 400, 200]).await;
    let site = site(hook(&url, folder.path(), "retry = \"never\"\n")).await;
    for n in 1..=3 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
        site.app.app.turn().await.unwrap();
    }
    let dead = site.app.deliveries("hook", "dead").await;
    assert_eq!((dead.len(), receiver.count()), (2, 3));
    let mut browser = site.signed_in(INTEGRATOR).await;
    let arrived = site.app.deliveries("hook", "accepted").await[0].id.clone();
    let page = browser.get(&format!("/deliveries/{arrived}")).await;
    assert!(page.text().contains("Nog een keer sturen"), "{}", page.text());
    let again = browser.post(&format!("/deliveries/{arrived}/replay"), &[]).await;
    assert_eq!((again.status, again.location()), (303, &*format!("/deliveries/{arrived}?sent=1")));
    site.app.app.turn().await.unwrap();
    assert_eq!(receiver.seen().last().unwrap().0["webhook-id"], arrived.as_str());
    assert_eq!(browser.post("/deliveries/nothing/replay", &[]).await.status, 404);
    assert_eq!(events(&site, "deliveries_replayed").await, [(INTEGRATOR.to_owned(), Via::Page)]);

    let list = browser.get("/deliveries?plugin=hook&state=dead&from=2026-11-23").await;
    let link = list.body.split("href=\"").find(|l| l.starts_with("/deliveries/replay?")).unwrap();
    let link = link.split('"').next().unwrap().replace("&amp;", "&");
    let asked = browser.get(&link).await;
    assert!(asked.text().contains("Er gaan 2 leveringen opnieuw: "), "{}", asked.text());
    assert!(asked.text().contains("hook 2"), "{}", asked.text());
    let (before, seen) = (asked.value("before"), asked.value("seen"));
    let form =
        [("plugin", "hook"), ("state", "dead"), ("from", "2026-11-23"), ("before", &before), ("seen", &seen)];
    // Somebody else was faster with one of them: nothing is sent before it was looked at anew.
    let mut other = site.signed_in(BOTH).await;
    other.post(&format!("/deliveries/{}/replay", dead[0].id), &[]).await;
    site.app.app.turn().await.unwrap();
    let count = receiver.count();
    let changed = browser.post("/deliveries/replay", &form).await;
    assert!(
        changed.status == 409 && changed.text().contains("Er is intussen iets veranderd"),
        "{}",
        changed.text()
    );
    assert_eq!(receiver.count(), count);
    let seen = changed.value("seen");
    let form =
        [("plugin", "hook"), ("state", "dead"), ("from", "2026-11-23"), ("before", &before), ("seen", &seen)];
    let sent = browser.post("/deliveries/replay", &form).await;
    assert_eq!((sent.status, sent.location()), (303, "/deliveries?sent=1"));
    assert!(browser.get("/deliveries?sent=1").await.text().contains("1 levering gaat opnieuw."));
    // Sent twice is once: there is nothing left that was seen.
    assert_eq!(browser.post("/deliveries/replay", &form).await.status, 409);
    site.app.app.turn().await.unwrap();
    assert_eq!(site.app.deliveries("hook", "accepted").await.len(), 3);
    // Of mail that had arrived it is said that people get it again.
    let mail = browser.get("/deliveries/replay?plugin=mail&state=accepted&from=2026-11-23").await.text();
    assert!(mail.contains("Wie mail kreeg, krijgt die nog een keer."), "{mail}");
    for wrong in
        [&[("state", "dead"), ("from", "2026-11-23")][..], &[("state", "dead"), ("before", "1")], &[]]
    {
        assert_eq!(browser.post("/deliveries/replay", wrong).await.status, 400);
    }
}

/// A plugin that is new gets what happened before, once, after it was said how much that is.
#[tokio::test]
async fn a_new_plugin_gets_what_it_missed_once() {
    let folder = tempfile::tempdir().unwrap();
    let (receiver, url) = Receiver::start(&[]).await;
    let manifest = hook(&url, folder.path(), "");
    let site = site(manifest.replace("enabled = true", "enabled = false")).await;
    for n in 1..=3 {
        site.app.mail(&clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).await;
    }
    let mut browser = site.signed_in(INTEGRATOR).await;
    let path = "/plugins/hook/missed?from=2026-11-20";
    assert_eq!(browser.get(path).await.status, 404, "it is off");
    site.app.write_plugin("hook", "plugin.toml", &manifest);
    site.app.app.follow_plugins().await.unwrap();
    let asked = browser.get(path).await;
    assert!(asked.text().contains("Er zijn 3 leveringen die deze koppeling niet kreeg."), "{}", asked.text());
    assert_eq!(receiver.count(), 0, "asking sends nothing");
    let none = browser.get("/plugins/hook/missed?from=2026-11-20&to=2026-11-22").await.text();
    assert!(none.contains("heeft in die tijd niets gemist"), "{none}");
    let sent = browser.post("/plugins/hook/missed", &[("from", "2026-11-20"), ("to", "")]).await;
    assert_eq!((sent.status, sent.location()), (303, "/deliveries?plugin=hook&sent=3"));
    let twice = browser.post("/plugins/hook/missed", &[("from", "2026-11-20")]).await;
    assert_eq!(twice.location(), "/deliveries?plugin=hook&sent=0");
    site.app.app.turn().await.unwrap();
    assert_eq!(receiver.count(), 3);
    assert_eq!(events(&site, "deliveries_replayed").await, [(INTEGRATOR.to_owned(), Via::Page)]);
}

/// The real program: what is done on the page counts for the command line, and the other way round.
#[tokio::test(flavor = "multi_thread")]
async fn page_and_command_line_switch_the_same_switch() {
    let server = Server::start(&format!("[server]\nlisten = \"127.0.0.1:0\"\n{}", super::links::people()));
    let (host, _) = address(server.said("page:"));
    let (done, link) = server.run(&["--json", "user", "add", INTEGRATOR]);
    assert!(done, "{link}");
    let link: serde_json::Value = serde_json::from_str(&link).unwrap();
    let path = format!("/{}", address(link["link"].as_str().unwrap()).1);
    let mut browser = Browser::new(host);
    assert_eq!(browser.post(&path, &[("password", PASSWORD), ("again", PASSWORD)]).await.status, 303);
    assert_eq!(sign_in(&mut browser, INTEGRATOR, PASSWORD).await.status, 303);
    assert!(browser.get("/plugins").await.text().contains("mail per mail aan"));
    assert_eq!(browser.post("/plugins/mail/disable", &[]).await.status, 303);
    let (_, listed) = server.run(&["plugins", "list"]);
    assert!(listed.contains("switched off by a person"), "{listed}");
    assert!(server.run(&["plugins", "disable", "mail"]).1.contains("was switched off already"));
    let (enabled, said) = server.run(&["plugins", "enable", "mail", "--as", INTEGRATOR]);
    assert!(enabled && said.contains("mail is tried again"), "{said}");
    assert!(browser.get("/plugins").await.text().contains("mail per mail aan"));
    assert!(server.run(&["plugins", "disable", "mail", "--as", INTEGRATOR]).1.contains("is switched off"));
    let (known, why) = server.run(&["plugins", "disable", "mails"]);
    assert!(!known && why.contains("did you mean `mail`?"), "{why}");
    assert!(browser.get("/plugins/mail").await.text().contains("uit: uitgezet door"));
    crate::processes::drop_mail(server.folder(), "a1");
    crate::processes::eventually("the letter waits", || {
        server.run(&["--json", "deliveries", "list", "--plugin", "mail"]).1.contains("notification.")
    });
    assert_eq!(browser.post("/plugins/mail/enable", &[]).await.status, 303);
    crate::processes::eventually("the letter goes", || {
        let waits =
            server.run(&["--json", "deliveries", "list", "--plugin", "mail", "--state", "accepted"]).1;
        waits.contains("notification.")
    });
    let list = browser.get("/deliveries?plugin=mail&state=accepted").await;
    let id = list.body.split("href=\"/deliveries/").nth(1).unwrap().split('"').next().unwrap();
    assert!(browser.get(&format!("/deliveries/{id}")).await.text().contains("aangenomen"));
    assert!(browser.post("/plugins/mail/test", &[]).await.text().contains("Aangenomen"));
    assert_eq!(browser.post(&format!("/deliveries/{id}/replay"), &[]).await.status, 303);
    // A sample from the command line is in the trail of a folder in which something was started.
    let tried = ["plugins", "test", "mail", "--to", "jan@example.nl", "--as", INTEGRATOR];
    let (is_taken, said) = server.run(&tried);
    assert!(is_taken, "{said}");
    let stranger = server.run(&["plugins", "test", "mail", "--as", "niemand@example.nl"]);
    assert!(!stranger.0, "{}", stranger.1);
    let trials = of_trials(server.folder()).await;
    let expected = [("page", "null"), ("command_line", r#"{"address":"jan@example.nl"}"#)];
    assert_eq!(trials, expected.map(|(via, to)| (INTEGRATOR.to_owned(), via.to_owned(), to.to_owned())));
    let (_, trail) = server.run(&["audit", "verify"]);
    assert!(trail.contains("holds"), "{trail}");
}

/// Who sent which sample by which way and to whom, as the trail of a data folder has it.
async fn of_trials(folder: &std::path::Path) -> Vec<(String, String, String)> {
    let url = format!("sqlite:{}?mode=ro", folder.join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    let sql = "SELECT caused_by, via, coalesce(personal, 'null') FROM events WHERE kind = 'plugin_tried' ORDER BY seq";
    sqlx::query_as(sql).fetch_all(&pool).await.unwrap()
}
