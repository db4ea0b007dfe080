//! What somebody wrote or is called stands in no log, whatever its level, and leaves to nobody who has not said why.

use crate::plugins::text;
use crate::support::receiver::Receiver;
use crate::support::{Builder, TestApp, repository, rules_copy};
use redress::clock::Clock;
use redress::rules::AskKind;
use std::path::Path;
use std::process::{Command, Output};

/// Stands wherever a person writes something or is named.
const PERSONAL: &str = "Persoonlijk";

fn run(folder: &Path, rules: &Path, arguments: &[&str]) -> Output {
    Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(repository())
        .args(["--clock", "2026-11-23T10:00:00+01:00", "--data"])
        .arg(folder.join("data"))
        .arg("--rules")
        .arg(rules)
        .arg("--plugins")
        .arg(folder.join("plugins"))
        .args(arguments)
        .env("REDRESS_LOG", "trace")
        .output()
        .unwrap()
}

/// A mail with a name in every place, and a rule that fails over the value that it read: the log at its most talkative
/// names nobody. Auditors see what a rule read.
#[test]
fn no_log_names_anybody() {
    let folder = tempfile::tempdir().unwrap();
    let rules = rules_copy();
    let watching = "rule \"mislukt\" when known(\"complainant\") && complaint.complainant != \"-\" then { \
        notify(complaint.complainant_name, \"new_complaint\"); let a = [1]; let b = a[9]; }\n\
        rule \"gelezen\" when known(\"complainant_name\") && complaint.complainant_name != \"-\" then { remark(\"x\"); }\n";
    std::fs::write(rules.path().join("99_watch.rhai"), watching).unwrap();
    let mail = format!(
        "From: {PERSONAL} Naam <{PERSONAL}@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Klacht {PERSONAL}\r\n\
         Message-ID: <{PERSONAL}@example.nl>\r\nReply-To: {PERSONAL}2@example.nl\r\n\r\n\
         Ik heb een klacht over {PERSONAL} bij de training in Utrecht.\r\n"
    );
    let file = folder.path().join("a.eml");
    std::fs::write(&file, mail).unwrap();
    let mut logs = String::new();
    for arguments in [&["intake", file.to_str().unwrap()][..], &["tick"]] {
        let output = run(folder.path(), rules.path(), arguments);
        assert!(output.status.success(), "{}", text(&output.stderr));
        logs.push_str(&text(&output.stderr));
    }
    assert!(logs.contains("a rule failed"), "the rule fails, and the log says so: {logs}");
    assert!(logs.lines().count() > 20, "the log talks: {logs}");
    let named = logs.lines().find(|line| line.to_lowercase().contains(&PERSONAL.to_lowercase()));
    assert_eq!(named, None);
    let why = text(&run(folder.path(), rules.path(), &["why", "K-2026-0001"]).stdout);
    assert!(why.contains(&format!("complaint.complainant_name is {PERSONAL} Naam")), "{why}");
}

