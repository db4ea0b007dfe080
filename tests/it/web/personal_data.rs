//! What is kept of one person: all of it, nothing of others, for who sees every complaint, by page, by interface and by command.

use super::api::{Program, key};
use super::browser::encoded;
use super::*;
use crate::support::{clear_complaint, repository, rules_copy};
use redress::accounts::Scope;
use redress::complaint::{ComplaintId, Via};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{Cursor, Read};
use std::path::Path;
use std::process::Command;

const DIRECTOR: &str = "directeur@lagant.nl";
const PATH: &str = "/personal-data";
const LOOSE: &str = "From: JAN@example.nl\r\nTo: planning@lagant.nl\r\nSubject: Afwezig <b>\r\nMessage-ID: <a1@example.nl>\r\n\
    Auto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nTot maandag\r\n";

/// The files of an archive, by name.
fn files(bytes: Vec<u8>) -> BTreeMap<String, Vec<u8>> {
    let mut archive = zip::ZipArchive::new(Cursor::new(bytes)).unwrap();
    let mut files = BTreeMap::new();
    for place in 0..archive.len() {
        let (mut file, mut content) = (archive.by_index(place).unwrap(), Vec::new());
        file.read_to_end(&mut content).unwrap();
        files.insert(file.name().unwrap().into_owned(), content);
    }
    files
}

/// Two complaints of Jan, one of them about the director, one in which his machine wrote along, one of another; and a mail of no complaint.
async fn site() -> Site {
    let site = Site::open().await;
    site.app.mail(&clear_complaint("Jan@example.nl", "m1")).await;
    let second = clear_complaint("jan@example.nl", "m2").replace("parkeren in Utrecht", "de beamer");
    site.app.mail(&second).await;
    act(&site, "K-2026-0002", &[("about", DIRECTOR)]).await;
    site.app
        .mail(&clear_complaint("xjan@example.nl", "m3").replace("parkeren in Utrecht", "lunch & <i>soep"))
        .await;
    let along = "From: Jan <jan@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Re: Klacht over lunch\r\n\
        Message-ID: <r1@example.nl>\r\nIn-Reply-To: <m3@example.nl>\r\nAuto-Submitted: auto-replied\r\n\r\nIk heb hetzelfde.\r\n";
    site.app.mail(along).await;
    site.app.mail(&clear_complaint("piet@example.nl", "m4")).await;
    site.app.mail(LOOSE).await;
    site
}

async fn act(site: &Site, number: &str, input: &[(&str, &str)]) {
    let input = input.iter().map(|(name, value)| ((*name).to_owned(), (*value).into())).collect();
    let workflow = &site.app.app.workflow;
    workflow.act(number, "record_facts", RECEIVER, input, Via::CommandLine).await.unwrap();
}

/// Posts a form of the page and returns the bytes that are answered.
async fn downloaded(site: &Site, browser: &Browser, address: &str) -> Vec<u8> {
    let (name, value) = browser.cookies.iter().next().unwrap();
    let request = Request::post("/personal-data/file")
        .header("host", "127.0.0.1")
        .header("cookie", format!("{name}={value}"))
        .header("sec-fetch-site", "same-origin")
        .header("content-type", "application/x-www-form-urlencoded")
        .body(axum::body::Body::from(encoded(&[("address", address)])));
    answered(site, request.unwrap()).await
}

async fn answered(site: &Site, request: Request<axum::body::Body>) -> Vec<u8> {
    let (workflow, plugins) = (Arc::clone(&site.app.app.workflow), Arc::clone(&site.app.app.plugins));
    let router = web::pages(workflow, plugins, Door::Loopback);
    let answer = TowerToHyperService::new(router).call(request).await.unwrap();
    assert_eq!(answer.status(), 200);
    assert_eq!(answer.headers()["content-type"], "application/zip");
    axum::body::to_bytes(answer.into_body(), usize::MAX).await.unwrap().to_vec()
}

