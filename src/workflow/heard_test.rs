//! A person's mail reaches a person: in every state of every procedure of this repository, and of one whose rules
//! tell nobody anything (docs/semantics.md 5.8).

use super::World;
use crate::complaint::{Actor, Recipient, Text};
use crate::config::Settings;
use crate::rules::scenario::{ActionOutcome, MailSketch, Stage};
use crate::rules::{AskKind, MAIL_MESSAGE, OfferedAction, RulesetSource, offered, unobserved};
use crate::store::Commit;
use crate::workflow::Published;
use proptest::prelude::*;
use proptest::test_runner::{Config, RngAlgorithm, TestRng, TestRunner};
use serde_json::{Value, json};
use std::cell::RefCell;
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, Mutex};

const CLERKS: &str = r#"
[[people]]
name = "Hanna"
email = "h@test.example"
roles = ["clerk"]

[[people]]
name = "Karel"
email = "k@test.example"
roles = []
"#;

const SILENT: &str = r#"
initial = "a"
faults_to = "clerk"
name = { nl = "stil", en = "silent" }
states.a = { nl = "a", en = "a", phase = "p", open = true }
states.b = { nl = "b", en = "b", phase = "p" }
roles.clerk = { nl = "medewerker", en = "clerk" }
deadlines = {}
"#;

const SILENT_RULES: &str = r#"
action end "einde" by ["clerk"] when complaint.state == "a" then { enter("b"); }
action again "terug" by ["clerk"] when complaint.state == "b" then { enter("a"); }
action take "nemen" by ["clerk"] when !known("responsible") then { complaint.responsible = "h@test.example"; }
"#;

/// A procedure and the people who run it.
struct Ground {
    published: Arc<Published>,
    settings: Arc<Settings>,
}

impl Ground {
    fn new(source: RulesetSource, settings: &str) -> Self {
        let settings = Settings::parse(settings, "redress.toml").expect("settings");
        let published = Published::load(source, &settings).unwrap_or_else(|found| panic!("{}", found[0]));
        Self { published: Arc::new(published), settings: Arc::new(settings) }
    }

    fn folder(name: &str, settings: &str) -> Self {
        let folder = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(name);
        Self::new(RulesetSource::read(&folder).expect("rules"), settings)
    }

    fn silent() -> Self {
        let files = [("procedure.toml", SILENT), ("10.rhai", SILENT_RULES)];
        let files = files.into_iter().map(|(n, t)| (n.to_owned(), t.to_owned())).collect();
        Self::new(RulesetSource::new(files), CLERKS)
    }
}

struct Play<'g> {
    ground: &'g Ground,
    world: World,
    /// Every commit since the last look.
    seen: Arc<Mutex<Vec<Commit>>>,
}

