//! What the plan on the page says is what `redress rules plan` says, and what happens: random edits of a procedure are put into
//! a proposal, planned and published over HTTP, and compared event for event with what the tick after it does.
//! `REDRESS_PLAN_PAGE_CASES=500 cargo test --release --test it web::planning` is the long run.

use super::*;
use crate::support::unnumbered::without_numbers;
use redress::complaint::{Event, EventKind};
use redress::workflow::{Plan, PlanOptions, Published, TrialKind};
use serde_json::Value;
use std::collections::BTreeMap;

const QUALITY: &str = "q@lagant.nl";
const PEOPLE: &str = "[[people]]\nname = \"Q\"\nemail = \"q@lagant.nl\"\nroles = [\"q\"]\n\
    [[people]]\nname = \"H\"\nemail = \"h@lagant.nl\"\nroles = [\"h\"]\n";
/// The publications in one store, one after another.
const IN_A_STORE: usize = 6;

const PROCEDURE: &str = r#"
initial = "a"
faults_to = "q"
rules_published_by = "q"
rules_approved_by = "q"
name = { nl = "proef", en = "trial" }
states.a = { nl = "a", en = "a", phase = "p", open = true }
states.b = { nl = "b", en = "b", phase = "p", open = true }
states.c = { nl = "c", en = "c", phase = "p", open = true }
states.z = { nl = "z", en = "z", phase = "p", terminal = true }
roles.h = { nl = "h", en = "h" }
roles.q = { nl = "q", en = "q", sees = "everything" }
deadlines.d1 = { nl = "d1", en = "d1", side = "own", mandatory = true, alarms = ["h", "q"] }
deadlines.d2 = { nl = "d2", en = "d2", side = "own", mandatory = true, alarms = ["q"] }
flags.f1 = { nl = "f1", en = "f1" }
counters.c1 = { nl = "c1", en = "c1" }
"#;

/// Numbers that look random and are the same for a seed (SplitMix64).
struct Dice(u64);

impl Dice {
    fn below(&mut self, n: usize) -> usize {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = (self.0 ^ (self.0 >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        ((z ^ (z >> 31)) % n as u64) as usize
    }

    fn pick<'t>(&mut self, of: &[&'t str]) -> &'t str {
        of[self.below(of.len())]
    }
}

/// Rules that are edited.
#[derive(Clone, Debug)]
struct Script {
    terms: [usize; 2],
    cron: &'static str,
    /// Names and bodies.
    rules: Vec<(String, String)>,
    made: usize,
}

const CRONS: &[&str] = &["0 0 9 * * MON", "0 30 14 * * *", "0 0 */6 * * *"];

impl Script {
    fn new(dice: &mut Dice) -> Self {
        let terms = [dice.below(40) + 1, dice.below(4)];
        let mut script = Self { terms, cron: dice.pick(CRONS), rules: Vec::new(), made: 0 };
        (0..5).for_each(|_| script.insert(dice));
        script
    }

    fn insert(&mut self, dice: &mut Dice) {
        self.made += 1;
        let place = dice.below(self.rules.len() + 1);
        self.rules.insert(place, (format!("r{}", self.made), body(dice)));
    }

    /// Edits it as people do: another term, time, name or body, one rule less or more, another order.
    fn edit(&mut self, dice: &mut Dice) {
        let before = self.files();
        while self.files() == before {
            for _ in 0..=dice.below(3) {
                let place = dice.below(self.rules.len().max(1));
                match (dice.below(8), self.rules.get_mut(place)) {
                    (0, _) => self.terms[0] = dice.below(40) + 1,
                    (1, _) => self.terms[1] = dice.below(4),
                    (2, _) => self.cron = dice.pick(CRONS),
                    (3, Some(rule)) => {
                        self.made += 1;
                        rule.0 = format!("r{}", self.made);
                    }
                    (4, Some(rule)) => rule.1 = body(dice),
                    (5, Some(_)) => drop(self.rules.remove(place)),
                    (6, Some(_)) => {
                        let rule = self.rules.remove(place);
                        self.rules.insert(dice.below(self.rules.len() + 1), rule);
                    }
                    _ => self.insert(dice),
                }
            }
        }
    }

    /// The files that edits change.
    fn files(&self) -> BTreeMap<&'static str, String> {
        let [hours, count] = self.terms;
        let terms = format!(
            "const T = hours({hours});\nconst N = {count};\n\
             fn late(n) {{ now >= complaint.received_at + hours(n) + T }}\n"
        );
        let rules = self.rules.iter().map(|(name, body)| format!("rule \"{name}\" {body}\n")).collect();
        let cron = self.cron;
        let schedule =
            format!("schedule \"s\" cron \"{cron}\" then {{ notify(\"q\", \"plain\", #{{ n: N }}); }}\n");
        [("00_terms.rhai", terms), ("10_rules.rhai", rules), ("80_times.rhai", schedule)].into()
    }
}

