//! What real mail does at the front door.

use crate::support::{TestApp, clear_complaint};
use proptest::prelude::*;
use redress::config::Settings;
use redress::intake::Maildir;
use redress::reception::IntakeOutcome;
use redress::rules::RulesetSource;
use redress::workflow::{Published, scenario};

#[tokio::test]
async fn the_same_mail_is_taken_in_once() {
    let app = TestApp::start("2026-11-23 10:00").await;
    assert_eq!(app.complaint("a1").await.outcome, IntakeOutcome::Complaint);
    assert_eq!(app.complaint("a1").await.outcome, IntakeOutcome::Duplicate);
    assert_eq!(app.complaint("a2").await.outcome, IntakeOutcome::Complaint, "another id is another mail");
}

#[tokio::test]
async fn replies_thread_by_reference_and_by_tag() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let letter = app.outbox().into_iter().find(|m| m.contains("To: jan@example.nl")).unwrap();
    let id = letter.lines().find_map(|l| l.strip_prefix("Message-ID: ")).unwrap();
    let by_reference = format!(
        "From: jan@example.nl\r\nSubject: Re: iets\r\nMessage-ID: <r1@x>\r\nIn-Reply-To: {id}\r\n\r\nNog iets\r\n"
    );
    assert_eq!(app.mail(&by_reference).await.outcome, IntakeOutcome::Addition);
    let subject = letter.lines().find_map(|l| l.strip_prefix("Subject: ")).unwrap();
    let tag = subject.split('[').nth(1).unwrap().split(']').next().unwrap();
    let by_tag =
        format!("From: jan@example.nl\r\nSubject: Re: [{tag}]\r\nMessage-ID: <r2@x>\r\n\r\nNog iets\r\n");
    assert_eq!(app.mail(&by_tag).await.number.as_deref(), Some("K-2026-0001"));
    let anchor = "From: jan@example.nl\r\nSubject: Re\r\nMessage-ID: <r3@x>\r\nReferences: <case.I-2026-000001@lagant.nl>\r\n\r\nx\r\n";
    assert_eq!(app.mail(anchor).await.outcome, IntakeOutcome::Addition);
}

#[tokio::test]
async fn a_strangers_reply_waits_for_triage_and_changes_no_complainant() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let stranger = clear_complaint("vreemd@example.org", "s1")
        .replace("Subject:", "In-Reply-To: <a1@example.nl>\r\nSubject:");
    let taken = app.mail(&stranger).await;
    assert_eq!(taken.outcome, IntakeOutcome::Complaint);
    assert_eq!(app.state("I-2026-000002").await, "received");
    assert_eq!(app.notified("I-2026-000002").await, ["receiver triage_needed"]);
    let guessed =
        "From: vreemd@example.org\r\nSubject: [K-2026-0001-aaa]\r\nMessage-ID: <s2@x>\r\n\r\nhoi\r\n";
    assert_eq!(app.mail(guessed).await.outcome, IntakeOutcome::Complaint);
}

#[tokio::test]
async fn automated_mail_is_recorded_and_never_answered() {
    let app = TestApp::start("2026-11-23 10:00").await;
    for (i, header) in [
        "Auto-Submitted: auto-replied",
        "Return-Path: <>",
        "Precedence: bulk",
        "List-Id: <l.example.nl>",
        "X-Autoreply: yes",
        "Content-Type: multipart/report; report-type=delivery-status; boundary=b",
    ]
    .into_iter()
    .enumerate()
    {
        let raw = clear_complaint("jan@example.nl", &format!("auto{i}"))
            .replace("Subject:", &format!("{header}\r\nSubject:"));
        assert_eq!(app.mail(&raw).await.outcome, IntakeOutcome::Automated, "{header}");
    }
    let daemon = clear_complaint("mailer-daemon@example.nl", "daemon");
    assert_eq!(app.mail(&daemon).await.outcome, IntakeOutcome::Automated);
    let suppressed = clear_complaint("jan@example.nl", "x")
        .replace("Subject:", "X-Auto-Response-Suppress: All\r\nAuto-Submitted: no\r\nSubject:");
    assert_eq!(app.mail(&suppressed).await.outcome, IntakeOutcome::Complaint, "a hint is not proof");
    assert_eq!(app.app.store.register().list(&Default::default(), 10).await.unwrap().len(), 1);
}

