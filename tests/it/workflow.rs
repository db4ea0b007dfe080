//! The one path through a real store: settling, conflicts, publishing, schedules, outages.

use crate::support::{BY_QUALITY, Builder, MAIL_PLUGIN, TestApp, at, clear_complaint, rules_copy};
use redress::complaint::{Actor, EventKind, Via};
use redress::store::Audit;
use redress::workflow::{ActError, Published};
use std::collections::BTreeMap;
use std::path::Path;

#[tokio::test]
async fn a_mail_becomes_a_registered_acknowledged_complaint() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let taken = app.complaint("a1").await;
    assert_eq!(taken.intake_id.as_deref(), Some("I-2026-000001"));
    assert_eq!(app.state("K-2026-0001").await, "in_treatment");
    assert_eq!(app.notified("K-2026-0001").await, ["handler new_complaint", "complainant acknowledgement"]);
    assert_eq!(app.outbox().len(), 2);
    assert!(matches!(app.app.store.trail().verify().await.unwrap(), Audit::Holds { .. }));
}

#[tokio::test]
async fn an_outage_fires_each_threshold_once_and_says_how_late_it_is() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.clock.advance_to(at("2027-03-15 12:00"));
    app.app.turn().await.unwrap();
    let notified = app.notified("K-2026-0001").await;
    let count = |what: &str| notified.iter().filter(|n| *n == what).count();
    assert_eq!(count("handler term_expiring"), 0, "overtaken reminders are not sent: {notified:?}");
    assert_eq!(count("director term_exceeded"), 1, "for the breach");
    assert_eq!(count("director still_overdue"), 2, "one for each step, however many weeks were missed");
    assert_eq!(count("complainant escalation_notice"), 1);
    let late = app.outbox().iter().any(|m| m.contains("later dan bedoeld"));
    assert!(late);
    let before = app.outbox().len();
    app.app.turn().await.unwrap();
    assert_eq!(app.outbox().len(), before, "nothing is said twice");
}

#[tokio::test]
async fn strangers_and_wrong_references_are_told() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let act = async |number: &str, actor: &str| {
        app.app.workflow.act(number, "agree", actor, BTreeMap::new(), Via::CommandLine).await.unwrap_err()
    };
    assert!(matches!(act("K-2026-0009", "behandelaar@lagant.nl").await, ActError::Unknown(_)));
    assert!(matches!(act("K-2026-0001", "wie@example.nl").await, ActError::Stranger(_)));
    let text = act("K-2026-0001", "behandelaar@lagant.nl").await.to_string();
    assert_eq!(text, "`agree` is not possible now; the complaint is in state in_treatment");
}

