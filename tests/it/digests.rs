//! Digests and working hours: when our own people are written to, what stands in a digest and what does not, and that
//! each notification is delivered once, by itself or as a line (docs/semantics.md 8).

use crate::support::receiver::Receiver;
use crate::support::{Builder, MAIL_PLUGIN, TestApp, clear_complaint, rules_copy};
use redress::app::{Access, App, Places};
use redress::complaint::Via;
use redress::delivery::Mode;
use redress::store::Audit;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::Arc;

/// The mails to an address, headers and text, oldest first, as far as they were written by now.
fn mails_to(app: &TestApp, address: &str) -> Vec<String> {
    let mut mails: Vec<String> = app.outbox();
    mails.retain(|mail| mail.lines().any(|line| line == format!("To: {address}")));
    let date = |mail: &String| {
        let line = mail.lines().find_map(|line| line.strip_prefix("Date: ")).unwrap();
        chrono::DateTime::parse_from_rfc2822(line).unwrap()
    };
    mails.sort_by_key(date);
    mails
}

/// The text of a mail, without the breaks of its encoding.
fn plain(mail: &str) -> String {
    let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes()).unwrap();
    format!("{}\n{}", parsed.subject().unwrap(), parsed.body_text(0).unwrap()).replace("\r\n", "\n")
}

fn is_digest(mail: &str) -> bool {
    plain(mail).starts_with("Wat u te doen staat") || plain(mail).starts_with("What waits for you")
}

fn digests_to(app: &TestApp, address: &str) -> Vec<String> {
    mails_to(app, address).iter().filter(|mail| is_digest(mail.as_str())).map(|mail| plain(mail)).collect()
}

/// `message state` of a complaint's notifications that are gathered.
async fn gathered(app: &TestApp, reference: &str) -> Vec<String> {
    let why = app.app.workflow.why(app.app.workflow.id_of(reference).await.unwrap()).await.unwrap().unwrap();
    why.gathered.iter().map(|n| format!("{} {}", n.message, n.state)).collect()
}

async fn act(app: &TestApp, actor: &str, action: &str, input: &[(&str, Value)]) {
    let input: BTreeMap<String, Value> = input.iter().map(|(k, v)| ((*k).to_owned(), v.clone())).collect();
    let acted = app.app.workflow.act("K-2026-0001", action, actor, input, Via::CommandLine).await;
    acted.unwrap_or_else(|e| panic!("{action}: {e}"));
    app.app.turn().await.unwrap();
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_goes_as_a_line_and_is_kept_as_a_message() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.until("2026-12-21 08:59").await;
    assert_eq!(gathered(&app, "K-2026-0001").await, Vec::<String>::new());
    app.until("2026-12-21 09:30").await;
    let digests = digests_to(&app, "behandelaar@lagant.nl");
    let [digest] = &digests[..] else { panic!("{digests:#?}") };
    assert!(digest.contains("Wat u te doen staat: één punt"), "{digest}");
    let line = "Binnenkort te doen\n\n- Neem uiterlijk maandag 4 januari 2027 een beslissing (K-2026-0001)";
    assert!(digest.contains(line), "{digest}");
    assert_eq!(gathered(&app, "K-2026-0001").await, ["term_expiring accepted"]);
    assert!(app.notified("K-2026-0001").await.contains(&"handler term_expiring".to_owned()));
    let own = mails_to(&app, "behandelaar@lagant.nl");
    assert!(own.iter().all(|mail| !plain(mail).starts_with("Beslissen voor")), "not by itself as well");
    assert!(matches!(app.app.workflow.reading().trail().verify().await.unwrap(), Audit::Holds { .. }));
}

