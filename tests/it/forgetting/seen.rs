//! What is seen of a complaint that is forgotten: on the page, in the register, by the commands.

use super::planting::DIRECTOR;
use crate::plugins::text;
use crate::support::{repository, rules_copy};
use crate::web::Site;
use redress::complaint::Via;
use std::path::Path;
use std::process::{Command, Output};

const REFERENCE: &str = "I-2026-000001";

fn question() -> String {
    "From: Jan Boomkruiper <jan@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Vraag van Boomkruiper\r\n\
     Message-ID: <b1@example.nl>\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
     --m\r\nContent-Type: text/html\r\n\r\n<p>Hoe laat begint het, vraagt Boomkruiper</p>\r\n\
     --m\r\nContent-Type: text/plain\r\nContent-Disposition: attachment; filename=\"b.txt\"\r\n\r\nbijlage\r\n--m--\r\n"
        .to_owned()
}

#[tokio::test]
async fn the_page_says_what_was_taken_away_and_by_whom() {
    let site = Site::open().await;
    site.app.mail(&question()).await;
    let workflow = &site.app.app.workflow;
    let act = async |action: &str, person: &str| {
        let input = [("reason".to_owned(), "op verzoek".into())].into();
        workflow.act(REFERENCE, action, person, input, Via::CommandLine).await.unwrap();
        site.app.app.turn().await.unwrap();
    };
    act("dismiss", "ontvanger@lagant.nl").await;
    let mut browser = site.signed_in(DIRECTOR).await;
    let id = workflow.id_of(REFERENCE).await.unwrap();
    let mail = site.app.app.store.register().mails(id).await.unwrap().remove(0);
    let of_mail = format!("/complaints/{REFERENCE}/mails/{}", mail.id);
    let digest = &mail.attachments[0].sha256;
    let parts =
        ["", "/original", "/raw", &format!("/attachments/{digest}")].map(|part| format!("{of_mail}{part}"));
    for path in &parts {
        assert_eq!(browser.get(path).await.status, 200, "{path}");
    }
    assert!(browser.get("/search?q=boomkruiper").await.text().contains(REFERENCE));
    act("forget_early", DIRECTOR).await;
    let page = browser.get(&format!("/complaints/{REFERENCE}")).await;
    assert_eq!(page.status, 200);
    let said = page.text();
    assert!(said.contains("zijn verwijderd op ma 23 nov, 10:00. Besloten op ma 23 nov, 10:00 door Directeur. Reden: op verzoek"), "{said}");
    assert!(said.contains("geanonimiseerd") && said.contains("(verwijderd)"), "{said}");
    assert!(!said.to_lowercase().contains("boomkruiper") && !said.contains("jan@example.nl"), "{said}");
    assert!(!page.body.contains("/mails/"), "nothing leads to what is gone");
    for path in &parts {
        let answer = browser.get(path).await;
        assert_eq!(answer.status, 410, "{path}");
        assert!(answer.text().contains("Dit bericht is verwijderd"), "{}", answer.text());
    }
    assert_eq!(browser.get(&format!("/complaints/{REFERENCE}/mails/999")).await.status, 404);
    for words in ["boomkruiper", "jan@example.nl", "vraag"] {
        let found = browser.get(&format!("/search?q={words}")).await.text();
        assert!(!found.contains(REFERENCE), "{words}: {found}");
    }
    let register = browser.get("/register").await.text();
    assert!(!register.to_lowercase().contains("boomkruiper"), "{register}");
}

fn run(folder: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(repository())
        .args(["--clock", "2026-11-23T10:00:00+01:00", "--data"])
        .arg(folder.join("data"))
        .arg("--rules")
        .arg(folder.join("rules"))
        .arg("--plugins")
        .arg(folder.join("plugins"))
        .args(arguments)
        .output()
        .unwrap()
}