/// What follows the name of a rule. States only go forward.
fn body(dice: &mut Dice) -> String {
    let atoms = [
        "complaint.is_open",
        "complaint.flags.f1",
        "complaint.counters.c1 > N",
        "late(3)",
        "now >= complaint.received_at + T",
        "overdue(\"d1\")",
        "armed(\"d2\") && now > due(\"d2\") - hours(2)",
        "letter(\"good\") == \"none\"",
        "complaint.duplicates.len() > 1",
        "complaint.duplicates.some(|d| d.state == \"c\")",
    ];
    let mut condition = dice.pick(&atoms).to_owned();
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
            "complaint.counters.c1 += 1; ",
            "deadline(\"d1\", complaint.received_at + T, \"h\"); ",
            "deadline(\"d2\", now + hours(5), \"h\"); ",
            "met(\"d1\"); ",
            "register(); ",
            "let leeg = []; leeg[3]; ",
        ]));
    }
    if dice.below(2) == 0 {
        let (from, to) = [("a", "b"), ("a", "c"), ("b", "c"), ("b", "z"), ("c", "z")][dice.below(5)];
        condition = format!("complaint.state == \"{from}\" && ({condition})");
        effects.push_str(&format!("enter(\"{to}\"); "));
    }
    let every = if dice.below(6) == 0 { " every hours(7)" } else { "" };
    format!("when {condition}{every} then {{ {effects}}}")
}

fn write(folder: &std::path::Path, path: &str, text: &str) {
    let path = folder.join(path);
    std::fs::create_dir_all(path.parent().unwrap()).unwrap();
    std::fs::write(path, text).unwrap();
}

/// An installation in which complaints come in, time goes on and rules change over the page.
struct Life {
    site: Site,
    browser: Browser,
    dice: Dice,
    script: Script,
    mails: usize,
    _rules: tempfile::TempDir,
}

/// One line per event, by complaint.
type Happened = BTreeMap<i64, Vec<String>>;

impl Life {
    async fn begin(seed: u64) -> Self {
        let mut dice = Dice(seed);
        let script = Script::new(&mut dice);
        let rules = tempfile::tempdir().unwrap();
        write(rules.path(), "procedure.toml", PROCEDURE);
        script.files().iter().for_each(|(path, text)| write(rules.path(), path, text));
        let texts = [
            ("good", "{{ complaint.reference }}"),
            ("bad", "{% if data.x != 'x' %}{{ 1 // 0 }}{% endif %}"),
            ("plain", "x"),
        ];
        for (name, text) in texts {
            for language in ["nl", "en"] {
                let message = format!("---\nsubject: s\n---\n{text}\n");
                write(rules.path(), &format!("messages/{language}/{name}.md"), &message);
            }
        }
        let site = Site::of(Builder::default().config(PEOPLE).rules(rules.path()), Door::Loopback).await;
        let browser = site.signed_in(QUALITY).await;
        let mut life = Self { site, browser, dice, script, mails: 0, _rules: rules };
        for _ in 0..3 {
            life.mail().await;
        }
        life
    }

    /// Another complaint of one of three senders.
    async fn mail(&mut self) {
        self.mails += 1;
        let sender = format!("s{}@example.nl", self.dice.below(3));
        self.site.app.mail(&crate::support::clear_complaint(&sender, &format!("m{}", self.mails))).await;
    }

    /// Some hours in which nothing happens, and sometimes all of it at their end.
    async fn pass(&mut self) {
        let minutes = self.dice.below(30) as i64 * 60;
        self.site.advance(minutes);
        match self.dice.below(3) {
            0 => self.mail().await,
            1 => _ = self.site.app.app.turn().await.unwrap(),
            _ => {}
        }
    }

    async fn last_event(&self) -> i64 {
        self.site.app.app.store.trail().last_event().await.unwrap()
    }

    /// Asks for work on a proposal, and follows it to its end.
    async fn work(&mut self, proposal: &str, fields: &[(&str, &str)]) -> Answer {
        let mut answer = self.browser.post(&format!("{proposal}/work"), fields).await;
        while answer.status == 303 || answer.header("refresh").is_some() {
            let place = match answer.status {
                303 => answer.location().split('#').next().unwrap().to_owned(),
                _ => format!("{proposal}/work"),
            };
            tokio::task::yield_now().await;
            answer = self.browser.get(&place).await;
        }
        assert_eq!(answer.status, 200, "{fields:?}: {}", answer.text());
        answer
    }

    /// Edits the rules in a proposal; returns its path.
    async fn propose(&mut self) -> String {
        let before = self.script.files();
        self.script.edit(&mut self.dice);
        // Hours have gone by: the session may be over.
        assert_eq!(sign_in(&mut self.browser, QUALITY, PASSWORD).await.status, 303);
        let begun = self.browser.post("/proposals", &[("name", "Een wijziging")]).await;
        let proposal = begun.location().to_owned();
        for (path, text) in self.script.files().iter().filter(|(path, text)| before.get(*path) != Some(*text))
        {
            let place = format!("{proposal}/files/{path}");
            let seen = self.browser.get(&place).await.value("seen");
            let kept = self.browser.post(&place, &[("seen", &seen), ("text", text), ("step", "keep")]).await;
            assert_eq!(kept.status, 303, "{}", kept.text());
        }
        proposal
    }

