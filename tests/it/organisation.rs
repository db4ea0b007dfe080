//! The people and papers around a complaint, through the whole program: deputies, confidentiality, contacts,
//! invitations, reports and recommendations, replies to what is over, and rules broken on purpose.

use crate::cli::{redress, stdout};
use crate::support::{
    BY_QUALITY, Builder, MAIL_PLUGIN, TestApp, at, clear_complaint, repository, rules_copy,
};
use redress::complaint::{ComplaintId, EventKind, Via};
use redress::rules::RulesetSource;
use redress::workflow::Published;
use serde_json::Value;
use std::collections::BTreeMap;

const HANDLER: &str = "behandelaar@lagant.nl";
const DIRECTOR: &str = "directeur@lagant.nl";

fn input(pairs: &[(&str, &str)]) -> BTreeMap<String, Value> {
    pairs.iter().map(|(k, v)| ((*k).to_owned(), Value::from(*v))).collect()
}

async fn act(
    app: &TestApp,
    number: &str,
    who: &str,
    action: &str,
    pairs: &[(&str, &str)],
) -> Result<(), String> {
    let acted = app.app.workflow.act(number, action, who, input(pairs), Via::CommandLine).await;
    app.app.turn().await.unwrap();
    acted.map(|_| ()).map_err(|e| e.to_string())
}

const PEOPLE: &str = r#"
[[people]]
name = "Ontvanger"
email = "ontvanger@lagant.nl"
roles = ["receiver"]
[[people]]
name = "Behandelaar"
email = "behandelaar@lagant.nl"
roles = ["handler"]
deputy = "tweede@lagant.nl"
absent = ["2026-12-01/2026-12-10"]
[[people]]
name = "Tweede"
email = "tweede@lagant.nl"
roles = ["handler"]
[[people]]
name = "Directeur"
email = "directeur@lagant.nl"
roles = ["director"]
[[people]]
name = "Kwaliteit"
email = "kwaliteit@lagant.nl"
roles = ["quality_manager"]
[[people]]
name = "Auditor"
email = "auditor@lagant.nl"
roles = ["auditor"]
"#;

#[tokio::test]
async fn the_responsible_person_is_dated_history_and_a_former_handler_sees_nothing() {
    let app = Builder::default().config(PEOPLE).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let sees = async |who: &str| {
        let case = app.app.store.cases().load(&[ComplaintId(1)]).await.unwrap().remove(0);
        app.app.workflow.sees(&case.complaint, who, app.app.workflow.now().await.unwrap())
    };
    assert!(sees(HANDLER).await && !sees("tweede@lagant.nl").await && sees("auditor@lagant.nl").await);
    app.clock.advance_to(at("2026-11-24 09:00"));
    act(&app, "K-2026-0001", "kwaliteit@lagant.nl", "assign", &[("handler", "tweede@lagant.nl")])
        .await
        .unwrap();
    assert!(!sees(HANDLER).await && sees("tweede@lagant.nl").await, "access of the former handler has ended");
    let case = app.app.store.cases().load(&[ComplaintId(1)]).await.unwrap().remove(0);
    let history: Vec<_> =
        case.complaint.responsibilities.iter().map(|r| (r.person.as_deref(), r.from)).collect();
    assert_eq!(history[0], (Some(HANDLER), at("2026-11-23 10:00")));
    assert_eq!(history[1], (Some("tweede@lagant.nl"), at("2026-11-24 09:00")));
    let refused =
        act(&app, "K-2026-0001", HANDLER, "ask_information", &[("questions", "x")]).await.unwrap_err();
    assert!(refused.contains("may not do"), "{refused}");
}

#[tokio::test]
async fn a_deputy_stands_in_on_the_days_of_absence_only() {
    let app = Builder::default().config(PEOPLE).start("2026-11-30 10:00").await;
    app.complaint("a1").await;
    let ask = async |who: &str| {
        act(&app, "K-2026-0001", who, "note_consultation", &[("consultation", "Met de planner")]).await
    };
    assert!(ask("tweede@lagant.nl").await.is_err());
    app.clock.advance_to(at("2026-12-01 00:00"));
    assert_eq!(ask("tweede@lagant.nl").await, Ok(()));
    app.clock.advance_to(at("2026-12-11 00:00"));
    assert!(ask("tweede@lagant.nl").await.is_err());
}