impl<'g> Play<'g> {
    fn start(ground: &'g Ground) -> Result<Self, Text> {
        let (published, settings) = (Arc::clone(&ground.published), Arc::clone(&ground.settings));
        let mut world = World::new(published, settings, Arc::clone(unobserved()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        world.witness = Box::new(move |commit| sink.lock().expect("no panic").push(commit.clone()));
        let mut play = Self { ground, world, seen };
        let text = "Ik heb een klacht over het parkeren bij de training in Utrecht.".to_owned();
        let (from, subject) = ("jan@example.nl".to_owned(), "Klacht".to_owned());
        play.world.mail(MailSketch { from, subject, text, ..MailSketch::default() })?;
        play.is_heard("the first mail")?;
        Ok(play)
    }

    fn state(&self) -> String {
        self.world.players[0].case.complaint.state.to_string()
    }

    /// Checks that one of our people was told by what was committed since the last look.
    fn is_heard(&self, what: &str) -> Result<(), Text> {
        let commits = std::mem::take(&mut *self.seen.lock().expect("no panic"));
        let mut sent = commits.iter().flat_map(|commit| &commit.notifications);
        match sent.any(|n| n.recipient != Recipient::Complainant && !n.addresses.is_empty()) {
            true => Ok(()),
            false => Err(Text::same(format!("nobody hears of {what} in state {}", self.state()))),
        }
    }

    fn write(&mut self, who: Writer) -> Result<(), Text> {
        // No two mails come at one instant.
        self.world.advance(self.world.now.plus_millis(1))?;
        let complaint = &self.world.players[0].case.complaint;
        let is_other = |email: &&str| complaint.responsible.as_deref() != Some(*email);
        let colleague = self.ground.settings.people.iter().map(|p| p.email.as_str()).find(is_other);
        let from = match who {
            Writer::Complainant => complaint.complainant.address(),
            Writer::Colleague => colleague,
        };
        let Some(from) = from.map(str::to_owned) else { return Ok(()) };
        self.seen.lock().expect("no panic").clear();
        self.world.reply(0, &from)?;
        self.is_heard(&format!("a mail of {who:?}"))
    }

    fn act(&mut self, choice: usize) -> Result<(), Text> {
        let mut case = self.world.players[0].case.clone();
        case.related = self.world.related(&case.complaint.links);
        let calendar = self.world.calendar();
        let offers = offered(
            &Actor::System,
            (&self.ground.published.ruleset, calendar),
            case,
            self.world.now,
            unobserved(),
        );
        let Some(action) = offers.get(choice % offers.len().max(1)) else { return Ok(()) };
        let input = self.answers(action, choice);
        let people: Vec<String> = self.ground.settings.people.iter().map(|p| p.email.clone()).collect();
        for actor in people {
            // A refusal is an answer like another.
            if matches!(self.world.act(0, &actor, &action.id, input.clone())?, ActionOutcome::Done) {
                break;
            }
        }
        Ok(())
    }

    fn answers(&self, action: &OfferedAction, choice: usize) -> BTreeMap<String, Value> {
        let today = self.world.calendar().day_of(self.world.now).expect("in range");
        let later = (today + chrono::Duration::days(60)).to_string();
        let person = self.ground.settings.people.iter().next().map(|p| p.email.clone());
        let asked = action.asks.iter().filter(|ask| ask.required);
        let answered = asked.map(|ask| {
            let value = match &ask.kind {
                AskKind::Text | AskKind::LongText | AskKind::File => json!("een tekst"),
                AskKind::Date => json!(later),
                AskKind::Choice(options) => json!(options[choice % options.len()]),
                AskKind::Person => json!(person),
                AskKind::YesNo => json!(choice.is_multiple_of(2)),
                AskKind::Number => json!(60),
            };
            (ask.name.clone(), value)
        });
        answered.collect()
    }
}

#[derive(Clone, Copy, Debug)]
enum Writer {
    Complainant,
    Colleague,
}

#[derive(Clone, Debug)]
enum Step {
    Act(usize),
    WaitDays(i64),
    Mail(Writer),
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let days = prop_oneof![4 => 0_i64..40, 1 => Just(400_i64), 1 => Just(2_000_i64)];
    let step = prop_oneof![
        3 => any::<usize>().prop_map(Step::Act),
        1 => days.prop_map(Step::WaitDays),
        2 => prop_oneof![Just(Writer::Complainant), Just(Writer::Colleague)].prop_map(Step::Mail),
    ];
    prop::collection::vec(step, 1..24)
}

/// Plays random lives, and returns the states in which mail came.
fn play(ground: &Ground, cases: u32) -> BTreeSet<String> {
    let config = Config { cases, max_shrink_iters: 100, failure_persistence: None, ..Config::default() };
    let rng = TestRng::deterministic_rng(RngAlgorithm::ChaCha);
    let reached = RefCell::new(BTreeSet::new());
    let played = TestRunner::new_with_rng(config, rng).run(&steps(), |steps| {
        let fail = |e: Text| TestCaseError::fail(e.to_string());
        let mut play = Play::start(ground).map_err(fail)?;
        for step in &steps {
            match step {
                Step::Act(choice) => play.act(*choice).map_err(fail)?,
                Step::WaitDays(days) => {
                    let until = play.world.now.plus_millis(days * 86_400_000);
                    play.world.advance(until).map_err(fail)?;
                }
                Step::Mail(who) => {
                    reached.borrow_mut().insert(play.state());
                    play.write(*who).map_err(fail)?;
                }
            }
        }
        Ok(())
    });
    played.unwrap_or_else(|e| panic!("{e}"));
    reached.into_inner()
}

#[test]
fn a_persons_mail_reaches_a_person_in_every_state_of_every_procedure() {
    let shipped = play(&Ground::folder("rules", ""), 40);
    assert!(shipped.len() > 3, "{shipped:?}");
    let fixture = |name: &str| format!("tests/fixtures/{name}");
    let people =
        Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join(fixture("municipality/redress.toml"));
    let people = std::fs::read_to_string(people).expect("the people of the municipality");
    let municipal = play(&Ground::folder(&fixture("municipality"), &people), 60);
    let expected = ["afgedaan", "behandeling", "gehoord", "niet_behandeld", "vernietigd"];
    assert_eq!(municipal.iter().map(String::as_str).collect::<Vec<_>>(), expected);
    let example = play(&Ground::folder(&fixture("example"), CLERKS), 8);
    assert!(!example.is_empty());
    assert_eq!(play(&Ground::silent(), 16).len(), 2, "both states");
}

#[test]
fn the_engine_tells_once_and_only_where_no_rule_does() {
    let ground = Ground::silent();
    let mut play = Play::start(&ground).expect("starts");
    let told = |play: &Play| -> Vec<String> {
        let sent = play.world.players[0].sent.iter();
        sent.map(|m| format!("{} {}: {}", m.recipient, m.message, m.addresses.join(" "))).collect()
    };
    let to_clerk = format!("clerk {MAIL_MESSAGE}: h@test.example");
    assert_eq!(told(&play), std::slice::from_ref(&to_clerk));
    play.write(Writer::Colleague).expect("goes on");
    assert_eq!(told(&play), [to_clerk.clone(), to_clerk.clone()]);
    play.world.act(0, "h@test.example", "take", BTreeMap::new()).expect("goes on");
    play.write(Writer::Complainant).expect("goes on");
    let to_responsible = format!("responsible {MAIL_MESSAGE}: h@test.example");
    assert_eq!(&told(&play)[2..], std::slice::from_ref(&to_responsible));
    // Who is responsible knows what they wrote.
    play.world.reply(0, "h@test.example").expect("goes on");
    assert_eq!(told(&play).len(), 3);
    play.write(Writer::Colleague).expect("goes on");
    assert_eq!(told(&play)[3..], [to_responsible]);
    let example = Ground::folder("tests/fixtures/example", CLERKS);
    let play = Play::start(&example).expect("starts");
    let by_rules = told(&play);
    assert!(by_rules.contains(&"clerk note: h@test.example".to_owned()), "{by_rules:?}");
    assert!(!by_rules.iter().any(|sent| sent.contains(MAIL_MESSAGE)), "a rule tells: {by_rules:?}");
}
