//! What mail leads to: threads, bounces, loops, forwards, closed content, answers to invitations, mails that are too large.

use crate::support::{Builder, MAIL_PLUGIN, TestApp, clear_complaint};
use redress::clock::Clock;
use redress::complaint::Actor;
use redress::intake::{Arrival, take_in};
use redress::reception::IntakeOutcome;
use std::collections::BTreeMap;

fn header<'m>(mail: &'m str, name: &str) -> &'m str {
    let start = format!("{name}: ");
    mail.lines().find_map(|l| l.strip_prefix(start.as_str())).unwrap_or_default().trim()
}

fn letter_to(app: &TestApp, address: &str) -> String {
    let to = format!("To: {address}");
    app.outbox().into_iter().find(|m| m.contains(&to)).unwrap_or_else(|| panic!("no letter to {address}"))
}

fn bounce_of(message_id: &str, recipient: &str, status: &str, id: &str) -> String {
    format!(
        "Return-Path: <>\r\nFrom: MAILER-DAEMON@mx.example.nl\r\nTo: planning@lagant.nl\r\nSubject: Undelivered\r\n\
         Message-ID: <{id}@mx>\r\nAuto-Submitted: auto-replied\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/report; report-type=delivery-status; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Not delivered.\r\n--b\r\nContent-Type: message/delivery-status\r\n\r\nReporting-MTA: dns; mx\r\n\r\n\
         Final-Recipient: rfc822; {recipient}\r\nAction: failed\r\nStatus: {status}\r\n\r\n--b\r\n\
         Content-Type: text/rfc822-headers\r\n\r\nMessage-ID: {message_id}\r\n\r\n--b--\r\n"
    )
}

async fn deadline(app: &TestApp, reference: &str, name: &str) -> bool {
    let id = app.app.workflow.id_of(reference).await.unwrap();
    let case = app.app.store.cases().load(&[id]).await.unwrap().remove(0);
    case.deadlines.iter().any(|d| d.name.as_str() == name && d.is_armed())
}

/// docs/procedure.md T34: an acknowledgement that came back was no acknowledgement.
#[tokio::test]
async fn a_bounced_acknowledgement_arms_its_term_again() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    assert!(!deadline(&app, "K-2026-0001", "acknowledgement").await, "met by the letter");
    let letter = letter_to(&app, "jan@example.nl");
    let id = header(&letter, "Message-ID");
    let late = app.mail(&bounce_of(id, "jan@example.nl", "4.4.1", "b0")).await;
    assert_eq!((late.outcome, late.number.as_deref()), (IntakeOutcome::Automated, Some("K-2026-0001")));
    assert!(!deadline(&app, "K-2026-0001", "acknowledgement").await, "late is not failed");
    let before = app.outbox().len();
    let bounced = app.mail(&bounce_of(id, "jan@example.nl", "5.1.1", "b1")).await;
    assert_eq!((bounced.outcome, bounced.number.as_deref()), (IntakeOutcome::Automated, Some("K-2026-0001")));
    assert!(deadline(&app, "K-2026-0001", "acknowledgement").await);
    assert_eq!(app.notified("K-2026-0001").await.last().unwrap(), "handler letter_failed");
    assert_eq!(app.outbox().len(), before + 1, "only the handler hears, nothing goes to where it bounced");
    let again = app.mail(&bounce_of(id, "jan@example.nl", "5.1.1", "b2")).await;
    assert_eq!(again.outcome, IntakeOutcome::Automated);
    assert_eq!(app.outbox().len(), before + 1, "told once");
    let forged = app.mail(&bounce_of("<k.I-2026-000001.nothing@lagant.nl>", "x@y.nl", "5.1.1", "b3")).await;
    assert_eq!(forged.outcome, IntakeOutcome::Automated);
}

