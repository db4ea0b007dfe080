//! Hostile rules through the real program: every command works whatever the rules in force do, and the server answers
//! and stops.

use crate::support::{clear_complaint, repository};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::Duration;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "n", en = "n" }
states.a = { nl = "n", en = "n", phase = "p", open = true }
states.b = { nl = "n", en = "n", phase = "p", open = true }
states.c = { nl = "n", en = "n", phase = "p", open = true }
roles.h = { nl = "n", en = "n" }
deadlines.d = { nl = "n", en = "n", side = "own", mandatory = true, alarms = ["h"] }
"#;
const START: &str = "rule \"start\" when complaint.state == \"a\" then { deadline(\"d\", now + days(1), \"h\"); enter(\"b\"); }\n";
const CONFIG: &str = "[server]\nlisten = \"127.0.0.1:0\"\n[delivery]\nmails_per_hour = 10\n\
    [[people]]\nname = \"H\"\nemail = \"h@lagant.nl\"\nroles = [\"h\"]\n";

/// A folder with rules, settings and data, worked on by the program alone.
struct Place(tempfile::TempDir);

impl Place {
    fn new(script: &str) -> Self {
        let place = Self(tempfile::tempdir().unwrap());
        place.write("redress.toml", CONFIG);
        place.write("plugins/mail/plugin.toml", crate::support::MAIL_PLUGIN);
        place.write("rules/procedure.toml", PROCEDURE);
        place.script(script);
        for message in ["m", "n"] {
            place.message(message, "{{ complaint.subject }}");
        }
        place
    }

    fn path(&self, name: &str) -> PathBuf {
        self.0.path().join(name)
    }

    fn write(&self, name: &str, text: &str) {
        std::fs::create_dir_all(self.path(name).parent().unwrap()).unwrap();
        std::fs::write(self.path(name), text).unwrap();
    }

    fn script(&self, more: &str) {
        self.write("rules/10.rhai", &format!("{START}{more}"));
    }

    fn message(&self, name: &str, body: &str) {
        for language in ["nl", "en"] {
            self.write(
                &format!("rules/messages/{language}/{name}.md"),
                &format!("---\nsubject: s\n---\n{body}\n"),
            );
        }
    }

    fn command(&self, clock: Option<&str>, arguments: &[&str]) -> Command {
        let mut command = Command::new(env!("CARGO_BIN_EXE_redress"));
        command.current_dir(repository()).arg("--config").arg(self.path("redress.toml"));
        command.arg("--data").arg(self.path("data")).arg("--rules").arg(self.path("rules"));
        command.arg("--plugins").arg(self.path("plugins"));
        if let Some(at) = clock {
            command.args(["--clock", at]);
        }
        command.args(arguments);
        command
    }

    fn run(&self, clock: &str, arguments: &[&str], input: &str) -> Output {
        let mut command = self.command(Some(clock), arguments);
        let mut child =
            command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).spawn().unwrap();
        child.stdin.take().unwrap().write_all(input.as_bytes()).unwrap();
        child.wait_with_output().unwrap()
    }

    /// Runs a command that must succeed; what it prints.
    fn ok(&self, clock: &str, arguments: &[&str], input: &str) -> String {
        let output = self.run(clock, arguments, input);
        let text =
            format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
        assert!(output.status.success(), "{arguments:?}: {text}");
        text
    }

    /// Publishes the folder with the plan that has just been made.
    fn publish(&self, clock: &str) {
        let plan = self.ok(clock, &["--json", "rules", "plan"], "");
        let plan: serde_json::Value = serde_json::from_str(&plan[plan.find('{').unwrap()..]).unwrap();
        let digest = plan["digest"].as_str().unwrap();
        self.ok(
            clock,
            &[
                "rules",
                "publish",
                "--plan",
                digest,
                "--reason",
                "een proef van de regels",
                "--as",
                "h@lagant.nl",
            ],
            "",
        );
    }

    fn outbox(&self) -> Vec<String> {
        let entries = std::fs::read_dir(self.path("data/outbox")).into_iter().flatten().flatten();
        entries.map(|e| std::fs::read_to_string(e.path()).unwrap_or_default()).collect()
    }

    fn events(&self, clock: &str, reference: &str) -> String {
        self.ok(clock, &["--json", "show", reference], "")
    }
}

