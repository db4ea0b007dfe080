//! Foreign text wherever it leaves: one hostile text in every field, and every place at which it comes out again.

use crate::privacy::do_what_is_offered;
use crate::support::{Builder, MAIL_PLUGIN, TestApp, repository, shipped_untried};
use base64::Engine as _;
use mail_parser::MimeHeaders;
use redress::clock::Clock;
use std::collections::BTreeSet;
use std::process::Command;

/// A word by which the hostile text is known wherever it comes out.
const MARK: &str = "Vreemdeling";
/// Steers a terminal, turns the direction of reading, forges a line of ours and a header, begins a formula in each
/// cell, calls a template, and is markup. `{c}` is C1's CSI.
const HOSTILE: &str = "Vreemdeling\u{1b}]8;;http://boos.example\u{7}\u{1b}[2J\u{9b}31m\u{202e}exe.\u{2066}\u{85},=1+1;@SUM(A1)\t+1|\
    {{ 'SAMEN' ~ 'GEVOEGD' }}{% raw %}<script>alert(1)</script><a href=\"http://boos.example\">x</a>[k](http://boos.example)\
    \r\nBcc: dief@boos.example\r\nK-2026-9999  closed  verzonnen\r\n=cmd|' /C calc'!A0";

/// A place at which text leaves, by what must not be true of it there.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Place {
    Terminal,
    Json,
    Csv,
    Letter,
    Webhook,
    Log,
    /// The words of whoever typed the command, in what it fails with.
    Failure,
}

/// What came out at a place.
struct Outlet {
    name: String,
    place: Place,
    text: String,
}

fn steers(c: char) -> bool {
    let is_control = c.is_control() && !matches!(c, '\n' | '\t');
    is_control
        || matches!(c, '\u{200e}' | '\u{200f}' | '\u{2028}'..='\u{202e}' | '\u{2066}'..='\u{2069}' | '\u{61c}')
}

/// Returns what is wrong with a text at its place.
fn wrong(place: Place, text: &str) -> Option<String> {
    let read = if place == Place::Letter { text.replace("\r\n", "\n") } else { text.to_owned() };
    if let Some(c) = read.chars().find(|c| steers(*c)) {
        return Some(format!("it steers: {c:?}"));
    }
    if read.contains("SAMENGEVOEGD") {
        return Some("a template of a stranger was rendered".to_owned());
    }
    match place {
        Place::Terminal => {
            let forged = read.lines().find(|l| l.starts_with("K-2026-9999") || l.starts_with("Bcc:"));
            forged.map(|line| format!("it forges a line: {line}"))
        }
        Place::Json | Place::Webhook => {
            serde_json::from_str::<serde_json::Value>(&read).err().map(|e| format!("it is no JSON: {e}"))
        }
        Place::Csv => {
            // However the line is divided, no cell begins as a formula.
            let begins = |cell: &str| cell.trim_start().starts_with(['=', '+', '-', '@', '|']);
            read.split([';', ',', '\t', '\n', '"']).find(|c| begins(c)).map(|c| format!("a formula: {c}"))
        }
        Place::Letter => wrong_letter(text),
        Place::Log => {
            let forged = |l: &&str| l.starts_with("Bcc:") || l.starts_with("K-2026-9999");
            read.lines().find(forged).map(|line| format!("it forges a record: {line}"))
        }
        Place::Failure => None,
    }
}

