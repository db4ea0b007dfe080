//! What an expression is and what it can mean, known at load: names, kinds, units, what may be empty, and what is
//! always or never so. Each line of the tables is a script; `¦` stands before the place that is pointed at.

use redress::config::Settings;
use redress::rules::RulesetSource;
use redress::rules::diagnostics::Diagnostic;
use redress::workflow::Published;
use std::collections::BTreeMap;

const PROCEDURE: &str = r#"
initial = "received"
faults_to = "handler"
name = { nl = "n", en = "n" }
states.received = { nl = "n", en = "n", phase = "p", open = true }
states.treatment = { nl = "n", en = "n", phase = "p", open = true }
states.decided = { nl = "n", en = "n", phase = "p" }
states.closed = { nl = "n", en = "n", phase = "p" }
states.spare = { nl = "n", en = "n", phase = "p" }
roles.handler = { nl = "n", en = "n" }
roles.director = { nl = "n", en = "n" }
deadlines.reply = { nl = "n", en = "n", side = "own" }
deadlines.report = { nl = "n", en = "n", side = "own" }
deadlines.spare = { nl = "n", en = "n", side = "own" }
flags.late = { nl = "n", en = "n" }
flags.legal = { nl = "n", en = "n" }
counters.round = { nl = "n", en = "n" }
verdicts.upheld = { nl = "n", en = "n" }
verdicts.rejected = { nl = "n", en = "n" }
grounds.late = { nl = "n", en = "n" }
agreements.yes = { nl = "n", en = "n" }
agreements.no = { nl = "n", en = "n" }
escalations.submitted = { nl = "n", en = "n" }
measures.proposed = { nl = "n", en = "n" }
measures.approved = { nl = "n", en = "n" }
causes.planning = { nl = "n", en = "n" }
"#;

const SETTINGS: &str = r#"
[extra.training]
type = "date"
nl = "n"
en = "n"

[extra.kind]
type = "choice"
options = ["classroom", "online"]
nl = "n"
en = "n"

[extra.seats]
type = "number"
nl = "n"
en = "n"

[extra.vip]
type = "yes_no"
nl = "n"
en = "n"

[extra.note]
type = "text"
nl = "n"
en = "n"
"#;

/// Uses every name once, so that nothing is left to warn of but what a line of a table says.
const USES: &str = r#"
const MIN = 3;
const TERM = days(14);
const NINE = "09:00";
const WORDS = ["klacht"];
const SWITCH = true;
rule "uses" when SWITCH && complaint.counters.round == MIN && !complaint.flags.late && !complaint.flags.legal && text_mentions(WORDS)
  then { deadline("reply", at(now + TERM, NINE), "handler"); deadline("report", now + TERM, "handler"); enter("treatment"); notify("handler", "note"); }
action decide "D" by ["handler"] asks #{ verdict: choice("V", ["upheld", "rejected"]), reason: text("R").optional(), day: date("D").optional() }
  when armed("reply") || armed("report")
  then { if input.verdict == "upheld" { remark("u"); } if input.reason != () { remark(input.reason); } if input.day != () { complaint.promised_by = input.day; } met("reply"); met("report"); enter("decided"); escalate("submitted"); }
action close "C" by ["handler"] when complaint.state == "decided" then { enter("closed"); }
"#;

const MESSAGE: &str = "---\nsubject: s\n---\nb\n";

/// Returns the script of a line: what stands before the colon says where the rest goes.
fn script(line: &str) -> String {
    let (place, text) = line.split_once(": ").unwrap_or_else(|| panic!("{line} says where it stands"));
    let text = text.replace("\\n", "\n");
    match place {
        "when" => format!("rule \"r\" when {text} then {{ remark(\"x\"); }}"),
        "then" => format!("rule \"r\" when complaint.is_open then {{ {text} }}"),
        "measures" => format!("rule \"r\" for complaint.measures when {text} then {{ remark(\"x\"); }}"),
        "others" => format!("rule \"r\" for complaint.duplicates when {text} then {{ remark(\"x\"); }}"),
        "for" => format!("rule \"r\" for {text} when complaint.is_open then {{ remark(\"x\"); }}"),
        "every" => format!("rule \"r\" when complaint.is_open every {text} then {{ remark(\"x\"); }}"),
        "asks" => format!(
            "action a \"A\" by [\"handler\"] asks #{{ {text} }} when complaint.is_open then {{ remark(\"x\"); }}"
        ),
        "schedule" => format!("schedule \"s\" cron \"0 0 9 * * MON\" then {{ {text} }}"),
        // The action asks for a choice, a day, a text and a number, of which day and text may be left empty.
        "does" => format!(
            "action a \"A\" by [\"handler\"] asks #{{ how: choice(\"H\", [\"good\", \"bad\"]), day: date(\"D\").optional(), \
             on: date(\"O\"), why: text(\"W\").optional(), many: number(\"M\") }} when complaint.is_open then {{ {text} }}"
        ),
        "file" => text,
        other => panic!("{other} is no place"),
    }
}