#[tokio::test]
async fn the_director_finds_all_of_a_person_but_what_is_about_the_director() {
    let site = site().await;
    let mut browser = site.signed_in(DIRECTOR).await;
    assert!(browser.get("/audit").await.body.contains("href=\"/personal-data\""));
    let asked = browser.get(PATH).await;
    assert_eq!(asked.status, 200, "{}", asked.body);
    let page = browser.post(PATH, &[("address", " JAN@Example.nl ")]).await;
    let text = page.text();
    assert_eq!(page.status, 200, "{text}");
    assert!(text.contains("2 klachten: jan@example.nl"), "{text}");
    assert!(text.contains("K-2026-0001") && text.contains("klager, stuurde een e-mail"), "{text}");
    assert!(text.contains("K-2026-0003") && !page.body.contains("<i>soep"), "{text}");
    assert!(text.contains("Afwezig <b>") && !page.body.contains("Afwezig <b>"), "{text}");
    for other in ["K-2026-0002", "K-2026-0004", "beamer"] {
        assert!(!page.body.contains(other), "{other}");
    }
    let files = files(downloaded(&site, &browser, "jan@example.nl").await);
    let names: Vec<&str> = files.keys().map(String::as_str).collect();
    let mail = names.iter().find(|name| name.starts_with("mails/")).unwrap();
    let expected =
        ["dossiers/K-2026-0001.zip", "dossiers/K-2026-0003.zip", "index.html", mail, "personal-data.json"];
    assert_eq!(names, expected);
    assert_eq!(files[*mail], LOOSE.as_bytes());
    let data: Value = serde_json::from_slice(&files["personal-data.json"]).unwrap();
    let of_kind =
        |kind: &'static str| data.as_array().unwrap().iter().filter(move |kept| kept["kind"] == kind);
    let named: Vec<_> = of_kind("complaint").map(|kept| (&kept["number"], &kept["named_as"])).collect();
    let (first, third) = (json!("K-2026-0001"), json!("K-2026-0003"));
    let (own, along) = (json!(["complainant", "sender"]), json!(["sender"]));
    assert_eq!(named, [(&first, &own), (&third, &along)]);
    // What belongs to a complaint comes behind it, and what belongs to none last.
    let mails: Vec<_> = of_kind("mail").map(|kept| &kept["complaint"]).collect();
    assert_eq!(mails, [&first, &third, &third, &Value::Null]);
    assert_eq!(data.as_array().unwrap().last().unwrap()["subject"], "Afwezig <b>");
    let mut letters = of_kind("letter");
    assert!(letters.any(|letter| letter["addresses"][0] == "jan@example.nl"), "{data:#}");
    assert!(of_kind("event").count() > 20 && of_kind("person").count() == 0);
    let everything: String = files.values().map(|content| String::from_utf8_lossy(content)).collect();
    assert!(!everything.contains("beamer") && !everything.contains("piet@example.nl"));
    let index = String::from_utf8(files["index.html"].clone()).unwrap();
    assert!(index.contains("href=\"dossiers/K-2026-0003.zip\"") && !index.contains("<i>soep"), "{index}");
    // Whoever makes the file has looked at what is in it, and at nothing else.
    for (id, looked) in [(1, true), (2, false), (3, true), (4, false)] {
        let views = site.app.app.workflow.views_of("kwaliteit@lagant.nl", ComplaintId(id)).await.unwrap();
        assert_eq!(views.unwrap_or_default().iter().any(|view| view.email == DIRECTOR), looked, "{id}");
    }
}

#[tokio::test]
async fn it_is_for_who_sees_every_complaint_and_an_address_is_asked_for() {
    let site = site().await;
    let jan = [("address", "jan@example.nl")];
    let mut handler = site.signed_in(HANDLER).await;
    assert_eq!(handler.get(PATH).await.status, 404);
    for path in [PATH, "/personal-data/file"] {
        assert_eq!(handler.post(path, &jan).await.status, 404, "{path}");
    }
    assert_eq!(site.browser().get(PATH).await.status, 303);
    let mut director = site.signed_in(DIRECTOR).await;
    let long = format!("{}@example.nl", "j".repeat(400));
    for typed in ["", "jan", "%", "jan@\u{7}example.nl", long.as_str()] {
        for path in [PATH, "/personal-data/file"] {
            let answer = director.post(path, &[("address", typed)]).await;
            assert_eq!(answer.status, 422, "{path} {typed}");
            assert!(answer.text().contains("Dit is geen e-mailadres"), "{}", answer.text());
        }
    }
    for typed in ["%@%", "_an@example.nl", "an@example.nl", "ja%@example.nl", "jan@example.nl'--"] {
        let answer = director.post(PATH, &[("address", typed)]).await;
        assert!(answer.text().contains("is niets bewaard dat u mag zien"), "{typed}: {}", answer.text());
    }
    let own = director.post(PATH, &[("address", HANDLER)]).await.text();
    assert!(own.contains("een van uw eigen mensen"), "{own}");
}