#[tokio::test]
async fn whom_a_complaint_is_about_neither_acts_nor_hears_of_it() {
    let app = Builder::default()
        .config(PEOPLE)
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .start("2026-11-23 10:00")
        .await;
    app.complaint("a1").await;
    act(&app, "K-2026-0001", "ontvanger@lagant.nl", "record_facts", &[("about", DIRECTOR)]).await.unwrap();
    act(&app, "K-2026-0001", HANDLER, "escalate_complaint", &[("reason", "x")]).await.unwrap();
    let told = app.app.store.register().notifications(ComplaintId(1)).await.unwrap();
    let escalated = told.iter().find(|n| n.message == "escalated").unwrap();
    assert_eq!(escalated.addresses, "[\"kwaliteit@lagant.nl\"]", "no deputy director, so the role after it");
    let refused =
        act(&app, "K-2026-0001", DIRECTOR, "tell_approach", &[("approach", "x")]).await.unwrap_err();
    assert_eq!(refused, "directeur@lagant.nl may not act on K-2026-0001: it is about them");
    act(&app, "K-2026-0001", "kwaliteit@lagant.nl", "tell_approach", &[("approach", "x")]).await.unwrap();
    app.until("2027-04-01 10:00").await;
    let told = app.app.store.register().notifications(ComplaintId(1)).await.unwrap();
    let to_the_director: Vec<_> = told.iter().filter(|n| n.recipient.as_str() == "director").collect();
    assert!(to_the_director.len() > 5, "terms pass: {}", to_the_director.len());
    assert!(told.iter().all(|n| !n.addresses.contains(DIRECTOR)), "whoever stands in hears of it: {told:?}");
}

#[tokio::test]
async fn a_meeting_travels_as_a_calendar_invitation() {
    let app = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let plan = |time: &'static str| [("day", "2026-12-02"), ("time", time), ("place", "Utrecht, zaal 2")];
    act(&app, "K-2026-0001", HANDLER, "plan_meeting", &plan("10:00")).await.unwrap();
    act(&app, "K-2026-0001", HANDLER, "plan_meeting", &plan("11:30")).await.unwrap();
    act(&app, "K-2026-0001", HANDLER, "cancel_meeting", &[("reason", "ziek")]).await.unwrap();
    let invitations: Vec<String> = app.outbox().iter().filter_map(|mail| calendar_part(mail)).collect();
    let with = |text: &str| invitations.iter().filter(|i| i.contains(text)).count();
    // Each goes to the complainant and to the handler.
    assert_eq!((invitations.len(), with("METHOD:REQUEST"), with("METHOD:CANCEL")), (6, 4, 2));
    assert_eq!((with("SEQUENCE:0"), with("SEQUENCE:1"), with("SEQUENCE:2")), (2, 2, 2));
    assert_eq!(with("UID:meeting.I-2026-000001.1@lagant.nl"), 6, "one meeting, one UID");
    assert_eq!(with("DTSTART;TZID=Europe/Amsterdam:20261202T113000"), 4);
    assert_eq!(with("BEGIN:VTIMEZONE"), 6);
    assert!(
        app.outbox().iter().any(|m| m.contains("Content-Type: text/calendar; method=REQUEST; charset=utf-8"))
    );
}

/// The decoded calendar part of a letter, when it has one.
fn calendar_part(mail: &str) -> Option<String> {
    let parsed = mail_parser::MessageParser::default().parse(mail.as_bytes())?;
    let part = parsed.parts.iter().find(|p| {
        use mail_parser::MimeHeaders;
        p.content_type().is_some_and(|c| c.subtype() == Some("calendar"))
    })?;
    part.text_contents().map(str::to_owned)
}

#[tokio::test]
async fn a_reply_to_what_is_over_opens_a_new_complaint_that_refers_to_it() {
    let app = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    act(&app, "K-2026-0001", HANDLER, "note_consultation", &[("consultation", "Met de planner")])
        .await
        .unwrap();
    let decision = [("verdict", "upheld"), ("reasons", "r"), ("solution", "s")];
    act(&app, "K-2026-0001", HANDLER, "decide", &decision).await.unwrap();
    act(&app, "K-2026-0001", HANDLER, "agree", &[]).await.unwrap();
    let evaluation = [("cause_kind", "other"), ("cause", "Te weinig plek"), ("structural", "nee")];
    act(&app, "K-2026-0001", HANDLER, "evaluate", &evaluation).await.unwrap();
    let reply = |id: &str| {
        format!(
            "From: jan@example.nl\r\nSubject: Re: uw klacht\r\nMessage-ID: <{id}@x>\r\nReferences: <a1@example.nl>\r\n\r\nDank u.\r\n"
        )
    };
    app.mail(&reply("r1")).await;
    assert_eq!(app.notified("K-2026-0001").await.last().unwrap(), "handler reply_after_closing");
    app.until("2027-01-05 10:00").await;
    let opened = app.mail(&reply("r2")).await;
    assert_eq!(opened.intake_id.as_deref(), Some("I-2027-000001"));
    let case = app.app.store.cases().load(&[ComplaintId(2)]).await.unwrap().remove(0).complaint;
    assert_eq!(case.refers_to.unwrap().as_str(), "K-2026-0001");
    assert_eq!(case.triage_reason.unwrap().as_str(), "after_closing");
}