#[tokio::test]
async fn a_published_ruleset_reevaluates_live_complaints_and_moves_no_deadline() {
    let rules = rules_copy();
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let file = rules.path().join("70_monitoring.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    let extra = "\nrule \"Nieuw\" when complaint.is_open then { notify(\"director\", \"term_exceeded\"); }\n";
    std::fs::write(&file, text + extra).unwrap();
    let source = redress::rules::RulesetSource::read(rules.path()).unwrap();
    let published = Published::load(source, &app.app.settings).unwrap();
    let before = app.app.store.cases().deadlines(redress::complaint::ComplaintId(1)).await.unwrap();
    app.app.workflow.publishing().publish(published, BY_QUALITY).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(app.notified("K-2026-0001").await.last().unwrap(), "director term_exceeded");
    assert_eq!(app.app.store.cases().deadlines(redress::complaint::ComplaintId(1)).await.unwrap(), before);
    let events = app.app.store.trail().events(redress::complaint::ComplaintId(1)).await.unwrap();
    assert_ne!(events[0].ruleset, events.last().unwrap().ruleset);
}

#[tokio::test]
async fn a_fault_is_contained_and_told_once() {
    let rules = rules_copy();
    let file = rules.path().join("70_monitoring.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    std::fs::write(&file, text + "\nrule \"Stuk\" when now >= complaint.arose_on then { notify(\"director\", \"term_exceeded\"); }\n").unwrap();
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(&clear_complaint("piet@example.nl", "b1")).await;
    assert_eq!(app.state("K-2026-0002").await, "in_treatment");
    let alone = app.app.store.register().notices().await.unwrap();
    let faults: Vec<_> = alone.iter().filter(|n| n.message == "rule_fault").collect();
    assert_eq!(faults.len(), 1, "once per rule and ruleset");
    assert_eq!(app.app.store.figures().totals(at("2026-11-23 10:00")).await.unwrap().faulty, 2);
    let listed = app.app.store.register().list(&Default::default(), 10).await.unwrap();
    assert!(listed.iter().all(|c| c.is_faulty));
    // A ruleset without the fault clears it.
    let source = redress::rules::RulesetSource::read(&crate::support::repository().join("rules")).unwrap();
    let sound = Published::load(source, &app.app.settings).unwrap();
    app.app.workflow.publishing().publish(sound, BY_QUALITY).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(app.app.store.figures().totals(at("2026-11-23 10:00")).await.unwrap().faulty, 0);
}

/// Makes a message fail where `condition` holds, and nowhere else; no sample at load time finds it.
fn unwordable(rules: &Path, message: &str, condition: &str) {
    for language in ["nl", "en"] {
        let file = rules.join(format!("messages/{language}/{message}.md"));
        let text = std::fs::read_to_string(&file).unwrap();
        let trap = format!("{{% if {condition} %}}{{{{ organisation.name|upper|date }}}}{{% endif %}}\n");
        std::fs::write(file, format!("{text}{trap}")).unwrap();
    }
}

#[tokio::test]
async fn a_message_that_cannot_be_rendered_stops_its_rule_only() {
    let rules = rules_copy();
    unwordable(rules.path(), "triage_needed", "complaint.subject == \"Vraag\"");
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.mail("From: a@example.nl\r\nSubject: Vraag\r\nMessage-ID: <v@x>\r\n\r\nHoi\r\n").await;
    assert_eq!(app.state("I-2026-000001").await, "received");
    let told = app.notified("I-2026-000001").await;
    assert_eq!(told, ["complainant message_received", "receiver mail_untold"], "the engine tells instead");
    let case = app.app.store.cases().load(&[redress::complaint::ComplaintId(1)]).await.unwrap().remove(0);
    assert_eq!(case.faults.len(), 1);
    assert!(case.faults[0].place.contains("messages/nl/triage_needed.md"), "{:?}", case.faults);
    assert!(case.armed("acknowledgement").is_some(), "deadlines run on");
}

/// The texts of the letters to an address, in no order.
fn letters_to(app: &TestApp, address: &str) -> Vec<String> {
    let parser = mail_parser::MessageParser::default();
    let outbox = app.outbox();
    let mails = outbox.iter().map(|raw| parser.parse(raw.as_bytes()).unwrap());
    let to = |m: &mail_parser::Message| m.to().unwrap().first().unwrap().address() == Some(address);
    mails.filter(to).map(|m| m.body_text(0).unwrap().into_owned()).collect()
}

fn from_piet(id: &str) -> String {
    clear_complaint("piet@example.nl", id).replace("From: Jan", "From: Piet")
}

/// The rule at the root bears the fault, and everything else goes on.
#[tokio::test]
async fn a_performed_action_whose_message_cannot_be_rendered_stops_the_rule_that_performed_it() {
    let rules = rules_copy();
    unwordable(rules.path(), "acknowledgement", "complaint.complainant == \"Jan\"");
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    assert_eq!(app.state("K-2026-0001").await, "registered", "what other rules decided stands");
    assert_eq!(app.notified("K-2026-0001").await, ["handler new_complaint"]);
    let load = async |id: i64| {
        app.app.store.cases().load(&[redress::complaint::ComplaintId(id)]).await.unwrap().remove(0)
    };
    let case = load(1).await;
    let faults: Vec<_> = case.faults.iter().map(|f| (f.source.name().unwrap(), f.place.as_str())).collect();
    assert_eq!(faults.len(), 1, "{faults:?}");
    assert_eq!(faults[0].0, "Bevestig een duidelijke klacht vanzelf");
    assert!(faults[0].1.starts_with("rules/messages/nl/acknowledgement.md:"), "{faults:?}");
    assert!(case.armed("acknowledgement").is_some() && case.armed("decision_term").is_none());
    // A second complaint in the same way is not told again; another complainant's goes through.
    app.mail(
        &clear_complaint("jan@example.nl", "a2").replace("parkeren in Utrecht", "lesmateriaal in Arnhem"),
    )
    .await;
    app.mail(&from_piet("b1")).await;
    assert_eq!(app.state("K-2026-0003").await, "in_treatment");
    let told = || letters_to(&app, "kwaliteit@lagant.nl");
    let faults = told();
    assert_eq!(faults.len(), 1, "once per rule and ruleset: {faults:?}");
    assert!(faults[0].contains("Bevestig een duidelijke klacht vanzelf"), "{faults:?}");
    // The term passes, is marked, and is told.
    app.until("2026-12-02 10:00").await;
    let acknowledgement = load(1).await.deadlines.into_iter().find(|d| d.name.as_str() == "acknowledgement");
    assert!(acknowledgement.unwrap().breached_at.is_some());
    let notified = app.notified("K-2026-0001").await;
    assert!(
        notified.iter().any(|n| n.starts_with("director ")),
        "somebody hears of the breach: {notified:?}"
    );
    assert_eq!(told().len(), 1);
    // The cure clears it, and does what was left undone.
    let now = app.app.workflow.now().await.unwrap();
    assert_eq!(app.app.store.figures().totals(now).await.unwrap().faulty, 2);
    let source = redress::rules::RulesetSource::read(&crate::support::repository().join("rules")).unwrap();
    let sound = Published::load(source, &app.app.settings).unwrap();
    app.app.workflow.publishing().publish(sound, BY_QUALITY).await.unwrap();
    app.app.turn().await.unwrap();
    assert_eq!(app.app.store.figures().totals(now).await.unwrap().faulty, 0);
    for number in ["K-2026-0001", "K-2026-0002"] {
        assert_eq!(app.state(number).await, "in_treatment");
        assert!(app.notified(number).await.contains(&"complainant acknowledgement".to_owned()));
    }
}

/// Who asks for an action that cannot be worded is told so at once; what the action sets off is no part of that.
#[tokio::test]
async fn an_action_is_refused_for_its_own_message_and_not_for_one_it_sets_off() {
    let rules = rules_copy();
    unwordable(rules.path(), "information_request", "complaint.complainant == \"Jan\"");
    unwordable(rules.path(), "legal_alert", "complaint.complainant == \"Piet\"");
    let extra = "rule \"Melding\" when complaint.state == \"awaiting_complainant\" then { perform(\"melden\", #{}); }\n\
                 action melden \"Melden\" by [\"handler\"] when complaint.is_open then { notify(\"director\", \"legal_alert\"); }\n";
    std::fs::write(rules.path().join("95_extra.rhai"), extra).unwrap();
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.mail(&from_piet("b1")).await;
    let ask = async |number: &str| {
        let input = BTreeMap::from([("questions".to_owned(), serde_json::Value::from("x"))]);
        let by = "behandelaar@lagant.nl";
        app.app.workflow.act(number, "ask_information", by, input, Via::CommandLine).await
    };
    let refused = ask("K-2026-0001").await.unwrap_err();
    assert!(
        matches!(&refused, ActError::Refused(why) if why.en.contains("information_request.md")),
        "{refused}"
    );
    assert_eq!(app.state("K-2026-0001").await, "in_treatment");
    ask("K-2026-0002").await.unwrap();
    assert_eq!(app.state("K-2026-0002").await, "awaiting_complainant");
    let case = app.app.store.cases().load(&[redress::complaint::ComplaintId(2)]).await.unwrap().remove(0);
    let faults: Vec<_> = case.faults.iter().map(|f| f.source.name().unwrap()).collect();
    assert_eq!(faults, ["Melding"]);
}

#[tokio::test]
async fn a_report_that_cannot_be_rendered_is_told() {
    let rules = rules_copy();
    unwordable(rules.path(), "periodic_report", "data.report.from == \"2026-10-01\"");
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.until("2027-01-05 10:00").await;
    let alone = app.app.store.register().notices().await.unwrap();
    let count = |m: &str| alone.iter().filter(|n| n.message == m).count();
    assert_eq!((count("periodic_report"), count("annual_report")), (0, 2), "the other goes on");
    let mut told = letters_to(&app, "kwaliteit@lagant.nl");
    told.retain(|letter| letter.contains("kon niet worden uitgevoerd"));
    assert_eq!(told.len(), 1, "{told:?}");
    for said in ["Kwartaalverslag", "messages/nl/periodic_report.md"] {
        assert!(told[0].contains(said), "{}", told[0]);
    }
}

/// The organisation may word an alarm itself; one that fails goes out in Redress's words.
#[tokio::test]
async fn an_alarm_that_cannot_be_rendered_goes_out_all_the_same() {
    let rules = rules_copy();
    for language in ["nl", "en"] {
        let own =
            "---\nsubject: s\n---\n{% if data.rule == \"Stuk\" %}{{ data.rule|upper|date }}{% endif %}\n";
        std::fs::write(rules.path().join(format!("messages/{language}/rule_fault.md")), own).unwrap();
    }
    let broken = "rule \"Stuk\" when complaint.is_open then { let leeg = []; leeg[3]; }\n";
    std::fs::write(rules.path().join("95_extra.rhai"), broken).unwrap();
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let told = letters_to(&app, "kwaliteit@lagant.nl");
    assert_eq!(told.len(), 1, "{told:?}");
    assert!(told[0].contains("De regel Stuk kon niet worden uitgevoerd"), "{}", told[0]);
}

#[tokio::test]
async fn reports_run_at_their_nominal_time_and_missed_ones_are_made_up() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.clock.advance_to(at("2027-08-01 12:00"));
    app.app.turn().await.unwrap();
    let alone = app.app.store.register().notices().await.unwrap();
    let count = |m: &str| alone.iter().filter(|n| n.message == m).count();
    let counted = (count("periodic_report"), count("report_open"), count("annual_report"));
    assert_eq!(counted, (6, 3, 2), "each to everybody it is for");
    app.app.turn().await.unwrap();
    assert_eq!(app.app.store.register().notices().await.unwrap().len(), alone.len());
}

