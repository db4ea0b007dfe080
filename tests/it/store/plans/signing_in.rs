//! What the store is sent for the page: who signs in, by what, what they typed and what they looked at.

use super::super::*;
use super::everything::LATER;
use redress::calendar::Moment;
use redress::store::{
    ApiToken, ChosenDeputy, Concern, EnteredAbsence, Feed, LinkKind, LookPlace, Part, Proof, Recorded,
    ResetRequest, Session, Sight, Stretch, Subscribing, TermPlace, Viewer, WebhookSubscription,
};

fn recorded() -> Recorded {
    Recorded { event: event("account"), ruleset: "r1".to_owned(), at: at(LATER) }
}

fn session(digest: &str, now: Moment) -> Session {
    Session {
        digest: digest.to_owned(),
        email: "h@lagant.nl".to_owned(),
        began_at: now,
        used_at: now,
        browser: "Firefox".to_owned(),
        ended_at: None,
    }
}

pub async fn accounts(store: &Store, id: ComplaintId) {
    let (accounts, now, soon) = (store.accounts(), at(LATER), at("2026-11-24 10:00"));
    let first = async |digest: &str, ends_at: Moment| {
        accounts.give_first_link("h@lagant.nl", (digest, ends_at), recorded()).await.unwrap()
    };
    assert!(first("f1", now).await && first("f2", soon).await, "the first has ended");
    assert!(!first("f3", soon).await, "one counts");
    assert!(!accounts.take_password(("f1", LinkKind::First), "p", recorded()).await.unwrap());
    accounts.give_link("h@lagant.nl", ("d1", soon), recorded()).await.unwrap();
    accounts.give_link("h@lagant.nl", ("d2", soon), recorded()).await.unwrap();
    assert!(accounts.of_link("d1", now).await.unwrap().is_none(), "the latest link counts");
    assert!(accounts.of_link("d2", soon).await.unwrap().is_none(), "until its end");
    assert_eq!(accounts.of_link("d2", now).await.unwrap().unwrap().email, "h@lagant.nl");
    assert!(!accounts.take_password(("d1", LinkKind::Own), "p", recorded()).await.unwrap());
    assert!(accounts.take_password(("d2", LinkKind::Own), "p", recorded()).await.unwrap());
    assert!(
        !accounts.take_password(("d2", LinkKind::Own), "q", recorded()).await.unwrap(),
        "a link is used once"
    );
    assert!(!first("f4", soon).await, "somebody has a password");
    accounts.give_link("h@lagant.nl", ("d3", soon), recorded()).await.unwrap();
    assert!(
        !accounts.take_password(("d3", LinkKind::First), "q", recorded()).await.unwrap(),
        "nor by such a link"
    );
    assert_eq!(accounts.count_failure("h@lagant.nl", now).await.unwrap(), Some(1));
    assert_eq!(accounts.count_failure("h@lagant.nl", now).await.unwrap(), Some(2));
    assert_eq!(accounts.count_failure("x@lagant.nl", now).await.unwrap(), None);
    let begin = async |digest: &str, password: &str| {
        accounts
            .begin_session(session(digest, now), (password, &Proof::PasswordAlone), now, recorded())
            .await
            .unwrap()
    };
    assert!(!begin("s0", "other").await, "the password was changed meanwhile");
    assert!(begin("s1", "p").await && begin("s2", "p").await);
    assert_eq!(accounts.find("h@lagant.nl").await.unwrap().unwrap().failures, 0);
    accounts.used("s1", soon).await.unwrap();
    assert_eq!(accounts.session("s1").await.unwrap().unwrap().used_at, soon);
    assert!(!accounts.end_session("x@lagant.nl", "s1", soon).await.unwrap(), "somebody else's");
    assert!(accounts.end_session("h@lagant.nl", "s1", soon).await.unwrap());
    assert!(!accounts.end_session("h@lagant.nl", "s1", soon).await.unwrap(), "it has ended");
    let ended = accounts.session("s1").await.unwrap().unwrap();
    assert_eq!((ended.email.as_str(), ended.ended_at), ("h@lagant.nl", Some(soon)), "whose it was is known");
    assert_eq!(accounts.sessions("h@lagant.nl").await.unwrap().len(), 1);
    assert!(accounts.lock("h@lagant.nl", recorded()).await.unwrap());
    assert!(!accounts.lock("h@lagant.nl", recorded()).await.unwrap());
    assert!(accounts.sessions("h@lagant.nl").await.unwrap().is_empty(), "who is locked out is out");
    assert!(!begin("s3", "p").await, "and stays out");
    assert!(accounts.unlock("h@lagant.nl", recorded()).await.unwrap());
    assert!(!accounts.unlock("h@lagant.nl", recorded()).await.unwrap());
    accounts.note(recorded()).await.unwrap();
    assert!(accounts.all().await.unwrap().iter().any(|a| a.email == "h@lagant.nl"));
    let register = store.register();
    let case = store.cases().load(&[id]).await.unwrap().remove(0);
    assert!(register.responsibles().await.unwrap().contains(&String::new()));
    let list = |list: &[&str]| list.iter().map(|a| (*a).to_owned()).collect::<Vec<_>>();
    let concerns = [
        Concern::Responsible("h@lagant.nl".to_owned()),
        Concern::Role("director".into()),
        Concern::RolesOf(vec!["handler".into()], list(&["h@lagant.nl"])),
        Concern::RolesOf(vec!["handler".into()], list(&["h@lagant.nl", ""])),
        Concern::RolesAbout(vec!["director".into()], "t@x.nl".to_owned()),
    ];
    let some = |of_nobody_among, about: &[&str]| {
        let about = about.iter().map(|a| (*a).to_owned()).collect();
        Sight::Some(Part { of_responsible: vec!["h@lagant.nl".to_owned()], of_nobody_among, about })
    };
    for (person, sight, is_seen) in [
        ("h@lagant.nl", Sight::Everything, true),
        ("T@x.nl", Sight::Everything, false),
        ("h@lagant.nl", some(None, &[]), false),
        ("h@lagant.nl", some(None, &["t@x.nl"]), true),
        ("h@lagant.nl", some(Some(Vec::new()), &[]), true),
        ("h@lagant.nl", some(Some(vec!["h@lagant.nl".to_owned()]), &[]), true),
    ] {
        let viewer = Viewer { person: person.to_owned(), sight };
        let found = register.visible(&viewer, case.complaint.reference()).await.unwrap();
        assert_eq!(found.is_some(), is_seen, "{viewer:?}");
        let after = (!is_seen).then(|| TermPlace { due: at("2026-11-01 10:00"), id, name: "reply".into() });
        let stretch = Stretch { after, until: at("2027-11-24 10:00"), limit: 9 };
        let terms = register.running_terms(&viewer, &concerns, &stretch).await.unwrap();
        assert!(is_seen || terms.iter().all(|t| t.id != id), "{viewer:?}");
    }
}