#[tokio::test]
async fn an_employees_forward_waits_for_the_receiver() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let forward = clear_complaint("behandelaar@lagant.nl", "f1").replace("Subject: ", "Subject: FW: ");
    app.mail(&forward).await;
    assert_eq!(app.state("I-2026-000001").await, "received");
    assert!(app.outbox().iter().all(|m| !m.contains("To: jan")));
    let attached = "From: behandelaar@lagant.nl\r\nSubject: bijgaand\r\nMessage-ID: <f2@x>\r\nMIME-Version: 1.0\r\n\
        Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain\r\n\r\nzie bijlage\r\n--b\r\n\
        Content-Type: message/rfc822\r\n\r\nFrom: jan@example.nl\r\nSubject: klacht\r\n\r\nKlacht\r\n--b--\r\n";
    app.mail(attached).await;
    assert_eq!(app.state("I-2026-000002").await, "received");
    assert_eq!(app.notified("I-2026-000002").await[0], "behandelaar@lagant.nl forward_receipt");
    let internal = clear_complaint("iemand@lagant.nl", "i1");
    app.mail(&internal).await;
    assert_eq!(app.state("I-2026-000003").await, "in_treatment", "other own mail is an internal complaint");
}

#[tokio::test]
async fn odd_mail_is_stored_and_visible() {
    let app = TestApp::start("2026-11-23 10:00").await;
    for (i, raw) in [
        &b""[..],
        b"\xff\xfe\x00garbage",
        b"Subject: zonder afzender\r\n\r\nKlacht over de zaal, ik ben erg ontevreden hierover.\r\n",
        b"From: a@example.nl\r\nContent-Type: text/plain; charset=klingon\r\n\r\n\xe9\xe9n klacht\r\n",
        b"From: a@example.nl\r\nSubject: =?utf-8?B?####?=\r\nContent-Type: multipart/mixed; boundary=x\r\n\r\nno parts\r\n",
    ]
    .into_iter()
    .enumerate()
    {
        let taken = redress::intake::ingest(&app.app.workflow, raw, "test").await.unwrap();
        app.app.turn().await.unwrap();
        assert_eq!(taken.outcome, IntakeOutcome::Complaint, "{i}");
        assert_eq!(app.state(&taken.intake_id.unwrap()).await, "received", "{i}");
    }
}

#[tokio::test]
async fn charsets_html_and_attachments_are_read() {
    let app = TestApp::start("2026-11-23 10:00").await;
    for (name, text) in [
        ("06_windows1252", "€ 450"),
        ("05_html_only", "wrong name"),
        ("02_gmail", "lesmateriaal"),
        ("03_apple", "twaalf mensen"),
    ] {
        let path = crate::support::repository().join(format!("src/cli/demo/{name}.eml"));
        let taken =
            redress::intake::ingest(&app.app.workflow, &std::fs::read(path).unwrap(), name).await.unwrap();
        let id = app.app.workflow.id_of(&taken.intake_id.unwrap()).await.unwrap();
        let mails = app.app.store.register().mails(id).await.unwrap();
        assert!(mails[0].body.contains(text), "{name}: {}", mails[0].body);
    }
    let path = crate::support::repository().join("src/cli/demo/07_attachment.eml");
    let taken = redress::intake::ingest(&app.app.workflow, &std::fs::read(path).unwrap(), "a").await.unwrap();
    let id = app.app.workflow.id_of(&taken.intake_id.unwrap()).await.unwrap();
    let attachments = app.app.store.register().mails(id).await.unwrap()[0].attachments.clone();
    assert_eq!(attachments[0].name, "zaal.png");
    assert_eq!(attachments[0].sniffed.as_deref().unwrap_or(&attachments[0].kind), "image/png");
}