fn wrong_letter(raw: &str) -> Option<String> {
    let (head, _) = raw.split_once("\r\n\r\n")?;
    if let Some(line) =
        head.lines().find(|l| l.to_lowercase().starts_with("bcc") || l.starts_with("K-2026-9999"))
    {
        return Some(format!("a forged header: {line}"));
    }
    let message = mail_parser::MessageParser::default().parse(raw.as_bytes())?;
    if message.to().map_or(0, |to| to.iter().count()) != 1 || message.bcc().is_some() {
        return Some("another recipient".to_owned());
    }
    for part in &message.parts {
        let kind = part.content_type().and_then(|t| t.subtype().map(str::to_owned)).unwrap_or_default();
        let text = part.text_contents().unwrap_or_default();
        let found = match kind.as_str() {
            "html" => ["<script", "<a "].into_iter().find(|tag| text.contains(tag)),
            "calendar" => ["\nBcc", "\nK-2026-9999"].into_iter().find(|line| text.contains(line)),
            _ => None,
        };
        if let Some(found) = found {
            return Some(format!("{kind} obeys {found:?}"));
        }
        if let Some(c) = text.replace("\r\n", "\n").chars().find(|c| steers(*c)) {
            return Some(format!("{kind} steers: {c:?}"));
        }
    }
    None
}

/// What the commands show, by their words; `K` is the complaint, `D` a delivery.
const COMMANDS: &[(&[&str], Place)] = &[
    (&["list"], Place::Terminal),
    (&["search", "parkeren"], Place::Terminal),
    (&["show", "K"], Place::Terminal),
    (&["why", "K", "--all"], Place::Terminal),
    (&["similar", "K"], Place::Terminal),
    (&["mail", "K"], Place::Terminal),
    (&["mail", "K", "--all"], Place::Terminal),
    (&["mail", "--filed"], Place::Terminal),
    (&["register"], Place::Terminal),
    (&["register", "--csv"], Place::Csv),
    (&["simulate", "K", "--until", "2027-01-10"], Place::Terminal),
    (&["deliveries", "list"], Place::Terminal),
    (&["deliveries", "show", "D"], Place::Terminal),
    (&["person", "jan@example.nl"], Place::Terminal),
    (&["import", "--list"], Place::Terminal),
    (&["reports", "list"], Place::Terminal),
    (&["reports", "show", "2026"], Place::Terminal),
    (&["recommendations", "list"], Place::Terminal),
    (&["doctor"], Place::Terminal),
    (&["audit", "verify"], Place::Terminal),
    (&["plugins", "list"], Place::Terminal),
    (
        &[
            "contact",
            "--channel",
            "phone",
            "--subject",
            HOSTILE,
            "--name",
            HOSTILE,
            "--as",
            "ontvanger@lagant.nl",
        ],
        Place::Terminal,
    ),
    (&["act", "K", HOSTILE, "--as", "ontvanger@lagant.nl"], Place::Terminal),
    (&["show", HOSTILE], Place::Terminal),
    (&["user", "add", HOSTILE], Place::Terminal),
    (&["token", "add", HOSTILE, "--for", HOSTILE, "--scope", "complaints:read"], Place::Terminal),
    (&["token", "end", HOSTILE], Place::Terminal),
    (&["intake", "VREEMD\u{1b}[2J.eml"], Place::Terminal),
];

/// Commands that show nothing a stranger wrote: they read files of the organisation, or show nothing at all.
const SHOWS_NOTHING_FOREIGN: &[&str] = &[
    "serve",
    "demo",
    "tick",
    "rules",
    "clock",
    "backup",
    "export",
    "forget",
    "restore",
    "migrate",
    "completions",
    "manual",
    "help",
];

fn run(app: &TestApp, words: &[&str]) -> (String, String) {
    let folder = app.folder.path();
    redress::app::mark_rehearsal(&folder.join("data"), app.clock.now()).unwrap();
    let output = Command::new(env!("CARGO_BIN_EXE_redress"))
        .current_dir(shipped_untried())
        .args(["--clock", "2027-01-05T10:00:00+01:00", "--config"])
        .arg(folder.join("redress.toml"))
        .arg("--data")
        .arg(folder.join("data"))
        .arg("--plugins")
        .arg(folder.join("plugins"))
        .args(words)
        .env("REDRESS_LOG", "redress=trace,info")
        .output()
        .unwrap();
    let text = |bytes: Vec<u8>| String::from_utf8(bytes).unwrap();
    (text(output.stdout), text(output.stderr))
}