/// In a small company one person holds several roles.
#[tokio::test]
async fn a_report_for_several_roles_reaches_each_person_once() {
    let person = |email: &str, roles: &str| {
        format!("[[people]]\nname = \"N\"\nemail = \"{email}\"\nroles = [{roles}]\n")
    };
    let config = [
        person("alles@lagant.nl", "\"director\", \"quality_manager\", \"employee\""),
        person("medewerker@lagant.nl", "\"employee\""),
    ]
    .concat();
    let app = Builder::default().config(&config).start("2026-11-23 10:00").await;
    // Sent on New Year's Day, and brought on the first working day.
    app.until("2027-01-04 10:00").await;
    for to in ["alles@lagant.nl", "medewerker@lagant.nl"] {
        let quarter =
            "lachten die van donderdag 1 oktober 2026 tot en met donderdag 31 december 2026 binnenkwamen";
        let reports = letters_to(&app, to).into_iter().filter(|l| l.contains(quarter)).count();
        assert_eq!(reports, 1, "{to}");
    }
    let notices = app.app.store.register().notices().await.unwrap();
    let reports = notices.iter().filter(|n| ["periodic_report", "report_open"].contains(&n.message.as_str()));
    let to: Vec<String> = reports.map(|n| n.recipient.to_string()).collect();
    assert_eq!(to.len(), 2, "what reached nobody new is not recorded as sent: {to:?}");
}