#[tokio::test]
async fn a_colleague_whose_mail_bounces_is_told_of_once_by_another_way() {
    let app = TestApp::start("2026-11-23 10:00").await;
    for i in 0..2 {
        let taken = app.mail(&clear_complaint(&format!("k{i}@example.nl"), &format!("a{i}"))).await;
        let to = "To: behandelaar@lagant.nl";
        let reference = taken.intake_id.unwrap();
        let notice =
            app.outbox().into_iter().find(|m| m.contains(to) && m.contains(&format!("case.{reference}@")));
        let id = header(&notice.unwrap(), "Message-ID").to_owned();
        app.mail(&bounce_of(&id, "behandelaar@lagant.nl", "5.2.2", &format!("b{i}"))).await;
    }
    let told: Vec<String> = app.outbox().into_iter().filter(|m| m.contains("komt niet aan")).collect();
    assert_eq!(told.len(), 1);
    assert!(told[0].contains("To: integratie@lagant.nl"), "{}", told[0]);
    let store = &app.app.store;
    assert_eq!(store.bounces().bouncing().await.unwrap(), ["behandelaar@lagant.nl"]);
    // What is for that address waits; the others get theirs.
    app.complaint("a3").await;
    let held = app.deliveries("mail", "queued").await;
    assert!(!held.is_empty() && held.iter().all(|d| d.recipient == "handler"), "{held:?}");
    assert!(
        app.app.workflow.operations().resume_address("behandelaar@lagant.nl", Actor::System).await.unwrap()
    );
    app.next_attempt().await;
    assert!(app.deliveries("mail", "queued").await.is_empty());
}

#[tokio::test]
async fn our_own_letters_come_back_without_effect() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let before = app.outbox().len();
    for letter in app.outbox() {
        let taken = app.mail(&letter).await;
        assert_eq!(taken.outcome, IntakeOutcome::Automated, "{letter}");
    }
    assert_eq!(app.outbox().len(), before);
    let forged =
        clear_complaint("jan@example.nl", "f1").replace("Subject:", "X-Redress-Id: 1-2-3\r\nSubject:");
    assert_eq!(
        app.mail(&forged).await.outcome,
        IntakeOutcome::Complaint,
        "an id that is not ours means nothing"
    );
}

/// Two engines that mail each other. With their headers they stop at the first answer; with every header lost on the way
/// they stop at the caps, and a person is told on both sides.
#[tokio::test]
async fn two_engines_that_mail_each_other_stop_by_themselves() {
    for strips in [false, true] {
        let here = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).start("2026-11-23 10:00").await;
        let there = Builder::default()
            .config("[organisation]\nname = \"Ander\"\nmailbox = \"info@ander.nl\"\n")
            .plugin("mail", MAIL_PLUGIN.to_owned())
            .start("2026-11-23 10:00")
            .await;
        here.mail(&clear_complaint("info@ander.nl", "start")).await;
        let mut seen = std::collections::BTreeSet::new();
        let mut rounds = 0;
        loop {
            let mut carried = 0;
            for (from, to, address) in
                [(&here, &there, "info@ander.nl"), (&there, &here, "planning@lagant.nl")]
            {
                let wanted = format!("To: {address}");
                for letter in from.outbox().into_iter().filter(|m| m.contains(&wanted)) {
                    if seen.insert(header(&letter, "Message-ID").to_owned()) {
                        carried += 1;
                        to.mail(&if strips { stripped(&letter) } else { letter }).await;
                    }
                }
            }
            rounds += 1;
            assert!(rounds < 200, "they do not stop");
            if carried == 0 {
                break;
            }
        }
        let sent = |app: &TestApp, to: &str| {
            app.outbox().iter().filter(|m| m.contains(&format!("To: {to}"))).count()
        };
        let (out, back) = (sent(&here, "info@ander.nl"), sent(&there, "planning@lagant.nl"));
        if strips {
            assert!(out <= 20 && back <= 20 && out + back >= 30, "{out} and {back}");
            let told = |app: &TestApp| app.outbox().iter().any(|m| m.contains("wordt vastgehouden"));
            assert!(told(&here) || told(&there), "a person is told");
        } else {
            assert_eq!((out, back), (1, 0));
        }
    }
}

/// The worst of gateways: everything that tells a machine's mail is gone, and so is the thread.
fn stripped(letter: &str) -> String {
    let lost =
        ["Auto-Submitted", "X-Auto-Response", "X-Redress", "References", "In-Reply-To", " <", "MIME-Version"];
    let (head, _) = letter.split_once("\r\n\r\n").unwrap();
    let kept: Vec<&str> = head
        .lines()
        .filter(|l| {
            !lost.iter().any(|h| l.starts_with(h)) && !l.starts_with("Content-") && !l.starts_with("Subject")
        })
        .filter(|l| !l.starts_with([' ', '\t']))
        .collect();
    format!(
        "{}\r\nSubject: Klacht\r\n\r\nWij hebben uw klacht over het parkeren ontvangen en behandelen deze klacht binnenkort.\r\n",
        kept.join("\r\n")
    )
}

