//! Load-time checks: what is wrong, where, and what was probably meant.

use redress::complaint::Language;
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
states.decided = { nl = "n", en = "n", phase = "p" }
roles.handler = { nl = "n", en = "n" }
deadlines.reply = { nl = "n", en = "n", side = "own" }
flags.late = { nl = "n", en = "n" }
counters.round = { nl = "n", en = "n" }
verdicts.upheld = { nl = "n", en = "n" }
escalations.submitted = { nl = "n", en = "n" }
measures.approved = { nl = "n", en = "n" }
"#;

const MESSAGE: &str = "---\nsubject: s\n---\nb\n";

fn files(script: &str) -> BTreeMap<String, String> {
    [
        ("procedure.toml", PROCEDURE),
        ("10.rhai", script),
        ("messages/nl/note.md", MESSAGE),
        ("messages/en/note.md", MESSAGE),
    ]
    .into_iter()
    .map(|(n, t)| (n.to_owned(), t.to_owned()))
    .collect()
}

/// The first mistake, as people see it.
fn mistake(script: &str) -> String {
    load(files(script)).unwrap_or_else(|| "none".to_owned())
}

fn load(files: BTreeMap<String, String>) -> Option<String> {
    let settings = Settings::parse("", "redress.toml").unwrap();
    Published::load(RulesetSource::new(files), &settings).err().map(|found| said(&found[0]))
}

/// A mistake in English, without its code.
fn said(found: &Diagnostic) -> String {
    found.in_language(Language::English).replacen(&format!("{} ", found.kind.code), "", 1)
}

fn check(script: &str, expected: &str) {
    assert_eq!(mistake(script), expected, "\n{script}");
}

#[test]
fn a_choice_is_wrong_where_it_stands_though_another_file_takes_the_answer() {
    let mut files = files("fn take() { complaint.verdict = input.verdict; }");
    let action = "\n\naction a \"A\" by [\"handler\"]\n  asks #{ verdict: choice(\"?\", [\"upheld\", \"uphelt\"]) }\n  when true then { take(); }";
    files.insert("20.rhai".to_owned(), action.to_owned());
    let expected = "20.rhai:4:43: verdict `uphelt` does not exist\n  help: did you mean `upheld`?";
    assert_eq!(load(files).unwrap_or_default(), expected);
}

