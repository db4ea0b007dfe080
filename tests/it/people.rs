//! Whatever a person writes reaches a person; what only a machine wrote is filed where somebody sees it.

use crate::support::{Builder, MAIL_PLUGIN, TestApp, clear_complaint};
use redress::complaint::{ContactChannel, Party, TriageReason, Via};
use redress::intake::{Arrival, Contact, TakenMail, log_contact, take_in};
use redress::reception::IntakeOutcome;

async fn complaint(app: &TestApp, taken: &TakenMail) -> redress::complaint::Complaint {
    let id = app.app.workflow.id_of(taken.intake_id.as_ref().unwrap()).await.unwrap();
    app.app.store.cases().load(&[id]).await.unwrap().remove(0).complaint
}

fn with(headers: &str, id: &str) -> String {
    clear_complaint("mia@example.nl", id).replace("Subject:", &format!("{headers}\r\nSubject:"))
}

#[tokio::test]
async fn who_writes_to_our_own_group_address_has_written_to_us() {
    let app = TestApp::start("2026-11-23 10:00").await;
    for (i, headers) in [
        "Precedence: list\r\nList-ID: <planning.lagant.nl>\r\nList-Post: <mailto:planning@lagant.nl>",
        "Precedence: list\r\nMailing-list: list planning@lagant.nl; contact planning+owners@lagant.nl",
        "Precedence: bulk\r\nList-Id: Planning <planning.groepen.lagant.nl>",
    ]
    .into_iter()
    .enumerate()
    {
        let taken = app.mail(&with(headers, &format!("g{i}"))).await;
        assert_eq!(taken.outcome, IntakeOutcome::Complaint, "{headers}");
        assert_eq!(complaint(&app, &taken).await.complainant.email, "mia@example.nl", "{headers}");
    }
    for headers in ["List-Id: <nieuws.example.nl>", "Precedence: bulk", "List-Id: <x.nietlagant.nl>"] {
        assert_eq!(app.mail(&with(headers, headers)).await.outcome, IntakeOutcome::Automated, "{headers}");
    }
    // The group writes itself into the place of the sender, and says who it was.
    let rewritten = "From: Mia via Planning <planning@lagant.nl>\r\nReply-To: Mia de Wit <mia@example.nl>\r\n\
        List-Id: <planning.lagant.nl>\r\nSubject: Klacht\r\nMessage-ID: <g9@x>\r\n\r\nIk heb een klacht over het parkeren bij de training.\r\n";
    let taken = app.mail(rewritten).await;
    let complaint = complaint(&app, &taken).await;
    assert_eq!(complaint.proposed_complainant.unwrap().email, "mia@example.nl");
    assert_eq!(app.notified(taken.intake_id.as_ref().unwrap()).await, ["receiver triage_needed"]);
    assert!(app.outbox().iter().all(|l| !l.contains("To: planning@lagant.nl")), "nobody answers the group");
}

/// Two mails answer one that never came here: of one sender they are one complaint, of two senders they are two.
#[tokio::test]
async fn a_conversation_that_began_elsewhere_is_one_complaint_of_its_sender() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let mail = |from: &str, id: &str, root: &str, words: &str| {
        format!(
            "From: {from}\r\nTo: planning@lagant.nl\r\nSubject: Re: Klacht over de training\r\nMessage-ID: <{id}@x>\r\n\
             In-Reply-To: <{root}@example.nl>\r\nReferences: <{root}@example.nl>\r\n\r\n{words}\r\n"
        )
    };
    let clear = "Ik heb een klacht over het parkeren bij de training in Utrecht. Er was geen plaats.";
    app.mail(&mail("eva@example.nl", "e1", "root", clear)).await;
    let more = app.mail(&mail("Eva <EVA@example.nl>", "e2", "root", "Ook de koffie was koud.")).await;
    assert_eq!((more.outcome, more.number.as_deref()), (IntakeOutcome::Addition, Some("K-2026-0001")));
    let receipts = || app.outbox().iter().filter(|l| l.contains("To: eva@example.nl")).count();
    assert_eq!(receipts(), 1, "one acknowledgement");
    for (from, id, root) in [("piet@example.nl", "p1", "root"), ("eva@example.nl", "e3", "other")] {
        let taken = app.mail(&mail(from, id, root, clear)).await;
        assert_eq!(taken.outcome, IntakeOutcome::Complaint, "{from} {root}");
        assert_eq!(complaint(&app, &taken).await.triage_reason, None, "{from} {root}");
    }
}

