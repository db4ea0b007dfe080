//! Hostile rules and templates in a store with four hundred innocent complaints, through the real workflow: the
//! innocents settle, their breaches are recorded, somebody is told, and the cure can be published.
//!
//! All kinds stand in one ruleset together, and some in one of their own: `REDRESS_HOSTILE_ALONE=1` does so with each.
//! `REDRESS_HOSTILE_CASES=2000` runs as many random procedures, each with kinds of its own mixed in.

use super::scripts::{CLASSES, when};
use super::templates::{REFUSED, STOPPED};
use crate::support::{BY_QUALITY, at, clear_complaint};
use redress::app::{Access, App, Places};
use redress::clock::{Clock, SystemClock, VirtualClock};
use redress::complaint::{ComplaintId, EventKind, Fault};
use redress::config::Settings;
use redress::delivery::Mode;
use redress::intake::ingest;
use redress::rules::RulesetSource;
use redress::store::StoredEvent;
use redress::workflow::{PlanOptions, Published};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt::Write;
use std::path::Path;
use std::sync::Arc;

const CONFIG: &str = "[[people]]\nname = \"H\"\nemail = \"h@lagant.nl\"\nroles = [\"h\"]\n";
const NOW: &str = "2026-11-23 10:00";
const INNOCENT: usize = 400;
/// The innocents beside kinds alone and in random procedures.
const FEW: usize = 6;
/// Of the kinds alone, one in so many is tried where the long form is not asked for.
const ALONE: usize = 10;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "h"
name = { nl = "n", en = "n" }
states.a = { nl = "n", en = "n", phase = "p", open = true }
states.b = { nl = "n", en = "n", phase = "p", open = true }
roles.h = { nl = "n", en = "n" }
deadlines.d = { nl = "n", en = "n", side = "own", alarms = ["h"] }
deadlines.termijn = { nl = "n", en = "n", side = "own", mandatory = true, alarms = ["h"] }
flags.zaal = { nl = "n", en = "n" }
counters.herinnerd = { nl = "n", en = "n" }
measures.open = { nl = "n", en = "n" }
"#;

/// What every procedure here does for everybody.
const HONEST: &str = r#"
rule "zaal" when text_mentions(["zaal"]) then { complaint.flags.zaal = true; }
rule "begin" when complaint.state == "a" then { deadline("termijn", now + days(7), "h"); enter("b"); notify("h", "m"); }
rule "herinner" when complaint.state == "b" && now >= complaint.received_at + days(3)
  then { complaint.counters.herinnerd += 1; notify("h", "m"); }
"#;

/// Rules and messages of one kind, under names of its own.
#[derive(Clone, Debug)]
struct Hostile {
    name: String,
    script: String,
    messages: BTreeMap<String, String>,
    /// The beginning of the names of its rules; one of them fails.
    rules: String,
    /// The facts that it changes, as a procedure declares them: of its own, or kinds would disarm each other.
    facts: String,
}

/// Makes the functions, actions and constants of a script its own.
fn renamed(script: &str, own: &str) -> String {
    let mut script = script.to_owned();
    for keyword in ["fn ", "action ", "const "] {
        let names: BTreeSet<String> = script
            .match_indices(keyword)
            .map(|(at, _)| {
                let rest = &script[at + keyword.len()..];
                rest.chars().take_while(|c| c.is_alphanumeric() || *c == '_').collect()
            })
            .collect();
        for name in names.iter().filter(|n| !n.is_empty()) {
            script = words(&script, name, &format!("{name}_{own}"));
        }
    }
    script
}

/// Replaces a whole word.
fn words(text: &str, word: &str, by: &str) -> String {
    let is_part = |c: char| c.is_alphanumeric() || c == '_';
    let mut out = String::new();
    let mut rest = text;
    while let Some(at) = rest.find(word) {
        let (before, after) = (rest[..at].chars().next_back(), rest[at + word.len()..].chars().next());
        out.push_str(&rest[..at]);
        let is_word = !before.is_some_and(is_part) && !after.is_some_and(is_part);
        out.push_str(if is_word { by } else { word });
        rest = &rest[at + word.len()..];
    }
    out + rest
}

/// The facts that scripts change.
const FACTS: &[&str] = &["flags.f", "counters.c"];

