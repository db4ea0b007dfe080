//! A complaint with the words in every place where text can enter.

use super::looking::{ACCENTED, WORD};
use crate::support::TestApp;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use redress::complaint::{Actor, Via};
use redress::rules::AskKind;
use redress::workflow::Typed;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub const HANDLER: &str = "behandelaar@lagant.nl";
pub const DIRECTOR: &str = "directeur@lagant.nl";
pub const NUMBER: &str = "K-2026-0001";

/// Own fields, of which a text is free and the others are not.
pub const OWN_FIELDS: &str = "[extra.cursist]\ntype = \"text\"\nnl = \"Cursist\"\nen = \"Student\"\n\
    [extra.locatie]\ntype = \"choice\"\noptions = [\"Utrecht\", \"Zwolle\"]\nnl = \"Locatie\"\nen = \"Location\"\n";

/// A rule that fails over what it read, and one that reads names.
pub const FAILING: &str = "rule \"mislukt\" when known(\"complainant_name\") && complaint.complainant_name != \"-\" \
    then { notify(complaint.complainant_name, \"new_complaint\"); let a = [1]; let b = a[9]; }\n\
    rule \"gelezen\" when known(\"complainant_name\") && complaint.complainant_name != \"-\" then { remark(complaint.complainant_name); }\n";

/// The mail that opens it: the words in headers, in a text, in HTML, in names and contents of what comes along.
pub fn opening() -> String {
    let sixteen: Vec<u8> =
        format!("{WORD} in zestien bits").encode_utf16().flat_map(u16::to_le_bytes).collect();
    format!(
        "From: {WORD} =?utf-8?B?{}?= <zwaluwstaart@example.nl>\r\nTo: planning@lagant.nl\r\nCc: {WORD} Twee <z.zwaluwstaart2@example.nl>\r\n\
         Subject: Klacht van {WORD} over parkeren in Utrecht\r\nMessage-ID: <zwaluwstaart1@example.nl>\r\n\
         References: <zwaluwstaart0@example.nl>\r\nX-Kenmerk: {WORD}\r\nMIME-Version: 1.0\r\nContent-Type: multipart/mixed; boundary=m\r\n\r\n\
         --m\r\nContent-Type: multipart/alternative; boundary=a\r\n\r\n\
         --a\r\nContent-Type: text/plain; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n\
         Ik heb een klacht over het parkeren bij de training in Utrecht. Ik heet Zwaluw=\r\nstaart en niet Kwiksta=C3=A4rt.\r\n\
         --a\r\nContent-Type: text/html; charset=utf-8\r\nContent-Transfer-Encoding: base64\r\n\r\n{}\r\n--a--\r\n\
         --m\r\nContent-Type: text/plain; name=\"{WORD}.txt\"\r\nContent-Disposition: attachment; filename=\"{WORD}.txt\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n\
         --m\r\nContent-Type: application/octet-stream\r\nContent-Disposition: attachment; filename=\"foto.bin\"\r\n\
         Content-Transfer-Encoding: base64\r\n\r\n{}\r\n--m--\r\n",
        STANDARD.encode(ACCENTED),
        STANDARD
            .encode(format!("<p>Ik heb een <b>klacht</b> over het parkeren, zegt {WORD} {ACCENTED}.</p>")),
        STANDARD.encode(format!("Bewijs van {WORD}: {}", "zwaluwstaart ".repeat(2_000))),
        STANDARD.encode(sixteen),
    )
}

/// Another mail of the complainant in the thread.
fn another(n: usize, headers: &str, text: &str) -> String {
    format!(
        "From: {WORD} <zwaluwstaart@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Re: Klacht van {WORD} over parkeren in Utrecht\r\n\
         Message-ID: <zwaluwstaart{n}@example.nl>\r\nIn-Reply-To: <zwaluwstaart1@example.nl>\r\n{headers}\r\n{text} {WORD}\r\n"
    )
}

/// A report on a letter of ours, of a machine.
fn bounce(letter: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.nl\r\nTo: planning@lagant.nl\r\nSubject: Delayed for {WORD}\r\n\
         Message-ID: <zwaluwstaart-bounce@mx>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Not delivered to zwaluwstaart@example.nl.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
         Final-Recipient: rfc822; zwaluwstaart@example.nl\r\nAction: delayed\r\nStatus: 4.4.1\r\n\r\n--b\r\n\
         Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {letter}\r\n\r\n--b--\r\n"
    )
}

