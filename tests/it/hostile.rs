//! Hostile scripts: every class, in generated variants, is refused at load or stopped within its limits, and costs
//! only its own rule for its own complaint.

use crate::support::{amsterdam, at};
use redress::complaint::{Case, Complaint, ComplaintId, IntakeId, Language, Party, State, Via};
use redress::rules::{Input, Outcome, Ruleset, RulesetSource, Trigger, decide, unobserved};
use std::fmt::Write;
use std::sync::Arc;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "n", en = "n" }
states.a = { nl = "n", en = "n", phase = "p", open = true }
states.b = { nl = "n", en = "n", phase = "p" }
roles.h = { nl = "n", en = "n" }
deadlines.d = { nl = "n", en = "n", side = "own", mandatory = true, alarms = ["h"] }
flags.f = { nl = "n", en = "n" }
counters.c = { nl = "n", en = "n" }
"#;

/// What happened to a script.
#[derive(Debug, PartialEq)]
enum Fate {
    /// It never loads; the first mistake.
    Refused(String),
    /// It loads, its rule fails, the others do what they do; where the fault is, and what it says.
    Contained(String),
    /// It loads and does nothing bad.
    Harmless,
}

impl std::fmt::Display for Fate {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Refused(why) => write!(f, "refused: {}", why.replace('\n', " ")),
            Self::Contained(why) => write!(f, "contained: {}", why.replace('\n', " ")),
            Self::Harmless => f.write_str("harmless"),
        }
    }
}

/// Loads a hostile rule beside an honest one, and decides.
fn fate(hostile: &str) -> Fate {
    let script = format!(
        "{hostile}\nrule \"eerlijk\" when complaint.state == \"a\" then {{ complaint.flags.f = true; deadline(\"d\", now + days(1), \"h\"); notify(\"h\", \"m\"); }}\n"
    );
    let files = [
        ("procedure.toml", PROCEDURE),
        ("10.rhai", &script),
        ("messages/nl/m.md", ""),
        ("messages/en/m.md", ""),
    ];
    let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
    let ruleset = match Ruleset::load(RulesetSource::new(files), Default::default()) {
        Ok(ruleset) => Arc::new(ruleset),
        Err(found) => return Fate::Refused(found[0].in_language(Language::English)),
    };
    let now = at("2026-11-23 10:00");
    let party = Party { name: "K".to_owned(), email: "k@example.nl".to_owned() };
    let complaint = Complaint::received(IntakeId::new(2026, 1), State::from("a"), "s".to_owned(), party, now);
    let mut case = Case::new(ComplaintId(1), complaint);
    case.text = Some("tekst".into());
    let trigger = Trigger::Received { by: "k".to_owned(), via: Via::Scenario };
    let input = Input::new(case, trigger, now);
    let Outcome::Decided(decision) = decide(&ruleset, &Arc::new(amsterdam()), input, unobserved()) else {
        panic!("a hostile rule sank the decision: {hostile}");
    };
    assert!(decision.case.complaint.flags.contains("f"), "the honest rule fired: {hostile}");
    assert!(decision.case.armed("d").is_some(), "its term runs: {hostile}");
    let honest = decision.notifications.iter().filter(|n| n.source.name() == Some("eerlijk")).count();
    assert_eq!(honest, 1, "{hostile}");
    assert!(decision.new_faults.len() <= 3, "{hostile}");
    assert!(
        decision.new_faults.iter().all(|f| f.source.name() != Some("eerlijk")),
        "{hostile}: {:?}",
        decision.new_faults
    );
    match decision.new_faults.first() {
        Some(fault) => Fate::Contained(format!("{}: {}", fault.place, fault.text)),
        None => Fate::Harmless,
    }
}

fn when(condition: &str) -> String {
    format!("rule \"kwaad\" when {condition} then {{ }}")
}

fn then(body: &str) -> String {
    format!("rule \"kwaad\" when complaint.state == \"a\" then {{ {body} }}")
}

fn function(definition: &str, call: &str) -> String {
    format!("{definition}\n{}", then(&format!("let x = {call};")))
}