/// Whoever phoned and was asked to write need not answer our letter: a mail of their own is the confirmation.
#[tokio::test]
async fn a_mail_that_is_waited_for_belongs_to_the_complaint_that_waits() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let phoned = Contact {
        channel: ContactChannel::Phone,
        complainant: Party { name: "Eva".to_owned(), email: "eva@example.nl".to_owned() },
        subject: "Parkeren".to_owned(),
        text: "Geen plaats.".to_owned(),
        by: "ontvanger@lagant.nl".to_owned(),
        via: Via::CommandLine,
        on: None,
    };
    let intake_id = log_contact(&app.app.workflow, phoned).await.unwrap().unwrap();
    let mail = |from: &str, id: &str| {
        format!(
            "From: {from}\r\nTo: planning@lagant.nl\r\nSubject: Klacht\r\nMessage-ID: <{id}@x>\r\n\r\nEr was geen plaats.\r\n"
        )
    };
    let other = app.mail(&mail("piet@example.nl", "p1")).await;
    assert_eq!(other.outcome, IntakeOutcome::Complaint, "somebody else's");
    let taken = app.mail(&mail("EVA@example.nl", "e1")).await;
    assert_eq!(
        (taken.outcome, taken.intake_id.as_deref()),
        (IntakeOutcome::Addition, Some(intake_id.as_str()))
    );
    assert_eq!(complaint(&app, &taken).await.state.as_str(), "in_treatment");
    let next = app.mail(&mail("eva@example.nl", "e2")).await;
    assert_eq!(next.outcome, IntakeOutcome::Complaint, "nothing is waited for any more");
}

/// Of whom a mail of their own is waited for may pass on somebody else's: that is another complaint.
#[tokio::test]
async fn what_somebody_passes_on_is_not_the_mail_that_is_waited_for_of_them() {
    for colleague in ["medewerker@lagant.nl", "behandelaar@lagant.nl"] {
        let app = TestApp::start("2026-11-23 10:00").await;
        let phoned = Contact {
            channel: ContactChannel::Phone,
            complainant: Party { name: String::new(), email: colleague.to_owned() },
            subject: "Rooster".to_owned(),
            text: String::new(),
            by: "ontvanger@lagant.nl".to_owned(),
            via: Via::CommandLine,
            on: None,
        };
        let waiting = log_contact(&app.app.workflow, phoned).await.unwrap().unwrap();
        let mail = |subject: &str, body: &str, id: &str| {
            format!(
                "From: {colleague}\r\nTo: planning@lagant.nl\r\nSubject: {subject}\r\nMessage-ID: <{id}@x>\r\n\r\n{body}\r\n"
            )
        };
        let block = "Van: Eva <eva@example.nl>\r\nVerzonden: maandag 23 november 2026 09:00\r\nAan: Planning\r\n\
            Onderwerp: Klacht\r\n\r\nIk heb een klacht over het parkeren.";
        for (body, id) in [(block, "f1"), ("Zie wat zij zei.", "f2")] {
            let passed_on = app.mail(&mail("FW: Klacht", body, id)).await;
            assert_eq!(passed_on.outcome, IntakeOutcome::Complaint, "{colleague} {id}");
            assert_ne!(passed_on.intake_id.as_deref(), Some(waiting.as_str()), "{colleague} {id}");
            let reason = complaint(&app, &passed_on).await.triage_reason;
            assert_eq!(reason, Some(TriageReason::Forwarded), "{colleague} {id}");
        }
        let own = app.mail(&mail("Rooster", "Het rooster klopte niet.", "o1")).await;
        assert_eq!((own.outcome, own.intake_id), (IntakeOutcome::Addition, Some(waiting)), "{colleague}");
    }
}