fn encoded(text: &str) -> String {
    let bytes = base64::engine::general_purpose::STANDARD.encode(text);
    format!("=?utf-8?B?{bytes}?=")
}

fn hostile_mail(id: &str, more: &str) -> String {
    let word = encoded(HOSTILE);
    format!(
        "From: {word} <jan@example.nl>\r\nTo: planning@lagant.nl\r\nSubject: Klacht {word}\r\n\
         Message-ID: <{id}\r\n Bcc: dief@boos.example\r\n @example.nl>\r\n{more}MIME-Version: 1.0\r\n\
         Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\nContent-Type: text/plain; charset=utf-8\r\n\r\n\
         Ik heb een klacht over de training. {HOSTILE}\r\n--b\r\nContent-Type: application/pdf\r\n\
         Content-Disposition: attachment; filename=\"{word}\"\r\n\r\nx\r\n--b--\r\n"
    )
}

async fn installation() -> TestApp {
    let rules = crate::support::rules_copy();
    // The complainant's own subject, in a letter.
    for language in ["nl", "en"] {
        let path = rules.path().join(format!("messages/{language}/acknowledgement.md"));
        let text = std::fs::read_to_string(&path).unwrap();
        let text = text.replacen("\n---\n", " {{ complaint.subject }}\n---\n{{ complaint.subject }}\n", 1);
        std::fs::write(path, text).unwrap();
    }
    let hook = "kind = \"webhook\"\nenabled = true\nevents = [\"*\"]\ninclude_personal_data = true\npurpose = \"a test\"\n\
                [webhook]\nurl = \"https://hooks.example.org/x\"\nsigning = \"none\"\n";
    let builder = Builder::default()
        .rules(rules.path())
        .plugin("mail", MAIL_PLUGIN.to_owned())
        .plugin("hook", hook.to_owned());
    let app = builder.start("2026-11-23 10:00").await;
    let reference = app.mail(&hostile_mail("h1", "")).await.intake_id.unwrap();
    do_what_is_offered(&app, &reference, HOSTILE, 1).await;
    app.mail(&hostile_mail("machine", "Auto-Submitted: auto-generated\r\n")).await;
    app
}

/// Everything that leaves, at each place.
async fn outlets(app: &TestApp) -> Vec<Outlet> {
    let mut found = Vec::new();
    let delivery = app.deliveries("mail", "").await.remove(0).id;
    let number = "K-2026-0001";
    for (words, place) in COMMANDS {
        let words: Vec<&str> = words
            .iter()
            .map(|w| match *w {
                "K" => number,
                "D" => delivery.as_str(),
                word => word,
            })
            .collect();
        let name = words.join(" ").chars().take(40).collect::<String>();
        let (stdout, stderr) = run(app, &words);
        let is_refused = words.iter().any(|w| *w == HOSTILE || w.contains("VREEMD"));
        assert!(is_refused || !stdout.is_empty(), "{name}: {stderr}");
        found.push(Outlet { name: name.clone(), place: *place, text: stdout });
        let beside = if is_refused { Place::Failure } else { Place::Log };
        found.push(Outlet { name: format!("{name}, stderr"), place: beside, text: stderr });
        if *place == Place::Terminal && words[0] != "contact" {
            let (stdout, stderr) = run(app, &[&["--json"], &words[..]].concat());
            let text =
                if stdout.is_empty() { stderr.lines().last().unwrap_or_default().to_owned() } else { stdout };
            found.push(Outlet { name: format!("{name} --json"), place: Place::Json, text });
        }
    }
    for file in app.outbox() {
        let place = if file.starts_with('{') { Place::Webhook } else { Place::Letter };
        found.push(Outlet { name: "outbox".to_owned(), place, text: file });
    }
    found
}

