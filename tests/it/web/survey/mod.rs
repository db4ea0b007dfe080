//! The survey: whoever has a letter with its link answers, nobody else does, and nobody learns anything by trying.

mod counting;
mod telling;

use super::browser::{Answer, Browser};
use super::*;
use crate::support::{BY_QUALITY, MAIL_PLUGIN, at, clear_complaint, rules_copy};
use redress::complaint::{EventKind, Language, Via};
use redress::report::Report;
use serde_json::Value;
use std::collections::BTreeMap;
use std::path::PathBuf;

const BASE: &str = "https://klachten.lagant.nl";
const DIRECTOR: &str = "directeur@lagant.nl";
const NUMBER: &str = "K-2026-0001";

/// The shipped rules with other lines in the declaration of the survey.
fn rules(changes: &[(&str, &str)]) -> PathBuf {
    let folder = rules_copy().keep();
    let file = folder.join("procedure.toml");
    let mut text = std::fs::read_to_string(&file).unwrap();
    for (from, to) in changes {
        assert_eq!(text.matches(from).count(), 1, "{from}");
        text = text.replace(from, to);
    }
    std::fs::write(file, text).unwrap();
    folder
}

/// The survey is on, in the first letter, so that a test has one at once.
const ON: &[(&str, &str)] = &[
    ("[survey]\non = false", "[survey]\non = true"),
    ("letters = [\"follow_up\"]\ndays = 60", "letters = [\"acknowledgement\"]\ndays = 60"),
];

async fn site_of(changes: &[(&str, &str)], config: &str) -> Site {
    let config = format!("[web]\npublic_url = \"{BASE}\"\n{config}");
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).config(&config);
    Site::of(builder.rules(&rules(changes)), Door::Loopback).await
}

/// An installation whose first letter carries the question.
pub async fn site() -> Site {
    site_of(ON, "").await
}

/// The same with other settings.
pub async fn site_with(config: &str) -> Site {
    site_of(ON, config).await
}

/// The mails that went, with soft line breaks taken out.
fn mails(site: &Site) -> Vec<String> {
    site.app.outbox().into_iter().map(|m| m.replace("=\r\n", "").replace("=\n", "")).collect()
}

/// The paths of the links that were mailed to an address; those of one mail are one.
fn links(mails: &[String], base: &str, to: &str) -> Vec<String> {
    let start = format!("{base}/survey/");
    let of = |mail: &String| {
        let (_, rest) = mail.split_once(&start)?;
        let token: String = rest.chars().take_while(|c| c.is_ascii_alphanumeric() || *c == '-').collect();
        let all = mail.matches(&start).count();
        assert_eq!(mail.matches(&format!("{start}{token}")).count(), all, "one link in one letter: {mail}");
        Some(format!("/survey/{token}"))
    };
    mails.iter().filter(|mail| mail.contains(&format!("To: {to}"))).filter_map(of).collect()
}

/// A complaint of an address, and the path of the link in its first letter.
pub async fn asked(site: &Site, from: &str, id: &str) -> String {
    site.app.mail(&clear_complaint(from, id)).await;
    site.app.app.turn().await.unwrap();
    let found = links(&mails(site), BASE, from);
    assert_eq!(found.len(), 1, "{:?}", site.app.outbox());
    found.into_iter().next().unwrap()
}

async fn answer(site: &Site, link: &str, step: &str) -> Answer {
    site.browser().post(link, &[("step", step)]).await
}

/// What the trail says of the survey, by complaint: the steps that were answered, in order.
async fn answers(site: &Site) -> BTreeMap<i64, Vec<i64>> {
    let mut found: BTreeMap<i64, Vec<i64>> = BTreeMap::new();
    for event in site.app.app.store.trail().events_after(0).await.unwrap() {
        if event.kind == EventKind::SurveyAnswered {
            let data: Value = serde_json::from_str(&event.data).unwrap();
            assert_eq!((event.by.as_str(), event.personal.as_deref()), ("mail", None), "nobody is named");
            found.entry(event.complaint_id.unwrap().0).or_default().push(data["step"].as_i64().unwrap());
        }
    }
    found
}

