//! Signing in: what somebody needs who may, and what somebody finds who may not.

use super::*;

#[tokio::test]
async fn somebody_chooses_a_password_and_signs_in() {
    let site = Site::open().await;
    let link = site.welcome(HANDLER).await;
    let mut browser = site.browser();
    let page = browser.get(&link).await;
    assert_eq!(page.status, 200);
    assert!(page.text().contains("Kies een wachtwoord voor behandelaar@lagant.nl"), "{}", page.text());
    for (password, again, said) in [
        ("kort!x", "kort!x", "te kort"),
        ("Wachtwoord2026", "Wachtwoord2026", "te makkelijk te raden"),
        (PASSWORD, "iets anders dan dat", "niet hetzelfde"),
    ] {
        let refused = browser.post(&link, &[("password", password), ("again", again)]).await;
        assert_eq!(refused.status, 422);
        assert!(refused.text().contains(said), "{}", refused.text());
        assert!(refused.body.contains("<title>Fout: "), "{}", refused.body);
        assert!(!refused.body.contains(password), "no password is sent back");
    }
    let chosen = browser.post(&link, &[("password", PASSWORD), ("again", PASSWORD)]).await;
    assert_eq!((chosen.status, chosen.location()), (303, "/sign-in"));
    let answer = sign_in(&mut browser, "Behandelaar@Lagant.nl ", PASSWORD).await;
    assert_eq!((answer.status, answer.location()), (303, "/me"));
    let cookie = answer.header("set-cookie").unwrap();
    assert!(cookie.contains("; Path=/; Max-Age=648000; HttpOnly; SameSite=Lax"), "{cookie}");
    let me = browser.get("/me").await;
    assert_eq!(me.status, 200);
    assert!(me.text().contains("Behandelaar") && me.text().contains("behandelaar"), "{}", me.text());
    let out = browser.post("/sign-out", &[]).await;
    assert_eq!((out.status, out.location()), (303, "/sign-in"));
    assert_eq!(browser.get("/me").await.location(), "/sign-in?next=%2Fme");
    let trail = site.trail().await;
    let said: Vec<_> = trail.iter().map(|e| (e.kind.as_str(), e.by.as_str(), e.via.as_str())).collect();
    let of = HANDLER;
    assert_eq!(
        said,
        [
            ("account_changed", "system", "command_line"),
            ("account_changed", of, "page"),
            ("signed_in", of, "page")
        ]
    );
    for event in &trail {
        let all = format!("{} {} {:?}", event.summary, event.data, event.personal);
        assert!(!all.contains(PASSWORD) && !all.contains("argon2") && !all.contains(&link[9..]), "{all}");
    }
}

#[tokio::test]
async fn a_link_works_once_and_for_a_day() {
    let site = Site::open().await;
    let link = site.welcome(HANDLER).await;
    let mut browser = site.browser();
    let fields = [("password", PASSWORD), ("again", PASSWORD)];
    assert_eq!(browser.post(&link, &fields).await.status, 303);
    let replayed =
        browser.post(&link, &[("password", "een heel ander woord"), ("again", "een heel ander woord")]).await;
    assert_eq!(replayed.status, 410);
    assert_eq!(browser.get(&link).await.status, 410);
    assert_eq!(sign_in(&mut browser, HANDLER, PASSWORD).await.status, 303, "the first choice counts");
    let (workflow, by) = (&site.app.app.workflow, || Actor::System);
    let first = workflow.accounts().renew(HANDLER, by()).await.unwrap();
    let second = workflow.accounts().renew(HANDLER, by()).await.unwrap();
    assert_eq!(browser.get(&format!("/welcome/{}", first.expose())).await.status, 410, "the latest counts");
    let second = format!("/welcome/{}", second.expose());
    site.advance(24 * 60 - 1);
    assert_eq!(browser.get(&second).await.status, 200);
    site.advance(1);
    assert_eq!(browser.post(&second, &fields).await.status, 410);
    assert_eq!(browser.get("/welcome/nonsense").await.status, 410);
}