#[tokio::test]
async fn a_plus_address_leads_a_reply_home() {
    let app = Builder::default()
        .config("[intake]\nplus_addresses = true\n")
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .start("2026-11-23 10:00")
        .await;
    app.complaint("a1").await;
    let letter = letter_to(&app, "jan@example.nl");
    let reply_to = header(&letter, "Reply-To").to_owned();
    assert!(reply_to.starts_with("planning+K-2026-0001-"), "{reply_to}");
    let reply = format!(
        "From: jan@example.nl\r\nTo: {reply_to}\r\nSubject: vraag\r\nMessage-ID: <p1@x>\r\n\r\nNog iets.\r\n"
    );
    assert_eq!(app.mail(&reply).await.number.as_deref(), Some("K-2026-0001"));
    let guessed = reply.replace("-2026-0001-", "-2026-0001-q").replace("<p1@x>", "<p2@x>");
    assert_eq!(app.mail(&guessed).await.outcome, IntakeOutcome::Complaint, "a guess leads nowhere");
}

#[tokio::test]
async fn what_an_employee_passes_on_is_a_proposal_and_counts_from_its_first_receipt() {
    let app = TestApp::start("2026-11-16 15:00").await;
    let inline = std::fs::read_to_string("tests/fixtures/mail/forward-outlook-nl.crlf.eml").unwrap();
    let attached = std::fs::read_to_string("tests/fixtures/mail/forward-attached.crlf.eml").unwrap();
    // An employee who is not in the settings passes on like one who is.
    let unlisted = attached
        .replace("behandelaar@lagant.nl", "balie@lagant.nl")
        .replace("Message-ID: <", "Message-ID: <u.");
    for (n, raw) in [inline, attached, unlisted].into_iter().enumerate() {
        let by = if n < 2 { "behandelaar@lagant.nl" } else { "balie@lagant.nl" };
        let taken = app.mail(&raw).await;
        let reference = taken.intake_id.unwrap();
        let id = app.app.workflow.id_of(&reference).await.unwrap();
        let complaint = app.app.store.cases().load(&[id]).await.unwrap().remove(0).complaint;
        assert_eq!(complaint.complainant.email, "", "nobody is the complainant yet");
        assert_eq!(complaint.proposed_complainant.unwrap().email, "klant@example.com");
        assert_eq!(complaint.received_at, crate::support::at("2026-11-13 09:15"));
        assert_eq!(
            app.notified(&reference).await,
            [format!("{by} forward_receipt"), "receiver triage_needed".to_owned()]
        );
        let letters = || app.outbox().iter().filter(|m| m.contains("To: klant@example.com")).count();
        assert_eq!(letters(), n, "nothing goes out before");
        let via = redress::complaint::Via::CommandLine;
        let workflow = &app.app.workflow;
        workflow
            .act(&reference, "register_complaint", "ontvanger@lagant.nl", BTreeMap::new(), via)
            .await
            .unwrap();
        app.app.turn().await.unwrap();
        assert_eq!(letters(), n + 1);
    }
}

/// Where the own mail server is believed, it must vouch for a colleague; a complaint is never refused for it.
#[tokio::test]
async fn a_forged_colleague_is_treated_as_a_stranger() {
    let app = Builder::default()
        .config("[intake]\nauthserv_id = \"mx.lagant.nl\"\n")
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .start("2026-11-23 10:00")
        .await;
    app.complaint("a1").await;
    let reply = |result: &str, id: &str| {
        format!(
            "Authentication-Results: mx.lagant.nl; dmarc={result}\r\nFrom: behandelaar@lagant.nl\r\nIn-Reply-To: <a1@example.nl>\r\n\
             Subject: Re: klacht\r\nMessage-ID: <{id}@lagant.nl>\r\n\r\nEen aantekening.\r\n"
        )
    };
    assert_eq!(app.mail(&reply("fail", "f1")).await.outcome, IntakeOutcome::Complaint);
    assert_eq!(app.notified("I-2026-000002").await, ["receiver triage_needed"]);
    assert_eq!(app.mail(&reply("pass", "f2")).await.outcome, IntakeOutcome::Addition);
}