#[tokio::test]
async fn a_notification_that_reaches_nobody_is_shown() {
    let config = "[[people]]\nname = \"B\"\nemail = \"behandelaar@lagant.nl\"\nroles = [\"handler\"]\n";
    let app = Builder::default().config(config).start("2026-11-23 10:00").await;
    app.mail("From: a@example.nl\r\nSubject: Vraag\r\nMessage-ID: <v@x>\r\n\r\nHoi\r\n").await;
    assert_eq!(app.app.store.figures().totals(at("2026-11-23 10:00")).await.unwrap().undeliverable, 1);
}

#[tokio::test]
async fn the_sweep_finds_nothing_that_wake_ups_missed() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    app.until("2027-01-20 10:00").await;
    assert_eq!(app.app.workflow.sweep().await.unwrap(), 0);
}

/// The net is there: what a lost wake-up missed is found, and counted.
#[tokio::test]
async fn the_sweep_finds_what_a_lost_wake_up_missed() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    sqlx::query("UPDATE complaints SET wake_at = NULL").execute(&pool).await.unwrap();
    let before = app.notified("K-2026-0001").await.len();
    app.until("2027-01-29 10:00").await;
    assert_eq!(app.notified("K-2026-0001").await.len(), before, "nothing wakes it");
    assert!(app.app.workflow.sweep().await.unwrap() > 0);
    assert!(app.notified("K-2026-0001").await.len() > before);
    assert!(app.app.store.sweeps().found().await.unwrap() > 0);
}