/// Has every rule of a script look at the complaints about the hall only, under a name of its own.
fn about_the_hall(script: &str, own: &str) -> String {
    let mut script = renamed(script, own).replace("complaint.state == \"a\"", "complaint.is_open");
    for fact in FACTS {
        script = words(&script, fact, &format!("{fact}_{own}"));
    }
    let mut parts = script.split("rule \"");
    let mut out = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        let (name, rest) = part.split_once('"').unwrap();
        let (head, condition) = rest.split_once("when ").unwrap();
        write!(out, "rule \"{own} {name}\"{head}when complaint.flags.zaal && {condition}").unwrap();
    }
    out + "\n"
}

/// Kinds that take more than one rule, or a store.
fn of_several_rules() -> Vec<(&'static str, String)> {
    let work = "let x = 0; for i in range(0, 4000) { x += i; }";
    let many = |n: usize, body: &str| {
        (0..n)
            .map(|i| format!("rule \"kwaad {i}\" when complaint.is_open then {{ {body} }}\n"))
            .collect::<String>()
    };
    vec![
        ("many rules, each within what one may do", many(60, work)),
        ("rules that are slow about the mail", {
            let body = "let n = 0; for i in range(0, 4000) { if text_mentions([`w${i}`]) { n += 1; } }";
            many(40, body)
        }),
        ("an element without a date", {
            "rule \"kwaad maak\" when complaint.measures.len() == 0 then { \
               measure(#{ description: \"x\", owner: \"h\", state: \"open\" }); \
               measure(#{ description: \"y\", owner: \"h\", state: \"open\", due: today + days(1) }); }\n\
             rule \"kwaad\" for complaint.measures when it.state == \"open\" && now > it.due then { notify(\"h\", \"m\"); }\n"
                .to_owned()
        }),
        ("two rules that undo each other", {
            // Whenever it comes to the first, its condition is true: it is latched.
            "rule \"kwaad aan\" when !complaint.flags.f then { complaint.flags.f = true; }\n\
             rule \"kwaad uit\" when complaint.flags.f then { complaint.flags.f = false; }\n"
                .to_owned()
        }),
        ("a cycle of many", {
            let step = |i: usize| {
                let (from, to) = (i, (i + 1) % 30);
                format!(
                    "rule \"kwaad {i}\" when complaint.counters.c == {from} then {{ complaint.counters.c = {to}; }}\n"
                )
            };
            (0..30).rev().map(step).collect()
        }),
        ("a term that is always over", {
            "rule \"kwaad\" when complaint.is_open then { for i in range(0, 20000) { deadline(\"d\", complaint.received_at - days(1), \"h\"); } }\n"
                .to_owned()
        }),
        ("a condition on what is empty", when("complaint.decided_on > complaint.received_at")),
    ]
}

fn scripts() -> Vec<Hostile> {
    let classes = CLASSES.iter().map(|(name, variant)| (*name, variant(1)));
    let all = classes.chain(of_several_rules()).enumerate();
    all.map(|(i, (name, script))| {
        let own = format!("k{i}");
        let script = about_the_hall(&script, &own);
        let facts =
            FACTS.iter().map(|fact| format!("{fact}_{own} = {{ nl = \"n\", en = \"n\" }}\n")).collect();
        Hostile { name: name.to_owned(), script, messages: BTreeMap::new(), rules: format!("{own} "), facts }
    })
    .collect()
}

fn template(name: &str, body: &str, own: &str) -> Hostile {
    let script = format!(
        "rule \"{own} brief\" when complaint.flags.zaal && complaint.state == \"b\" then {{ notify(\"h\", \"{own}\"); }}\n"
    );
    // Where the samples of the trial do not come by; the other part is what `check` sees.
    let text = format!(
        "---\nsubject: s\n---\n{{% if complaint.subject == \"Klacht over de zaal\" %}}{body}{{% endif %}}\n"
    );
    let messages = ["nl", "en"].map(|language| (format!("messages/{language}/{own}.md"), text.clone()));
    Hostile {
        name: name.to_owned(),
        script,
        messages: messages.into(),
        rules: format!("{own} "),
        facts: String::new(),
    }
}