#[tokio::test]
async fn who_fills_in_a_form_is_proposed_as_the_complainant() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let form = |from: &str, more: &str, id: &str| {
        format!(
            "From: {from}\r\n{more}To: planning@lagant.nl\r\nSubject: Contactformulier\r\nMessage-ID: <{id}@x>\r\n\r\n\
             Naam: Nora Smit\r\nE-mail: nora@example.nl\r\nBericht:\r\nIk heb een klacht over het parkeren bij de training.\r\n"
        )
    };
    let reply_to = "Reply-To: Nora Smit <nora@example.nl>\r\n";
    for (i, (from, more)) in [
        ("Website Lagant <noreply@lagant.nl>", reply_to),
        ("Website Lagant <noreply@lagant.nl>", ""),
        ("website@lagant.nl", reply_to),
        ("WordPress <wordpress-noreply@hosting.example>", reply_to),
        ("forms@lagant.nl", "Auto-Submitted: auto-generated\r\n"),
        ("forms@diensten.example", "Auto-Submitted: auto-generated\r\nReply-To: nora@example.nl\r\n"),
    ]
    .into_iter()
    .enumerate()
    {
        let taken = app.mail(&form(from, more, &format!("f{i}"))).await;
        assert_eq!(taken.outcome, IntakeOutcome::Complaint, "{from} {more}");
        let complaint = complaint(&app, &taken).await;
        let proposed = complaint.proposed_complainant.clone().unwrap_or_else(|| panic!("{from} {more}"));
        assert_eq!(
            (proposed.name.as_str(), proposed.email.as_str()),
            ("Nora Smit", "nora@example.nl"),
            "{from}"
        );
        assert_eq!(complaint.complainant.email, "", "a person confirms it");
        assert_eq!(
            app.notified(taken.intake_id.as_ref().unwrap()).await,
            ["receiver triage_needed"],
            "{from}"
        );
    }
    // Who wants the answer elsewhere is not another; who answers by itself is a machine.
    let taken = app
        .mail(
            &clear_complaint("jan@example.nl", "r1")
                .replace("Subject:", "Reply-To: els@example.nl\r\nSubject:"),
        )
        .await;
    assert_eq!(complaint(&app, &taken).await.complainant.email, "jan@example.nl");
    let auto =
        form("noreply@lagant.nl", "Auto-Submitted: auto-replied\r\nReply-To: nora@example.nl\r\n", "f9");
    assert_eq!(app.mail(&auto).await.outcome, IntakeOutcome::Automated);
    let notice =
        "From: noreply@shop.example\r\nSubject: Uw bestelling\r\nMessage-ID: <n1@x>\r\n\r\nBedankt.\r\n";
    assert_eq!(app.mail(notice).await.outcome, IntakeOutcome::Automated, "nobody is named");
}

#[tokio::test]
async fn a_notice_of_absence_answers_nothing_and_a_person_does() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let input = [("questions".to_owned(), serde_json::json!("Welke dag?"))].into();
    let via = redress::complaint::Via::CommandLine;
    app.app
        .workflow
        .act("K-2026-0001", "ask_information", "behandelaar@lagant.nl", input, via)
        .await
        .unwrap();
    app.app.turn().await.unwrap();
    let reply = |subject: &str, text: &str, id: &str| {
        format!(
            "From: jan@example.nl\r\nSubject: {subject}\r\nIn-Reply-To: <a1@example.nl>\r\nMessage-ID: <{id}@x>\r\n\r\n{text}\r\n"
        )
    };
    for (i, (subject, text)) in [
        ("Automatisch antwoord: Vragen over uw klacht", "Ik ben er niet."),
        ("Automatic reply: Vragen", "I am away."),
        ("Automatische Antwort: Vragen", "Bin weg."),
        ("Réponse automatique : Vragen", "Absente."),
        ("Out of office", "x"),
        ("Afwezig: Re: Vragen", "x"),
        (
            "Re: Vragen over uw klacht",
            "Ik ben afwezig tot en met 7 december. Uw bericht wordt niet doorgestuurd.",
        ),
        ("Re: Vragen over uw klacht", "Thank you for your mail. I am out of the office until Monday."),
        ("AW: Vragen", "Ich bin im Urlaub."),
    ]
    .into_iter()
    .enumerate()
    {
        let taken = app.mail(&reply(subject, text, &format!("o{i}"))).await;
        assert_eq!(
            (taken.outcome, taken.number.as_deref()),
            (IntakeOutcome::Automated, Some("K-2026-0001")),
            "{subject} {text}"
        );
        assert_eq!(app.state("K-2026-0001").await, "awaiting_complainant", "{subject}");
    }
    // Who quotes the letter, or writes of absence a day later, wrote it.
    app.clock.advance_to(crate::support::at("2026-11-24 10:00"));
    let person = reply("Re: Vragen", "Het was op 17 november, daarna was ik met vakantie.", "p1");
    assert_eq!(app.mail(&person).await.outcome, IntakeOutcome::Addition);
    assert_ne!(app.state("K-2026-0001").await, "awaiting_complainant");
    let about = clear_complaint("els@example.nl", "p2").replace("Klacht over", "Afwezig bij");
    assert_eq!(app.mail(&about).await.outcome, IntakeOutcome::Complaint, "a subject that says more");
}