#[tokio::test]
async fn mail_for_a_merged_complaint_reaches_the_one_it_was_merged_into() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail("From: jan@example.nl\r\nSubject: Nog iets\r\nMessage-ID: <b1@x>\r\n\r\nGeen koffie.\r\n").await;
    let merge = [("number", "K-2026-0001")];
    act(&app, "I-2026-000002", "ontvanger@lagant.nl", "merge_into", &merge).await.unwrap();
    let taken = app.mail("From: jan@example.nl\r\nSubject: Re: Nog iets\r\nMessage-ID: <b2@x>\r\nReferences: <b1@x>\r\n\r\nEn?\r\n").await;
    assert_eq!(taken.number.as_deref(), Some("K-2026-0001"));
}

#[tokio::test]
async fn a_forwarded_complaint_can_be_merged_once_its_sender_is_known() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(
        "From: behandelaar@lagant.nl\r\nSubject: FW: Nog iets\r\nMessage-ID: <b1@x>\r\n\r\nGeen koffie.\r\n",
    )
    .await;
    let receiver = "ontvanger@lagant.nl";
    let merge = [("number", "K-2026-0001")];
    assert!(
        act(&app, "I-2026-000002", receiver, "merge_into", &merge).await.unwrap_err().contains("not among")
    );
    act(&app, "I-2026-000002", receiver, "record_facts", &[("complainant", "jan@example.nl")]).await.unwrap();
    act(&app, "I-2026-000002", receiver, "merge_into", &merge).await.unwrap();
    assert_eq!(app.state("I-2026-000002").await, "merged");
}

/// docs/semantics.md 3.3: whatever becomes of the rules, terms are marked and people are told.
#[tokio::test]
async fn with_every_script_broken_terms_are_still_marked_and_alarms_go_out() {
    let rules = rules_copy();
    let app = Builder::default()
        .rules(rules.path())
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .start("2026-11-23 10:00")
        .await;
    app.complaint("a1").await;
    app.mail("From: piet@example.nl\r\nSubject: Vraag\r\nMessage-ID: <v@x>\r\n\r\nHoi\r\n").await;
    let mut files = RulesetSource::read(rules.path()).unwrap().files().clone();
    for (_, text) in files.iter_mut().filter(|(name, _)| name.ends_with(".rhai")) {
        *text = text.replace("\n  when ", "\n  when breek() && ");
    }
    files.insert("99_breek.rhai".to_owned(), "fn breek() { let leeg = []; leeg[5] == 1 }\n".to_owned());
    let broken =
        Published::load(RulesetSource::new(files), &app.app.settings).unwrap_or_else(|f| panic!("{}", f[0]));
    app.app.workflow.publishing().publish(broken, BY_QUALITY).await.unwrap();
    let before = app.notified("K-2026-0001").await.len();
    app.until("2027-03-01 10:00").await;
    let told = app.notified("K-2026-0001").await.split_off(before);
    let breaches = ["first_reaction", "decision_term", "limit"].len();
    assert_eq!(told, ["handler deadline_breached", "director deadline_breached"].repeat(breaches));
    let unread = app.notified("I-2026-000002").await;
    assert!(unread.contains(&"receiver deadline_breached".to_owned()), "{unread:?}");
    let deadlines = app.app.store.cases().deadlines(ComplaintId(1)).await.unwrap();
    let open: Vec<_> = deadlines.iter().filter(|d| d.is_armed()).collect();
    assert!(open.len() == breaches && open.iter().all(|d| d.breached_at.is_some()));
    let mails = app.outbox();
    assert!(mails.iter().any(|m| m.contains("K-2026-0001") && m.contains("directeur@lagant.nl")));
    let alone = app.app.store.register().notices().await.unwrap();
    assert!(alone.iter().any(|n| n.message == "rule_fault" && n.recipient.as_str() == "quality_manager"));
}