#[test]
fn names_are_a_closed_world_with_suggestions() {
    check(
        r#"rule "r" when complaint.stat == "received" then { }"#,
        "10.rhai:1:25: a complaint has no field `stat`\n  help: did you mean `state`?",
    );
    check(
        r#"rule "r" when complaint.state == "recieved" then { }"#,
        "10.rhai:1:34: state `recieved` does not exist\n  help: did you mean `received`?",
    );
    check(
        r#"rule "r" when true then { enter("decide"); }"#,
        "10.rhai:1:33: state `decide` does not exist\n  help: did you mean `decided`?",
    );
    check(
        r#"rule "r" when overdue("repyl") then { }"#,
        "10.rhai:1:23: deadline `repyl` does not exist\n  help: did you mean `reply`?",
    );
    check(
        r#"rule "r" when true then { notify("handlr", "note"); }"#,
        "10.rhai:1:34: role `handlr` does not exist\n  help: did you mean `handler`?",
    );
    check(
        r#"rule "r" when true then { notify("handler", "notes"); }"#,
        "10.rhai:1:45: message `notes` does not exist\n  help: did you mean `note`?",
    );
    check(
        r#"rule "r" when complaint.flags.lat then { }"#,
        "10.rhai:1:31: `lat` is not declared under [flags] in procedure.toml\n  help: did you mean `late`?",
    );
    check(
        r#"rule "r" when workday(1) == 1 then { }"#,
        "10.rhai:1:15: unknown function `workday`\n  help: did you mean `workdays`?",
    );
    check(r#"rule "r" when TERM then { }"#, "10.rhai:1:15: unknown name `TERM`");
    check(
        r#"rule "r" when true then { complaint.verdict = "uphold"; }"#,
        "10.rhai:1:47: verdict `uphold` does not exist\n  help: did you mean `upheld`?",
    );
    check(
        r#"rule "r" when known("verdct") then { }"#,
        "10.rhai:1:21: field `verdct` does not exist\n  help: did you mean `verdict`?",
    );
    check(
        r#"rule "r" when true then { perform("decide", #{}); }"#,
        "10.rhai:1:35: action `decide` does not exist",
    );
}

#[test]
fn conditions_have_no_effects_and_names_are_written_out() {
    check(
        r#"rule "r" when met("reply") == () then { }"#,
        "10.rhai:1:15: `met` has an effect; a condition may only look",
    );
    check(
        r#"rule "r" when true then { refuse("no"); }"#,
        "10.rhai:1:27: only an action can be refused; a rule has nobody to tell",
    );
    check(
        r#"rule "r" when true then { enter("dec" + "ided"); }"#,
        "10.rhai:1:33: write the state as a text here; a computed name cannot be checked",
    );
    check(
        r#"rule "r" when true then { complaint.state = "decided"; }"#,
        "10.rhai:1:36: complaint.state is set by Redress and cannot be assigned",
    );
    check(
        r#"rule "r" when true then { let now = 1; }"#,
        "10.rhai:1:27: variable `now` takes a name that is in use",
    );
    check(
        r#"fn enter(x) { x }"#,
        "10.rhai:1:1: function `enter` takes a name that Redress uses; choose another",
    );
    check(
        r#"let x = 1;"#,
        "10.rhai:1:1: only const, fn, rule, action and schedule stand at the top level of a rule file",
    );
}

#[test]
fn statements_are_complete_and_unique() {
    check(
        "rule \"r\" when true then { }\nrule \"r\" when true then { }",
        "10.rhai:2:1: rule \"r\" is defined twice; the first is at 10.rhai:1",
    );
    check(r#"action a "A" by ["boss"] when true then { }"#, "10.rhai:1:18: role `boss` does not exist");
    check(
        r#"action a "A" by ["handler"] asks #{ date: text("D") } when true then { remark(input.dat); }"#,
        "10.rhai:1:85: `input.dat` is not asked by this action\n  help: did you mean `date`?",
    );
    check(
        r#"schedule "s" cron "0 0 9 * * 2" then { }"#,
        "10.rhai:1:1: cron \"0 0 9 * * 2\" numbers the day of the week\n  help: write MON, TUE, WED…",
    );
    check(
        r#"schedule "s" cron "* 0 9 * * MON" then { }"#,
        "10.rhai:1:1: cron \"* 0 9 * * MON\" runs more than once a minute\n  help: begin with 0, the second",
    );
    check(
        r#"schedule "s" cron "0 0 9 * * MON" then { enter("decided"); }"#,
        "10.rhai:1:42: a schedule has no complaint, so no `enter`; it can only notify",
    );
    check(r#"scenario "s" { }"#, "10.rhai:1:1: `scenario` stands in rules/tests/, not in a rule file");
    check(
        r#"rule "r" when true then { while true { } }"#,
        "10.rhai:1:27: `while` cannot stand here: it is a reserved word or sign",
    );
}

/// A rule for a measure.
fn of_measures(condition: &str) -> String {
    format!("rule \"r\" for complaint.measures when {condition} then {{ }}")
}

fn of_complaints(condition: &str) -> String {
    format!("rule \"r\" for complaint.duplicates when {condition} then {{ }}")
}

fn when(condition: &str) -> String {
    format!("rule \"r\" when {condition} then {{ }}")
}

fn then(body: &str) -> String {
    format!("rule \"r\" when true then {{ {body} }}")
}

/// What can be wrong is checked wherever it is written: script, the word at fault, what is said of it, the help.
#[test]
fn every_name_that_can_be_wrong_is_checked() {
    let mut unseen = Vec::new();
    for (script, wrong, what, nearest) in [
        // What has happened: an action, a state, an escalation, a mail.
        (when("happened(\"recieved\")"), "recieved", "event", "received"),
        (when("happened(\"complainant_replyed\")"), "complainant_replyed", "event", "complainant_replied"),
        (when("complaint.last(\"submited\") == ()"), "submited", "event", "submitted"),
        // Fields whose values are the engine's.
        (when("complaint.channel == \"emial\""), "emial", "channel", "email"),
        (when("\"phne\" != complaint.channel"), "phne", "channel", "phone"),
        (when("complaint.triage_reason == \"unreadible\""), "unreadible", "triage reason", "unreadable"),
        (when("complaint.meeting_status == \"planed\""), "planed", "meeting status", "planned"),
        (when("complaint.meeting_answer == \"acepted\""), "acepted", "answer to an invitation", "accepted"),
        (when("complaint.complainant_kind == \"extern\""), "extern", "kind of complainant", "external"),
        (when("complaint.language == \"nll\""), "nll", "language", "nl"),
        (then("complaint.language = \"nll\";"), "nll", "language", "nl"),
        (when("letter(\"note\") == \"acepted\""), "acepted", "letter state", "accepted"),
        (when("letters(\"faild\") > 0"), "faild", "letter state", "failed"),
        // Elements of lists.
        (of_measures("it.state == \"aproved\""), "aproved", "measure state", "approved"),
        (of_complaints("it.state == \"decied\""), "decied", "state", "decided"),
        (when("complaint.measures.some(|m| m.state == \"aproved\")"), "aproved", "measure state", "approved"),
        (
            "rule \"r\" for complaint.measures.filter(|m| m.state == \"aproved\") when true then { }"
                .to_owned(),
            "aproved",
            "measure state",
            "approved",
        ),
        (
            then("measure(#{ description: \"x\", owner: \"handler\", state: \"aproved\" });"),
            "aproved",
            "measure state",
            "approved",
        ),
        // Lists of names.
        (when("complaint.state in [\"received\", \"decied\"]"), "decied", "state", "decided"),
        (when("[\"email\", \"phne\"].contains(complaint.channel)"), "phne", "channel", "phone"),
        (when("complaint.verdict in [\"uphold\"]"), "uphold", "verdict", "upheld"),
        // In functions, which conditions call.
        ("fn f() { complaint.channel == \"emial\" }".to_owned(), "emial", "channel", "email"),
    ] {
        let column = script.find(&format!("\"{wrong}\"")).unwrap() + 1;
        let expected =
            format!("10.rhai:1:{column}: {what} `{wrong}` does not exist\n  help: did you mean `{nearest}`?");
        let found = mistake(&script);
        if found != expected {
            unseen.push(format!("{script}\n  {found}\n  not {expected}"));
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

#[test]
fn names_that_are_right_are_accepted_where_wrong_ones_are_not() {
    let action = "action ask \"A\" by [\"handler\"] when true then { remark(\"x\"); }\n";
    for condition in [
        "happened(\"ask\") && happened(\"decided\") && happened(\"submitted\") && happened(\"complainant_replied\")",
        "complaint.last(\"ask\") != ()",
        "complaint.channel in [\"email\", \"forwarded\", \"phone\", \"paper\", \"chat\"]",
        "complaint.triage_reason == \"unreadable\" || complaint.triage_reason == \"after_closing\"",
        "complaint.triage_reason in [\"forwarded\", \"stranger_reply\", \"no_sender\", \"no_auto_reply\"]",
        "complaint.meeting_status in [\"planned\", \"held\", \"cancelled\"]",
        "complaint.meeting_answer in [\"accepted\", \"declined\", \"tentative\"]",
        "letter(\"note\") in [\"none\", \"queued\", \"accepted\", \"failed\"]",
        "complaint.language == \"nl\" || complaint.language == \"en\"",
        "complaint.complainant_kind in [\"internal\", \"external\"]",
        "complaint.measures.some(|m| m.state == \"approved\")",
        "complaint.duplicates.some(|c| c.state == \"decided\")",
    ] {
        check(&format!("{action}{}", when(condition)), "none");
    }
}

#[test]
fn a_rule_does_not_share_the_name_of_an_action() {
    let action = "action ask \"A\" by [\"handler\"] when true then { remark(\"x\"); }";
    for other in ["rule \"ask\" when true then { }", "schedule \"ask\" cron \"0 0 9 * * MON\" then { }"] {
        let kind = other.split(' ').next().unwrap();
        check(
            &format!("{action}\n{other}"),
            &format!(
                "10.rhai:2:1: {kind} \"ask\" has the name of the action at 10.rhai:1\n  help: give one of them another name"
            ),
        );
    }
    check(
        "rule \"ask\" when true then { }\nschedule \"ask\" cron \"0 0 9 * * MON\" then { }",
        "10.rhai:2:1: schedule \"ask\" has the name of the rule at 10.rhai:1\n  help: give one of them another name",
    );
}

#[test]
fn a_deadline_that_only_alarm_at_reads_is_read() {
    let script = "rule \"r\" when complaint.state == \"received\" then { deadline(\"reply\", now, \"handler\"); }\n\
                  rule \"s\" when armed(\"reply\") && now >= alarm_at(\"reply\") then { complaint.flags.late = true; }";
    let settings = Settings::parse("", "redress.toml").unwrap();
    let published = Published::load(RulesetSource::new(files(script)), &settings).unwrap();
    let warnings: Vec<String> = published.ruleset.warnings().iter().map(said).collect();
    assert!(warnings.iter().all(|w| !w.contains("`reply`")), "{warnings:#?}");
}

/// Of a complaint of which little is known as well as of one of which everything is.
#[test]
fn every_message_renders_while_optional_facts_are_missing() {
    for expression in ["complaint.arose_on|date", "complaint.promised_by|date", "complaint.meeting.day|date"]
    {
        let mut unfilled = files(r#"rule "r" when true then { notify("handler", "note"); }"#);
        let text = format!("---\nsubject: s\n---\n\n{{{{ {expression} }}}}\n");
        unfilled.insert("messages/nl/note.md".to_owned(), text);
        let found = load(unfilled).unwrap_or_else(|| panic!("{expression} loads"));
        assert!(found.starts_with("messages/nl/note.md:5:4: "), "{expression}: {found}");
        assert!(found.contains(" may be empty here\n  help: put {% if "), "{expression}: {found}");
        let mut guarded = files(r#"rule "r" when true then { notify("handler", "note"); }"#);
        let field = expression.split('|').next().unwrap();
        let holder = field.strip_suffix(".day").unwrap_or(field);
        let text =
            format!("---\nsubject: s\n---\n\n{{% if {holder} %}}{{{{ {expression} }}}}{{% endif %}}\n");
        guarded.insert("messages/nl/note.md".to_owned(), text);
        assert_eq!(load(guarded), None, "{expression}");
    }
}

/// Redress's own messages may be worded by the organisation, and are rendered like any other.
#[test]
fn an_alarm_of_ones_own_wording_is_checked() {
    let mut own = files("");
    for language in ["nl", "en"] {
        let text = "---\nsubject: s\n---\n\n{{ data.nope }}\n";
        own.insert(format!("messages/{language}/rule_fault.md"), text.to_owned());
    }
    let found = load(own).expect("it loads");
    assert!(found.starts_with("messages/en/rule_fault.md:5:9: `data.nope` does not exist here"), "{found}");
}

#[test]
fn every_message_exists_and_renders_in_both_languages() {
    let mut missing = files(r#"rule "r" when true then { notify("handler", "note"); }"#);
    missing.remove("messages/en/note.md");
    assert_eq!(load(missing).unwrap(), "messages/en/note.md: message `note` does not exist in `en`");
    let mut unknown = files(r#"rule "r" when true then { notify("handler", "note"); }"#);
    unknown.insert(
        "messages/nl/note.md".to_owned(),
        "---\nsubject: s\n---\n\n{{ complaint.nmber }}\n".to_owned(),
    );
    assert_eq!(
        load(unknown.clone()).unwrap(),
        "messages/nl/note.md:5:14: `complaint.nmber` does not exist here\n  help: did you mean `number`?"
    );
    let mut in_function = unknown;
    in_function.insert("10.rhai".to_owned(), "fn tell() { notify(\"handler\", \"note\"); }".to_owned());
    assert_eq!(
        load(in_function).unwrap(),
        "messages/nl/note.md:5:14: `complaint.nmber` does not exist here\n  help: did you mean `number`?"
    );
    let mut headless = files("");
    headless.insert("messages/nl/note.md".to_owned(), "Dag".to_owned());
    assert_eq!(
        load(headless).unwrap(),
        "messages/nl/note.md:1:1: a message begins with a line `---`, then `subject:` with the subject, and `---` again\n  help: put `---` on a line before it"
    );
}

#[test]
fn a_broken_procedure_names_the_line() {
    let mut broken = files("");
    broken.insert(
        "procedure.toml".to_owned(),
        PROCEDURE.replace("faults_to = \"handler\"", "faults_to = \"handlr\""),
    );
    assert_eq!(
        load(broken).unwrap(),
        "procedure.toml:3:13: `faults_to` names the role `handlr`, which is not declared\n  help: did you mean `handler`?"
    );
    let mut unknown = files("");
    unknown.insert("procedure.toml".to_owned(), PROCEDURE.replace("open = true", "opened = true"));
    assert!(load(unknown).unwrap().starts_with("procedure.toml:5:"));
}

#[test]
fn a_negation_that_holds_without_a_deadline_is_warned_of() {
    let script = "rule \"r\" when !(now >= due(\"reply\")) then { }\nrule \"s\" when armed(\"reply\") && !overdue(\"reply\") then { }";
    let settings = Settings::parse("", "redress.toml").unwrap();
    let published = Published::load(RulesetSource::new(files(script)), &settings).unwrap();
    let warnings = published.ruleset.warnings().iter().filter(|w| w.message.en.starts_with("this is also"));
    let warnings: Vec<String> = warnings.map(said).collect();
    assert_eq!(
        warnings,
        [
            "10.rhai:1:24: this is also true while deadline `reply` is not armed\n  help: write armed(\"reply\") && before it"
        ]
    );
}

#[test]
fn what_loads_and_cannot_be_meant_is_warned_of() {
    let script = r#"
const SPARE = 1;
const OFF = false;
rule "uit" when OFF then { enter("decided"); }
rule "nooit" when complaint.is_open && complaint.state == "decided" then { deadline("reply", now, "handler"); }
rule "ook nooit" when letter("note") == "failed" then { complaint.flags.late = true; }
"#;
    let settings = Settings::parse("", "redress.toml").unwrap();
    let published = Published::load(RulesetSource::new(files(script)), &settings).unwrap();
    let warnings: Vec<String> = published.ruleset.warnings().iter().map(said).collect();
    let expected = [
        "10.rhai:2:1: parameter `SPARE` is not used\n  help: leave it out; changing it changes nothing",
        "10.rhai:5:40: this is never so",
        "10.rhai:5:76: deadline `reply` is armed, and nothing meets it, cancels it or looks at its end\n  help: met(\"reply\") where the duty is done",
        "10.rhai:6:23: this is never so",
        "messages/en/note.md: nobody sends this message",
        "messages/nl/note.md: nobody sends this message",
        "procedure.toml:10:1: flag or counter `round` is never read or set",
    ];
    assert_eq!(warnings, expected);
}

#[test]
fn the_shipped_rules_give_no_warning() {
    let settings = Settings::parse("", "redress.toml").unwrap();
    let source = RulesetSource::read(&crate::support::repository().join("rules")).unwrap();
    let published = Published::load(source, &settings).unwrap();
    assert_eq!(published.warnings(&settings), []);
}

#[test]
fn a_field_compared_with_another_kind_is_a_mistake() {
    let mut unseen = Vec::new();
    for (condition, why) in [
        ("complaint.is_open == \"yes\"", "complaint.is_open is true or false and is compared with a text"),
        (
            "complaint.promised_by > \"2026-12-01\"",
            "complaint.promised_by is a date and is compared with a text",
        ),
        ("3 == complaint.state", "complaint.state is a text and is compared with a number"),
        ("complaint.received_at >= 5", "complaint.received_at is a moment and is compared with a number"),
        (
            "complaint.flags.late == \"yes\"",
            "complaint.flags.late is true or false and is compared with a text",
        ),
        (
            "complaint.counters.round == \"1\"",
            "complaint.counters.round is a number and is compared with a text",
        ),
        ("complaint.measures == 0", "complaint.measures is a list and is compared with a number"),
        ("complaint.state in [1]", "complaint.state is a text and is compared with a number"),
        ("letter(\"note\") == 1", "letter(\"note\") is a text and is compared with a number"),
        ("armed(\"reply\") == 1", "armed(\"reply\") is true or false and is compared with a number"),
        (
            "complaint.measures.some(|m| m.due > \"2026-12-01\")",
            "measure.due is a date and is compared with a text",
        ),
    ] {
        let found = mistake(&when(condition));
        if !found.contains(why) || !found.starts_with("10.rhai:1:") {
            unseen.push(format!("{condition}\n  {found}\n  not {why}"));
        }
    }
    assert!(unseen.is_empty(), "{}", unseen.join("\n"));
}

#[test]
fn a_person_who_is_nobody_is_warned_of() {
    let script = "const HANDLER = \"behandelar@lagant.nl\";\nrule \"r\" when true then { complaint.responsible = HANDLER; notify(\"Behandelaar@lagant.nl\", \"note\"); }\naction a \"A\" by [\"handler\"] when complaint.complainant.contains(\"@\") then { enter(\"decided\"); met(\"reply\"); }";
    let settings = Settings::parse("", "redress.toml").unwrap();
    let published = Published::load(RulesetSource::new(files(script)), &settings).unwrap();
    let warnings: Vec<String> = published.warnings(&settings).iter().map(said).collect();
    let people: Vec<&String> = warnings.iter().filter(|w| w.contains("people")).collect();
    assert_eq!(
        people,
        [
            "10.rhai:1:17: `behandelar@lagant.nl` is nobody among the people in redress.toml\n  help: did you mean `behandelaar@lagant.nl`?"
        ]
    );
}
