//! What is planned is what happens: random complaints of few senders, random rules, and one edit after another
//! (names, twins, functions, terms, schedules, order, removals, insertions), each planned, published and
//! compared event for event with what the tick after it does. Seeded mistakes prove that the test can fail.
//! `REDRESS_PLAN_CASES=10000 cargo test --release plan_test` is the long run.

#[path = "../../tests/it/support/unnumbered.rs"]
mod unnumbered;

use super::root_test::{Dice, Nowhere};
use super::{Plan, PlanOptions, PublishOrder, Published, Workflow};
use crate::calendar::Moment;
use crate::clock::{Clock, VirtualClock};
use crate::complaint::{Complaint, ComplaintId, EventKind, MailKind, Party, StoredTrigger};
use crate::config::Settings;
use crate::rules::RulesetSource;
use crate::rules::mutants::{ACTIVE, Mutant};
use crate::store::{AuditKey, Filed, Filing, NewMail, Opening, Store};
use std::collections::BTreeMap;
use std::sync::Arc;
use unnumbered::without_numbers;

const START: i64 = 1_800_000_000_000;
const HOUR: i64 = 3_600_000;
/// The publications in one store, one after another.
const IN_A_STORE: usize = 15;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "q"
name = { nl = "proef", en = "trial" }
states.a = { nl = "a", en = "a", phase = "p", open = true }
states.b = { nl = "b", en = "b", phase = "p", open = true }
states.c = { nl = "c", en = "c", phase = "p", open = true }
states.z = { nl = "z", en = "z", phase = "p", terminal = true }
roles.h = { nl = "h", en = "h" }
roles.q = { nl = "q", en = "q" }
deadlines.d1 = { nl = "d1", en = "d1", side = "own", mandatory = true, alarms = ["h", "q"] }
deadlines.d2 = { nl = "d2", en = "d2", side = "own", mandatory = true, alarms = ["q"] }
flags.f1 = { nl = "f1", en = "f1" }
flags.f2 = { nl = "f2", en = "f2" }
counters.c1 = { nl = "c1", en = "c1" }
"#;

/// A ruleset that can be edited.
#[derive(Clone, Debug)]
struct Script {
    terms: [u64; 2],
    function: u64,
    cron: &'static str,
    /// Names and bodies.
    rules: Vec<(String, String)>,
    made: usize,
}

const CRONS: &[&str] = &["0 0 9 * * MON", "0 30 14 * * *", "0 0 3 1 * *", "0 0 */6 * * *"];

impl Script {
    fn new(dice: &mut Dice) -> Self {
        let (terms, function) = ([dice.below(40) + 1, dice.below(4)], dice.below(40));
        let mut script = Self { terms, function, cron: dice.pick(CRONS), rules: Vec::new(), made: 0 };
        for _ in 0..6 {
            script.insert(dice);
        }
        script
    }

    fn insert(&mut self, dice: &mut Dice) {
        self.made += 1;
        let rule = (format!("r{}", self.made), body(dice));
        let place = dice.below(self.rules.len() as u64 + 1) as usize;
        self.rules.insert(place, rule);
    }

    /// Edits it as people do, once to three times.
    fn edit(&mut self, dice: &mut Dice) {
        for _ in 0..=dice.below(3) {
            let place = dice.below(self.rules.len().max(1) as u64) as usize;
            let name = format!("r{}", self.made + 1);
            match (dice.below(11), self.rules.get_mut(place)) {
                (0, _) => self.terms[0] = dice.below(40) + 1,
                (1, _) => self.terms[1] = dice.below(4),
                (2, _) => self.function = dice.below(40),
                (3, _) => self.cron = dice.pick(CRONS),
                (4 | 5, Some(rule)) => {
                    rule.0 = name;
                    self.made += 1;
                }
                (6, Some(rule)) => rule.1 = body(dice),
                (7, Some(_)) => drop(self.rules.remove(place)),
                (8, Some(rule)) => {
                    // A twin; sometimes the first of the two goes.
                    let twin = (name, rule.1.clone());
                    self.rules.push(twin);
                    self.made += 1;
                    if dice.below(2) == 0 {
                        self.rules.remove(place);
                    }
                }
                (9, Some(_)) => {
                    let rule = self.rules.remove(place);
                    self.rules.insert(dice.below(self.rules.len() as u64 + 1) as usize, rule);
                }
                _ => self.insert(dice),
            }
        }
    }