#[tokio::test]
async fn a_maildir_is_emptied_into_cur_and_nothing_is_deleted() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let root = app.folder.path().join("inbox");
    let maildir = Maildir::open(&root).unwrap();
    for i in 0..3 {
        std::fs::write(
            root.join(format!("new/{i}.eml")),
            clear_complaint("jan@example.nl", &format!("m{i}")),
        )
        .unwrap();
    }
    std::fs::write(root.join("new/.hidden"), "not yet").unwrap();
    assert_eq!(maildir.take_in(&app.app.workflow).await.unwrap().len(), 3);
    assert_eq!(std::fs::read_dir(root.join("cur")).unwrap().count(), 3);
    // Put back after a crash between commit and move: known, and moved again.
    std::fs::rename(root.join("cur/0.eml"), root.join("new/0.eml")).unwrap();
    assert_eq!(maildir.take_in(&app.app.workflow).await.unwrap()[0].outcome, IntakeOutcome::Duplicate);
    assert_eq!(std::fs::read_dir(root.join("cur")).unwrap().count(), 3);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, rng_seed: proptest::test_runner::RngSeed::Fixed(11), failure_persistence: None, ..ProptestConfig::default() })]

    /// Every byte string has exactly one outcome; nothing panics and nothing is lost.
    #[test]
    fn every_byte_string_is_taken_in(mails in proptest::collection::vec(proptest::collection::vec(any::<u8>(), 0..300), 1..6), header in "(From: [a-z@.]{0,12}\r\n)?(Subject: .{0,20}\r\n)?(Content-Type: [a-z/;= ]{0,30}\r\n)?") {
        let runtime = tokio::runtime::Builder::new_multi_thread().enable_all().build().unwrap();
        runtime.block_on(async {
            let app = TestApp::start("2026-11-23 10:00").await;
            for body in &mails {
                let raw = [header.as_bytes(), b"\r\n", body].concat();
                redress::intake::ingest(&app.app.workflow, &raw, "fuzz").await.unwrap();
                let again = redress::intake::ingest(&app.app.workflow, &raw, "fuzz").await.unwrap();
                assert_eq!(again.outcome, IntakeOutcome::Duplicate);
            }
            app.app.turn().await.unwrap();
        });
    }
}

/// Plays one scenario with the shipped rules; what it failed with.
fn played(story: &str) -> Option<String> {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&crate::support::repository().join("rules")).unwrap();
    let published = Published::load(source, &settings).unwrap();
    let text = format!("scenario \"s\" {{\n  at(\"2026-11-23 10:00\");\n{story}\n}}");
    scenario::play(published, &settings, &[("t".to_owned(), text)].into())[0]
        .failure
        .clone()
        .map(|why| why.en)
}

const CLEAR: &str = r#"mail(#{ from: "jan@example.nl", name: "Jan", subject: "Klacht over parkeren in Utrecht",
    text: "Ik heb een klacht over het parkeren bij de training in Utrecht." })"#;

/// Scenarios decide about their mail by the function that decides about real mail.
#[test]
fn mail_in_a_scenario_becomes_what_it_becomes_in_production() {
    let held = [
        "let a = reply(k); expect(a, \"triage_reason\", ()); expect_state(a, k.state);",
        "let a = reply(k, \"behandelaar@lagant.nl\"); expect(a, \"intake_id\", \"I-2026-000001\");",
        "let a = reply(k, \"vreemd@example.org\"); expect(a, \"triage_reason\", \"stranger_reply\"); \
         expect(a, \"intake_id\", \"I-2026-000002\"); expect(a, \"refers_to\", ());",
        "let a = mail(#{ from: \"\", subject: \"?\" }); expect(a, \"triage_reason\", \"no_sender\");",
        "let a = mail(#{ from: \"x@example.nl\", triage: \"no_auto_reply\" }); \
         expect(a, \"triage_reason\", \"no_auto_reply\");",
        "let a = mail(#{ from: \"behandelaar@lagant.nl\", subject: \"kijk\", passed_on_from: \"Anna@example.nl\" }); \
         expect(a, \"channel\", \"forwarded\"); expect(a, \"triage_reason\", \"forwarded\"); \
         expect(a, \"proposed_complainant\", #{ name: \"\", email: \"anna@example.nl\" });",
        "let a = contact(#{ channel: \"chat\", from: \"anna@lagant.nl\", subject: \"s\", by: \"behandelaar@lagant.nl\" }); \
         expect(a, \"channel\", \"chat\"); expect(a, \"complainant_kind\", \"internal\");",
    ];
    for story in held {
        assert_eq!(played(&format!("let k = {CLEAR};\n{story}")), None, "{story}");
    }
}

#[test]
fn a_word_in_a_scenario_that_is_none_is_refused_with_the_words_there_are() {
    for (story, why) in [
        ("mail(#{ from: \"x@y.nl\", triage: \"unreadible\" });", "`unreadible` is no reason for triage"),
        ("mail(#{ from: \"x@y.nl\", triage: \"after_closing\" });", "follows by itself"),
        ("contact(#{ channel: \"email\", subject: \"s\" });", "the words are phone, paper, chat"),
    ] {
        let failure = played(story).unwrap_or_default();
        assert!(failure.contains(why), "{story}: {failure}");
    }
}