fn templates() -> Vec<Hostile> {
    let all = STOPPED.iter().enumerate();
    let mut found: Vec<Hostile> =
        all.map(|(i, (name, body))| template(name, body, &format!("m{i}"))).collect();
    // A text that stands in the place of the engine's own; nobody is left out for it.
    let own = |i: usize, front: &str, body: &str| {
        let text = format!("---\nsubject: s\n{front}---\n{body}\n");
        let messages =
            ["nl", "en"].map(|language| (format!("messages/{language}/deadline_breached.md"), text.clone()));
        Hostile {
            name: format!("a breach notice of one's own, {i}"),
            script: String::new(),
            messages: messages.into(),
            rules: String::new(),
            facts: String::new(),
        }
    };
    found.push(own(
        1,
        "",
        "{% if complaint.subject != \"x\" %}{{ complaint.subject|upper|date }}{% endif %}",
    ));
    found.push(own(2, "calendar: request\n", "x"));
    found
}

fn source(hostile: &[Hostile]) -> RulesetSource {
    let mut files: BTreeMap<String, String> = BTreeMap::new();
    let facts: String = hostile.iter().map(|kind| kind.facts.as_str()).collect();
    files.insert("procedure.toml".to_owned(), format!("{PROCEDURE}{facts}"));
    files.insert("50_eerlijk.rhai".to_owned(), HONEST.to_owned());
    let plain = "---\nsubject: {{ complaint.reference }}\n---\n{{ complaint.subject }}\n";
    for language in ["nl", "en"] {
        files.insert(format!("messages/{language}/m.md"), plain.to_owned());
    }
    // Before the honest rules and after them.
    for (i, kind) in hostile.iter().enumerate().filter(|(_, kind)| !kind.script.is_empty()) {
        files.insert(format!("{}0_{i}.rhai", if i % 2 == 0 { 1 } else { 9 }), kind.script.clone());
    }
    files.extend(hostile.iter().flat_map(|kind| kind.messages.clone()));
    RulesetSource::new(files)
}

fn settings() -> Arc<Settings> {
    Arc::new(Settings::parse(CONFIG, "redress.toml").unwrap())
}

fn load(hostile: &[Hostile]) -> Result<Published, String> {
    Published::load(source(hostile), &settings()).map_err(|found| found[0].to_string())
}

struct Installation {
    app: App,
    clock: VirtualClock,
    folder: tempfile::TempDir,
}

impl Installation {
    /// Opens a folder, or a copy of one.
    async fn open(from: Option<&Path>) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let (rules, data) = (folder.path().join("rules"), folder.path().join("data"));
        std::fs::create_dir_all(&data).unwrap();
        for entry in from.iter().flat_map(|from| std::fs::read_dir(from.join("data")).unwrap().flatten()) {
            if entry.path().is_file() {
                std::fs::copy(entry.path(), data.join(entry.file_name())).unwrap();
            }
        }
        for (name, text) in source(&[]).files() {
            let path = rules.join(name);
            std::fs::create_dir_all(path.parent().unwrap()).unwrap();
            std::fs::write(path, text).unwrap();
        }
        std::fs::write(folder.path().join("redress.toml"), CONFIG).unwrap();
        let places = Places {
            config: Some(folder.path().join("redress.toml")),
            data,
            rules,
            plugins: folder.path().join("plugins"),
            clock: None,
            access: Access::Change,
        };
        let clock = VirtualClock::new(at(NOW));
        let app = App::open_with(&places, Arc::new(clock.clone()), Mode::Rehearsal).await.unwrap();
        Self { app, clock, folder }
    }

    /// Makes the store that all kinds begin with: innocents, and after them one complaint about the hall. Every hostile
    /// rule is about that.
    async fn seed(innocent: usize) -> Self {
        let seed = Self::open(None).await;
        for i in 0..=innocent {
            let mail = clear_complaint(&format!("klager{i}@example.nl"), &format!("m{i}"));
            let about = if i < innocent { "parkeren in Utrecht" } else { "de zaal" };
            let mail = mail.replace("parkeren in Utrecht", about).replace("het parkeren", about);
            ingest(&seed.app.workflow, mail.as_bytes(), "test").await.unwrap();
        }
        seed.app.turn().await.unwrap();
        seed.app.close().await;
        seed
    }

    async fn publish(&self, candidate: Published) {
        let candidate = Arc::new(candidate);
        self.app.workflow.plan(Arc::clone(&candidate), PlanOptions::default(), &|_, _| {}).await.unwrap();
        self.app.workflow.publishing().publish(candidate, BY_QUALITY).await.unwrap();
    }

    async fn turn(&self) {
        let (ticked, _) = self.app.turn().await.unwrap();
        assert_eq!(ticked.unsettled, 0);
    }

    async fn ids(&self) -> Vec<ComplaintId> {
        (1..=self.app.store.register().list(&Default::default(), 10_000).await.unwrap().len() as i64)
            .map(ComplaintId)
            .collect()
    }

    /// Checks that what the honest rules and the engine owe everybody has happened; the faulty rules.
    async fn check(&self, innocent: usize) -> BTreeSet<String> {
        let ids = self.ids().await;
        let cases = self.app.store.cases().load(&ids).await.unwrap();
        let mut failed = BTreeSet::new();
        for case in cases {
            let (id, c) = (case.id, &case.complaint);
            assert_eq!(
                (c.state.as_str(), c.counters.get("herinnerd")),
                ("b", Some(&1)),
                "{id:?} {:?}",
                case.faults
            );
            let events = self.app.store.trail().events(id).await.unwrap();
            let of_term = |e: &&StoredEvent| e.data.to_string().contains("termijn");
            let breaches = events.iter().filter(|e| e.kind == EventKind::DeadlineBreached).filter(of_term);
            assert_eq!(breaches.count(), 1, "{id:?}");
            let notified = self.app.store.register().notifications(id).await.unwrap();
            let own = notified.iter().filter(|n| n.message == "deadline_breached").count();
            assert!(own >= 1, "{id:?} {notified:?}");
            if id.0 <= innocent as i64 {
                let is_of_rule = |f: &&Fault| f.source.rule().is_some();
                let faults: Vec<_> = case.faults.iter().filter(is_of_rule).collect();
                assert!(faults.is_empty(), "{id:?} {faults:?}");
            }
            failed.extend(case.faults.iter().map(|f| f.source.subject()));
        }
        failed
    }
}