    fn source(&self) -> RulesetSource {
        let Self { terms: [hours, count], function, cron, rules, .. } = self;
        let terms = format!(
            "const T = hours({hours});\nconst N = {count};\n\
             fn late(n) {{ now >= complaint.received_at + hours(n + {function}) }}\n"
        );
        let rules = rules.iter().map(|(name, body)| format!("rule \"{name}\" {body}\n"));
        let script: String = rules.collect();
        let schedule =
            format!("schedule \"s\" cron \"{cron}\" then {{ notify(\"q\", \"plain\", #{{ n: N }}); }}\n");
        let message = |text: &str| format!("---\nsubject: s\n---\n{text}\n");
        let mut files = BTreeMap::from([
            ("procedure.toml".to_owned(), PROCEDURE.to_owned()),
            ("00_terms.rhai".to_owned(), terms),
            ("10.rhai".to_owned(), script),
            ("80.rhai".to_owned(), schedule),
        ]);
        for language in ["nl", "en"] {
            let texts = [
                ("good", "{{ complaint.reference }}"),
                ("bad", "{% if data.x != 'x' %}{{ 1 // 0 }}{% endif %}"),
                ("plain", "x"),
            ];
            for (name, text) in texts {
                files.insert(format!("messages/{language}/{name}.md"), message(text));
            }
        }
        RulesetSource::new(files)
    }

    fn load(&self, settings: &Settings) -> Published {
        let loaded = Published::load(self.source(), settings);
        loaded.unwrap_or_else(|found| panic!("{}\n{:#?}", found[0], self.source().files()))
    }
}

/// Returns the rest of a rule after its name. States only go forward, or two complaints could send each other
/// round for ever.
fn body(dice: &mut Dice) -> String {
    let (list, of_list): (_, &[&str]) = match dice.below(4) {
        0 => ("for complaint.duplicates ", &["it.state == \"b\"", "it.state != \"a\"", "it.is_parent"]),
        _ => ("", &["complaint.duplicates.some(|d| d.state == \"c\")", "complaint.duplicates.len() > 1"]),
    };
    let atoms = [
        "complaint.is_open",
        "complaint.flags.f1",
        "!complaint.flags.f2",
        "complaint.counters.c1 > N",
        "late(3)",
        "now >= complaint.received_at + T",
        "overdue(\"d1\")",
        "armed(\"d2\") && now > due(\"d2\") - hours(2)",
        "letter(\"good\") == \"none\"",
        "text_mentions([\"tekst 2\"])",
        "complaint.state != \"c\"",
    ];
    let mut condition = match dice.below(5) {
        0 => dice.pick(of_list).to_owned(),
        _ => dice.pick(&atoms).to_owned(),
    };
    if dice.below(2) == 0 {
        condition = format!("({condition}) {} {}", dice.pick(&["&&", "||"]), dice.pick(&atoms));
    }
    let mut effects = String::new();
    for _ in 0..=dice.below(2) {
        effects.push_str(dice.pick(&[
            "notify(\"h\", \"good\"); ",
            "notify(\"complainant\", \"good\"); ",
            "notify(\"q\", \"bad\", #{ x: complaint.subject }); ",
            "complaint.flags.f1 = true; ",
            "complaint.flags.f2 = true; ",
            "complaint.counters.c1 += 1; ",
            "complaint.complainant = \"s1@example.nl\"; ",
            "deadline(\"d1\", complaint.received_at + T, \"h\"); ",
            "deadline(\"d2\", now + hours(5), \"h\"); ",
            "met(\"d1\"); ",
            "register(); ",
            "if complaint.counters.c1 > 1 { notify(\"q\", \"good\"); } else { remark(\"x\"); } ",
            "let leeg = []; leeg[3]; ",
        ]));
    }
    if !list.is_empty() && dice.below(2) == 0 {
        effects.push_str("link(it); ");
    }
    if dice.below(2) == 0 {
        let from = dice.pick(&["a", "b", "c"]);
        let to = if from == "a" { "b" } else { dice.pick(&["c", "z"]) };
        if from != to {
            condition = format!("complaint.state == \"{from}\" && ({condition})");
            effects.push_str(&format!("enter(\"{to}\"); "));
        }
    }
    let every = if dice.below(6) == 0 { " every hours(7)" } else { "" };
    format!("{list}when {condition}{every} then {{ {effects}}}")
}

/// A store in which complaints come in, time goes on and rules change.
struct Life {
    workflow: Workflow,
    clock: VirtualClock,
    dice: Dice,
    mails: usize,
    script: Script,
    _folder: tempfile::TempDir,
}