/// A second factor is set up once; each of its proofs counts once.
pub async fn second_factor(store: &Store) {
    let (accounts, now) = (store.accounts(), at(LATER));
    let codes = || vec!["c1".to_owned(), "c2".to_owned()];
    assert!(accounts.take_factor("h@lagant.nl", ("n", 7), codes(), recorded()).await.unwrap());
    assert!(!accounts.take_factor("h@lagant.nl", ("m", 7), codes(), recorded()).await.unwrap());
    let begin = async |digest: &str, proof: Proof| {
        accounts.begin_session(session(digest, now), ("p", &proof), now, recorded()).await.unwrap()
    };
    let code = |step| Proof::Code { name: "n".to_owned(), step };
    let recovery = |digest: &str| Proof::Recovery { digest: digest.to_owned() };
    assert!(!begin("f0", Proof::PasswordAlone).await, "the password alone counts no longer");
    assert!(!begin("f0", code(7)).await, "it was used when it was set up");
    assert!(begin("f1", code(8)).await && !begin("f2", code(8)).await);
    assert!(begin("f3", recovery("c1")).await && !begin("f4", recovery("c1")).await);
    assert_eq!(accounts.recovery_codes_left("h@lagant.nl").await.unwrap(), 1);
    accounts.choose_language("h@lagant.nl", Some(Language::English)).await.unwrap();
    assert_eq!(accounts.find("h@lagant.nl").await.unwrap().unwrap().language, Some(Language::English));
    assert!(accounts.drop_factor("h@lagant.nl", recorded()).await.unwrap());
    assert!(!accounts.drop_factor("h@lagant.nl", recorded()).await.unwrap());
    assert!(!begin("f5", recovery("c2")).await && begin("f6", Proof::PasswordAlone).await);
}