/// Takes an action with an answer to everything it asks: `given`, or else the word.
pub async fn take(app: &TestApp, reference: &str, action: &str, person: &str, given: &[(&str, Value)]) {
    let id = app.app.workflow.id_of(reference).await.unwrap();
    let offered = app.app.workflow.offered(id).await.unwrap();
    let names: Vec<&String> = offered.iter().map(|a| &a.id).collect();
    let form = offered.iter().find(|a| a.id == action);
    let form = form.unwrap_or_else(|| panic!("{action} is not offered: {names:?}"));
    let mut input = BTreeMap::new();
    for ask in &form.asks {
        let given = given.iter().find(|(name, _)| *name == ask.name).map(|(_, value)| value.clone());
        let answer = given.unwrap_or_else(|| match &ask.kind {
            AskKind::Text | AskKind::LongText => {
                json!(format!("{WORD} {ACCENTED} bij {action}.{}", ask.name))
            }
            AskKind::Choice(values) => json!(values[0]),
            AskKind::Person => json!(HANDLER),
            AskKind::YesNo => json!("nee"),
            AskKind::Number => json!(60),
            AskKind::Date | AskKind::File => Value::Null,
        });
        if !answer.is_null() {
            input.insert(ask.name.clone(), answer);
        }
    }
    app.app
        .workflow
        .act(reference, action, person, input, Via::CommandLine)
        .await
        .unwrap_or_else(|e| panic!("{action}: {e}"));
    app.app.turn().await.unwrap();
}

/// Plays a complaint from its mail to the archive.
pub async fn plant(app: &TestApp) {
    let inbox = app.folder.path().join("data/inbox");
    let maildirs = app.app.maildirs().unwrap();
    std::fs::write(inbox.join("new/zwaluwstaart.eml"), opening()).unwrap();
    for maildir in &maildirs {
        maildir.take_in(&app.app.workflow).await.unwrap();
    }
    app.app.turn().await.unwrap();
    assert_eq!(app.state(NUMBER).await, "in_treatment");
    // The same mail by another way, and in the Maildir once more.
    app.mail(&opening()).await;
    std::fs::write(inbox.join("new/weer.eml"), opening()).unwrap();
    for maildir in &maildirs {
        maildir.take_in(&app.app.workflow).await.unwrap();
    }
    take(
        app,
        NUMBER,
        "record_facts",
        HANDLER,
        &[
            ("complainant", Value::Null),
            ("recurrence_of", Value::Null),
            ("about", json!("tweede@lagant.nl")),
            ("mandate", Value::Null),
            ("legal_hold", Value::Null),
            ("arose_on", json!("2026-11-20")),
        ],
    )
    .await;
    take(app, NUMBER, "ask_information", HANDLER, &[]).await;
    app.mail(&another(2, "", "Dit is mijn antwoord.")).await;
    app.mail(&another(3, "Auto-Submitted: auto-replied\r\n", "Ik ben er niet.")).await;
    let letter = app.outbox().into_iter().find(|mail| mail.contains("To: zwaluwstaart@example.nl")).unwrap();
    let letter = letter.lines().find(|line| line.starts_with("Message-ID:")).unwrap();
    app.mail(&bounce(letter.trim_start_matches("Message-ID:").trim())).await;
    app.until("2026-11-24 12:00").await;
    take(app, NUMBER, "plan_meeting", HANDLER, &[("day", json!("2026-11-26")), ("time", json!("10:00"))])
        .await;
    app.until("2026-11-26 12:00").await;
    take(app, NUMBER, "meeting_held", HANDLER, &[]).await;
    take(app, NUMBER, "note_consultation", HANDLER, &[]).await;
    app.app.workflow.accounts().add(HANDLER, Actor::System).await.unwrap();
    let typed = [("questions".to_owned(), format!("Zeg eens, {WORD} {ACCENTED}"))].into();
    let id = app.app.workflow.id_of(NUMBER).await.unwrap();
    let typed = Typed { action: "ask_information", key: "f1", version: 1, answers: typed };
    app.app.workflow.drafts().keep(HANDLER, id, typed).await.unwrap();
    take(app, NUMBER, "decide", HANDLER, &[("verdict", json!("upheld"))]).await;
    take(app, NUMBER, "agree", HANDLER, &[]).await;
    let measure = [("structural", json!("ja")), ("measure_due", json!("2026-12-10"))];
    take(app, NUMBER, "evaluate", HANDLER, &measure).await;
    take(
        app,
        NUMBER,
        "approve_measure",
        DIRECTOR,
        &[("measure", json!("1")), ("due", json!("2026-12-10")), ("check_on", json!("2027-01-04"))],
    )
    .await;
    take(app, NUMBER, "implement_measure", HANDLER, &[("measure", json!("1"))]).await;
    app.until("2027-01-11 10:00").await;
    let assessed = [("measure", json!("1")), ("new_measure", Value::Null), ("effective", json!("ja"))];
    take(app, NUMBER, "assess_measure", HANDLER, &assessed).await;
    app.until("2027-01-18 12:00").await;
    take(app, NUMBER, "archive_complaint", DIRECTOR, &[]).await;
    take(app, NUMBER, "correct_register", HANDLER, &[("legal_hold", json!("nee"))]).await;
    assert_eq!(app.state(NUMBER).await, "archived");
}