/// A password that was chosen anew ends what was open under the old one.
#[tokio::test]
async fn a_new_password_ends_every_session() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let link = site.app.app.workflow.accounts().renew(HANDLER, Actor::System).await.unwrap();
    assert_eq!(browser.get("/me").await.status, 200, "a link alone changes nothing");
    let other = "een heel ander woord";
    let chosen = site
        .browser()
        .post(&format!("/welcome/{}", link.expose()), &[("password", other), ("again", other)])
        .await;
    assert_eq!(chosen.status, 303);
    assert_eq!(browser.get("/me").await.status, 303);
    assert_eq!(sign_in(&mut browser, HANDLER, PASSWORD).await.status, 422);
    assert_eq!(sign_in(&mut browser, HANDLER, other).await.status, 303);
}

/// Whoever asks cannot tell who has an account: same status, same page, whatever the reason.
#[tokio::test]
async fn nobody_learns_who_has_an_account() {
    let site = Site::open().await;
    site.signed_in(HANDLER).await;
    site.signed_in(RECEIVER).await;
    site.welcome("directeur@lagant.nl").await;
    let accounts = site.app.app.workflow.accounts();
    accounts.lock(RECEIVER, Actor::System).await.unwrap();
    let mut answers = Vec::new();
    for (address, password) in [
        (HANDLER, "niet het wachtwoord"),
        (RECEIVER, PASSWORD),
        ("directeur@lagant.nl", PASSWORD),
        ("kwaliteit@lagant.nl", PASSWORD),
        ("niemand@example.nl", PASSWORD),
        ("", ""),
    ] {
        let mut browser = site.browser();
        let answer = sign_in(&mut browser, address, password).await;
        assert!(browser.cookies.is_empty());
        let headers: Vec<_> =
            answer.headers.into_iter().filter(|(n, _)| n != "content-length" && n != "date").collect();
        let shown = address.replace('/', "&#x2f;");
        let body = match shown.as_str() {
            "" => answer.body,
            shown => answer.body.replace(shown, ""),
        };
        answers.push((answer.status, headers, body));
    }
    assert_eq!(answers[0].0, 422);
    for answer in &answers {
        assert_eq!(answer, &answers[0]);
    }
}

#[tokio::test]
async fn who_fails_five_times_waits_even_with_the_right_password() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    for _ in 0..5 {
        assert_eq!(sign_in(&mut site.browser(), HANDLER, "mis").await.status, 422);
    }
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 422);
    assert_eq!(browser.get("/me").await.status, 200, "who is in stays in");
    site.advance(1);
    assert_eq!(sign_in(&mut site.browser(), HANDLER, "mis").await.status, 422);
    site.advance(1);
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 422, "now it is two minutes");
    site.advance(1);
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 303);
    let held = site.trail().await.into_iter().filter(|e| e.kind.as_str() == "sign_ins_held");
    let held: Vec<_> = held.map(|e| e.personal.unwrap()).collect();
    assert_eq!(held, [r#"{"address":"behandelaar@lagant.nl"}"#, r#"{"address":"behandelaar@lagant.nl"}"#]);
    // A person may be let in at once.
    for _ in 0..5 {
        sign_in(&mut site.browser(), HANDLER, "mis").await;
    }
    site.app.app.workflow.accounts().unlock(HANDLER, Actor::System).await.unwrap();
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 303);
}