/// Errors, and warnings when there are none.
type Found = (Vec<Diagnostic>, Vec<Diagnostic>);

fn load(script: &str) -> Found {
    let files: BTreeMap<String, String> = [
        ("procedure.toml", PROCEDURE),
        ("00.rhai", USES),
        ("10.rhai", script),
        ("messages/nl/note.md", MESSAGE),
        ("messages/en/note.md", MESSAGE),
        ("messages/nl/spare.md", MESSAGE),
        ("messages/en/spare.md", MESSAGE),
    ]
    .into_iter()
    .map(|(name, text)| (name.to_owned(), text.to_owned()))
    .collect();
    let settings = Settings::parse(SETTINGS, "redress.toml").unwrap();
    match Published::load(RulesetSource::new(files), &settings) {
        Ok(published) => (Vec::new(), published.warnings(&settings)),
        Err(found) => (found, Vec::new()),
    }
}

fn lines(table: &str) -> impl Iterator<Item = &str> {
    table.lines().map(str::trim).filter(|line| !line.is_empty() && !line.starts_with("//"))
}

/// Returns the place of the mark: line and column, from 1.
fn marked(script: &str) -> (usize, usize) {
    let before = script.split_once('¦').unwrap_or_else(|| panic!("no place is marked in {script}")).0;
    (before.matches('\n').count() + 1, before.rsplit('\n').next().unwrap_or_default().chars().count() + 1)
}

fn points_at(found: &[Diagnostic], place: (usize, usize)) -> bool {
    found.iter().any(|d| d.at.file == "10.rhai" && d.at.span.is_some_and(|s| (s.line, s.column) == place))
}

/// Returns the lines that are not found, or elsewhere.
fn missed(table: &str, which: fn(&Found) -> &[Diagnostic]) -> Vec<String> {
    let mut missed = Vec::new();
    for line in lines(table) {
        let marked_script = script(line);
        let place = marked(&marked_script);
        let found = load(&marked_script.replacen('¦', "", 1));
        if !points_at(which(&found), place) {
            let said: Vec<String> = found
                .0
                .iter()
                .chain(&found.1)
                .filter(|d| d.at.file == "10.rhai")
                .map(ToString::to_string)
                .collect();
            missed.push(format!("{line}\n    {place:?}: {}", said.join("\n    ")));
        }
    }
    missed
}

#[test]
fn what_cannot_be_meant_is_refused_at_its_place() {
    let missed = missed(REFUSED, |found| &found.0);
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), lines(REFUSED).count(), missed.join("\n"));
    assert!(lines(REFUSED).count() >= 100);
}

#[test]
fn what_is_always_or_never_so_or_may_be_empty_is_warned_of() {
    let missed = missed(WARNED, |found| &found.1);
    assert!(missed.is_empty(), "{} of {}:\n{}", missed.len(), lines(WARNED).count(), missed.join("\n"));
}

#[test]
fn the_neighbours_that_are_right_are_accepted() {
    let mut refused = Vec::new();
    for line in lines(ACCEPTED) {
        let found = load(&script(line));
        let said = found.0.iter().chain(found.1.iter().filter(|d| d.at.file == "10.rhai"));
        let said: Vec<String> = said.map(ToString::to_string).collect();
        if !said.is_empty() {
            refused.push(format!("{line}\n    {}", said.join("\n    ")));
        }
    }
    assert!(refused.is_empty(), "{} of {}:\n{}", refused.len(), lines(ACCEPTED).count(), refused.join("\n"));
    assert!(lines(ACCEPTED).count() >= 60);
}

const REFUSED: &str = include_str!("refused.txt");

const WARNED: &str = include_str!("warned.txt");

const ACCEPTED: &str = include_str!("accepted.txt");