fn mail(from: &str, about: &str) -> String {
    clear_complaint(from, &format!("{about}-{from}").replace([' ', '@'], "-")).replace("het parkeren", about)
}

/// A performed action whose message cannot be rendered freezes nobody, and its cure can be published.
#[test]
fn a_message_that_cannot_be_rendered_freezes_nothing() {
    let place = Place::new(
        "rule \"doe\" when complaint.state == \"b\" && now >= complaint.received_at + hours(1) then { perform(\"sluit\", #{}); }\n\
         action sluit \"Sluit\" by [\"h\"] when complaint.state == \"b\" then { notify(\"h\", \"m\"); enter(\"c\"); }\n",
    );
    place.message("m", "{% if complaint.subject == \"Klacht over parkeren in Utrecht\" %}{{ complaint.subject|upper|date }}{% endif %}x");
    place.ok("2026-11-23T10:00:00+01:00", &["intake"], &mail("jan@example.nl", "de balie"));
    place.ok("2026-11-25T09:00:00+01:00", &["tick"], "");
    let shown = place.events("2026-11-25T09:00:00+01:00", "I-2026-000001");
    assert!(shown.contains("deadline_breached"), "{shown}");
    let doctor = place.command(Some("2026-11-25T09:00:00+01:00"), &["doctor"]).output().unwrap();
    assert_eq!(doctor.status.code(), Some(1), "it has something to say");
    place.ok("2026-11-25T09:00:00+01:00", &["list"], "");
    let told = place.outbox();
    assert!(told.iter().any(|m| m.contains("Termijn verstreken")), "the breach is told: {told:?}");
    assert!(told.iter().any(|m| m.contains("Regel werkt niet")), "and the fault: {told:?}");
    place.message("m", "hersteld");
    place.publish("2026-11-25T10:00:00+01:00");
    let shown = place.events("2026-11-25T10:00:00+01:00", "I-2026-000001");
    assert!(shown.contains("\"c\""), "what was to be done is done: {shown}");
}

/// Several rules that one mail makes slow, each within what one rule may do.
#[test]
fn rules_that_are_slow_together_hold_up_nobody() {
    let place = Place::new("");
    place.ok("2026-11-23T10:00:00+01:00", &["intake"], &mail("piet@example.nl", "de balie"));
    let slow = |i: usize| {
        format!(
            "rule \"rijen {i}\" when complaint.state == \"b\" && text_mentions([\"zaal\"]) && werk() < 0 then {{ remark(\"x\"); }}\n"
        )
    };
    place.script(&format!(
        "fn werk() {{ let a = []; for i in range(0, 4900) {{ a.push(\"abc\"); }} let n = 0; for i in range(0, 15000) {{ n += (a + a).len(); }} n }}\n{}",
        (1..=4).map(slow).collect::<String>()
    ));
    place.publish("2026-11-23T11:00:00+01:00");
    place.ok("2026-11-23T12:00:00+01:00", &["intake"], &mail("jan@example.nl", "de zaal"));
    place.ok("2026-11-26T10:00:00+01:00", &["tick"], "");
    for reference in ["I-2026-000001", "I-2026-000002"] {
        let shown = place.events("2026-11-26T10:00:00+01:00", reference);
        assert!(shown.contains("deadline_breached"), "{shown}");
    }
    place.script("");
    place.publish("2026-11-26T11:00:00+01:00");
}