/// One password tried on many addresses fails on each for the first time only.
#[tokio::test]
async fn one_password_for_everybody_is_stopped_and_holds_up_nobody_who_is_in() {
    let site = Site::open().await;
    let mut inside = site.signed_in(HANDLER).await;
    let mut statuses = Vec::new();
    for n in 0..62 {
        let answer = sign_in(&mut site.browser(), &format!("k{n}@lagant.nl"), "Welkom2026!!").await;
        statuses.push(answer.status);
    }
    assert_eq!(statuses[..60], [422; 60]);
    assert_eq!(statuses[60..], [429; 2]);
    let refused = sign_in(&mut site.browser(), HANDLER, PASSWORD).await;
    assert_eq!((refused.status, refused.header("retry-after")), (429, Some("600")));
    assert!(refused.text().contains("over tien minuten"), "{}", refused.text());
    assert_eq!(inside.get("/me").await.status, 200);
    site.advance(10);
    assert_eq!(sign_in(&mut site.browser(), HANDLER, PASSWORD).await.status, 303);
}

#[tokio::test]
async fn a_session_ends_by_time() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    site.advance(239);
    assert_eq!(browser.get("/me").await.status, 200, "each use begins the four hours anew");
    site.advance(239);
    assert_eq!(browser.get("/me").await.status, 200);
    site.advance(240);
    assert_eq!(browser.get("/me").await.status, 303);
    assert_eq!(sign_in(&mut browser, HANDLER, PASSWORD).await.status, 303);
    for _ in 0..6 {
        site.advance(119);
        assert_eq!(browser.get("/me").await.status, 200);
    }
    site.advance(7);
    assert_eq!(browser.get("/me").await.status, 303, "after twelve hours whatever was done");
}

#[tokio::test]
async fn who_is_locked_out_is_out_at_once() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let accounts = site.app.app.workflow.accounts();
    accounts.lock(HANDLER, Actor::System).await.unwrap();
    assert_eq!(browser.get("/me").await.status, 303);
    assert!(accounts.lock(HANDLER, Actor::System).await.is_err(), "it was");
    assert!(accounts.renew(HANDLER, Actor::System).await.is_err(), "a link would let nobody in");
    accounts.unlock(HANDLER, Actor::System).await.unwrap();
    assert_eq!(browser.get("/me").await.status, 303, "the old session stays over");
    assert_eq!(sign_in(&mut browser, HANDLER, PASSWORD).await.status, 303);
}

/// Somebody who is taken out of redress.toml is out, though the account is there.
#[tokio::test]
async fn who_is_no_longer_one_of_the_people_is_out() {
    let site = Site::open().await;
    let mut browser = site.signed_in(HANDLER).await;
    let without = "[[people]]\nname = \"O\"\nemail = \"ontvanger@lagant.nl\"\nroles = [\"receiver\"]\n";
    let settings = redress::config::Settings::parse(without, "redress.toml").unwrap();
    site.app.app.workflow.take_settings(Arc::new(settings)).await.unwrap();
    assert_eq!(browser.get("/me").await.status, 303);
    assert_eq!(sign_in(&mut browser, HANDLER, PASSWORD).await.status, 422);
}

#[tokio::test]
async fn sessions_are_listed_and_ended_by_their_person_only() {
    let site = Site::open().await;
    let mut office = site.signed_in(HANDLER).await;
    let mut home = site.browser();
    sign_in(&mut home, HANDLER, PASSWORD).await;
    let mut other = site.signed_in(RECEIVER).await;
    let page = office.get("/me").await;
    let ends: Vec<&str> = page.body.split("action=\"/me/sessions/").skip(1).map(|t| &t[..64]).collect();
    assert_eq!(ends.len(), 2, "{}", page.body);
    let of_home = ends[1];
    assert_eq!(other.post(&format!("/me/sessions/{of_home}/end"), &[]).await.status, 404);
    assert_eq!(home.get("/me").await.status, 200);
    assert_eq!(office.post(&format!("/me/sessions/{of_home}/end"), &[]).await.location(), "/me");
    assert_eq!(home.get("/me").await.status, 303);
    assert_eq!(office.get("/me").await.status, 200);
    assert!(!page.body.contains(&office.cookies["redress"]), "the token itself stands on no page");
}