#[tokio::test]
async fn a_failed_letter_rearms_the_duty() {
    let app = Builder::default().plugin("mail", MAIL_PLUGIN.to_owned()).start("2026-11-23 10:00").await;
    // The outbox folder is a file, so every attempt fails until the last.
    std::fs::create_dir_all(app.folder.path().join("data")).unwrap();
    std::fs::write(app.folder.path().join("data/outbox"), "").unwrap();
    app.complaint("a1").await;
    app.until("2026-11-23 11:00").await;
    for hour in 0..110 {
        app.clock.advance_to(at("2026-11-23 11:00").plus_millis(hour * 3_600_000));
        app.app.turn().await.unwrap();
    }
    assert!(app.notified("K-2026-0001").await.contains(&"handler letter_failed".to_owned()));
    let case = app.app.store.cases().load(&[redress::complaint::ComplaintId(1)]).await.unwrap().remove(0);
    assert!(case.armed("acknowledgement").is_some());
}

/// Two writers on one complaint: one of them decides again from fresh facts.
#[tokio::test]
async fn concurrent_actions_are_both_recorded() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let note = async |text: &str| {
        let input = BTreeMap::from([("consultation".to_owned(), serde_json::Value::from(text))]);
        app.app
            .workflow
            .act("K-2026-0001", "note_consultation", "behandelaar@lagant.nl", input, Via::CommandLine)
            .await
    };
    let (a, b, c, d) = tokio::join!(
        note("met de planner"),
        note("met de trainer"),
        note("met de zaal"),
        note("met de directie")
    );
    for outcome in [a, b, c, d] {
        outcome.unwrap();
    }
    let events = app.app.store.trail().events(redress::complaint::ComplaintId(1)).await.unwrap();
    assert_eq!(
        events
            .iter()
            .filter(|e| e.kind == EventKind::ActionTaken && matches!(e.by, Actor::Person(_)))
            .count(),
        4
    );
    assert!(matches!(app.app.store.trail().verify().await.unwrap(), Audit::Holds { .. }));
}