/// Nine in the evening before a weekend: the complainant hears at once, the handler on Monday; what cannot wait goes.
#[tokio::test(flavor = "multi_thread")]
async fn at_night_only_letters_and_what_is_urgent_go() {
    let app = TestApp::start("2026-11-27 21:00").await;
    let text = clear_complaint("jan@example.nl", "a1")
        .replace("Ik heb een klacht", "Mijn advocaat stelt u aansprakelijk. Ik heb een klacht");
    app.mail(&text).await;
    assert_eq!(mails_to(&app, "jan@example.nl").len(), 1, "the acknowledgement");
    assert_eq!(mails_to(&app, "behandelaar@lagant.nl").len(), 0);
    let urgent = mails_to(&app, "directeur@lagant.nl");
    assert!(urgent.len() == 1 && plain(&urgent[0]).starts_with("Mogelijke claim of pers"), "{urgent:?}");
    app.until("2026-11-30 07:59").await;
    app.app.turn().await.unwrap();
    assert_eq!(mails_to(&app, "behandelaar@lagant.nl").len(), 0);
    app.until("2026-11-30 08:00").await;
    app.app.turn().await.unwrap();
    let [mail] = &mails_to(&app, "behandelaar@lagant.nl")[..] else { panic!("one mail") };
    assert!(plain(mail).starts_with("Nieuwe klacht voor u"), "{mail}");
}

/// Between the reminder of Wednesday and the digest of Monday the complaint is withdrawn: nobody reads that it is late.
#[tokio::test(flavor = "multi_thread")]
async fn what_is_no_longer_so_is_left_out() {
    let app = TestApp::start("2026-11-25 10:00").await;
    app.complaint("a1").await;
    app.until("2026-12-31 10:00").await;
    let waiting = gathered(&app, "K-2026-0001").await;
    assert!(waiting.contains(&"still_overdue waiting".to_owned()), "{waiting:?}");
    let before = digests_to(&app, "directeur@lagant.nl").len();
    let input = [("confirmation", json!("Per e-mail, gisteren.")), ("confirmed", json!(true))];
    act(&app, "behandelaar@lagant.nl", "withdraw", &input).await;
    app.until("2027-01-05 10:00").await;
    let said = gathered(&app, "K-2026-0001").await;
    assert!(said.contains(&"still_overdue left_out".to_owned()), "{said:?}");
    assert_eq!(digests_to(&app, "directeur@lagant.nl").len(), before);
    assert!(matches!(app.app.workflow.reading().trail().verify().await.unwrap(), Audit::Holds { .. }));
}

const PEOPLE: &str = r#"
[[people]]
name = "Ontvanger"
email = "ontvanger@lagant.nl"
roles = ["receiver", "quality_manager"]

[[people]]
name = "Behandelaar"
email = "behandelaar@lagant.nl"
roles = ["handler"]
deputy = "invaller@lagant.nl"
absent = ["2026-12-20/2026-12-31"]

[[people]]
name = "Invaller"
email = "invaller@lagant.nl"
roles = []
language = "en"

[[people]]
name = "Directeur"
email = "directeur@lagant.nl"
roles = ["director", "deputy_director", "integrator"]
"#;

/// Who is absent on the day of the digest, and not on that of the decision, has a deputy, who reads English.
#[tokio::test(flavor = "multi_thread")]
async fn a_digest_goes_to_who_there_is_when_it_goes_in_their_language() {
    let app = Builder::default().config(PEOPLE).plugin("mail", MAIL_PLUGIN.to_owned());
    let app = app.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.until("2026-12-21 10:00").await;
    let [english] = &digests_to(&app, "invaller@lagant.nl")[..] else { panic!("one digest") };
    assert!(english.contains("Take a decision by Monday 4 January 2027 (K-2026-0001)"), "{english}");
    let [dutch] = &digests_to(&app, "behandelaar@lagant.nl")[..] else { panic!("one digest") };
    assert!(dutch.contains("Neem uiterlijk maandag 4 januari 2027 een beslissing"), "{dutch}");
}

/// Two complaints, several roles: one digest, each complaint in it once.
#[tokio::test(flavor = "multi_thread")]
async fn a_person_with_several_roles_gets_one_digest() {
    let app = Builder::default().config(PEOPLE).plugin("mail", MAIL_PLUGIN.to_owned());
    let app = app.start("2026-11-25 10:00").await;
    app.complaint("a1").await;
    app.mail(&clear_complaint("piet@example.nl", "b1").replace("parkeren", "de zaal")).await;
    app.until("2027-01-04 08:00").await;
    let before = digests_to(&app, "directeur@lagant.nl").len();
    app.until("2027-01-04 12:00").await;
    let digests = digests_to(&app, "directeur@lagant.nl");
    let [digest] = &digests[before..] else { panic!("{digests:#?}") };
    for number in ["K-2026-0001", "K-2026-0002"] {
        assert_eq!(digest.matches(&format!("({number})")).count(), 1, "{digest}");
    }
    assert!(digest.contains("Te laat\n\n- Zorg dat dit alsnog gebeurt"), "{digest}");
}