async fn last_event(site: &Site) -> i64 {
    site.app.app.store.trail().last_event().await.unwrap()
}

async fn act(site: &Site, action: &str, by: &str, input: &[(&str, &str)]) {
    let input = input.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    site.app.app.workflow.act(NUMBER, action, by, input, Via::CommandLine).await.unwrap();
    site.app.app.turn().await.unwrap();
}

async fn report(site: &Site, from: &str, to: &str) -> Report {
    let period = (from.parse().unwrap(), to.parse().unwrap());
    site.app.app.workflow.records().report(period, Language::Dutch).await.unwrap()
}

fn figure(report: &Report, name: &str) -> Option<(Option<i64>, Option<i64>)> {
    report.figures.iter().find(|f| f.name == name).map(|f| (f.count, f.of))
}

#[tokio::test]
async fn the_letter_carries_the_link_and_nothing_else_does() {
    let site = site().await;
    let mut handler = site.signed_in(HANDLER).await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    let token = link.strip_prefix("/survey/").unwrap();
    let all = mails(&site);
    let carrying: Vec<&String> = all.iter().filter(|mail| mail.contains("/survey/")).collect();
    assert_eq!(carrying.len(), 1, "one letter, and no notice to our own people");
    assert_eq!(
        carrying[0].matches(token).count(),
        3,
        "as text, and as what can be followed: {}",
        carrying[0]
    );
    assert!(
        carrying[0].contains("Hoe tevreden bent u over de manier waarop wij uw klacht hebben behandeld?")
    );
    assert!(!all.iter().any(|mail| mail.contains(['\u{F8E0}', '\u{F8E1}']) || mail.contains("=EF=A3=A0")));
    // Neither a row, nor a page, nor a dossier, nor what a webhook would be sent has it.
    for entry in std::fs::read_dir(site.app.folder.path().join("data")).unwrap().flatten() {
        if entry.path().is_file() {
            let bytes = std::fs::read(entry.path()).unwrap();
            let signature = &token[token.len() - 32..];
            let found = bytes.windows(32).any(|part| part == signature.as_bytes());
            assert!(!found, "{}", entry.path().display());
        }
    }
    let said = "[de link staat alleen in de brief zelf]";
    let page = handler.get(&format!("/complaints/{NUMBER}")).await;
    assert!(page.text().contains(said) && !page.body.contains('\u{F8E0}'), "{}", page.text());
    let (_, bytes) = whole(&site, &handler, &format!("/complaints/{NUMBER}/dossier")).await;
    let mut archive = zip::ZipArchive::new(std::io::Cursor::new(bytes)).unwrap();
    let mut words = 0;
    for i in 0..archive.len() {
        let mut text = Vec::new();
        std::io::Read::read_to_end(&mut archive.by_index(i).unwrap(), &mut text).unwrap();
        let text = String::from_utf8_lossy(&text);
        assert!(!text.contains('\u{F8E0}') && !text.contains(&token[token.len() - 32..]), "{i}");
        words += text.matches(said).count();
    }
    assert!(words > 0, "the dossier says that there was one");
}

/// Off, which is what is shipped: no letter says anything of it, and no report does.
#[tokio::test]
async fn while_it_is_off_nothing_is_said_of_it() {
    let site = site_of(&ON[1..], "").await;
    site.app.mail(&clear_complaint("jan@example.nl", "m1")).await;
    let mut both = vec![mails(&site)];
    for (_, on) in [("without a page", site_without_page().await)] {
        on.app.mail(&clear_complaint("jan@example.nl", "m1")).await;
        both.push(mails(&on));
        assert!(on.app.app.workflow.is_survey_unlinked());
    }
    for mails in both {
        let letter = mails.iter().find(|m| m.contains("To: jan@example.nl")).unwrap();
        assert!(letter.contains("Met vriendelijke groet"), "{letter}");
        for word in ["/survey/", "Hoe tevreden", "nog één vraag", "\u{F8E0}", "None"] {
            assert!(!letter.contains(word), "{word}: {letter}");
        }
    }
    let whole = report(&site, "2026-10-01", "2026-12-31").await;
    assert!(!whole.figures.iter().any(|f| f.name.starts_with("survey")));
    assert!(!whole.tables.iter().any(|t| t.name == "survey"));
    assert!(!site.app.app.workflow.is_survey_unlinked());
}

