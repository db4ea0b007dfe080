//! From the page: for who may read the complaint, in the reader's language, noted as a look; and whatever strangers wrote is
//! text there.

use super::*;
use crate::support::{BY_QUALITY, Builder, TestApp, clear_complaint, rules_copy};
use crate::web::{HANDLER, RECEIVER, Site, whole};
use redress::complaint::{ComplaintId, Language};
use redress::intake::{TEXT_CHARACTERS, attachments_bytes};
use redress::rules::RulesetSource;
use redress::workflow::{DossierError, DossierWish, Published, Workflow};
use std::io::{Read, Seek};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, OnceLock};

pub const PATH: &str = "/complaints/K-2026-0001/dossier";
const DIRECTOR: &str = "directeur@lagant.nl";

#[tokio::test]
async fn who_may_read_a_complaint_may_take_its_dossier_home() {
    let people = "[[people]]\nname = \"O\"\nemail = \"ontvanger@lagant.nl\"\nroles = [\"receiver\"]\n\
                  [[people]]\nname = \"B\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\"]\n\
                  [[people]]\nname = \"D\"\nemail = \"directeur@lagant.nl\"\nroles = [\"director\"]\n\
                  [[people]]\nname = \"T\"\nemail = \"docent@lagant.nl\"\nroles = [\"employee\"]\n";
    let site = Site::of(Builder::default().config(people), redress::web::Door::Loopback).await;
    site.app.complaint("m1").await;
    let mut handler = site.signed_in(HANDLER).await;
    let mut director = site.signed_in(DIRECTOR).await;
    let mut teacher = site.signed_in("docent@lagant.nl").await;
    let page = handler.get("/complaints/K-2026-0001").await;
    assert!(page.body.contains("href=\"/complaints/K-2026-0001/dossier\" download>Dossier downloaden</a>"));
    let (headers, bytes) = whole(&site, &handler, PATH).await;
    assert_eq!(headers["content-type"], "application/zip");
    assert_eq!(headers["content-disposition"], "attachment; filename=\"K-2026-0001.zip\"");
    assert_eq!(headers["content-length"], bytes.len().to_string().as_str());
    assert_eq!(headers["cache-control"], "no-store");
    let files = opened(&bytes);
    assert!(words(&files).contains("Dossier van klacht K-2026-0001"));
    // By its number on arrival as well, and in the reader's language.
    assert_eq!(director.post("/me/language", &[("language", "en")]).await.status, 303);
    let (_, bytes) = whole(&site, &director, "/complaints/I-2026-000001/dossier").await;
    assert!(words(&opened(&bytes)).contains("Dossier of complaint K-2026-0001"));
    let views = director.get("/complaints/K-2026-0001/views").await.text();
    assert!(views.contains(HANDLER), "{views}");
    let absent = teacher.get("/complaints/K-2026-9999/dossier").await;
    let hidden = teacher.get(PATH).await;
    assert_eq!((hidden.status, &hidden.body), (404, &absent.body));
    assert_eq!(site.browser().get(PATH).await.status, 303);
    assert_eq!(handler.post(PATH, &[]).await.status, 405);
    // What was made on the way is gone.
    let left = std::fs::read_dir(site.app.folder.path().join("data")).unwrap();
    let left: Vec<_> =
        left.map(|e| e.unwrap().file_name()).filter(|n| n.to_string_lossy().contains("dossier")).collect();
    assert!(left.is_empty(), "{left:?}");
}