#[tokio::test]
async fn the_director_concludes_a_report_and_nobody_else() {
    let app = TestApp::start("2027-01-05 10:00").await;
    let workflow = &app.app.workflow;
    let quarter = ("2026-10-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    let refused = workflow
        .records()
        .conclude_report(quarter, "x", (HANDLER, redress::complaint::Via::CommandLine))
        .await
        .unwrap_err()
        .to_string();
    assert_eq!(refused, "behandelaar@lagant.nl may not do this; it is for the director");
    let running = ("2027-01-01".parse().unwrap(), "2027-03-31".parse().unwrap());
    assert!(
        workflow
            .records()
            .conclude_report(running, "x", (DIRECTOR, redress::complaint::Via::CommandLine))
            .await
            .unwrap_err()
            .to_string()
            .contains("ends on 2027-03-31")
    );
    assert!(
        workflow
            .records()
            .conclude_report(quarter, " ", (DIRECTOR, redress::complaint::Via::CommandLine))
            .await
            .is_err()
    );
    workflow
        .records()
        .conclude_report(quarter, "Rustig kwartaal.", (DIRECTOR, redress::complaint::Via::CommandLine))
        .await
        .unwrap();
    assert!(
        workflow
            .records()
            .conclude_report(quarter, "Nog eens.", (DIRECTOR, redress::complaint::Via::CommandLine))
            .await
            .unwrap_err()
            .to_string()
            .contains("before")
    );
    let reports = app.app.store.records().concluded_reports().await.unwrap();
    assert_eq!((reports.len(), reports[0].conclusions.as_str()), (1, "Rustig kwartaal."));
    assert!(matches!(app.app.store.trail().verify().await.unwrap(), redress::store::Audit::Holds { .. }));
}

#[test]
fn contacts_reports_and_recommendations_at_the_command_line() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let at = |day: &str, arguments: &[&str]| {
        let clock = format!("{day}T10:00:00+01:00");
        redress(&data, &[&["--clock", clock.as_str()], arguments].concat())
    };
    let phone = [
        "contact",
        "--channel",
        "phone",
        "--name",
        "Ria",
        "--email",
        "ria@example.nl",
        "--subject",
        "Lunch",
        "--as",
        HANDLER,
    ];
    let logged = at("2026-11-23", &phone);
    assert!(stdout(&logged).starts_with("I-2026-000001: contact logged"), "{}", stdout(&logged));
    assert!(stdout(&at("2026-11-23", &phone)).contains("logged before"));
    assert_eq!(
        at("2026-11-23", &["contact", "--channel", "chat", "--subject", "x", "--as", "wie@x.nl"])
            .status
            .code(),
        Some(1)
    );
    let kept = at(
        "2026-11-23",
        &[
            "recommendations",
            "add",
            "Bestel de lunch vooraf",
            "--complaint",
            "I-2026-000001",
            "--as",
            DIRECTOR,
        ],
    );
    assert_eq!(stdout(&kept), "recommendation 1 is recorded\n");
    let wrong = at("2026-11-23", &["recommendations", "update", "1", "--state", "klaar", "--as", DIRECTOR]);
    assert_eq!(wrong.status.code(), Some(1));
    assert!(
        at(
            "2026-11-24",
            &["recommendations", "update", "1", "--state", "adopted", "--note", "gedaan", "--as", DIRECTOR]
        )
        .status
        .success()
    );
    let listed = stdout(&at("2026-11-24", &["recommendations", "list"]));
    assert!(
        listed.contains("adopted")
            && listed.contains("2027-11-23")
            && listed.contains("Bestel de lunch vooraf"),
        "{listed}"
    );
    let concluded =
        at("2027-01-04", &["reports", "conclude", "2026-Q4", "--text", "Eén contact.", "--as", DIRECTOR]);
    assert_eq!(stdout(&concluded), "the report on 2026-10-01 to 2026-12-31 is concluded\n");
    assert!(stdout(&at("2027-01-04", &["reports", "list"])).contains("Eén contact."));
    assert!(stdout(&at("2027-01-04", &["reports", "show", "2026-Q4"])).contains("Bestel de lunch vooraf"));
    let verified = at("2027-01-04", &["audit", "verify"]);
    assert!(stdout(&verified).contains("holds"));
}