async fn site_without_page() -> Site {
    let builder = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned());
    Site::of(builder.rules(&rules(ON)), Door::Loopback).await
}

#[tokio::test]
async fn looking_records_nothing_and_the_latest_answer_counts() {
    let site = site().await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    let before = last_event(&site).await;
    let state = site.app.state(NUMBER).await;
    for method in ["GET", "HEAD"] {
        let seen = site.browser().send(method, &format!("{link}?step=5"), &[], "step=5").await;
        assert_eq!(seen.status, 200, "{method}");
    }
    let page = site.browser().get(&link).await;
    for word in
        ["Lagant", "Hoe tevreden bent u", "zeer ontevreden", "U kiest zelf of u antwoordt", "22 januari 2027"]
    {
        assert!(page.text().contains(word), "{word}: {}", page.text());
    }
    for secret in ["K-2026", "I-2026-000001 ", "parkeren", "Jan", "jan@", "Redress", "href=\"/\"", " checked"]
    {
        let shown = page.body.replace("&#x2f;", "/").replace(&link, "");
        assert!(!shown.contains(secret), "{secret}: {shown}");
    }
    assert_eq!(last_event(&site).await, before, "looking records nothing");
    let thanks = answer(&site, &link, "2").await;
    assert!(
        thanks.status == 200 && thanks.text().contains("Uw antwoord is opgeslagen: ontevreden."),
        "{}",
        thanks.text()
    );
    let after = last_event(&site).await;
    assert_eq!(answer(&site, &link, "2").await.status, 200, "sent twice");
    assert_eq!(last_event(&site).await, after, "and taken once");
    assert!(site.browser().get(&link).await.body.contains("value=\"2\" checked"));
    assert_eq!(answer(&site, &link, "4").await.status, 200);
    assert_eq!(answers(&site).await[&1], [2, 4], "both are in the trail");
    let mut handler = site.signed_in(HANDLER).await;
    let complaint = handler.get(&format!("/complaints/{NUMBER}")).await.text();
    assert!(
        complaint.contains("Tevreden over de behandeling 4 van 5: tevreden, geantwoord ma 23 nov"),
        "{complaint}"
    );
    assert!(complaint.contains("tevredenheid over de behandeling: 2 van 5 (ontevreden)"), "{complaint}");
    assert_eq!(site.app.state(NUMBER).await, state, "it changes no state");
    assert!(site.app.app.store.trail().verify().await.is_ok());
}

#[tokio::test]
async fn whoever_is_written_to_in_english_answers_in_english() {
    let site = site().await;
    let english = clear_complaint("ann@example.nl", "m1")
        .replace("Klacht over parkeren", "Complaint about the parking")
        .replace("Ik heb een klacht over het parkeren bij de training in Utrecht.", "I have a complaint about the parking at your training in Utrecht. It was not what you had promised to us.");
    site.app.mail(&english).await;
    let link = links(&mails(&site), BASE, "ann@example.nl").pop().unwrap();
    let page = site.browser().get(&link).await;
    assert!(
        page.body.contains("<html lang=\"en\">") && page.text().contains("very dissatisfied"),
        "{}",
        page.text()
    );
    assert!(answer(&site, &link, "5").await.text().contains("Your answer has been saved: very satisfied."));
}