#[tokio::test]
async fn an_address_is_found_however_it_is_written() {
    let site = Site::open().await;
    let mut director = site.signed_in(DIRECTOR).await;
    let people = ["o'brien+x_y@example.nl", "jürgen@example.nl", "\"a b\\\"c\"@example.nl"];
    let mut taken = 0;
    for (n, person) in (1..).zip(people) {
        let contact = redress::intake::Contact {
            channel: redress::complaint::ContactChannel::Phone,
            complainant: redress::complaint::Party { name: "X".to_owned(), email: person.to_owned() },
            subject: format!("Klacht nummer {n}"),
            text: "Belde over de training.".to_owned(),
            on: None,
            by: RECEIVER.to_owned(),
            via: Via::CommandLine,
        };
        let logged = redress::intake::log_contact(&site.app.app.workflow, contact).await;
        if logged.is_err() {
            // Not every form of an address is taken in; those that are must be found.
            continue;
        }
        let found = director.post(PATH, &[("address", &person.to_uppercase())]).await.text();
        taken += 1;
        assert!(
            found.contains("1 klacht: ") && found.contains(&format!("Klacht nummer {n}")),
            "{person}: {found}"
        );
    }
    assert!(taken >= 2, "{taken} were taken in");
}

#[tokio::test]
async fn a_program_is_answered_the_same_file() {
    let site = site().await;
    let browser = site.signed_in(DIRECTOR).await;
    let by_page = files(downloaded(&site, &browser, "jan@example.nl").await);
    let bearer = format!("Bearer {}", key(&site, DIRECTOR, Scope::ALL).await);
    let request = Request::post("/api/v1/personal-data")
        .header("host", "127.0.0.1")
        .header("authorization", bearer)
        .header("content-type", "application/json")
        .body(axum::body::Body::from(json!({"address": "Jan@example.nl"}).to_string()));
    let by_program = files(answered(&site, request.unwrap()).await);
    assert!(by_page.keys().eq(by_program.keys()), "{:?}", by_program.keys());
    let mut program = Program::of(&site, DIRECTOR).await;
    for wrong in
        [json!({"address": "jan"}), json!({"address": 1}), json!({"adress": "jan@example.nl"}), json!({})]
    {
        let answer = program.post("/api/v1/personal-data", &[], &wrong).await;
        assert!([400, 422].contains(&answer.status), "{wrong}: {}", answer.body);
    }
    let mut handler = Program::of(&site, HANDLER).await;
    let wish = json!({"address": "jan@example.nl"});
    assert_eq!(handler.post("/api/v1/personal-data", &[], &wish).await.status, 404);
    program.key = key(&site, DIRECTOR, &[Scope::Act]).await;
    assert_eq!(program.post("/api/v1/personal-data", &[], &wish).await.status, 403);
}

/// Runs the real program on a folder; returns whether it did what was asked, and what it printed.
fn run(folder: &Path, arguments: &[&str]) -> (bool, String) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
    command.current_dir(repository()).args(["--clock", "2026-11-23T10:00:00+01:00", "--data"]);
    command.arg(folder.join("data")).arg("--rules").arg(folder.join("rules"));
    command.arg("--plugins").arg(folder.join("plugins")).args(arguments);
    let output = command.output().unwrap();
    let said = [output.stdout, output.stderr].concat();
    (output.status.success(), String::from_utf8(said).unwrap())
}

#[test]
fn the_command_writes_the_same_file_for_who_may_have_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::rename(rules_copy().keep(), folder.path().join("rules")).unwrap();
    let mail = folder.path().join("a.eml");
    for raw in [clear_complaint("jan@example.nl", "m1").as_str(), LOOSE] {
        std::fs::write(&mail, raw).unwrap();
        assert!(run(folder.path(), &["intake", mail.to_str().unwrap()]).0);
    }
    let place = folder.path().join("jan.zip");
    let asked = ["person", "Jan@example.nl", "--output", place.to_str().unwrap()];
    let refused = run(folder.path(), &[&asked[..], &["--as", HANDLER]].concat());
    assert!(!refused.0 && refused.1.contains("may not look at all complaints"), "{}", refused.1);
    assert!(!place.exists());
    let (done, said) = run(folder.path(), &[&asked[..], &["--as", DIRECTOR, "--language", "en"]].concat());
    assert!(done && said.contains("1 complaints, 1 mails that belong to no complaint"), "{said}");
    let written = files(std::fs::read(&place).unwrap());
    assert!(written.contains_key("dossiers/K-2026-0001.zip"), "{:?}", written.keys());
    let index = String::from_utf8(written["index.html"].clone()).unwrap();
    assert!(
        index.contains("What is kept of a person") && index.contains("complainant, sent a mail"),
        "{index}"
    );
    let (done, said) = run(folder.path(), &asked);
    assert!(!done && said.contains("is there already"), "{said}");
    let nobody = folder.path().join("nobody.zip");
    let (done, said) =
        run(folder.path(), &["--json", "person", "k@example.nl", "--output", nobody.to_str().unwrap()]);
    let said: Value = serde_json::from_str(&said).unwrap();
    assert!(done && said["complaints"] == 0 && said["files"] == 2, "{said}");
    let written = files(std::fs::read(&nobody).unwrap());
    assert_eq!(written["personal-data.json"], b"[]\n");
}