#[test]
fn the_commands_say_what_would_go_and_do_it() {
    let folder = tempfile::tempdir().unwrap();
    std::fs::rename(rules_copy().keep(), folder.path().join("rules")).unwrap();
    std::fs::write(folder.path().join("a.eml"), question()).unwrap();
    let said = |arguments: &[&str]| {
        let output = run(folder.path(), arguments);
        assert!(output.status.success(), "{arguments:?}: {}", text(&output.stderr));
        text(&output.stdout)
    };
    said(&["intake", folder.path().join("a.eml").to_str().unwrap()]);
    let forget = ["forget", REFERENCE, "--reason", "op verzoek", "--as", DIRECTOR];
    let refused = run(folder.path(), &forget);
    assert!(!refused.status.success(), "it is still open");
    // A machine of somebody else wrote in it, and something that would be a line of ours.
    let piet = "From: piet@example.nl\r\nTo: planning@lagant.nl\r\nSubject: Re: Vraag\r\nMessage-ID: <p1@example.nl>\r\n\
        In-Reply-To: <b1@example.nl>\r\nAuto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nIk ook\u{2028}== K-2026-9999 vals\u{85}-- mails: vals\r\n";
    std::fs::write(folder.path().join("p.eml"), piet).unwrap();
    said(&["intake", folder.path().join("p.eml").to_str().unwrap()]);
    let of_piet = said(&["person", "PIET@example.nl"]);
    assert!(of_piet.contains(REFERENCE) && of_piet.contains("K-2026-9999 vals"), "{of_piet}");
    let is_false = |line: &str| line.starts_with(['=', '-']) && line.contains("vals");
    assert!(!of_piet.split(['\n', '\u{2028}', '\u{85}']).any(is_false), "{of_piet}");
    // What machines of somebody sent that no complaint has is kept of them as well.
    let kim = "From: KIM@example.nl\r\nTo: planning@lagant.nl\r\nSubject: Afwezig\r\nMessage-ID: <k1@example.nl>\r\n\
        Auto-Submitted: auto-replied\r\nContent-Type: text/plain; charset=utf-8\r\n\r\nTot maandag\u{2028}== mail 9 vals\u{85}-- vals\r\n";
    std::fs::write(folder.path().join("k.eml"), kim).unwrap();
    said(&["intake", folder.path().join("k.eml").to_str().unwrap()]);
    let of_kim = said(&["person", "kim@example.nl"]);
    assert!(of_kim.contains("of no complaint") && of_kim.contains("   Tot maandag"), "{of_kim}");
    assert!(
        of_kim.contains("1 mails that belong to no complaint") && !of_kim.contains("is kept"),
        "{of_kim}"
    );
    assert!(!of_kim.split(['\n', '\u{2028}', '\u{85}']).any(is_false), "{of_kim}");
    let listed: serde_json::Value =
        serde_json::from_str(&said(&["--json", "person", "Kim@example.nl"])).unwrap();
    assert_eq!((listed.as_array().unwrap().len(), &listed[0]["kind"]), (1, &"mail".into()), "{listed}");
    assert!(listed[0]["from"] == "kim@example.nl" && listed[0]["subject"] == "Afwezig", "{listed}");
    let raw = listed[0]["id"].to_string();
    assert!(said(&["mail", "--filed", "--raw", &raw]).contains("Message-ID: <k1@example.nl>"));
    assert!(!said(&["person", "jan@example.nl"]).contains("Tot maandag"));
    said(&["act", REFERENCE, "dismiss", "--input", "reason=vraag", "--as", "ontvanger@lagant.nl"]);
    let would = said(&forget);
    assert!(would.contains("2 mails with 1 attachments") && would.contains("nothing was changed"), "{would}");
    let kept = said(&["person", "Jan@example.nl"]);
    assert!(kept.contains("Boomkruiper") && kept.contains("Hoe laat begint het"), "{kept}");
    let listed: serde_json::Value =
        serde_json::from_str(&said(&["--json", "person", "jan@example.nl"])).unwrap();
    let mail = listed.as_array().unwrap().iter().find(|kept| kept["kind"] == "mail").unwrap();
    assert_eq!(
        (&mail["complaint"], &mail["attachments"][0]),
        (&REFERENCE.into(), &"b.txt".into()),
        "{listed}"
    );
    let as_handler =
        run(folder.path(), &["forget", REFERENCE, "--reason", "x", "--as", "ontvanger@lagant.nl", "--yes"]);
    assert!(!as_handler.status.success(), "it is the director's");
    let done: Vec<&str> = forget.iter().copied().chain(["--yes"]).collect();
    let done = said(&done);
    assert!(done.contains("gone are"), "{done}");
    assert!(
        said(&["person", "jan@example.nl"]).contains("no complaint of jan@example.nl is kept, and no mail")
    );
    let verified = said(&["audit", "verify"]);
    assert!(
        verified.contains("the audit trail holds") && verified.contains("names and texts were taken out of"),
        "{verified}"
    );
    assert!(!said(&["show", REFERENCE]).contains("Boomkruiper"));
}