/// One draft for each person, complaint and action; at most fifty of a person, and none that is too old.
pub async fn drafts(store: &Store, id: ComplaintId) {
    let drafts = store.drafts();
    let draft = |action: &str, text: &str, minute: i64| {
        let answers = [("q".to_owned(), text.to_owned())].into();
        let at = at(LATER).plus_millis(minute * 60_000);
        redress::store::Draft::new(("h@lagant.nl", id, action), ("key", 2), answers, at)
    };
    drafts.keep(draft("a0", "eerst", 0), at(NOW)).await.unwrap();
    drafts.keep(draft("a0", "later", 1), at(NOW)).await.unwrap();
    let kept = drafts.find("h@lagant.nl", id, "a0").await.unwrap().unwrap();
    assert_eq!((kept.answers()["q"].as_str(), kept.version), ("later", 2));
    assert_eq!(drafts.find("x@lagant.nl", id, "a0").await.unwrap(), None, "somebody else's");
    for n in 1..=50 {
        drafts.keep(draft(&format!("a{n}"), "tekst", n + 1), at(NOW)).await.unwrap();
    }
    let all = drafts.of("h@lagant.nl").await.unwrap();
    assert_eq!((all.len(), all[0].action.as_str()), (50, "a50"), "newest first, the oldest is gone");
    drafts.discard("h@lagant.nl", id, "a50").await.unwrap();
    drafts.keep(draft("a51", "tekst", 99), at(LATER).plus_millis(40 * 60_000)).await.unwrap();
    assert_eq!(drafts.of("h@lagant.nl").await.unwrap().len(), 12, "those of before are too old");
}

/// Somebody's looks within an hour are one; those of long ago are removed.
pub async fn views(store: &Store, id: ComplaintId) {
    let view = |hour: i64, email: &str, minute: i64| redress::store::View {
        complaint_id: id,
        hour,
        email: email.to_owned(),
        at: at(NOW).plus_millis(minute * 60_000),
    };
    let views = store.views();
    views.write(vec![view(7, "h@lagant.nl", 0), view(9, "h@lagant.nl", 0)], 1).await.unwrap();
    views.write(vec![view(9, "h@lagant.nl", 5), view(9, "d@lagant.nl", 6)], 8).await.unwrap();
    let seen = views.of(id, 9).await.unwrap();
    assert_eq!(seen, [view(9, "h@lagant.nl", 0), view(9, "d@lagant.nl", 6)], "the first look of an hour");
    assert_eq!(views.of(id, 1).await.unwrap().len(), 1);
    let viewer = Viewer { person: "a@lagant.nl".to_owned(), sight: Sight::Everything };
    let newest = async |after: Option<&LookPlace>| {
        let looks = views.newest(&viewer, after, 9).await.unwrap();
        looks.into_iter().map(|look| (look.hour, look.email)).collect::<Vec<_>>()
    };
    let (h, d) = ((9, "h@lagant.nl".to_owned()), (9, "d@lagant.nl".to_owned()));
    assert_eq!(newest(None).await, [h.clone(), d.clone()]);
    let after = LookPlace { hour: 9, complaint_id: id, email: h.1 };
    assert_eq!(newest(Some(&after)).await, [d]);
}