fn webhook(url: &str, more: &str) -> String {
    format!(
        "kind = \"webhook\"\nenabled = true\nmessages = [\"term_expiring\", \"new_complaint\", \"digest\"]\n{more}\n\
         [webhook]\nurl = \"{url}\"\nsigning = \"none\"\nallow_http = true\n"
    )
}

/// A program gets single events, at once; one that asks for digests gets what mail gets.
#[tokio::test(flavor = "multi_thread")]
async fn webhooks_take_single_events_unless_they_ask_for_digests() {
    let (single, single_url) = Receiver::start(&[]).await;
    let (digest, digest_url) = Receiver::start(&[]).await;
    let app = Builder::default()
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("single", webhook(&single_url, ""))
        .plugin("digest", webhook(&digest_url, "digests = true"))
        .start("2026-11-27 21:00")
        .await;
    app.complaint("a1").await;
    let kinds = |receiver: &Receiver| -> Vec<String> {
        let bodies =
            receiver.seen().into_iter().map(|(_, body)| serde_json::from_str::<Value>(&body).unwrap());
        bodies.map(|body| body["type"].as_str().unwrap().to_owned()).collect()
    };
    assert_eq!(kinds(&single), ["notification.new_complaint"], "at once, at night");
    assert_eq!(kinds(&digest), Vec::<String>::new());
    app.until("2026-12-28 12:00").await;
    assert_eq!(kinds(&single), ["notification.new_complaint", "notification.term_expiring"]);
    assert_eq!(kinds(&digest), ["notification.new_complaint", "notification.digest"]);
}

/// A line may say itself when it counts: it is written anew when the digest goes.
#[tokio::test(flavor = "multi_thread")]
async fn a_line_that_says_nothing_is_left_out() {
    let rules = rules_copy();
    for language in ["nl", "en"] {
        let file = rules.path().join(format!("messages/{language}/term_expiring.md"));
        let text = std::fs::read_to_string(&file).unwrap();
        let line = text.lines().find(|line| line.starts_with("line: ")).unwrap();
        let when = "line: {% if 'consulted' not in complaint.flags %}Overleg eerst{% endif %}";
        std::fs::write(&file, text.replace(line, when)).unwrap();
    }
    let app = Builder::default().rules(rules.path()).plugin("mail", MAIL_PLUGIN.to_owned());
    let app = app.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.until("2026-12-21 10:00").await;
    let first = digests_to(&app, "behandelaar@lagant.nl");
    assert!(first.len() == 1 && first[0].contains("- Overleg eerst (K-2026-0001)"), "{first:?}");
    let consulted = [("consultation", json!("Met de planner besproken."))];
    act(&app, "behandelaar@lagant.nl", "note_consultation", &consulted).await;
    app.until("2026-12-30 10:00").await;
    app.until("2027-01-04 07:00").await;
    let said = gathered(&app, "K-2026-0001").await;
    // A week before, and two working days before.
    assert_eq!(said.iter().filter(|line| *line == "term_expiring left_out").count(), 2, "{said:?}");
}