/// A session that somebody was made to have is not the one they are signed in by.
#[tokio::test]
async fn signing_in_makes_a_new_session_whatever_was_there() {
    let site = Site::open().await;
    site.signed_in(HANDLER).await;
    let mut attacker = site.signed_in(RECEIVER).await;
    let planted = attacker.cookies["redress"].clone();
    let mut victim = site.browser();
    victim.cookies.insert("redress".to_owned(), planted.clone());
    sign_in(&mut victim, HANDLER, PASSWORD).await;
    assert_ne!(victim.cookies["redress"], planted);
    assert_eq!(attacker.get("/me").await.status, 303, "what was planted is over");
    let mut invented = site.browser();
    invented.cookies.insert("redress".to_owned(), "0".repeat(64));
    assert_eq!(invented.get("/me").await.status, 303);
    sign_in(&mut invented, HANDLER, PASSWORD).await;
    assert_ne!(invented.cookies["redress"], "0".repeat(64));
}

#[tokio::test]
async fn a_link_to_sign_in_leads_nowhere_else() {
    let site = Site::open().await;
    site.signed_in(HANDLER).await;
    for next in
        ["https://evil.nl", "//evil.nl", "/\\evil.nl", "\\\\evil.nl", "javascript:alert(1)", "/\tx", ""]
    {
        let mut browser = site.browser();
        let asked = browser.get(&format!("/sign-in?{}", browser::encoded(&[("next", next)]))).await;
        assert_eq!(asked.value("next"), "/", "{next}");
        let fields = [("address", HANDLER), ("password", PASSWORD), ("next", next)];
        assert_eq!(browser.post("/sign-in", &fields).await.location(), "/", "{next}");
    }
    let mut browser = site.browser();
    let asked = browser.get("/sign-in?next=%2Fcomplaints%2FK-2026-0001%3Fx%3D1").await;
    assert_eq!(asked.value("next"), "/complaints/K-2026-0001?x=1");
}

/// A server that is started again says the same link, and takes away none that a person was given; and it counts for as long as
/// nobody has a password.
#[tokio::test]
async fn the_link_of_a_first_start_is_one_and_stands_in_nobodys_way() {
    let site = Site::open().await;
    let accounts = || site.app.app.workflow.accounts();
    let first = async || accounts().first_link().await.unwrap();
    let link = first().await.unwrap().token.unwrap();
    assert_eq!(first().await.unwrap().token.unwrap().expose(), link.expose(), "started again");
    site.advance(24 * 60 - 1);
    assert_eq!(first().await.unwrap().token.unwrap().expose(), link.expose(), "a minute before its end");
    site.advance(1);
    assert!(accounts().welcomed(&link).await.unwrap().is_none(), "it is over");
    let link = first().await.unwrap();
    let (person, link) = (link.person.email, link.token.unwrap());
    // By a command the person gets another, which is not taken away by a start.
    let given = accounts().renew(&person, Actor::System).await.unwrap();
    assert!(first().await.unwrap().token.is_none(), "that is somebody's to tell");
    assert!(accounts().welcomed(&link).await.unwrap().is_none(), "the latest counts");
    assert!(accounts().welcomed(&given).await.unwrap().is_some());
    // Somebody else is in before it is used, so the first start is over.
    site.advance(24 * 60);
    let link = first().await.unwrap().token.unwrap();
    assert!(accounts().welcomed(&link).await.unwrap().is_some());
    let other = accounts().add(HANDLER, Actor::System).await.unwrap();
    accounts().choose_password(&other, PASSWORD).await.unwrap();
    assert!(accounts().welcomed(&link).await.unwrap().is_none());
    assert!(accounts().choose_password(&link, PASSWORD).await.is_err());
    assert!(first().await.is_none());
    // A link that was given to the person by hand is another matter.
    let given = accounts().renew(&person, Actor::System).await.unwrap();
    accounts().choose_password(&given, PASSWORD).await.unwrap();
}
