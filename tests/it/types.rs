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

const REFUSED: &str = r#"
// Names that are in no vocabulary, wherever they stand.
when: complaint.state == ¦"aproved"
when: complaint.state == ¦"upheld"
measures: it.state == ¦"aproved"
others: it.state == ¦"approved"
when: happened(¦"decidd")
when: complaint.last(¦"decidd") == ()
when: letter("note") == ¦"acepted"
when: letter(¦"notte") == "accepted"
when: letters(¦"none") > 0
when: known(¦"verdct")
when: complaint.measures.filter(|m| m.state == ¦"aproved").len() > 0
when: complaint.measures.some(|m| m.state in [¦"aproved"])
when: complaint.measures.some(|m| m.id > 1 && m.state != ¦"aproved")
when: complaint.measures.map(|m| m.state).contains(¦"aproved")
when: complaint.measures.find(|m| m.state == ¦"open") != ()
when: complaint.verdict in ["upheld", ¦"rejectd"]
when: [¦"phne"].contains(complaint.channel)
when: complaint.extra.kind == ¦"clasroom"
then: complaint.extra.kind = ¦"clasroom";
then: if complaint.agreement == ¦"ja" { remark("x"); }
then: let s = complaint.state; if s == ¦"decidd" { remark("x"); }
then: for s in [¦"decidd"] { if complaint.state == s { remark("x"); } }
then: complaint.verdict = ¦"decided";
then: complaint.verdict = if complaint.is_open { ¦"uphold" } else { "rejected" };
then: escalate(¦"submited");
then: end_meeting(¦"planned");
then: deadline("reply", now + days(1), ¦"handlr");
then: cancel(["reply", ¦"repyl"]);
then: notify(¦"handlr", "note");
then: notify("handler", ¦"notte");
file: fn stands(state) { complaint.state == state }\nrule "r" when stands(¦"decidd") then { remark("x"); }
file: fn how() { complaint.verdict }\nrule "r" when how() == ¦"uphold" then { remark("x"); }
file: fn how() { if complaint.is_open { complaint.verdict } else { return complaint.verdict; } }\nrule "r" when how() == ¦"uphold" then { remark("x"); }
does: if input.how == ¦"god" { refuse("x"); }
file: fn note() { if input.how == ¦"god" { remark("x"); } }\naction a "A" by ["handler"] asks #{ how: choice("H", ["good", "bad"]) } when complaint.is_open then { note(); }
then: perform("decide", #{ ¦verdit: "upheld" });
then: perform("decide", #{ verdict: ¦"uphold" });
then: perform("decide", #{ verdict: "upheld", day: ¦"1 december" });
when: complaint.state ¦== complaint.verdict
// Units.
when: now > due("reply") - ¦3
when: now > ¦3 + due("reply")
when: now >= complaint.received_at + ¦14
when: now >= complaint.received_at + ¦MIN
when: now >= at(due("reply") - ¦3, "09:00")
when: now >= complaint.received_at + days(¦"3")
when: complaint.received_at ¦> 14
when: now ¦> 14
every: ¦7
every: ¦"1 week"
every: ¦complaint.received_at
then: deadline("reply", now + ¦14, "handler");
then: deadline("reply", ¦14, "handler");
then: deadline("reply", ¦days(14), "handler");
then: complaint.promised_by = today + ¦14;
then: complaint.promised_by += ¦14;
then: let term = days(3) + ¦2; deadline("reply", now + term, "handler");
then: let term = days(3) ¦* 2; deadline("reply", now + term, "handler");
when: now ¦- complaint.received_at > days(3)
when: due("reply") ¦- complaint.received_at > days(3)
when: now ¦+ days(3) > due("reply")
when: today ¦+ days(3) > due("reply")
file: fn soon(end) { now >= end - ¦3 }\nrule "r" when soon(due("reply")) then { remark("x"); }
file: fn soon() { now ¦+ days(3) }\nrule "r" when complaint.is_open && due("reply") < soon() then { remark("x"); }
// Dates and times.
when: now >= ¦2026-12-01
when: complaint.received_at > ¦2026-12-01
when: now >= ¦01-12-2026
when: now ¦>= "2026-12-01"
when: complaint.received_at ¦> "01-12-2026"
then: deadline("reply", ¦"2026-12-01", "handler");
then: complaint.promised_by = ¦"2026-12-01";
when: now >= at(due("reply"), ¦"9 uur")
when: now >= at(due("reply"), ¦9)
when: now >= at(¦"2026-12-01", "09:00")
file: const WHEN = "9 uur";\nrule "r" when now >= at(due("reply"), ¦WHEN) then { remark("x"); }
then: meet(#{ day: ¦"2026-12-01", time: "10:00", place: "x" });
then: meet(#{ day: today, time: ¦"10 uur", place: "x" });
then: measure(#{ description: "x", owner: "h", state: "proposed", due: ¦"2026-12-01" });
then: measure(#{ description: "x", owner: "h", state: "proposed", due: today + ¦14 });
// Names that exist nowhere, or not here.
when: ¦recieved
when: now > ¦received_at + days(3)
file: rule "a" when complaint.is_open then { let day = today; remark(`${day}`); }\nrule "b" when complaint.is_open then { remark(`${¦day}`); }
then: if complaint.is_open { let x = 1; remark(`${x}`); } remark(`${¦x}`);
then: remark(`${¦x}`); let x = 1; remark(`${x}`);
then: for m in complaint.measures { remark(`${m.id}`); } remark(`${¦m.id}`);
then: let n = complaint.measures.filter(|m| m.id > 1); remark(`${n.len()}`); remark(`${¦m.id}`);
file: fn f() { remark(¦word); }\nrule "r" when complaint.is_open then { let word = "x"; remark(word); f(); }
when: complaint.¦stat == "received"
measures: it.¦stat == "approved"
others: it.¦due == ()
when: ¦it.state == "approved"
when: ¦input.reason == "x"
then: remark(¦input.reason);
does: remark(input.¦whi);
file: fn f() { remark(input.¦whi); }\naction a "A" by ["handler"] asks #{ why: text("W") } when complaint.is_open then { f(); remark(input.why); }
file: fn f() { remark(¦input.why); }\nrule "r" when complaint.is_open then { f(); }
when: complaint.flags.¦lat
when: complaint.counters.¦rounds > 1
when: complaint.extra.¦trainning == ()
when: complaint.measures.¦state == "approved"
when: complaint.state.¦name == "x"
when: due("reply").¦date > complaint.received_at
schedule: if previous_quarter().¦begin < today { notify("director", "note"); }
when: complaint.measures.some(|m| m.¦stat == "approved")
when: complaint.measures.filter(|m| m.id > 0).all(|m| m.¦stat == "approved")
when: complaint.measures.map(|m| m.id).some(|n| n ¦> "3")
when: complaint.duplicates.some(|c| c.¦due == ())
// What is neither true nor false, no list, no span.
when: ¦complaint.state
when: ¦complaint.counters.round
when: ¦due("reply")
when: ¦now
when: ¦"received"
when: complaint.is_open && ¦complaint.state
when: ¦complaint.verdict || complaint.is_open
when: !¦complaint.verdict
when: complaint.is_open && !¦complaint.counters.round
when: complaint.measures.some(|m| ¦m.state)
when: complaint.measures.filter(|m| ¦m.id).len() > 0
file: fn f() { complaint.state }\nrule "r" when ¦f() then { remark("x"); }
then: if ¦complaint.measures { remark("x"); }
then: if ¦complaint.measures.len() { remark("x"); }
when: complaint.flags.late ¦== "ja"
when: complaint.counters.round ¦== "1"
when: complaint.is_open ¦== 1
then: complaint.flags.late = ¦"ja";
for: ¦complaint.state
for: ¦complaint.measures.len()
for: ¦["a", "b"]
then: for x in ¦complaint.counters.round { remark("x"); }
// What words take.
when: ¦armed()
when: now >= ¦at(due("reply"))
file: fn f(a) { a > 1 }\nrule "r" when ¦f() then { remark("x"); }
when: text_mentions(¦"klacht")
when: text_length() ¦> "40"
then: merge(¦5);
then: link(¦complaint);
then: notify(¦complaint.state, "note");
then: notify(¦5, "note");
then: notify("handler", "note", ¦"x");
then: deadline("reply", now + days(1), ¦complaint.responsible);
then: complaint.responsible = ¦"handler";
when: complaint.state.¦some(|x| x)
when: complaint.received_at.¦len() > 3
when: now.¦to_string() == "x"
file: fn late(end) { now ¦> end }\nrule "r" when late("reply") then { remark("x"); }
// What may not be written, or not read here.
then: complaint¦.state = "decided";
then: complaint¦.number = "K-2026-0001";
file: rule "r" for complaint.measures when it.id > 1 then { it¦.state = "approved"; }
then: complaint.counters.round = ¦"1";
then: complaint.counters.round += ¦"1";
then: complaint.flags.late = ¦();
then: complaint.promised_by = ¦5;
then: complaint.subject = ¦days(3);
then: complaint.language = ¦"Dutch";
when: complaint.¦reasons == "x"
when: complaint.¦description.contains("x")
when: complaint.extra.¦note == "x"
file: fn f() { complaint.¦reasons == "x" }\nrule "r" when f() then { remark("x"); }
file: fn f() { ¦remark("x"); true }\nrule "r" when f() then { remark("x"); }
file: fn f() { ¦refuse("x"); }\nrule "r" when complaint.is_open then { f(); }
"#;

const WARNED: &str = r#"
// What may be empty, and is compared or counted from all the same.
when: ¦complaint.promised_by < complaint.received_at
when: now > ¦complaint.promised_by + days(1)
when: complaint.received_at > ¦complaint.extra.training
when: now >= at(¦complaint.decided_on, "09:00")
when: now > ¦complaint.last("decided") + days(3)
when: complaint.promised_by != () || now > ¦complaint.promised_by
when: complaint.promised_by == () && now > ¦complaint.promised_by
when: known("decided_on") && now > ¦complaint.promised_by
measures: it.state == "approved" && now > ¦it.due
others: ¦it.decided_on < complaint.received_at
when: complaint.measures.some(|m| ¦m.due < complaint.received_at)
when: complaint.measures.filter(|m| m.id > 1 && ¦m.due < complaint.received_at).len() > 0
file: fn f() { now > ¦complaint.promised_by }\nrule "r" when f() then { remark("x"); }
does: if ¦input.day > today { remark("x"); }
does: deadline("reply", ¦input.day + days(1), "handler");
// What is always, or never, so.
when: complaint.state == "received" && ¦complaint.state == "decided"
when: complaint.verdict == "upheld" && ¦complaint.verdict == "rejected"
when: ¦complaint.state != "received" || complaint.state != "decided"
when: complaint.state == "received" && ¦complaint.state != "decided"
when: complaint.state in ["received", "treatment"] && ¦complaint.state == "decided"
when: complaint.is_open && ¦complaint.state == "closed"
when: complaint.is_open || ¦complaint.is_open
when: complaint.is_open && ¦complaint.is_open
when: armed("reply") && complaint.is_open && ¦armed("reply")
when: complaint.is_open || (¦complaint.is_open && armed("reply"))
when: complaint.is_open && ¦!complaint.is_open
when: ¦armed("reply") || !armed("reply")
when: complaint.flags.late && ¦!complaint.flags.late
when: complaint.flags.late == true && ¦complaint.flags.late == false
when: ¦now >= complaint.received_at
when: complaint.is_open && ¦now < complaint.received_at
when: ¦now >= complaint.received_at - days(3)
when: complaint.counters.round > 3 && ¦complaint.counters.round < 2
when: complaint.counters.round == 3 && ¦complaint.counters.round != 2
when: complaint.counters.round > MIN && ¦complaint.counters.round <= MIN
when: now >= due("reply") && ¦now < due("reply")
when: now >= due("reply") && ¦now < due("reply") - days(1)
when: now >= due("reply") && ¦now >= due("reply") - days(1)
when: due("reply") <= now && ¦due("reply") > now
when: now >= at(due("reply") - days(3), "09:00") && ¦now < at(due("reply") - days(7), "09:00")
when: complaint.is_open && ¦!true
when: ¦letters("failed") >= 0
when: complaint.is_open && ¦letters("failed") < 0
when: ¦complaint.measures.len() < 0
when: ¦complaint.state == "spare"
when: ¦letter("spare") == "failed"
when: ¦armed("spare")
when: ¦happened("spare")
when: ¦complaint.language == "nl" || complaint.language == "en"
measures: it.state == "approved" && ¦it.state == "proposed"
when: complaint.measures.some(|m| m.state == "approved" && ¦m.state == "proposed")
file: fn f() { complaint.state == "received" && ¦complaint.state == "decided" }\nrule "r" when f() then { remark("x"); }
then: if complaint.state == "received" && ¦complaint.state == "decided" { remark("x"); }
does: if input.how == "good" && ¦input.how == "bad" { remark("x"); }
"#;

const ACCEPTED: &str = r#"
// Names.
when: complaint.state == "decided"
measures: it.state == "approved"
others: it.state == "decided"
when: happened("decided") && happened("decide") && happened("submitted") && happened("complainant_replied")
when: letter("note") == "accepted"
when: complaint.measures.filter(|m| m.state == "approved").len() > 0
when: complaint.measures.map(|m| m.state).contains("approved")
when: complaint.measures.map(|m| m.id).some(|n| n > 3)
when: complaint.measures.some(|m| m.state in ["approved", "proposed"])
when: complaint.verdict in ["upheld", "rejected"]
when: complaint.extra.kind == "online" && complaint.extra.seats > 3 && complaint.extra.vip
then: complaint.extra.kind = "online"; complaint.extra.kind = (); complaint.extra.seats = 3; complaint.extra.vip = true; complaint.extra.training = today;
then: let s = complaint.state; if s == "decided" { remark(s); }
then: for s in ["decided", "upheld"] { if complaint.state == s || complaint.verdict == s { remark(s); } }
then: for n in range(0, 3) { remark(`${n}`); }
then: let label = ""; if complaint.is_open { label = complaint.state; } remark(label);
file: fn said(word) { complaint.state == word || complaint.verdict == word }\nrule "r" when said("upheld") && said("decided") then { remark("x"); }
file: fn how() { if complaint.is_open { "open" } else { complaint.state } }\nrule "r" when how() == "open" then { remark("x"); }
does: if input.how == "good" { remark("x"); } complaint.cause = input.why; complaint.counters.round = input.many;
file: fn note() { if input.how == "good" { remark("x"); } }\naction a "A" by ["handler"] asks #{ how: choice("H", ["good", "bad"]) } when complaint.is_open then { note(); }
file: fn note() { remark(input.why); }\naction a "A" by ["handler"] asks #{ why: text("W") } when complaint.is_open then { note(); }\naction b "B" by ["handler"] asks #{ why: long_text("W"), more: text("M") } when complaint.is_open then { note(); remark(input.more); }
then: perform("decide", #{ verdict: "upheld", reason: "x" });
then: perform("decide", #{ verdict: "upheld", day: today + days(3) });
// Units, dates, times.
when: now > due("reply") - days(3)
when: now >= complaint.received_at + TERM
when: now >= at(due("reply") - workdays(MIN), NINE)
when: now >= at(due("reply"), "09:00")
when: complaint.received_at + days(3) < due("reply")
when: today >= first_workday_from(complaint.received_at + weeks(6))
every: weeks(1)
every: TERM
then: deadline("reply", now + days(14), "handler"); deadline("reply", today, "complainant"); deadline("reply", due("report") - days(1), "director");
then: complaint.promised_by = today + days(14); complaint.promised_by = first_workday_from(now);
then: let term = if complaint.is_open { days(3) } else { weeks(1) }; deadline("reply", now + term, "handler");
then: complaint.counters.round += 1; complaint.counters.round = complaint.counters.round * 2 - 1;
then: meet(#{ day: today, time: "10:00", place: "x", minutes: 30 });
then: measure(#{ description: "x", owner: "h", state: "proposed", due: today + days(14) }); measure(1, "approved"); measure(1, #{ check_on: today, note: () });
then: remark("a" + 1 + complaint.state); remark(`${now} ${today} ${complaint.promised_by}`);
file: fn soon(end) { now >= end - days(3) }\nrule "r" when soon(due("reply")) || soon(complaint.received_at + weeks(6)) then { remark("x"); }
file: fn later(day) { if day < today { first_workday_from(today) } else { day } }\naction a "A" by ["handler"] asks #{ day: date("D").preset(later(today + days(3))) } when complaint.is_open then { complaint.promised_by = later(input.day); }
file: const LIMIT = 2026 - 1;\nrule "r" when complaint.counters.round > LIMIT then { remark("x"); }
// Names that are known where they stand.
then: let x = 1; if complaint.is_open { let y = x; remark(`${y}`); } remark(`${x}`);
then: let least = 3; let n = complaint.measures.filter(|m| m.id > least); for m in n { remark(`${m.id} ${m.owner}`); }
then: let found = complaint.measures.find(|m| m.state == "approved"); if found != () { measure(found.id, "proposed"); notify("handler", "note", #{ measure: found }); }
does: let day = input.on; let again = complaint.measures.some(|m| m.due == day); if again { refuse("x"); }
when: complaint.duplicates.some(|c| c.is_parent || c.is_candidate)
when: complaint.duplicates.all(|c| complaint.duplicates.some(|d| d.id != c.id))
schedule: let q = previous_quarter(); if today > q.to + weeks(2) && !concluded(q) { notify("director", "note", #{ from: q.from }); }
// True or false, lists, spans.
when: complaint.flags.late && complaint.is_open
when: !complaint.is_open && complaint.counters.round == 1
when: complaint.flags.late == true || complaint.extra.vip == false
for: complaint.measures.filter(|m| m.state == "approved")
for: complaint.duplicates
file: fn open_ones() { complaint.measures.filter(|m| m.state != "approved") }\nrule "r" for open_ones() when it.id > 1 then { remark("x"); }
then: if complaint.measures.len() > 0 { remark("x"); } else if complaint.is_open { remark("y"); }
then: complaint.flags.late = complaint.counters.round > 1; complaint.flags.legal = !complaint.flags.late;
// What words take.
then: notify(complaint.responsible, "note"); notify("behandelaar@lagant.nl", "note"); notify("responsible", "note"); notify(if complaint.is_open { "handler" } else { "director" }, "note");
then: complaint.responsible = "behandelaar@lagant.nl"; complaint.responsible = (); complaint.about = complaint.responsible;
others: same_subject(it, WORDS) && from_same_sender(it)
then: cancel("reply"); cancel(["reply", "report"]); met("reply");
when: complaint.complainant.contains("@") && complaint.subject.to_lower().starts_with("klacht")
when: known("reasons") && known("description")
then: remark(complaint.reasons); complaint.solution = complaint.description + ".";
// What may be empty, after it was looked at.
when: known("promised_by") && now > complaint.promised_by
when: complaint.promised_by != () && complaint.promised_by < complaint.received_at
when: complaint.promised_by == () || now > complaint.promised_by
when: !known("promised_by") || now > complaint.promised_by + days(1)
when: !(complaint.promised_by == ()) && now > complaint.promised_by
measures: it.state == "approved" && it.due != () && now > it.due
when: complaint.measures.some(|m| m.due != () && m.due < complaint.received_at)
when: happened("decided") && now > complaint.last("decided") + days(3)
when: complaint.state == "decided" && now > complaint.last("decided") + days(3)
when: complaint.escalation == "submitted" && now >= at(complaint.last("submitted") + days(3), NINE)
when: complaint.extra.training == complaint.promised_by
when: known("promised_by") && complaint.measures.some(|m| m.due == complaint.promised_by)
file: fn f() { now > complaint.promised_by }\nrule "r" when known("promised_by") && f() then { remark("x"); }
file: fn f() { if !known("promised_by") { return false; } now > complaint.promised_by }\nrule "r" when f() then { remark("x"); }
does: if input.day != () && input.day > today { remark("x"); } if input.on > today { remark("y"); }
does: if input.day == () { refuse("x"); } if input.day > today { remark("x"); }
then: complaint.promised_by = complaint.promised_by + days(3);
// What is sometimes so.
when: complaint.state != "received" && complaint.state != "decided"
when: complaint.state == "received" || complaint.state == "decided"
when: complaint.is_open && complaint.state != "received"
when: complaint.is_open && (armed("reply") || complaint.state == "treatment")
when: (complaint.state == "received" && armed("reply")) || (complaint.state == "decided" && !armed("reply"))
when: now >= complaint.received_at + days(3) && now < complaint.received_at + days(7)
when: now >= at(due("reply") - days(7), NINE) && now < at(due("reply") - workdays(2), NINE)
when: now >= at(due("reply") - days(7), NINE) && now < due("reply")
when: complaint.counters.round > 1 && complaint.counters.round < 5
when: complaint.counters.round >= MIN && letters("failed") > 0
when: SWITCH && complaint.is_open
when: armed("reply") && !overdue("reply")
when: letter("note") == "failed" || letter("note") == "none"
when: complaint.language == "nl" && complaint.channel == "email"
when: complaint.verdict != "upheld" || complaint.counters.round > 1
when: complaint.measures.some(|m| m.state == "approved") && complaint.measures.some(|m| m.state == "proposed")
when: complaint.flags.late || complaint.flags.legal || (complaint.is_open && armed("reply"))
"#;