#[tokio::test]
async fn what_a_stranger_wrote_and_called_is_harmless() {
    let site = Site::open().await;
    let long = format!("{}.pdf", "lang".repeat(60));
    let names = [
        "../../x",
        "CON",
        "a.png",
        "a.png",
        &long,
        "gpj.\u{202e}exe",
        "/etc/passwd",
        "<img src=x onerror=alert(1)>.txt",
        "合同.docx",
    ];
    let hostile = "Klacht </script><script>alert(1)</script> \"><b>=?utf-8?q?=E2=80=AE?=ommekeer";
    site.app.mail(&mail_with_files("m1", hostile, &names)).await;
    let script = "<!doctype html><html><body onload=alert(2)><p>Ik heb een klacht: alleen in HTML geschreven.</p>\
                  <script>document.location='https://evil.example'</script></body></html>";
    let html = format!(
        "From: Jan <jan@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Re: [K-2026-0001] klacht\r\nMessage-ID: <m2@example.nl>\r\n\
         In-Reply-To: <m1@example.nl>\r\nReferences: <m1@example.nl>\r\nMIME-Version: 1.0\r\n\
         Content-Type: text/html; charset=utf-8\r\n\r\n{script}\r\n"
    );
    site.app.mail(&html).await;
    let letters = "abcdefghi ".repeat(100_000);
    let million = clear_complaint("jan@example.nl", "m3")
        .replace("Message-ID", "References: <m1@example.nl>\r\nMessage-ID")
        .replace("Ik heb", &format!("{}Ik heb", letters.replace("i ", "i\r\n")));
    site.app.mail(&million).await;
    let handler = site.signed_in(RECEIVER).await;
    let (_, bytes) = whole(&site, &handler, PATH).await;
    let files = opened(&bytes);
    let kept: Vec<&str> = files.keys().filter_map(|n| n.strip_prefix("attachments/")).collect();
    assert_eq!(kept.len(), names.len(), "{kept:?}");
    for (place, name) in kept.iter().enumerate() {
        assert!(name.starts_with(&format!("0001-{:03}-", place + 1)), "{name}");
        assert!(
            name.chars().all(|c| c.is_ascii_alphanumeric() || "-_.".contains(c)) && name.len() < 90,
            "{name}"
        );
        let called = format!("attachments/{name}");
        assert_eq!(text(&files, &called).trim(), format!("bijlage {place}"), "each is its own");
    }
    assert_eq!(files.keys().filter(|n| n.starts_with("mails/")).count(), 3);
    let page = text(&files, "dossier.html");
    for part in ["<script>alert", "<img", "onerror=alert(1)>", "<body onload", "\u{202e}", "https:"] {
        assert!(!page.contains(part), "{part}");
    }
    // The one that runs, and what is only data.
    assert_eq!(page.matches("<script>").count(), 1);
    assert_eq!(
        page.matches("<script").count(),
        page.matches("<script type=\"application/json\"").count() + 1
    );
    assert!(page.contains("&lt;/script&gt;&lt;script&gt;alert(1)"), "the subject is text");
    assert!(page.contains("alleen in HTML geschreven") && !page.contains("evil.example"));
    let shown = page.matches("abcdefghi").count();
    assert!(shown > 18_000, "as much as the program keeps as text: {shown}");
    assert!(
        text(&files, "mails/0003.eml").matches("abcdefghi").count() >= 100_000,
        "and all of it as it came in"
    );
    assert_eq!(words(&files).matches("De tekst is zo lang dat hier alleen het begin staat").count(), 1);
    assert!(page.len() < 3_000_000);
}

#[tokio::test]
async fn a_dossier_asks_as_much_of_the_database_however_much_there_is() {
    let site = Site::open().await;
    site.app.complaint("m1").await;
    let handler = site.signed_in(RECEIVER).await;
    let count = async || {
        let all =
            crate::store::plans::capture::sent(async { drop(whole(&site, &handler, PATH).await) }).await;
        all.iter()
            .filter(|sql| !["PRAGMA", "SET"].iter().any(|word| sql.trim_start().starts_with(word)))
            .count()
    };
    let few = count().await;
    assert!(few < 60, "{few}");
    let url = format!("sqlite:{}", site.app.folder.path().join("data/redress.db").display());
    more_mails(&url, 60).await;
    assert_eq!(count().await, few, "of sixty mails as of one");
    more_mails(&url, 2_000).await;
    let many = count().await;
    assert!(many < few + 60, "of two thousand: {many}, and {few} of one");
}

/// Makes copies of the first mail, until its complaint has so many.
pub async fn more_mails(url: &str, mails: usize) {
    let pool = sqlx::any::AnyPoolOptions::new().connect(url).await.unwrap();
    let copies = "WITH RECURSIVE n (i) AS (SELECT 2 UNION ALL SELECT i + 1 FROM n WHERE i < $1) \
        INSERT INTO mails (id, complaint_id, received_at, source, kind, message_id, body_hash, sender, subject, body, \
        attachments, remarks, raw, history_at) \
        SELECT 1000000 + i, complaint_id, received_at, source, kind, message_id || i, body_hash, sender, subject, body, \
        attachments, remarks, raw, history_at FROM mails, n WHERE id = 1 AND 1000000 + i NOT IN (SELECT id FROM mails)";
    sqlx::query(copies).bind(i64::try_from(mails).unwrap()).execute(&pool).await.unwrap();
    pool.close().await;
}