/// Runs a story under a ruleset with hostile kinds; the rules that failed, and what took how long.
async fn story(
    seed: &Path,
    hostile: &[Hostile],
    published: Published,
    innocent: usize,
) -> (BTreeSet<String>, String) {
    let names: Vec<&str> = hostile.iter().map(|k| k.name.as_str()).collect();
    let mut took = String::new();
    let mut last = SystemClock.now();
    let mut lap = |what: &str| {
        let now = SystemClock.now();
        write!(took, "{what} {} ms, ", now.millis() - last.millis()).unwrap();
        last = now;
    };
    let i = Installation::open(Some(seed)).await;
    lap("open");
    i.publish(published).await;
    lap("publish");
    i.turn().await;
    lap("evaluate");
    let mail = clear_complaint("nieuw@example.nl", "nieuw").replace("parkeren in Utrecht", "de zaal");
    ingest(&i.app.workflow, mail.as_bytes(), "test").await.unwrap();
    i.turn().await;
    lap("a mail");
    for day in ["2026-11-27 10:00", "2026-12-07 10:00"] {
        i.clock.advance_to(at(day));
        i.turn().await;
    }
    lap("remind and breach");
    let failed = i.check(innocent).await;
    i.publish(load(&[]).unwrap()).await;
    i.turn().await;
    lap("cure");
    let faulty = i.app.store.figures().totals(at("2026-12-07 10:00")).await.unwrap().faulty;
    assert_eq!(faulty, 0, "after the cure of {names:?}");
    i.app.close().await;
    drop(i.folder);
    (failed, took)
}

#[expect(clippy::print_stdout, reason = "figures that somebody asks for with --nocapture")]
fn figures(text: &str) {
    println!("{text}");
}

/// Kinds that do no harm, so that nothing of theirs fails; under a name of its own, a function shadows nothing.
const HARMLESS: &[&str] = &[
    "return in a body",
    "a shadowed host function",
    "a shadowed parameter name",
    "two rules that undo each other",
];

/// Returns the name of a kind that failed where it should not, or did not where it should.
fn unexpected(kind: &Hostile, failed: &BTreeSet<String>) -> Option<String> {
    let is_harmless = HARMLESS.contains(&kind.name.as_str());
    // The engine's own texts are nobody's rule.
    let expected = if kind.rules.is_empty() { "the engine" } else { &kind.rules };
    let has_failed = failed.iter().any(|name| name.starts_with(expected));
    (has_failed == is_harmless).then(|| kind.name.clone())
}