/// A text that stands in the place of the engine's own does not keep a breach from being told.
#[test]
fn the_breach_notice_goes_out_whatever_stands_in_its_place() {
    let place = Place::new("");
    place.message(
        "deadline_breached",
        "{% if complaint.subject == \"Klacht over parkeren in Utrecht\" %}{{ complaint.subject|upper|date }}{% endif %}",
    );
    place.ok("2026-11-23T10:00:00+01:00", &["intake"], &mail("jan@example.nl", "de balie"));
    place.ok("2026-11-25T09:00:00+01:00", &["tick"], "");
    let told = place.outbox();
    assert!(told.iter().any(|m| m.contains("Termijn verstreken")), "{told:?}");
    assert!(told.iter().any(|m| m.contains("deadline_breached.md")), "{told:?}");
}

/// Letters whose acceptance sends letters come to an end, also where a colleague complains.
#[test]
fn a_loop_of_letters_ends() {
    for complainant in ["jan@example.nl", "h@lagant.nl"] {
        let place = Place::new(
            "rule \"brief\" when complaint.state == \"b\" then { enter(\"c\"); notify(\"complainant\", \"m\"); }\n\
             rule \"x\" when letter(\"m\") == \"accepted\" then { notify(\"complainant\", \"n\"); }\n\
             rule \"y\" when letter(\"n\") == \"accepted\" then { notify(\"complainant\", \"m\"); }\n",
        );
        place.ok("2026-11-23T10:00:00+01:00", &["intake"], &mail(complainant, "de balie"));
        assert!(place.outbox().len() < 20, "{complainant}: {} mails", place.outbox().len());
        // The caps let go hour by hour; the rules stop for the day.
        for hour in 11..24 {
            place.ok(&format!("2026-11-23T{hour}:30:00+01:00"), &["tick"], "");
        }
        let (all, told) = (place.outbox(), place.outbox());
        assert!(all.len() < 60, "{complainant}: {} mails", all.len());
        if all.len() > 40 {
            assert!(told.iter().any(|m| m.contains("Regel werkt niet")), "{complainant}");
        }
    }
}

/// Letters between colleagues know no cap; the rule is suspended and told once.
#[test]
fn a_rule_that_fires_again_and_again_on_one_day_is_suspended() {
    let place = Place::new(
        "action tel \"Tel\" by [\"h\"] when true then { enter(\"c\"); }\n\
         action terug \"Terug\" by [\"h\"] when true then { enter(\"b\"); }\n\
         rule \"steeds\" when complaint.state == \"c\" then { notify(\"h\", \"m\"); }\n",
    );
    place.ok("2026-11-23T10:00:00+01:00", &["intake"], &mail("jan@example.nl", "de balie"));
    for minute in 1..25 {
        for (second, action) in [("00", "tel"), ("30", "terug")] {
            let clock = format!("2026-11-23T11:{minute:02}:{second}+01:00");
            place.ok(&clock, &["act", "I-2026-000001", action, "--as", "h@lagant.nl"], "");
        }
    }
    let sent = place.outbox().iter().filter(|m| m.contains("Subject: s")).count();
    assert_eq!(sent, 20);
    assert_eq!(place.outbox().iter().filter(|m| m.contains("Regel werkt niet")).count(), 1);
    // Another day, somebody resumes it.
    place.ok("2026-11-24T09:00:00+01:00", &["rules", "resume", "I-2026-000001", "--as", "h@lagant.nl"], "");
    place.ok("2026-11-24T09:01:00+01:00", &["act", "I-2026-000001", "tel", "--as", "h@lagant.nl"], "");
    assert_eq!(place.outbox().iter().filter(|m| m.contains("Subject: s")).count(), 21);
}