#[tokio::test]
async fn what_cannot_be_read_is_asked_for_again_and_its_term_runs() {
    let app = TestApp::start("2026-11-23 10:00").await;
    for name in ["smime-encrypted", "pgp-mime", "winmail"] {
        let raw = std::fs::read_to_string(format!("tests/fixtures/mail/{name}.crlf.eml")).unwrap();
        let reference = app.mail(&raw).await.intake_id.unwrap();
        assert_eq!(
            app.notified(&reference).await,
            ["complainant resend_request", "receiver triage_needed"],
            "{name}"
        );
        assert!(deadline(&app, &reference, "acknowledgement").await, "{name}");
    }
    let signed = std::fs::read_to_string("tests/fixtures/mail/opaque-signed.crlf.eml").unwrap();
    let reference = app.mail(&signed).await.intake_id.unwrap();
    assert!(!app.notified(&reference).await.iter().any(|n| n.ends_with("resend_request")));
}

#[tokio::test]
async fn who_asks_for_no_automatic_answer_is_answered_by_a_person() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let raw = clear_complaint("jan@example.nl", "s1")
        .replace("Subject:", "X-Auto-Response-Suppress: All\r\nSubject:");
    let reference = app.mail(&raw).await.intake_id.unwrap();
    assert_eq!(app.notified(&reference).await, ["receiver triage_needed"]);
    assert!(deadline(&app, &reference, "acknowledgement").await, "the duty stands");
}

#[tokio::test]
async fn an_answer_to_an_invitation_changes_the_meeting_and_is_no_message() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let input =
        [("day", "2026-12-02"), ("place", "Utrecht")].map(|(k, v)| (k.to_owned(), serde_json::json!(v)));
    let (by, via) = ("behandelaar@lagant.nl", redress::complaint::Via::CommandLine);
    app.app.workflow.act("K-2026-0001", "plan_meeting", by, input.into(), via).await.unwrap();
    app.app.turn().await.unwrap();
    let answer = |from: &str, status: &str, id: &str| {
        format!(
            "From: {from}\r\nSubject: Geweigerd\r\nMessage-ID: <{id}@x>\r\nContent-Type: text/calendar; method=REPLY\r\n\r\n\
             BEGIN:VCALENDAR\r\nVERSION:2.0\r\nMETHOD:REPLY\r\nBEGIN:VEVENT\r\nUID:meeting.I-2026-000001.1@lagant.nl\r\n\
             ATTENDEE;PARTSTAT={status}:mailto:{from}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n"
        )
    };
    let state = app.state("K-2026-0001").await;
    app.mail(&answer("jan@example.nl", "ACCEPTED", "i1")).await;
    assert_eq!(app.state("K-2026-0001").await, state, "no reply to the letter");
    let taken = app.mail(&answer("jan@example.nl", "DECLINED", "i2")).await;
    assert_eq!(taken.outcome, IntakeOutcome::Addition);
    assert_eq!(app.notified("K-2026-0001").await.last().unwrap(), "handler meeting_declined");
    let id = app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let meeting = app.app.store.cases().load(&[id]).await.unwrap().remove(0).complaint.meeting.unwrap();
    assert_eq!(meeting.answer.unwrap().as_str(), "declined");
    let stranger = app.mail(&answer("vreemd@example.org", "ACCEPTED", "i3")).await;
    assert_eq!(stranger.outcome, IntakeOutcome::Complaint, "a stranger answers for nobody");
}