    /// Returns what the page has of the plan of a proposal, and asserts that it is the plan that the program makes.
    async fn planned(&mut self, proposal: &str, adopt: bool) -> Plan {
        let before = self.last_event().await;
        let fields: &[_] = if adopt { &[("step", "plan"), ("adopt", "on")] } else { &[("step", "plan")] };
        let shown = self.work(proposal, fields).await;
        let workflow = &self.site.app.app.workflow;
        let id: i64 = proposal.rsplit('/').next().unwrap().parse().unwrap();
        let proposals = workflow.proposals();
        let source = proposals.one(id).await.unwrap().folder.source;
        let candidate = Arc::new(Published::load(source, &workflow.settings()).unwrap());
        let options = PlanOptions { adopt, ..PlanOptions::default() };
        let plan = workflow.plan(candidate, options, &|_, _| {}).await.unwrap();
        assert_eq!(self.last_event().await, before, "a plan does nothing");
        let trials = proposals.trials(id).await.unwrap();
        let trial = trials.iter().find(|trial| trial.kind == TrialKind::Plan).unwrap();
        let found: Value = serde_json::from_str(&trial.found).unwrap();
        assert_eq!(found["plan"], plan.to_json());
        assert_eq!(found["letters"], plan.mails_to_complainants());
        let text = shown.text();
        assert!(text.contains(&plan.digest()), "{text}");
        for complaint in &plan.shown {
            assert!(text.contains(&complaint.reference), "{}: {text}", complaint.reference);
        }
        plan
    }

    /// Proposes, plans, publishes and ticks; asserts that what was planned happens.
    async fn publish(&mut self, tally: &mut Tally) {
        let proposal = self.propose().await;
        self.work(&proposal, &[("step", "scenarios")]).await;
        let adopt = self.dice.below(4) == 0;
        let plan = self.planned(&proposal, adopt).await;
        let page = self.browser.get(&proposal).await;
        let (version, digest) = (page.value("version"), page.value("plan"));
        assert_eq!(digest, plan.digest());
        let before = self.last_event().await;
        let order = [
            ("step", "publish"),
            ("version", version.as_str()),
            ("plan", digest.as_str()),
            ("reason", "zo besloten met elkaar"),
        ];
        self.work(&proposal, &order).await;
        let app = &self.site.app.app;
        let in_force = app.workflow.published();
        let files = in_force.ruleset.source().files();
        self.script.files().iter().for_each(|(path, text)| assert_eq!(files.get(*path), Some(text)));
        app.workflow.tick().await.unwrap();
        let (done, runs) = self.happened(before).await;
        let planned_runs: usize = plan.schedules.values().map(|schedule| schedule.runs).sum();
        assert_eq!((&of_plan(&plan), planned_runs), (&done, runs), "{:#?}", self.script);
        tally.publications += 1;
        tally.affecting += usize::from(plan.affected > 0);
        tally.events += done.values().map(Vec::len).sum::<usize>();
    }

    /// Returns what happened to each complaint after an event, and how often schedules ran.
    async fn happened(&self, after: i64) -> (Happened, usize) {
        let (mut done, mut runs) = (Happened::new(), 0);
        for event in self.site.app.app.store.trail().events_after(after).await.unwrap() {
            runs += usize::from(event.kind == EventKind::ScheduleRan);
            if let Some(id) = event.complaint_id {
                let line = format!("{} {:?} {} {}", event.kind, event.rule, event.summary, event.data);
                done.entry(id.0).or_default().push(without_numbers(&line));
            }
        }
        (done, runs)
    }
}

fn of_plan(plan: &Plan) -> Happened {
    let line = |e: &Event| {
        without_numbers(&format!("{} {:?} {} {}", e.kind, e.origin.source.name(), e.summary, e.data))
    };
    let shown = plan.shown.iter().filter(|c| !c.events.is_empty());
    shown.map(|c| (c.id.0, c.events.iter().map(line).collect())).collect()
}

/// What the publications were like; a test that sees too little proves nothing.
#[derive(Debug, Default)]
struct Tally {
    publications: usize,
    affecting: usize,
    events: usize,
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn what_the_plan_on_the_page_says_is_what_happens() {
    let cases = std::env::var("REDRESS_PLAN_PAGE_CASES").ok().and_then(|n| n.parse().ok()).unwrap_or(12);
    let mut tally = Tally::default();
    for seed in 0_u64.. {
        let mut life = Life::begin(seed).await;
        for _ in 0..IN_A_STORE {
            life.pass().await;
            life.publish(&mut tally).await;
        }
        if tally.publications >= cases {
            break;
        }
    }
    assert!(tally.affecting * 3 >= cases && tally.events >= cases, "too little happens: {tally:?}");
}