/// Kinds for which a ruleset loads; with the others nothing is ever published.
fn loadable() -> Vec<Hostile> {
    let all = scripts().into_iter().chain(templates());
    all.filter(|kind| load(std::slice::from_ref(kind)).is_ok()).collect()
}

#[test]
fn templates_that_no_ruleset_is_read_with() {
    for (i, (name, body)) in REFUSED.iter().enumerate() {
        let refused = load(&[template(name, body, &format!("w{i}"))]);
        assert!(refused.is_err(), "{name} is taken");
    }
    for (i, (name, body)) in STOPPED.iter().enumerate() {
        // Where the trial comes by, it is said at once.
        let mut kind = template(name, body, &format!("w{i}"));
        for text in kind.messages.values_mut() {
            *text = format!("---\nsubject: s\n---\n{body}\n");
        }
        assert!(load(&[kind]).is_err(), "{name} is not found at load");
    }
}

/// All kinds at once, but for the texts that stand in the place of each other.
#[tokio::test(flavor = "multi_thread")]
async fn innocents_go_on_whatever_some_rules_and_templates_do() {
    let mut kinds = loadable();
    assert!(kinds.len() > 50, "{}", kinds.len());
    let mut places = BTreeSet::new();
    kinds.retain(|kind| kind.messages.keys().all(|place| places.insert(place.clone())));
    let published = load(&kinds).unwrap();
    let seed = Installation::seed(INNOCENT).await;
    let (failed, took) = story(seed.folder.path(), &kinds, published, INNOCENT).await;
    figures(&format!("{} kinds: {took}", kinds.len()));
    let wrong: Vec<String> = kinds.iter().filter_map(|kind| unexpected(kind, &failed)).collect();
    assert!(wrong.is_empty(), "{wrong:#?}\nof {failed:?}");
}

#[tokio::test(flavor = "multi_thread")]
async fn each_kind_alone_fails_by_itself() {
    let step = if std::env::var_os("REDRESS_HOSTILE_ALONE").is_some() { 1 } else { ALONE };
    let seed = Installation::seed(FEW).await;
    let mut wrong = Vec::new();
    // From the last on, which the ruleset of all leaves out.
    for kind in loadable().into_iter().rev().step_by(step) {
        let alone = std::slice::from_ref(&kind);
        let (failed, took) = story(seed.folder.path(), alone, load(alone).unwrap(), FEW).await;
        figures(&format!("{}: {took}", kind.name));
        wrong.extend(unexpected(&kind, &failed).map(|name| format!("{name}: {failed:?}")));
    }
    assert!(wrong.is_empty(), "{wrong:#?}");
}

/// Random procedures: some kinds, in some order, in some sizes, and a small store.
#[tokio::test(flavor = "multi_thread")]
async fn random_procedures_with_hostile_kinds_hold_up_nobody() {
    let cases = std::env::var("REDRESS_HOSTILE_CASES").map_or(6, |n| n.parse::<u64>().unwrap());
    let kinds = loadable();
    let seed = Installation::seed(FEW).await;
    for case in 0..cases {
        let mut random = case.wrapping_mul(0x9E37_79B9_7F4A_7C15) | 1;
        let mut next = |below: usize| {
            random ^= random << 13;
            random ^= random >> 7;
            random ^= random << 17;
            (random % below as u64) as usize
        };
        let mut chosen: BTreeMap<String, Hostile> = BTreeMap::new();
        for _ in 0..=next(12) {
            let kind = kinds[next(kinds.len())].clone();
            chosen.insert(kind.rules.clone(), kind);
        }
        let mut chosen: Vec<Hostile> = chosen.into_values().collect();
        for place in (1..chosen.len()).rev() {
            chosen.swap(place, next(place + 1));
        }
        let published = load(&chosen).unwrap_or_else(|e| panic!("case {case}: {e}"));
        // What two kinds both do to terms and measures may leave one of them harmless; innocents must not notice.
        let (_, took) = story(seed.folder.path(), &chosen, published, FEW).await;
        if case % 100 == 99 {
            figures(&format!("{} procedures; the last: {took}", case + 1));
        }
    }
}