/// Larger than 40 MiB: the beginning is registered, and nothing is refused.
#[tokio::test]
async fn a_giant_mail_is_registered_by_its_beginning() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let mut raw = String::from(
        "From: jan@example.nl\r\nSubject: Klacht over parkeren\r\nMessage-ID: <giant@x>\r\nMIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\n\
         Ik heb een klacht over het parkeren bij de training in Utrecht.\r\n--b\r\nContent-Type: image/png\r\n\
         Content-Disposition: attachment; filename=foto.png\r\nContent-Transfer-Encoding: base64\r\n\r\n",
    );
    while raw.len() < 41 << 20 {
        raw.push_str(&"iVBORw0KGgo".repeat(6_000));
        raw.push_str("\r\n");
    }
    let taken = app.mail(&raw).await;
    assert_eq!(taken.outcome, IntakeOutcome::Complaint);
    assert_eq!(app.state(&taken.intake_id.unwrap()).await, "in_treatment", "its text was read");
    let id = app.app.workflow.id_of("K-2026-0001").await.unwrap();
    let mails = app.app.store.register().mails(id).await.unwrap();
    assert!(mails[0].remarks.iter().any(|r| r.contains("larger than 40 MiB")), "{mails:?}");
    assert_eq!(app.mail(&raw).await.outcome, IntakeOutcome::Duplicate);
}

#[tokio::test]
async fn the_same_id_with_another_text_is_another_mail_and_is_remarked() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let other = clear_complaint("piet@example.nl", "a1").replace("Utrecht.", "Utrecht, en over de koffie.");
    let taken = app.mail(&other).await;
    assert_eq!(taken.outcome, IntakeOutcome::Complaint);
    let id = app.app.workflow.id_of(&taken.intake_id.unwrap()).await.unwrap();
    let mails = app.app.store.register().mails(id).await.unwrap();
    assert!(mails[0].remarks.iter().any(|r| r.contains("same Message-ID")), "{mails:?}");
}

/// What a newer version or a hand wrote into the table is said with its place, never taken for something else.
#[tokio::test]
async fn an_unknown_kind_of_mail_in_the_table_is_an_error_with_its_place() {
    use sqlx::Connection;
    let app = TestApp::start("2026-11-23 10:00").await;
    let taken = app.complaint("a1").await;
    let id = app.app.workflow.id_of(&taken.intake_id.unwrap()).await.unwrap();
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE mails SET kind = 'fax'").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    let told = app.app.store.register().mails(id).await.unwrap_err().to_string();
    for part in ["mails", "kind", "mail 1", "`fax` is no kind of mail", "addition"] {
        assert!(told.contains(part), "{part} is missing: {told}");
    }
}

#[tokio::test]
async fn language_is_what_is_written_then_what_was_written_before() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let english = "From: Ann <ann@example.com>\r\nSubject: Complaint\r\nMessage-ID: <e1@x>\r\n\r\n\
        Dear sir, I have a complaint about the parking at the training in Utrecht. It was not what you said.\r\n";
    app.mail(english).await;
    assert!(letter_to(&app, "ann@example.com").contains("Subject: "));
    let short = "From: Ann <ann@example.com>\r\nSubject: Klacht\r\nMessage-ID: <e2@x>\r\n\r\nParking, parking, parking, parking!!\r\n";
    let taken = app.mail(short).await;
    let id = app.app.workflow.id_of(&taken.intake_id.unwrap()).await.unwrap();
    let complaint = app.app.store.cases().load(&[id]).await.unwrap().remove(0).complaint;
    assert_eq!(complaint.language.as_str(), "en");
    // Nothing says what this one speaks: Dutch, with a paragraph in English.
    let unknown = "From: Li <li@example.cn>\r\nSubject: Klacht Parkeren Utrecht\r\nMessage-ID: <e3@x>\r\n\r\n\
        Klacht: parkeren Utrecht, trainingslocatie. Parkeren, parkeren, parkeren!\r\n";
    app.mail(unknown).await;
    let letter = letter_to(&app, "li@example.cn");
    assert!(letter.contains("Geachte") && letter.contains("In English: we have received"), "{letter}");
    assert!(!letter_to(&app, "ann@example.com").contains("In English:"));
}

#[tokio::test]
async fn the_time_of_receipt_is_the_servers_and_never_the_senders() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let raw = clear_complaint("jan@example.nl", "t1")
        .replace("Subject:", "Date: Mon, 1 Jan 2018 10:00:00 +0100\r\nSubject:");
    let received_at = crate::support::at("2026-11-20 17:00");
    let arrival = Arrival {
        raw: raw.as_bytes().into(),
        source: "imap".to_owned(),
        received_at: Some(received_at),
        ..Arrival::default()
    };
    take_in(&app.app.workflow, arrival).await.unwrap();
    let future = Arrival {
        raw: clear_complaint("piet@example.nl", "t2").into_bytes().into(),
        source: "imap".to_owned(),
        received_at: Some(crate::support::at("2031-01-01 10:00")),
        ..Arrival::default()
    };
    take_in(&app.app.workflow, future).await.unwrap();
    let ids = [1, 2].map(redress::complaint::ComplaintId);
    let cases = app.app.store.cases().load(&ids).await.unwrap();
    assert_eq!(cases[0].complaint.received_at, received_at);
    assert_eq!(cases[1].complaint.received_at, app.clock.now(), "what lies in the future is not believed");
}