/// Several processes on one database, whose schedulers look at the same moment: one digest goes.
#[tokio::test(flavor = "multi_thread")]
async fn of_several_processes_one_sends_the_digest() {
    let mut databases = vec![String::new()];
    match std::env::var("REDRESS_TEST_POSTGRES") {
        Ok(server) => databases.push(crate::store::fresh_database(&server).await),
        Err(_) => assert!(std::env::var("CI").is_err(), "CI must set REDRESS_TEST_POSTGRES"),
    }
    for database in databases {
        let config =
            if database.is_empty() { database } else { format!("[database]\nurl = \"{database}\"\n") };
        let first = Builder::default().config(&config).plugin("mail", MAIL_PLUGIN.to_owned());
        let first = first.start("2026-11-23 10:00").await;
        let places = Places {
            config: Some(first.folder.path().join("redress.toml")),
            data: first.folder.path().join("data"),
            rules: crate::support::repository().join("rules"),
            plugins: first.folder.path().join("plugins"),
            clock: None,
            access: Access::Change,
        };
        let clock = Arc::new(first.clock.clone());
        let second = App::open_with(&places, clock, Mode::Rehearsal).await.unwrap();
        for sender in ["a", "b", "c"] {
            let subject = format!("de zaal van {sender}");
            let mail = clear_complaint(&format!("{sender}@example.nl"), sender);
            first.mail(&mail.replace("parkeren in Utrecht", &subject)).await;
        }
        first.until("2026-12-21 08:59").await;
        first.clock.advance_to(crate::support::at("2026-12-21 09:00"));
        first.app.workflow.tick().await.unwrap();
        let before = digests_to(&first, "behandelaar@lagant.nl").len();
        // Everything gathered waits again, as if neither had sent it.
        undo_digests(&first, &config).await;
        let (one, two) = (first.app.workflow.send_digests(), second.workflow.send_digests());
        let (one, two) = tokio::join!(one, two);
        assert_eq!(one.unwrap() + two.unwrap(), 1, "one of them sends it");
        first.app.turn().await.unwrap();
        assert_eq!(digests_to(&first, "behandelaar@lagant.nl").len(), before + 1);
        second.close().await;
    }
}

/// Takes digests back, as a crash before their commit would.
async fn undo_digests(app: &TestApp, config: &str) {
    use sqlx::Connection;
    sqlx::any::install_default_drivers();
    let sqlite = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let url = config.split('"').nth(1).map_or(sqlite, str::to_owned);
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    for sql in [
        "DELETE FROM digest_lines",
        "DELETE FROM deliveries WHERE notification_id LIKE 'digest/%'",
        "DELETE FROM notifications WHERE id LIKE 'digest/%'",
        "UPDATE gathered SET state = 'waiting', settled_at = NULL",
    ] {
        sqlx::query(sql).execute(&mut connection).await.unwrap();
    }
    connection.close().await.unwrap();
}

/// What a breach brings about goes at once to who must hear of it, although its message is to be gathered.
#[tokio::test(flavor = "multi_thread")]
async fn a_breach_is_never_late() {
    let rules = rules_copy();
    for language in ["nl", "en"] {
        let file = rules.path().join(format!("messages/{language}/term_exceeded.md"));
        let text = std::fs::read_to_string(&file).unwrap();
        assert!(text.contains("now: yes\n"));
        std::fs::write(&file, text.replace("now: yes\n", "gather: weekly\nline: Beslis alsnog\n")).unwrap();
    }
    let app = Builder::default().rules(rules.path()).plugin("mail", MAIL_PLUGIN.to_owned());
    let app = app.start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.until("2027-01-05 00:01").await;
    app.app.turn().await.unwrap();
    let director = mails_to(&app, "directeur@lagant.nl");
    let told = director.iter().filter(|mail| plain(mail).starts_with("Termijn voorbij")).count();
    assert_eq!(told, 1, "{director:?}");
}

/// More than anybody reads at once comes in several digests, and nothing is in two of them.
#[tokio::test(flavor = "multi_thread")]
async fn of_very_many_lines_each_stands_in_one_digest() {
    const COMPLAINTS: usize = 203;
    let app = TestApp::start("2026-11-23 10:00").await;
    let mails: Vec<String> =
        (0..COMPLAINTS).map(|n| clear_complaint(&format!("k{n}@example.nl"), &format!("m{n}"))).collect();
    for mail in &mails {
        app.mail(mail).await;
    }
    app.until("2026-12-21 09:30").await;
    let digests = digests_to(&app, "behandelaar@lagant.nl");
    let counts: Vec<usize> = digests.iter().map(|digest| digest.matches("(K-2026-").count()).collect();
    assert_eq!(counts.iter().sum::<usize>(), COMPLAINTS, "{counts:?}");
    assert_eq!(counts.iter().max(), Some(&200), "{counts:?}");
    let all = digests.concat();
    for n in 1..=COMPLAINTS {
        assert_eq!(all.matches(&format!("(K-2026-{n:04})")).count(), 1, "K-2026-{n:04}");
    }
    assert_eq!(gathered(&app, "K-2026-0203").await, ["term_expiring accepted"]);
}