impl Life {
    async fn begin(seed: u64) -> Self {
        let folder = tempfile::tempdir().expect("a folder");
        let settings = Arc::new(Settings::parse("", "redress.toml").expect("settings"));
        let mut dice = Dice(seed);
        let script = Script::new(&mut dice);
        let first = script.load(&settings);
        let clock = VirtualClock::new(Moment::from_millis(START));
        let url = format!("sqlite:{}", folder.path().join("t.db").display());
        let key = AuditKey::new(b"k");
        let store = Store::open(&url, Arc::clone(&settings.calendar), key).await.expect("opens");
        let order = PublishOrder::new("system", "", None);
        first.publish(&store, clock.now(), &order).await.expect("publishes");
        let workflow = Workflow::new(store, Arc::new(clock.clone()), settings, first, Arc::new(Nowhere));
        let mut life = Self { workflow, clock, dice, mails: 0, script, _folder: folder };
        for _ in 0..4 {
            life.mail().await;
        }
        life
    }

    /// Another complaint, of one of three senders; it waits to be decided on.
    async fn mail(&mut self) {
        self.mails += 1;
        let (n, at) = (self.mails, self.clock.now());
        let sender = format!("s{}@example.nl", self.dice.below(3));
        let mail = NewMail {
            received_at: at,
            source: "test".to_owned(),
            kind: MailKind::Complaint,
            message_id: format!("m{n}"),
            body_hash: format!("h{n}"),
            sender: sender.clone(),
            subject: "onderwerp".to_owned(),
            body: format!("tekst {n}"),
            references: Vec::new(),
            attachments: Vec::new(),
            remarks: Vec::new(),
            history_at: None,
            raw: Vec::new(),
            cursor: None,
        };
        let party = Party { name: "K".to_owned(), email: sender };
        let trigger = StoredTrigger::Received { by: party.email.clone() }.to_json();
        let make = move |intake| Complaint::received(intake, "a".into(), "onderwerp".to_owned(), party, at);
        let opening = Opening { mail: mail.clone(), trigger, complaint: Box::new(make) };
        let filed = self.workflow.store.mails().file(vec![Filing::Opens(opening)], at).await;
        let filed = filed.expect("opens").expect("it is new");
        let [Filed::Opened(id, _)] = filed[..] else { panic!("{filed:?}") };
        if self.dice.below(4) == 0 {
            // A second mail of the complainant waits behind it.
            let by = mail.sender.clone();
            let trigger = StoredTrigger::Mail { by, from_complainant: true }.to_json();
            let mail = NewMail { message_id: format!("m{n}-2"), body_hash: format!("h{n}-2"), ..mail };
            let joins = Filing::Joins { mail, complaint: id, trigger: Some(trigger) };
            self.workflow.store.mails().file(vec![joins], at).await.expect("adds").expect("it is new");
        }
    }

    /// Some hours in which everything happens when it is due, or nothing does.
    async fn pass(&mut self) {
        let to = self.clock.now().plus_millis(self.dice.below(30) as i64 * HOUR);
        if self.dice.below(3) > 0 {
            self.workflow.tick().await.expect("ticks");
            while let Some(next) = self.workflow.next_due().await.expect("reads").filter(|at| *at <= to) {
                self.clock.advance_to(next);
                self.workflow.tick().await.expect("ticks");
            }
        }
        self.clock.advance_to(to);
        if self.dice.below(3) == 0 {
            self.mail().await;
        }
    }

    async fn last_event(&self) -> i64 {
        self.workflow.store.trail().last_event().await.expect("reads")
    }