#[tokio::test(flavor = "multi_thread")]
async fn foreign_text_steers_nothing_wherever_it_leaves() {
    let app = installation().await;
    let outlets = outlets(&app).await;
    let mut said = BTreeSet::new();
    for Outlet { name, place, text } in &outlets {
        let wrong = wrong(*place, text);
        assert!(wrong.is_none(), "{name} ({place:?}): {}\n{text:?}", wrong.unwrap());
        let decoded = match place {
            Place::Letter => redress::intake::parse(text.as_bytes(), None).text,
            _ => text.clone(),
        };
        if decoded.contains(MARK) || decoded.contains("VREEMD") {
            said.insert(if matches!(place, Place::Terminal) { name.clone() } else { format!("{place:?}") });
        }
    }
    // It does come out at these places: a table of places where it never is would prove nothing.
    for place in
        ["Json", "Csv", "Letter", "Webhook", "list", "show K-2026-0001", "mail K-2026-0001", "register"]
    {
        assert!(said.contains(place), "{place} shows nothing foreign: {said:?}");
    }
    assert!(outlets.iter().filter(|o| o.place == Place::Letter).count() > 5);
}

#[test]
fn every_command_is_looked_at() {
    let output = Command::new(env!("CARGO_BIN_EXE_redress")).arg("--help").output().unwrap();
    let help = String::from_utf8(output.stdout).unwrap();
    let listed = help.split("Commands:").nth(1).unwrap().split("\n\n").next().unwrap();
    let commands = listed.lines().filter_map(|l| l.strip_prefix("  ")).filter(|l| !l.starts_with([' ', '[']));
    let commands: Vec<&str> = commands.filter_map(|l| l.split_whitespace().next()).collect();
    assert!(commands.len() > 15, "{commands:?}");
    for command in commands {
        let is_here = COMMANDS.iter().any(|(words, _)| words[0] == command);
        assert!(
            is_here || SHOWS_NOTHING_FOREIGN.contains(&command),
            "{command} is in no table of what leaves"
        );
    }
}

/// At a terminal, what is kept as it came in is shown and not obeyed; into a file it is whole.
#[tokio::test(flavor = "multi_thread")]
async fn a_raw_mail_steers_no_terminal_and_is_whole_in_a_file() {
    let app = TestApp::start("2026-11-23 10:00").await;
    let mail = hostile_mail("h1", "");
    app.mail(&mail).await;
    let (whole, why) = run(&app, &["mail", "K-2026-0001", "--raw", "1"]);
    assert_eq!(whole, mail, "{why}");
    let folder = app.folder.path();
    let command = format!(
        "{} --data {} --config {} mail K-2026-0001 --raw 1",
        env!("CARGO_BIN_EXE_redress"),
        folder.join("data").display(),
        folder.join("redress.toml").display()
    );
    // `script` gives the command a terminal.
    let shown =
        Command::new("script").args(["-qec", &command, "/dev/null"]).current_dir(repository()).output();
    let Ok(shown) = shown else { return };
    let shown = String::from_utf8_lossy(&shown.stdout).replace("\r\n", "\n").replace('\r', "");
    assert!(shown.contains(MARK) && !shown.contains(steers), "{shown:?}");
}

#[test]
fn what_steers_is_found() {
    for (place, text) in [
        (Place::Terminal, HOSTILE),
        (Place::Terminal, "a\nK-2026-9999  closed"),
        (Place::Json, "{\"a\": \"\u{202e}\"}"),
        (Place::Csv, "\"a,=1+1\""),
        (Place::Log, "a\u{9b}2J"),
        (Place::Letter, "From: a@b.nl\r\nTo: c@d.nl\r\nBcc: dief@boos.example\r\n\r\nx"),
        (Place::Letter, "To: c@d.nl\r\nContent-Type: text/html\r\n\r\n<a href=\"http://boos.example\">x</a>"),
        (Place::Webhook, "{"),
    ] {
        assert!(wrong(place, text).is_some(), "{place:?}: {text:?}");
    }
    assert_eq!(wrong(Place::Terminal, "K-2026-0001  gewoon\n\ttekst"), None);
}