async fn made(app: &TestApp, open: fn(&[u8]) -> Vec<Vec<u8>>) -> Result<Files, DossierError> {
    let mut file = app.app.workflow.scratch().unwrap();
    let wish = DossierWish { language: Language::Dutch, open, longest: TEXT_CHARACTERS };
    app.app.workflow.write_dossier(ComplaintId(1), wish, &file).await?;
    let mut bytes = Vec::new();
    file.rewind().unwrap();
    file.read_to_end(&mut bytes).unwrap();
    Ok(opened(&bytes))
}

/// The rules are those that were in force at the time, of each publication its own.
#[tokio::test]
async fn rules_are_those_of_the_time() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("m1").await;
    let rules = rules_copy();
    let file = rules.path().join("10_intake.rhai");
    let script = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, format!("// Nieuw\n// Nog nieuwer\n{script}")).unwrap();
    let source = RulesetSource::read(rules.path()).unwrap();
    let published = Published::load(source, &app.app.settings).unwrap();
    app.app.workflow.publishing().publish(published, BY_QUALITY).await.unwrap();
    let input = [("description".to_owned(), "Anders".into())].into_iter().collect();
    let via = redress::complaint::Via::CommandLine;
    app.app.workflow.act("K-2026-0001", "record_facts", RECEIVER, input, via).await.unwrap();
    let files = made(&app, attachments_bytes).await.unwrap();
    let steps: serde_json::Value = serde_json::from_slice(&files["timeline.json"]).unwrap();
    let of = |name: &str| {
        let step =
            steps.as_array().unwrap().iter().find(|step| step["reason"]["rule"]["name"] == name).unwrap();
        let rule = &step["reason"]["rule"];
        (rule["publication"].as_i64().unwrap(), rule["line"].as_i64().unwrap())
    };
    let line =
        |text: &str, start: &str| text.lines().position(|line| line.starts_with(start)).unwrap() as i64 + 1;
    assert_eq!(of("Nieuw bericht: termijnen gaan lopen"), (1, line(&script, "rule \"Nieuw bericht")));
    assert_eq!(of("record_facts"), (2, line(&script, "action record_facts") + 2));
    let names: Vec<&String> =
        files.keys().filter(|name| name.starts_with("rules/") && name.ends_with(".txt")).collect();
    assert_eq!(names.len(), 2, "{names:?}");
    assert!(
        text(&files, names[0]).contains("rule \"Nieuw bericht")
            && !text(&files, names[0]).contains("action record_facts")
    );
    assert!(text(&files, names[1]).contains("action record_facts"));
    assert!(text(&files, names[1]).contains("kwaliteit@lagant.nl: proef"));
}

static CHANGED: OnceLock<(tokio::runtime::Handle, Arc<Workflow>)> = OnceLock::new();
static TIMES: AtomicUsize = AtomicUsize::new(0);
static AT_MOST: AtomicUsize = AtomicUsize::new(1);

/// While attachments are looked for, another mail comes in.
fn meanwhile(raw: &[u8]) -> Vec<Vec<u8>> {
    let (runtime, workflow) = CHANGED.get().unwrap();
    let time = TIMES.fetch_add(1, Ordering::SeqCst);
    if time < AT_MOST.load(Ordering::SeqCst) {
        let mail = clear_complaint("jan@example.nl", &format!("later{time}"));
        let mail = mail.replace("Message-ID", "References: <m1@example.nl>\r\nMessage-ID");
        runtime.block_on(redress::intake::ingest(workflow, mail.as_bytes(), "test")).unwrap();
    }
    attachments_bytes(raw)
}

/// What is read is of one moment: when the complaint changes meanwhile, it is read again.
#[tokio::test(flavor = "multi_thread")]
async fn a_complaint_that_changes_meanwhile_is_read_again() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.mail(&mail_with_files("m1", "Klacht over parkeren in Utrecht", &["a.png"])).await;
    let handle = tokio::runtime::Handle::current();
    assert!(CHANGED.set((handle, Arc::clone(&app.app.workflow))).is_ok());
    let files = made(&app, meanwhile).await.unwrap();
    assert_eq!(TIMES.load(Ordering::SeqCst), 2, "once more");
    assert!(text(&files, "mails/0002.eml").contains("<later0@example.nl>"));
    assert!(words(&files).contains("mails/0002.eml"));
    AT_MOST.store(usize::MAX, Ordering::SeqCst);
    assert!(matches!(made(&app, meanwhile).await, Err(DossierError::Changing)));
}