    /// Edits, plans, publishes and ticks; what is wrong with the plan, if anything.
    async fn publish(&mut self, mistake: Option<Mutant>, tally: &mut Tally) -> Option<String> {
        self.script.edit(&mut self.dice);
        let candidate = Arc::new(self.script.load(&self.workflow.settings()));
        let options = PlanOptions { adopt: self.dice.below(4) == 0, sample_closed: 0 };
        let before = self.last_event().await;
        ACTIVE.set(mistake);
        let plan = self.workflow.plan(Arc::clone(&candidate), options, &|_, _| {}).await.expect("plans");
        ACTIVE.set(None);
        if mistake.is_none() {
            let again = self.workflow.plan(Arc::clone(&candidate), options, &|_, _| {}).await.expect("plans");
            assert_eq!(plan.digest(), again.digest(), "the same plan has the same digest");
        }
        assert_eq!(self.last_event().await, before, "a plan does nothing");
        let order = PublishOrder::new("system", "", Some(&plan));
        let renames = self.workflow.publishing().publish(candidate, order).await.expect("publishes");
        self.workflow.tick().await.expect("ticks");
        let (done, runs) = self.happened(before).await;
        tally.add(&plan, renames.iter().count());
        let planned = planned(&plan);
        let planned_runs: usize = plan.schedules.values().map(|s| s.runs).sum();
        if planned == done && planned_runs == runs {
            return None;
        }
        let only = |these: &Happened, others: &Happened| -> Happened {
            let other = these.iter().filter(|(id, lines)| others.get(id) != Some(lines));
            other.map(|(id, lines)| (*id, lines.clone())).collect()
        };
        let (planned, done) = (only(&planned, &done), only(&done, &planned));
        Some(format!("planned {planned:#?}\nhappened {done:#?}\n{planned_runs} runs planned, {runs} ran"))
    }

    /// Returns what happened to each complaint after an event, and how often schedules ran.
    async fn happened(&self, after: i64) -> (Happened, usize) {
        let mut done = Happened::new();
        let mut runs = 0;
        for event in self.workflow.store.trail().events_after(after).await.expect("reads") {
            runs += usize::from(event.kind == EventKind::ScheduleRan);
            if let Some(id) = event.complaint_id {
                let data: serde_json::Value = serde_json::from_str(&event.data).expect("JSON");
                let line = format!("{} {} {} {data}", event.kind, event.source(), event.summary);
                done.entry(id).or_default().push(without_numbers(&line));
            }
        }
        (done, runs)
    }
}

/// One line per event, by complaint.
type Happened = BTreeMap<ComplaintId, Vec<String>>;

fn planned(plan: &Plan) -> Happened {
    let line = |e: &crate::complaint::Event| {
        without_numbers(&format!("{} {} {} {}", e.kind, e.origin.source, e.summary, e.data))
    };
    let shown = plan.shown.iter().filter(|c| !c.events.is_empty());
    shown.map(|c| (c.id, c.events.iter().map(line).collect())).collect()
}

/// What the publications were like; a test that sees too little of something proves nothing.
#[derive(Debug, Default)]
struct Tally {
    publications: usize,
    affecting: usize,
    renaming: usize,
    deep: usize,
    runs: usize,
    events: usize,
}

impl Tally {
    fn add(&mut self, plan: &Plan, renames: usize) {
        self.publications += 1;
        self.affecting += usize::from(plan.affected > 0);
        self.renaming += usize::from(renames > 0);
        self.deep += usize::from(plan.shown.iter().any(|c| c.decisions > 1));
        self.runs += plan.schedules.values().map(|s| s.runs).sum::<usize>();
        self.events += plan.shown.iter().map(|c| c.events.len()).sum::<usize>();
    }
}

/// Publishes so often in stores of their own; the first plan that is not what happened, if any.
async fn violation(cases: usize, mistake: Option<Mutant>, tally: &mut Tally) -> Option<String> {
    for seed in 0..cases.div_ceil(IN_A_STORE) as u64 {
        let mut life = Life::begin(seed).await;
        for n in 0..IN_A_STORE {
            life.pass().await;
            if let Some(wrong) = life.publish(mistake, tally).await {
                return Some(format!("seed {seed}, publication {n}:\n{wrong}\n{:#?}", life.script));
            }
        }
    }
    None
}

fn cases(default: usize) -> usize {
    std::env::var("REDRESS_PLAN_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(default)
}

#[tokio::test]
#[expect(clippy::print_stdout, reason = "the figures of a long run")]
async fn what_is_planned_is_what_happens() {
    let (cases, mut tally) = (cases(300), Tally::default());
    let wrong = violation(cases, None, &mut tally).await;
    println!("{tally:?}");
    assert!(wrong.is_none(), "{}", wrong.unwrap_or_default());
    let often = [tally.affecting * 2, tally.renaming * 10, tally.deep * 20, tally.runs * 10];
    assert!(often.iter().all(|n| *n >= cases), "too little happens: {tally:?}");
}

#[tokio::test]
async fn plans_with_a_seeded_mistake_are_found() {
    for mistake in [Mutant::PlanWithoutRenames, Mutant::PlanOneDeep] {
        let found = violation(300, Some(mistake), &mut Tally::default()).await;
        assert!(found.is_some(), "{mistake:?} goes unnoticed");
    }
}