/// A class: its name, and its variant for a size.
type Class = (&'static str, fn(usize) -> String);

const CLASSES: &[Class] = &[
    ("unbounded for over a range", |n| {
        then(&format!("for i in range(0, {}) {{ let x = i; }}", 1_000_000_usize * n))
    }),
    ("nested for", |n| {
        then(&format!("{}let x = 1;{}", "for i in range(0, 3000) { ".repeat(n + 1), " }".repeat(n + 1)))
    }),
    ("while", |n| then(&format!("let i = 0; while i < {n} {{ i += 1; }}"))),
    ("loop", |n| then(&format!("loop {{ let x = {n}; }}"))),
    ("do until", |n| then(&format!("let i = 0; do {{ i += 1; }} until i > {n};"))),
    ("string growth by doubling", |n| {
        then(&format!("let s = \"{}\"; for i in range(0, 60) {{ s += s; }}", "x".repeat(n)))
    }),
    ("string growth in a condition", |n| {
        function(
            &format!("fn lang() {{ let s = \"{}\"; for i in range(0, 40) {{ s += s; }} s }}", "x".repeat(n)),
            "lang()",
        )
    }),
    ("array growth", |n| {
        then(&format!("let a = []; for i in range(0, {}) {{ a.push([1, 2, 3]); }}", 20_000 * n))
    }),
    ("array doubling", |n| then(&format!("let a = [{n}]; for i in range(0, 40) {{ a = a + a; }}"))),
    ("map growth", |n| {
        then(&format!("let m = #{{}}; for i in range(0, {}) {{ m[`k${{i}}`] = i; }}", 5_000 * n))
    }),
    ("map growth by property", |n| {
        function(
            &format!("fn f() {{ let m = #{{}}; for i in range(0, {}) {{ m.k = [m, m]; }} m }}", 50 * n),
            "f()",
        )
    }),
    ("big strings in a list", |n| {
        then(&format!(
            "let s = \"x\"; for i in range(0, 16) {{ s += s; }} let a = []; for i in range(0, {}) {{ a.push(s + i); }}",
            100 * n
        ))
    }),
    ("nested containers", |n| then(&format!("let a = []; for i in range(0, {}) {{ a = [a, a]; }}", 40 * n))),
    ("direct recursion", |n| function(&format!("fn f(i) {{ f(i + {n}) }}"), "f(0)")),
    ("mutual recursion", |n| function(&format!("fn f(i) {{ g(i) }}\nfn g(i) {{ f(i + {n}) }}"), "f(0)")),
    ("deep expression", |n| then(&format!("let x = {}1{};", "(".repeat(80 * n), ")".repeat(80 * n)))),
    ("long chain of operators", |n| then(&format!("let x = 1{};", " + 1".repeat(200 * n)))),
    ("integer overflow", |n| then(&format!("let x = 9223372036854775807; x += {n};"))),
    ("multiplication overflow", |n| {
        then(&format!("let x = {}; for i in range(0, 100) {{ x *= x; }}", n + 2))
    }),
    ("division by zero", |n| then(&format!("let x = {n} / 0;"))),
    ("modulo by zero", |n| then(&format!("let x = {n} % 0;"))),
    ("index out of bounds", |n| then(&format!("let a = [1]; let x = a[{}];", n + 5))),
    ("negative index", |n| then(&format!("let a = []; let x = a[-{n}];"))),
    ("throw", |n| then(&format!("throw \"{n}\";"))),
    ("return in a body", |n| then(&format!("return {n};"))),
    ("return in a condition's function", |n| format!("fn f() {{ return {n}; }}\n{}", when("f()"))),
    ("a condition that is no truth", |n| when(&format!("{n}"))),
    ("an effect in a condition", |n| when(&format!("{{ complaint.flags.f = true; {n} == {n} }}"))),
    ("an effect hidden in a function of a condition", |n| {
        format!("fn f() {{ notify(\"h\", \"m\"); {n} == {n} }}\n{}", when("f()"))
    }),
    ("a shadowed host variable", |n| then(&format!("let complaint = {n};"))),
    ("a shadowed host function", |n| format!("fn notify(a, b) {{ {n} }}\n{}", then("let x = 1;"))),
    ("a shadowed parameter name", |n| function(&format!("fn f(now) {{ now + {n} }}"), "f(1)")),
    ("an unknown function", |n| then(&format!("verwijder_alles({n});"))),
    ("an unknown field", |n| then(&format!("complaint.geheim = {n};"))),
    ("eval", |n| then(&format!("eval(\"{n}\");"))),
    ("import", |n| format!("import \"m{n}\" as m;\n{}", then("let x = 1;"))),
    ("function pointers", |n| then(&format!("let f = Fn(\"f{n}\"); f.call();"))),
    ("closures that grow in native callbacks", |n| {
        then(&format!(
            "let a = []; for i in range(0, 3000) {{ a.push(i); }} let x = a.map(|v| {{ let s = 0; for j in range(0, {}) {{ s += j; }} s }});",
            1000 * n
        ))
    }),
    ("sorting with a costly comparison", |n| {
        then(&format!(
            "let a = []; for i in range(0, 3000) {{ a.push(-i); }} a.sort(|x, y| {{ for j in range(0, {}) {{ let z = j; }} x - y }});",
            100 * n
        ))
    }),
    ("sleep and the clock", |n| then(&format!("sleep({n});"))),
    ("print", |n| then(&format!("print(\"{n}\");"))),
    ("rules that turn each other on", |n| {
        let rule = |name: &str, from: usize, to: usize| {
            format!(
                "rule \"{name}\" when complaint.counters.c == {from} then {{ complaint.counters.c = {to}; }}\n"
            )
        };
        // Last first, so that each finds its condition false before it is turned on again.
        let links = (1..n + 2).rev().map(|i| rule(&format!("kwaad{i}"), i, i + 1));
        format!("{}{}{}", rule("terug", n + 2, 0), links.collect::<String>(), rule("kwaad", 0, 1))
    }),
    ("many notifications", |n| {
        then(&format!("for i in range(0, {}) {{ notify(\"h\", \"m\"); }}", 2_000 * n))
    }),
    ("many terms", |n| {
        then(&format!("for i in range(0, {}) {{ deadline(\"d\", now + days(i), \"h\"); }}", 2_000 * n))
    }),
    ("a term beyond all time", |n| then(&format!("deadline(\"d\", now + years({}), \"h\");", 99_999 * n))),
    ("a repeat without pause", |n| {
        format!("rule \"kwaad\" when complaint.state == \"a\" every hours(0) then {{ let x = {n}; }}")
    }),
    ("now as a number", |n| when(&format!("now + {n} > now"))),
    ("free text in a condition", |n| when(&format!("complaint.description == \"{n}\""))),
    ("a moment compared with a text", |n| when(&format!("now > \"{n}\""))),
    ("an undeclared state", |n| then(&format!("enter(\"s{n}\");"))),
    ("a computed name", |n| then(&format!("enter(\"a\" + {n});"))),
    ("refusing outside an action", |n| then(&format!("refuse(\"{n}\");"))),
];

/// Classes that are nothing bad.
const HARMLESS: &[&str] = &["return in a body"];

#[test]
fn every_class_of_hostile_script_is_contained() {
    let mut report = String::new();
    for (name, variant) in CLASSES {
        writeln!(report, "{name}").unwrap();
        let mut last = String::new();
        for size in [1, 2, 3, 7] {
            let fate = fate(&variant(size));
            let is_harmless = HARMLESS.contains(name);
            assert_eq!(fate == Fate::Harmless, is_harmless, "{name} ({size}):\n{}", variant(size));
            let why = fate.to_string();
            if why != last {
                writeln!(report, "  {size}: {why}").unwrap();
            }
            last = why;
        }
    }
    // Why each is refused or fails, where its size makes a difference more than once: another reason shows here.
    insta::assert_snapshot!("fates", report);
}

/// Resident memory in bytes.
fn resident() -> u64 {
    let statm = std::fs::read_to_string("/proc/self/statm").unwrap();
    let pages: u64 = statm.split_whitespace().nth(1).unwrap().parse().unwrap();
    pages * 4096
}

/// Other tests use memory too, so this one runs alone in a process of its own.
#[test]
fn memory_stays_flat() {
    if std::env::var_os("REDRESS_ALONE").is_none() {
        let alone = std::process::Command::new(std::env::current_exe().unwrap())
            .args(["--exact", "hostile::memory_stays_flat", "--nocapture"])
            .env("REDRESS_ALONE", "1")
            .output()
            .unwrap();
        assert!(alone.status.success(), "{}", String::from_utf8_lossy(&alone.stderr));
        return;
    }
    let growing = [
        "string growth by doubling",
        "array growth",
        "array doubling",
        "nested containers",
        "map growth by property",
        "direct recursion",
    ];
    let classes: Vec<_> = CLASSES.iter().filter(|(name, _)| growing.contains(name)).collect();
    assert_eq!(classes.len(), growing.len());
    let round = || classes.iter().for_each(|(_, variant)| drop(fate(&variant(3))));
    round();
    let before = resident();
    (0..20).for_each(|_| round());
    let grown = resident().saturating_sub(before) >> 20;
    assert!(grown < 16, "{grown} MiB");
}