pub async fn presence(store: &Store) {
    let (now, soon, day) = (at(LATER), at("2026-11-24 10:00"), "2026-11-24".parse().unwrap());
    let resets = store.resets();
    let request =
        |id: &str| ResetRequest { address: "p@lagant.nl".to_owned(), id: id.to_owned(), asked_at: now };
    resets.ask(request("r1")).await.unwrap();
    resets.ask(request("r2")).await.unwrap();
    assert_eq!(resets.waiting(9).await.unwrap(), [request("r1")], "one waits already");
    assert!(
        !resets.give("p@lagant.nl", ("d", soon), 0, recorded()).await.unwrap(),
        "there is no such account"
    );
    store.accounts().give_link("p@lagant.nl", ("d9", soon), recorded()).await.unwrap();
    assert!(
        !resets.give("p@lagant.nl", ("d", soon), 0, recorded()).await.unwrap(),
        "there is no password yet"
    );
    assert!(store.accounts().take_password(("d9", LinkKind::Own), "p", recorded()).await.unwrap());
    assert!(resets.give("p@lagant.nl", ("d10", soon), 0, recorded()).await.unwrap());
    assert!(!resets.give("p@lagant.nl", ("d11", soon), 0, recorded()).await.unwrap(), "another was faster");
    resets.forget(&request("r2")).await.unwrap();
    resets.forget(&request("r1")).await.unwrap();
    assert!(resets.waiting(9).await.unwrap().is_empty());
    let feeds = store.feeds();
    let feed =
        |digest: &str| Feed { email: "p@lagant.nl".to_owned(), digest: digest.to_owned(), made_at: now };
    feeds.make(feed("f1"), recorded()).await.unwrap();
    feeds.make(feed("f2"), recorded()).await.unwrap();
    assert_eq!(feeds.find("f1").await.unwrap(), None);
    assert_eq!(feeds.find("f2").await.unwrap(), feeds.of("p@lagant.nl").await.unwrap());
    assert!(feeds.end("p@lagant.nl", recorded()).await.unwrap());
    assert!(!feeds.end("p@lagant.nl", recorded()).await.unwrap());
    let tokens = store.api_tokens();
    let token = ApiToken {
        id: "t1".to_owned(),
        digest: "d".to_owned(),
        email: "p@lagant.nl".to_owned(),
        name: "crm".to_owned(),
        scopes: "complaints:read".to_owned(),
        made_at: now,
        ends_at: soon,
        used_at: None,
        ended_at: None,
    };
    tokens.make(token.clone(), recorded()).await.unwrap();
    assert!(tokens.make(token.clone(), recorded()).await.is_err(), "no key takes the place of another");
    assert_eq!(tokens.find("d").await.unwrap(), Some(token.clone()));
    tokens.used("t1", soon).await.unwrap();
    assert_eq!(tokens.named("t1").await.unwrap().unwrap().used_at, Some(soon));
    assert_eq!(tokens.of("p@lagant.nl").await.unwrap(), tokens.all().await.unwrap());
    assert!(tokens.end("t1", recorded()).await.unwrap());
    assert!(!tokens.end("t1", recorded()).await.unwrap());
    assert!(tokens.all().await.unwrap().is_empty() && tokens.of("p@lagant.nl").await.unwrap().is_empty());
    let absences = store.absences();
    let entered = EnteredAbsence {
        id: "a1".to_owned(),
        email: "p@lagant.nl".to_owned(),
        from_day: day,
        to_day: day,
        entered_by: "p@lagant.nl".to_owned(),
        entered_at: now,
    };
    absences.enter(entered.clone(), recorded()).await.unwrap();
    assert_eq!(absences.from(day).await.unwrap(), std::slice::from_ref(&entered));
    assert!(!absences.take_back("x@lagant.nl", "a1", recorded()).await.unwrap(), "somebody else's");
    assert!(absences.take_back("p@lagant.nl", "a1", recorded()).await.unwrap());
    let deputy = |deputy: &str| ChosenDeputy {
        email: "p@lagant.nl".to_owned(),
        deputy: deputy.to_owned(),
        chosen_by: "p@lagant.nl".to_owned(),
        chosen_at: now,
    };
    absences.choose(deputy("a@lagant.nl"), recorded()).await.unwrap();
    absences.choose(deputy("b@lagant.nl"), recorded()).await.unwrap();
    assert_eq!(absences.deputies().await.unwrap(), [deputy("b@lagant.nl")]);
    absences.leave("p@lagant.nl", recorded()).await.unwrap();
}

pub(super) async fn subscriptions(store: &Store) {
    let row = WebhookSubscription {
        name: "x".to_owned(),
        url: String::new(),
        takes: String::new(),
        secret: "a".to_owned(),
        secrets_before: "[]".to_owned(),
        version: 1,
        made_by: String::new(),
        made_at: at(NOW),
        changed_at: at(NOW),
    };
    let subscriptions = store.subscriptions();
    assert_eq!(subscriptions.make(row.clone(), recorded()).await.unwrap(), Subscribing::Made);
    assert_eq!(subscriptions.make(row, recorded()).await.unwrap(), Subscribing::Taken);
    assert!(subscriptions.change(("x", 1), ("u", "{}"), recorded()).await.unwrap());
    assert!(subscriptions.renew(("x", 2), ("b", "[[\"a\",1]]"), recorded()).await.unwrap());
    assert_eq!(subscriptions.all().await.unwrap()[0].secret, "b");
    assert!(!subscriptions.remove(("x", 1), recorded()).await.unwrap());
    assert!(subscriptions.remove(("x", 3), recorded()).await.unwrap());
}