#[tokio::test]
async fn the_same_mail_by_two_routes_is_one() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let mail = clear_complaint("mia@example.nl", "d1");
    app.mail(&mail).await;
    for other in [
        format!("Received: from b by mx.lagant.nl; Mon, 23 Nov 2026 09:00:25 +0100\r\n{mail}"),
        format!("{mail}\r\n-- \r\nGecontroleerd op virussen door Example Security.\r\n"),
        mail.replace("\r\n\r\n", "\r\n\r\nLET OP: externe afzender.\r\n\r\n"),
        mail.replace("From: Jan <mia@example.nl>", "From: Mia via Planning <planning@lagant.nl>\r\nReply-To: mia@example.nl\r\nList-Id: <planning.lagant.nl>"),
    ] {
        assert_eq!(app.mail(&other).await.outcome, IntakeOutcome::Duplicate, "{other}");
    }
    // Without a Message-ID, what servers add on the way makes no other mail.
    let bare = clear_complaint("els@example.nl", "x")
        .replace("Message-ID: <x@example.nl>\r\n", "Date: Mon, 23 Nov 2026 09:00:00 +0100\r\n");
    assert_eq!(app.mail(&bare).await.outcome, IntakeOutcome::Complaint);
    let traced = format!("Received: from b by c; Mon, 23 Nov 2026 09:00:25 +0100\r\n{bare}");
    assert_eq!(app.mail(&traced).await.outcome, IntakeOutcome::Duplicate);
    let later = bare.replace("09:00:00", "09:30:00");
    assert_eq!(app.mail(&later).await.outcome, IntakeOutcome::Complaint, "written again");
    assert_eq!(app.outbox().iter().filter(|l| l.contains("To: mia@example.nl")).count(), 1);
}

/// No front answers by itself what is older than a person would expect an answer to.
#[tokio::test]
async fn an_old_mail_is_laid_before_a_person_and_no_letter_goes_out() {
    let app = Builder::default()
        .config("[intake]\nanswer_days = 10\n")
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .start("2026-11-23 10:00")
        .await;
    let at = crate::support::at;
    let take = async |raw: String, received: Option<&str>| {
        let arrival = Arrival {
            raw: raw.as_bytes().into(),
            source: "test".to_owned(),
            received_at: received.map(at),
            ..Arrival::default()
        };
        let taken = take_in(&app.app.workflow, arrival).await.unwrap();
        app.app.turn().await.unwrap();
        let reason = complaint(&app, &taken).await.triage_reason.map(|r| r.to_string());
        reason.unwrap_or_default()
    };
    let dated = |id: &str, date: &str| {
        clear_complaint(&format!("{id}@example.nl"), id)
            .replace("Subject:", &format!("Date: {date}\r\nSubject:"))
    };
    assert_eq!(
        take(dated("o1", "Mon, 23 Nov 2026 09:00:00 +0100"), Some("2024-03-12 10:00")).await,
        "old_mail"
    );
    assert_eq!(
        take(dated("o2", "Tue, 12 Mar 2024 09:00:00 +0100"), None).await,
        "old_mail",
        "no server dated it"
    );
    assert_eq!(
        take(dated("o3", "Tue, 12 Mar 2024 09:00:00 +0100"), Some("2026-11-23 09:00")).await,
        "",
        "its clock is wrong"
    );
    assert_eq!(take(dated("o4", "Fri, 13 Nov 2026 10:30:00 +0100"), None).await, "");
    assert_eq!(take(dated("o5", "Fri, 13 Nov 2026 09:30:00 +0100"), None).await, "old_mail");
    for waits in ["o1", "o2", "o5"] {
        assert!(app.outbox().iter().all(|l| !l.contains(&format!("To: {waits}@"))), "{waits}");
    }
    app.until("2027-06-23 10:00").await;
    for waits in ["o1", "o2", "o5"] {
        assert!(app.outbox().iter().all(|l| !l.contains(&format!("To: {waits}@"))), "{waits} later");
    }
}