/// Whatever is wrong with a link, the answer is one and the same.
#[tokio::test]
async fn nobody_learns_anything_from_a_link_that_does_not_count() {
    let site = site().await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    let other = asked(&site, "piet@example.nl", "m2").await;
    let token = link.strip_prefix("/survey/").unwrap();
    let (said, signature) = token.rsplit_once('-').unwrap();
    let (others, others_signature) = other.strip_prefix("/survey/").unwrap().rsplit_once('-').unwrap();
    let never = site.browser().get("/survey/x").await;
    assert_eq!(never.status, 410);
    assert!(never.text().contains("Deze link werkt niet, of niet meer."), "{}", never.text());
    let longer = format!("{}-{signature}", said.replace("20270122", "20991231"));
    let wrong = [
        format!("{said}-{others_signature}"),
        format!("{others}-{signature}"),
        longer,
        said.to_owned(),
        signature.to_owned(),
        format!("{token}-"),
        token.to_uppercase(),
        said.replace("-nl", "-en") + "-" + signature,
        said.replace("-nl", "-de") + "-" + signature,
        format!("{said}-{}", "0".repeat(32)),
        "K-2026-0001".to_owned(),
        "I-2026-000001".to_owned(),
        "%00".to_owned(),
        "%ff%fe".to_owned(),
        "' OR 1=1 --".replace(' ', "%20"),
        "x".repeat(4_000),
    ];
    let before = last_event(&site).await;
    for token in wrong {
        let path = format!("/survey/{token}");
        for found in [site.browser().get(&path).await, answer(&site, &path, "5").await] {
            match found.status {
                410 => assert_eq!(found.body, never.body, "{path}"),
                status => assert_eq!(status, 400, "{path}: what is no text is refused before"),
            }
        }
    }
    assert_eq!(last_event(&site).await, before);
    // Another key, as after one was lost, makes nothing of it; nor does another site.
    for headers in [&[("sec-fetch-site", "cross-site")][..], &[("origin", "https://evil.nl")], &[]] {
        assert_eq!(site.browser().send("POST", &link, headers, "step=5").await.status, 403);
    }
    assert_eq!(last_event(&site).await, before);
}

#[tokio::test]
async fn what_is_no_answer_is_asked_again() {
    let site = site().await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    let before = last_event(&site).await;
    for step in [
        "",
        "0",
        "6",
        "-1",
        "05",
        "5 ",
        "5.0",
        "１",
        "vijf",
        "\0",
        "<script>",
        "99999999999999999999",
        &"5".repeat(90_000),
    ] {
        let again = answer(&site, &link, step).await;
        assert_eq!(again.status, 422, "{step:.20}");
        assert!(again.text().contains("Kies een antwoord.") && !again.body.contains("<script"), "{step:.20}");
    }
    let headers = [("sec-fetch-site", "same-origin"), ("content-type", "application/json")];
    for body in ["{\"step\":5}", "%00=%00&step", "step[]=5", "&&&", "%ff=%fe"] {
        assert_eq!(site.browser().send("POST", &link, &headers, body).await.status, 422, "{body}");
    }
    let large = site.browser().post(&link, &[("step", &"5".repeat(2 << 20))]).await;
    assert!([413, 0].contains(&large.status), "{}", large.status);
    for method in ["PUT", "PATCH", "DELETE"] {
        assert_eq!(site.browser().send(method, &link, &headers[..1], "step=5").await.status, 405, "{method}");
    }
    assert_eq!(last_event(&site).await, before);
}

/// The last day counts to its end; the next does not.
#[tokio::test]
async fn a_link_is_over_after_its_last_day() {
    let site = site().await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    site.app.clock.advance_to(at("2027-01-22 23:59"));
    assert_eq!(answer(&site, &link, "3").await.status, 200);
    site.app.clock.advance_to(at("2027-01-23 00:00"));
    assert_eq!(answer(&site, &link, "4").await.status, 410);
    assert_eq!(site.browser().get(&link).await.status, 410);
    assert_eq!(answers(&site).await[&1], [3]);
}