#[tokio::test]
async fn a_rule_with_a_new_name_repeats_nothing() {
    let rules = rules_copy();
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.mail("From: a@example.nl\r\nSubject: Vraag\r\nMessage-ID: <v@x>\r\n\r\nHoi\r\n").await;
    let before = app.notified("I-2026-000001").await;
    let file = rules.path().join("10_intake.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    let renamed = text.replace("Onduidelijk bericht: de ontvanger beoordeelt", "Een mens kijkt mee");
    assert_ne!(renamed, text);
    std::fs::write(&file, format!("// An extra line moves every place.\n{renamed}")).unwrap();
    let source = redress::rules::RulesetSource::read(rules.path()).unwrap();
    let published = Published::load(source, &app.app.settings).unwrap();
    let renames = app.app.workflow.publishing().publish(published, BY_QUALITY).await.unwrap();
    assert_eq!(
        renames.iter().map(|(old, new)| (old.as_str(), new.as_str())).collect::<Vec<_>>(),
        [("Onduidelijk bericht: de ontvanger beoordeelt", "Een mens kijkt mee")]
    );
    app.app.turn().await.unwrap();
    assert_eq!(app.notified("I-2026-000001").await, before);
}

#[tokio::test]
async fn a_broken_folder_alarms_once() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let files = [("procedure.toml".to_owned(), "initial == 1".to_owned())];
    let source = redress::rules::RulesetSource::new(files.into());
    let found = redress::rules::Ruleset::load(source, BTreeMap::new()).unwrap_err();
    for _ in 0..2 {
        app.app.workflow.alarm_folder(&found).await.unwrap();
    }
    app.app.turn().await.unwrap();
    let mails: Vec<String> =
        app.outbox().into_iter().filter(|m| m.contains("To: kwaliteit@lagant.nl")).collect();
    assert_eq!(mails.len(), 1);
    assert!(mails[0].contains("rules/procedure.toml:1:10"), "{}", mails[0]);
}

#[tokio::test]
async fn the_quality_manager_lets_suspended_rules_try_again() {
    let rules = rules_copy();
    let file = rules.path().join("70_monitoring.rhai");
    let text = std::fs::read_to_string(&file).unwrap();
    let round = "\nrule \"Rond\" when armed(\"limit\") && now < due(\"limit\") then { deadline(\"limit\", now + days(90), \"handler\"); }\n";
    std::fs::write(&file, text + round).unwrap();
    let app = Builder::default().rules(rules.path()).start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let suspended = async || {
        let case = app.app.store.cases().load(&[redress::complaint::ComplaintId(1)]).await.unwrap().remove(0);
        case.suspensions.len()
    };
    assert_eq!(suspended().await, 1);
    let refused = app.app.workflow.resume("K-2026-0001", "behandelaar@lagant.nl").await.unwrap_err();
    assert!(refused.to_string().contains("it is for quality_manager"));
    app.app.workflow.resume("K-2026-0001", "kwaliteit@lagant.nl").await.unwrap();
    assert_eq!(suspended().await, 1, "it still goes round");
    let events = app.app.store.trail().events(redress::complaint::ComplaintId(1)).await.unwrap();
    assert!(events.iter().any(|e| e.kind == EventKind::Resumed && e.by.as_str() == "kwaliteit@lagant.nl"));
}

#[tokio::test]
async fn an_unreadable_complaint_holds_up_no_other() {
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let pool = sqlx::any::AnyPoolOptions::new().connect(&url).await.unwrap();
    sqlx::query("UPDATE complaints SET facts = 'x', wake_at = 0 WHERE id = 1").execute(&pool).await.unwrap();
    let raw = clear_complaint("piet@example.nl", "b1");
    redress::intake::ingest(&app.app.workflow, raw.as_bytes(), "test").await.unwrap();
    assert_eq!(app.app.workflow.tick().await.unwrap().unsettled, 1);
    assert_eq!(app.state("K-2026-0002").await, "in_treatment");
}

/// Rows written before the terms stood beside the facts are read from the deadlines table.
#[tokio::test]
async fn a_store_from_before_is_read_as_it_was() {
    use sqlx::Connection;
    let app = TestApp::start("2026-11-23 10:00").await;
    app.complaint("a1").await;
    let load =
        async || app.app.store.cases().load(&[redress::complaint::ComplaintId(1)]).await.unwrap().remove(0);
    let before = load().await;
    let url = format!("sqlite:{}", app.folder.path().join("data/redress.db").display());
    let mut connection = sqlx::AnyConnection::connect(&url).await.unwrap();
    sqlx::query("UPDATE complaints SET terms = NULL").execute(&mut connection).await.unwrap();
    connection.close().await.unwrap();
    assert_eq!(load().await, before);
    let ask: BTreeMap<String, serde_json::Value> = [("questions".to_owned(), "x".into())].into();
    app.app
        .workflow
        .act("K-2026-0001", "ask_information", "behandelaar@lagant.nl", ask, Via::CommandLine)
        .await
        .unwrap();
    assert!(load().await.armed("info").is_some());
}