/// One element that fails leaves the others alone.
#[test]
fn an_element_without_a_date_silences_no_other() {
    let place = Place::new(
        "rule \"maak\" when complaint.state == \"b\" then { enter(\"c\"); \
           measure(#{ description: \"x\", owner: \"h\", state: \"open\" }); \
           measure(#{ description: \"y\", owner: \"h\", state: \"open\", due: today + days(1) }); \
           measure(#{ description: \"z\", owner: \"h\", state: \"open\", due: today + days(2) }); }\n\
         rule \"te laat\" for complaint.measures when it.state == \"open\" && now > it.due then { notify(\"h\", \"m\"); }\n",
    );
    place
        .write("rules/procedure.toml", &format!("{PROCEDURE}measures.open = {{ nl = \"n\", en = \"n\" }}\n"));
    let told = || place.outbox().iter().filter(|m| m.contains("Subject: s")).count();
    place.ok("2026-11-23T10:00:00+01:00", &["intake"], &mail("jan@example.nl", "de balie"));
    assert_eq!(told(), 0);
    place.ok("2026-11-25T09:00:00+01:00", &["tick"], "");
    assert_eq!(told(), 1, "the second, though the first fails");
    place.ok("2026-11-26T09:00:00+01:00", &["tick"], "");
    assert_eq!(told(), 2, "and the third, at the instant that it compared");
    place.ok("2026-11-27T09:00:00+01:00", &["tick"], "");
    assert_eq!(told(), 2);
}

/// The server answers while hostile rules are in force, and stops when it is told to.
#[cfg(unix)]
#[test]
fn the_server_answers_and_stops() {
    let greedy = |i: usize| format!("rule \"gulzig {i}\" when complaint.is_open && f() then {{ }}\n");
    let place = Place::new(&format!(
        "fn f() {{ let n = 0; for i in range(0, 1000000) {{ n += 1; }} n < 0 }}\n{}\
         rule \"brief\" when complaint.is_open then {{ notify(\"h\", \"m\"); }}\n",
        (0..8).map(greedy).collect::<String>()
    ));
    place.message("m", "{% if complaint.subject == \"Klacht over parkeren in Utrecht\" %}{% for i in range(999) %}{% for j in range(999) %}{{ i }}{% endfor %}{% endfor %}{% endif %}");
    let new = place.path("data/inbox/new");
    std::fs::create_dir_all(&new).unwrap();
    for i in 0..20 {
        std::fs::write(new.join(format!("m{i}")), mail(&format!("klager{i}@example.nl"), "de zaal")).unwrap();
    }
    let mut child =
        place.command(None, &["serve"]).stdout(Stdio::piped()).stderr(Stdio::null()).spawn().unwrap();
    let mut lines = BufReader::new(child.stdout.take().unwrap()).lines();
    let health = lines.next().unwrap().unwrap();
    let address = health.strip_prefix("health: http://").unwrap().strip_suffix("/health").unwrap().to_owned();
    let mut told = false;
    for _ in 0..600 {
        assert!(is_healthy(&address), "the server does not answer");
        let mails = place.outbox();
        told = mails.iter().any(|m| m.contains("gulzig")) && mails.iter().any(|m| m.contains("brief"));
        if told {
            break;
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    assert!(told, "nobody is told of the faults");
    stop(&mut child);
    // What was left when it stopped is done now.
    assert!(place.command(None, &["tick"]).output().unwrap().status.success());
    assert_eq!(place.command(None, &["doctor"]).output().unwrap().status.code(), Some(1), "rules fail");
    let listed = place.command(None, &["--json", "list"]).output().unwrap();
    let listed: serde_json::Value = serde_json::from_slice(&listed.stdout).unwrap();
    assert_eq!(listed.as_array().unwrap().len(), 20);
    assert!(
        listed.as_array().unwrap().iter().all(|c| c["state"] == "b"),
        "the honest rule went on: {listed}"
    );
}

fn is_healthy(address: &str) -> bool {
    let Ok(mut stream) = std::net::TcpStream::connect(address) else { return false };
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    write!(stream, "GET /health HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n").unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).is_ok() && answer.starts_with("HTTP/1.1 200")
}

/// Sends SIGTERM and sees the process end by itself.
#[cfg(unix)]
fn stop(child: &mut std::process::Child) {
    let killed = Command::new("kill").args(["-TERM", &child.id().to_string()]).status().unwrap();
    assert!(killed.success());
    for _ in 0..300 {
        if let Some(status) = child.try_wait().unwrap() {
            return assert!(status.success(), "{status}");
        }
        std::thread::sleep(Duration::from_millis(50));
    }
    child.kill().unwrap();
    panic!("the server does not stop");
}