/// What a reader gets: the fresh text, its history folded, the raw mail byte for byte, and attachments by digest.
#[test]
fn mails_are_read_from_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let clock = ["--clock", "2026-11-23T10:00:00+01:00"];
    let run = |arguments: &[&str]| {
        let output = crate::cli::redress(&data, &[&clock[..], arguments].concat());
        assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        output.stdout
    };
    let file = "tests/fixtures/mail/attachment.crlf.eml";
    run(&["intake", file]);
    let reply = std::fs::read_to_string("tests/fixtures/mail/reply-gmail-nl.crlf.eml").unwrap();
    let opens = folder.path().join("opens.eml");
    std::fs::write(&opens, &reply).unwrap();
    run(&["intake", opens.to_str().unwrap()]);
    let answer = folder.path().join("answer.eml");
    let answers = reply.replace(
        "Message-ID: <reply-gmail-nl@",
        "In-Reply-To: <attachment@example.nl>\r\nMessage-ID: <answer@",
    );
    std::fs::write(&answer, answers).unwrap();
    run(&["intake", answer.to_str().unwrap()]);
    let shown = String::from_utf8(run(&["mail", "I-2026-000001"])).unwrap();
    assert!(shown.contains("+ bon.pdf (application/pdf, 13 bytes)"), "{shown}");
    let digest =
        shown.lines().find(|l| l.contains("bon.pdf")).unwrap().rsplit(' ').next().unwrap().to_owned();
    assert_eq!(run(&["mail", "I-2026-000001", "--attachment", &digest]), b"%PDF-1.4 test");
    assert_eq!(run(&["mail", "I-2026-000001", "--raw", "1"]), std::fs::read(file).unwrap());
    let first = String::from_utf8(run(&["mail", "I-2026-000002"])).unwrap();
    assert!(
        first.contains("Dank u") && first.contains("Oude tekst"),
        "of what opens nothing is folded: {first}"
    );
    let folded = String::from_utf8(run(&["mail", "I-2026-000001"])).unwrap();
    assert!(
        folded.contains("Dank u") && folded.contains("history folded") && !folded.contains("Oude tekst"),
        "{folded}"
    );
    assert!(String::from_utf8(run(&["mail", "I-2026-000001", "--all"])).unwrap().contains("Oude tekst"));
    let read: serde_json::Value = serde_json::from_slice(&run(&["intake", "--read", file])).unwrap();
    assert_eq!(read["attachments"][0]["name"], "bon.pdf");
}

/// Somebody who writes on the complainant's behalf goes on belonging to the complaint.
#[tokio::test]
async fn who_wrote_for_the_complainant_may_go_on_writing() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.mail("From: zoon@example.nl\r\nSubject: ?\r\nMessage-ID: <z1@x>\r\n\r\nVoor mijn moeder.\r\n").await;
    let input = [("complainant".to_owned(), serde_json::json!("moeder@example.nl"))].into();
    let (by, via) = ("ontvanger@lagant.nl", redress::complaint::Via::CommandLine);
    app.app.workflow.act("I-2026-000001", "register_complaint", by, input, via).await.unwrap();
    app.app.turn().await.unwrap();
    let reply = "From: zoon@example.nl\r\nSubject: Re: ?\r\nIn-Reply-To: <z1@x>\r\nMessage-ID: <z2@x>\r\n\r\nNog iets.\r\n";
    let taken = app.mail(reply).await;
    assert_eq!((taken.outcome, taken.number.as_deref()), (IntakeOutcome::Addition, Some("K-2026-0001")));
    let stranger = reply.replace("zoon@", "buurman@").replace("<z2@", "<z3@");
    assert_eq!(app.mail(&stranger).await.outcome, IntakeOutcome::Complaint);
}