#[tokio::test]
async fn no_event_names_anybody_or_holds_free_text_unless_a_purpose_is_stated() {
    let (receiver, url) = Receiver::start(&[]).await;
    let (trusted, trusted_url) = Receiver::start(&[]).await;
    let hook = |url: &str, more: &str| {
        format!(
            "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\n{more}[webhook]\nurl = \"{url}\"\nsigning = \"none\"\n"
        )
    };
    let purpose = "include_personal_data = true\npurpose = \"a test\"\n";
    // A condition that reads who is responsible has the address in the reason of its firing.
    let rules = rules_copy();
    let watch = "rule \"let op\" when known(\"responsible\") && complaint.responsible != \"-\" then { complaint.incident = \"Persoonlijk\"; }\n";
    std::fs::write(rules.path().join("99_watch.rhai"), watch).unwrap();
    let builder = Builder::default()
        .rules(rules.path())
        .plugin("hook", hook(&url, ""))
        .plugin("trusted", hook(&trusted_url, purpose));
    let app = builder.start("2026-11-23 10:00").await;
    for i in 0..4 {
        let mail = format!(
            "From: {PERSONAL} Naam <{PERSONAL}{i}@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Klacht {PERSONAL}\r\n\
             Message-ID: <{PERSONAL}{i}@example.nl>\r\n\r\nIk heb een klacht over {PERSONAL} bij de training in Utrecht.\r\n"
        );
        let reference = app.mail(&mail).await.intake_id.unwrap();
        let done = do_what_is_offered(&app, &reference, PERSONAL, i).await;
        assert!(done.len() > 5, "{done:?}");
        app.clock.advance_to(app.clock.now().plus_millis(40 * 86_400_000));
        app.app.turn().await.unwrap();
    }
    assert!(receiver.count() > 200, "{}", receiver.count());
    for (_, body) in receiver.seen() {
        let names_somebody = body.to_lowercase().contains(&PERSONAL.to_lowercase()) || body.contains('@');
        assert!(!names_somebody, "{body}");
    }
    // The chain holds it only as a salted digest, so that it can be removed and the chain still verifies.
    let trail = app.app.store.trail().events_after(0).await.unwrap();
    for event in &trail {
        let in_clear = format!("{} {}", event.summary, event.data).to_lowercase();
        let names_somebody = in_clear.contains(&PERSONAL.to_lowercase()) || in_clear.contains('@');
        assert!(!names_somebody, "{:?} {in_clear}", event.kind);
    }
    let kept = trail.iter().filter(|e| e.personal.as_deref().is_some_and(|p| p.contains(PERSONAL))).count();
    assert!(kept > 20, "it is kept beside: {kept}");
    assert!(trusted.seen().iter().any(|(_, body)| body.contains(PERSONAL)), "with a purpose it is there");
    let is_reason = |body: &str| body.contains("complaint.responsible is behandelaar@lagant.nl");
    assert!(trusted.seen().iter().any(|(_, body)| is_reason(body)), "and why a rule fired");
}

const ENDING: &[&str] = &["dismiss", "merge_into", "withdraw", "anonymise"];

/// Takes actions until none is left that is new; `first` is which of those offered is preferred.
pub async fn do_what_is_offered(app: &TestApp, reference: &str, word: &str, first: usize) -> Vec<String> {
    let people = ["ontvanger", "behandelaar", "directeur", "kwaliteit"].map(|p| format!("{p}@lagant.nl"));
    let workflow = &app.app.workflow;
    let mut done: Vec<String> = Vec::new();
    for _ in 0..40 {
        let id = workflow.id_of(reference).await.unwrap();
        let mut offered = workflow.offered(id).await.unwrap();
        // What forgets everything leaves nothing to look at.
        offered.retain(|a| !done.contains(&a.id) && a.id != "forget_early");
        // What ends a complaint comes when nothing else is left.
        offered.sort_by_key(|a| ENDING.contains(&a.id.as_str()));
        let going_on = offered.iter().filter(|a| !ENDING.contains(&a.id.as_str())).count();
        let Some(action) = offered.get(first % going_on.max(1)) else { break };
        done.push(action.id.clone());
        let answer = |ask: &redress::rules::Ask| match &ask.kind {
            AskKind::Text | AskKind::LongText => serde_json::json!(word),
            AskKind::Date => serde_json::json!("2027-02-01"),
            AskKind::Choice(values) => serde_json::json!(values[first % values.len()]),
            AskKind::Person => serde_json::json!(people[1]),
            AskKind::YesNo => serde_json::json!("ja"),
            AskKind::Number => serde_json::json!(1),
            AskKind::File => serde_json::Value::Null,
        };
        let input: std::collections::BTreeMap<_, _> =
            action.asks.iter().map(|a| (a.name.clone(), answer(a))).collect();
        for person in &people {
            let via = redress::complaint::Via::CommandLine;
            // A refusal is an answer like another.
            let _ = workflow.act(reference, &action.id, person, input.clone(), via).await;
        }
        app.app.turn().await.unwrap();
    }
    done
}