#[test]
fn the_register_its_csv_and_who_may_look() {
    let folder = tempfile::tempdir().unwrap();
    let data = folder.path().join("data");
    let mail = folder.path().join("a.eml");
    std::fs::write(&mail, clear_complaint("jan@example.nl", "a1")).unwrap();
    let clock = ["--clock", "2026-11-23T10:00:00+01:00"];
    let run = |arguments: &[&str]| redress(&data, &[&clock[..], arguments].concat());
    assert!(run(&["intake", mail.to_str().unwrap()]).status.success());
    assert!(
        run(&["act", "K-2026-0001", "record_facts", "--input", "incident=utrecht", "--as", HANDLER])
            .status
            .success()
    );
    let csv = stdout(&run(&["register", "--csv"]));
    assert_eq!(
        csv,
        "\"omschrijving\";\"naam klager\";\"verantwoordelijke\";\"oplossing\";\"overeenstemming\";\"datum\";\"nummer\";\"stand\";\"oordeel\";\"grond\";\"besloten\";\"op tijd\";\"afgesloten\";\"oorzaak\";\"maatregelen\";\"kanaal\";\"escalatie\"\n\
         \"Klacht over parkeren in Utrecht\";\"Jan\";\"Behandelaar\";\"\";\"\";\"2026-11-23\";\"K-2026-0001\";\"in behandeling\";\"\";\"\";\"\";\"\";\"\";\"\";\"\";\"email\";\"\"\n"
    );
    assert_eq!(stdout(&run(&["register", "--csv", "--year", "2025"])).lines().count(), 1);
    let several = run(&[
        "act",
        "incident:utrecht",
        "note_consultation",
        "--input",
        "consultation=Met de planner",
        "--as",
        HANDLER,
    ]);
    assert_eq!(stdout(&several), "K-2026-0001: note_consultation done; the complaint is now in_treatment\n");
    assert!(run(&["show", "K-2026-0001", "--as", HANDLER]).status.success());
    let stranger = run(&["show", "K-2026-0001", "--as", "integratie@lagant.nl"]);
    assert_eq!(stranger.status.code(), Some(1));
    assert!(!stdout(&run(&["list", "--as", "integratie@lagant.nl"])).contains("K-2026-0001"));
}

/// Nothing of the shipped procedure is in the program: another one runs on the same binary.
#[test]
fn a_municipality_runs_its_own_procedure_on_the_same_binary() {
    let folder = tempfile::tempdir().unwrap();
    let fixture = repository().join("tests/fixtures/municipality");
    let (config, rules) = (fixture.join("redress.toml"), fixture.clone());
    let data = folder.path().join("data");
    let run = |clock: &str, arguments: &[&str]| {
        let places =
            ["--config", config.to_str().unwrap(), "--rules", rules.to_str().unwrap(), "--clock", clock];
        redress(&data, &[&places, arguments].concat())
    };
    let monday = "2026-11-23T10:00:00+01:00";
    assert!(stdout(&run(monday, &["rules", "test"])).contains("5 passed, 0 failed"));
    let mail = folder.path().join("a.eml");
    let raw = "From: inwoner@example.nl\r\nTo: klachten@gemeente.example\r\nSubject: Klacht over de balie\r\nMessage-ID: <a@x>\r\n\r\nIk werd niet geholpen.\r\n";
    std::fs::write(&mail, raw).unwrap();
    assert!(run(monday, &["intake", mail.to_str().unwrap()]).status.success());
    let act = |action: &str, answer: &str, who: &str| {
        run(monday, &["act", "K-2026-0001", action, "--input", answer, "--as", who])
    };
    let adjourned = act("verdagen", "reden=druk", "burgerzaken@gemeente.example");
    assert!(adjourned.status.success(), "{}", String::from_utf8_lossy(&adjourned.stderr));
    let shown = stdout(&run(monday, &["show", "K-2026-0001"]));
    assert!(shown.contains("2027-02-01") && shown.contains("afdoen"), "six weeks and four: {shown}");
    let late = run("2027-02-02T10:00:00+01:00", &["tick"]);
    assert!(late.status.success());
    let shown = stdout(&run("2027-02-02T10:00:00+01:00", &["show", "K-2026-0001"]));
    assert!(shown.contains("secretaris") && shown.contains("deadline_breached"), "{shown}");
}

#[tokio::test]
async fn what_the_director_records_is_in_the_audit_trail() {
    let app = TestApp::start("2027-01-05 10:00").await;
    let quarter = ("2026-10-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    app.app
        .workflow
        .records()
        .conclude_report(quarter, "Geheim.", (DIRECTOR, redress::complaint::Via::CommandLine))
        .await
        .unwrap();
    let events = app.app.store.trail().events_after(0).await.unwrap();
    let concluded = events.iter().find(|e| e.kind == EventKind::ReportConcluded).unwrap();
    assert_eq!(
        (concluded.by.as_str(), concluded.summary.as_str()),
        (DIRECTOR, "report on 2026-10-01 to 2026-12-31 concluded")
    );
    assert!(!concluded.data.contains("Geheim"), "texts are personal facts");
}