/// Answered after the end of the complaint, which is what it is for; forgotten, the number stays and the link is over.
#[tokio::test]
async fn it_is_answered_after_closing_and_dies_with_the_complaint() {
    let site = site_of(
        &[ON[0], ("letters = [\"follow_up\"]\ndays = 60", "letters = [\"acknowledgement\"]\ndays = 366")],
        "",
    )
    .await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    act(&site, "withdraw", HANDLER, &[("confirmation", "Per e-mail"), ("confirmed", "ja")]).await;
    let cause = [("cause_kind", "other"), ("cause", "Te weinig plaatsen"), ("structural", "nee")];
    act(&site, "evaluate", HANDLER, &cause).await;
    assert_eq!(site.app.state(NUMBER).await, "closed");
    assert_eq!(answer(&site, &link, "1").await.status, 200);
    site.app.until("2027-01-12 10:00").await;
    act(&site, "archive_complaint", DIRECTOR, &[]).await;
    assert_eq!(site.app.state(NUMBER).await, "archived");
    let sent = site.app.notified(NUMBER).await;
    assert_eq!(answer(&site, &link, "4").await.status, 200);
    site.app.app.turn().await.unwrap();
    assert_eq!(site.app.state(NUMBER).await, "archived", "nothing happens to it");
    assert_eq!(site.app.notified(NUMBER).await, sent, "and nobody is written to");
    act(&site, "forget_early", DIRECTOR, &[("reason", "Op verzoek")]).await;
    site.app.app.turn().await.unwrap();
    assert_eq!(site.app.state(NUMBER).await, "anonymised");
    let gone = answer(&site, &link, "5").await;
    assert_eq!((gone.status, &gone.body), (410, &site.browser().get("/survey/x").await.body));
    assert_eq!(answers(&site).await[&1], [1, 4], "the trail keeps the numbers");
    let whole = report(&site, "2026-10-01", "2026-12-31").await;
    assert_eq!(figure(&whole, "survey_answered"), Some((Some(1), Some(1))), "and so do the figures");
    assert_eq!(figure(&whole, "survey_mean"), Some((Some(40), Some(1))));
    assert!(site.app.app.store.trail().reconcile().await.unwrap().is_empty());
}

/// Switched off, no link counts any more; reports speak on of what was asked. Switched on again, links count again.
#[tokio::test]
async fn switched_off_it_takes_no_more_answers() {
    let site = site().await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    assert_eq!(answer(&site, &link, "4").await.status, 200);
    for (on, expected) in [(false, 410), (true, 200)] {
        let folder = rules(if on { ON } else { &ON[1..] });
        let source = redress::rules::RulesetSource::read(&folder).unwrap();
        let settings = site.app.app.workflow.settings();
        let candidate = redress::workflow::Published::load(source, &settings).unwrap();
        site.app.app.workflow.publishing().publish(candidate, BY_QUALITY).await.unwrap();
        let found = [answer(&site, &link, "5").await, site.browser().get(&link).await];
        assert_eq!(found.map(|a| a.status), [expected; 2], "{on}");
        let whole = report(&site, "2026-10-01", "2026-12-31").await;
        assert_eq!(figure(&whole, "survey_sent"), Some((Some(1), None)), "{on}");
        let table = whole.tables.iter().find(|t| t.name == "survey").unwrap();
        assert_eq!(table.rows[3].label, "4: tevreden");
    }
    assert_eq!(answers(&site).await[&1], [4, 5]);
}

#[tokio::test]
async fn a_link_fills_no_trail() {
    let site = site().await;
    let link = asked(&site, "jan@example.nl", "m1").await;
    for n in 0..20 {
        assert_eq!(answer(&site, &link, if n % 2 == 0 { "1" } else { "5" }).await.status, 200, "{n}");
    }
    let often = answer(&site, &link, "1").await;
    assert!(often.status == 429 && often.text().contains("niet opgeslagen"), "{}", often.text());
    assert_eq!(answer(&site, &link, "5").await.status, 200, "what it is already may be said again");
    assert_eq!(answers(&site).await[&1].len(), 20);
    // And of everybody together so many in ten minutes.
    let mut others = Vec::new();
    for n in 2..=4 {
        others.push(asked(&site, &format!("k{n}@example.nl"), &format!("m{n}")).await);
    }
    for n in 0..40 {
        assert_eq!(
            answer(&site, &others[n / 20], if n % 2 == 0 { "1" } else { "5" }).await.status,
            200,
            "{n}"
        );
    }
    assert_eq!(answer(&site, &others[2], "3").await.status, 429);
    site.advance(10);
    assert_eq!(answer(&site, &others[2], "3").await.status, 200);
}