/// A mail without a sender is nobody's: not even in the thread of a complaint whose complainant is unknown.
#[tokio::test]
async fn who_is_unknown_is_not_the_complainant_who_is_unknown() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let first = "From: niemand\r\nSubject: Klacht\r\nMessage-ID: <u1@x>\r\n\r\nIk heb een klacht over het parkeren.\r\n";
    app.mail(first).await;
    let second = "Subject: Re: Klacht\r\nIn-Reply-To: <u1@x>\r\nMessage-ID: <u2@x>\r\n\r\nNog iets.\r\n";
    let taken = app.mail(second).await;
    assert_eq!(taken.outcome, IntakeOutcome::Complaint);
    assert_eq!(complaint(&app, &taken).await.triage_reason.unwrap().as_str(), "stranger_reply");
}

/// What was filed as no person's is told once a day, and listed.
#[tokio::test]
async fn what_is_filed_as_automatic_is_seen_by_somebody() {
    let app = TestApp::start("2026-11-23 10:00").await;
    for (i, header) in
        ["Auto-Submitted: auto-replied", "List-Id: <nieuws.example.nl>"].into_iter().enumerate()
    {
        app.mail(&with(header, &format!("z{i}"))).await;
    }
    let told =
        |app: &TestApp| app.outbox().iter().filter(|l| l.contains("Automatische berichten zonder")).count();
    assert_eq!(told(&app), 0, "not before the day is over");
    app.clock.advance_to(crate::support::at("2026-11-24 06:59"));
    app.app.turn().await.unwrap();
    assert_eq!(told(&app), 0);
    for _ in 0..3 {
        app.clock.advance_to(crate::support::at("2026-11-24 07:01"));
        app.app.turn().await.unwrap();
    }
    assert_eq!(told(&app), 1);
    let letter = app.outbox().into_iter().find(|l| l.contains("Automatische berichten zonder")).unwrap();
    assert!(letter.contains("mia@example.nl"), "{letter}");
    assert_eq!(app.app.workflow.reading().filed().await.unwrap().len(), 2);
    app.until("2026-11-27 10:00").await;
    assert_eq!(told(&app), 1, "once");
}

/// Legal words count in every mail of the complainant, and only in what was written there.
#[tokio::test]
async fn a_threat_in_a_later_mail_is_heard() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let reply = |from: &str, text: &str, id: &str| {
        format!(
            "From: {from}\r\nSubject: Re: Klacht\r\nIn-Reply-To: <a1@example.nl>\r\nMessage-ID: <{id}@x>\r\n\r\n{text}\r\n"
        )
    };
    let alarms = async |app: &TestApp| {
        app.notified("K-2026-0001").await.iter().filter(|n| n.ends_with("legal_alert")).count()
    };
    app.mail(&reply("jan@example.nl", "De persoon aan de telefoon was niet reliable.", "l1")).await;
    app.mail(&reply("jan@example.nl", "Prima.\r\n\r\nOp ma 16 nov 2026 om 14:03 schreef Lagant <planning@lagant.nl>:\r\n> Een advocaat is niet nodig.", "l2")).await;
    app.mail(&reply("behandelaar@lagant.nl", "Heeft deze klager een advocaat?", "l3")).await;
    assert_eq!(alarms(&app).await, 0);
    app.mail(&reply("jan@example.nl", "Dan hoort u van mijn ADVOCAAT.", "l4")).await;
    assert_eq!(alarms(&app).await, 1);
}

/// A clock that ran ahead and is put right: decisions go on from the time they reached, and letters leave at once.
#[tokio::test]
async fn after_a_clock_that_ran_ahead_letters_leave_at_once() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("c1").await;
    // Another process had a clock that ran two days ahead.
    let ahead = redress::clock::VirtualClock::new(crate::support::at("2026-11-25 10:00"));
    let places = redress::app::Places {
        config: Some(app.folder.path().join("redress.toml")),
        data: app.folder.path().join("data"),
        rules: crate::support::repository().join("rules"),
        plugins: app.folder.path().join("plugins"),
        clock: None,
        access: redress::app::Access::Change,
    };
    let other =
        redress::app::App::open_with(&places, std::sync::Arc::new(ahead), redress::delivery::Mode::Rehearsal)
            .await
            .unwrap();
    redress::intake::ingest(&other.workflow, clear_complaint("els@example.nl", "c2").as_bytes(), "test")
        .await
        .unwrap();
    other.turn().await.unwrap();
    app.mail(&clear_complaint("kees@example.nl", "c3")).await;
    for who in ["jan", "els", "kees"] {
        assert!(app.outbox().iter().any(|l| l.contains(&format!("To: {who}@example.nl"))), "{who}");
    }
}
