//! Properties of the shipped procedure: whatever people do, in whatever order and however late, no complaint
//! is left without a term, nobody is told twice, everybody entitled hears of every breach, a late tick changes
//! nothing, every letter is true, and every complaint can end. `REDRESS_PROCEDURE_CASES=2000 cargo test --release procedure_test` is the long run.

use super::World;
use super::truth_test::{Found, checking};
use crate::complaint::{Actor, Case, EventKind, LinkKind, Recipient, Text, Via};
use crate::config::Settings;
use crate::rules::scenario::{ActionOutcome, ContactSketch, MailSketch, Stage};
use crate::rules::{
    ActionCall, AskKind, BREACH_MESSAGE, Decision, OfferedAction, Outcome, RulesetSource, Trigger, act,
    decide, offered, unobserved,
};
use crate::store::Commit;
use crate::workflow::Published;
use crate::workflow::standing::Standing;
use proptest::prelude::*;
use proptest::test_runner::RngSeed;
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::Path;
use std::sync::{Arc, LazyLock, Mutex};

static SHIPPED: LazyLock<(Arc<Published>, Arc<Settings>)> = LazyLock::new(|| {
    let settings = Settings::parse("", "redress.toml").expect("the defaults");
    let rules = Path::new(concat!(env!("CARGO_MANIFEST_DIR"), "/..")).join("rules");
    let source = RulesetSource::read(&rules).expect("the shipped rules");
    let published = Published::load(source, &settings).expect("sound rules");
    (Arc::new(published), Arc::new(settings))
});

const PEOPLE: &[&str] =
    &["ontvanger@lagant.nl", "behandelaar@lagant.nl", "directeur@lagant.nl", "kwaliteit@lagant.nl"];

#[derive(Clone, Copy, Debug)]
enum Opening {
    Clear,
    Unclear,
    Forwarded,
    Contact,
    Anonymous,
}

#[derive(Clone, Debug)]
enum Step {
    /// One of the offered actions, by somebody, with made-up answers.
    Act {
        choice: usize,
        answers: u64,
    },
    Wait {
        hours: i64,
    },
    Reply,
    Bounce {
        choice: usize,
    },
}

fn steps() -> impl Strategy<Value = Vec<Step>> {
    let step = prop_oneof![
        6 => (any::<usize>(), any::<u64>()).prop_map(|(choice, answers)| Step::Act { choice, answers }),
        3 => (1_i64..24 * 45).prop_map(|hours| Step::Wait { hours }),
        1 => Just(Step::Reply),
        1 => any::<usize>().prop_map(|choice| Step::Bounce { choice }),
    ];
    prop::collection::vec(step, 1..30)
}

fn opening() -> impl Strategy<Value = Opening> {
    prop_oneof![
        4 => Just(Opening::Clear),
        2 => Just(Opening::Unclear),
        1 => Just(Opening::Forwarded),
        1 => Just(Opening::Contact),
        1 => Just(Opening::Anonymous),
    ]
}

struct Play {
    world: World,
    /// Every commit since the last look.
    seen: Arc<Mutex<Vec<Commit>>>,
    /// What the letters were found to say.
    letters: Arc<Mutex<Found>>,
}

impl Play {
    fn start(opening: Opening) -> Result<Self, Text> {
        let (published, settings) = &*SHIPPED;
        let mut world = World::new(Arc::clone(published), Arc::clone(settings), Arc::clone(unobserved()));
        let seen = Arc::new(Mutex::new(Vec::new()));
        let sink = Arc::clone(&seen);
        world.witness = Box::new(move |commit| sink.lock().expect("no panic").push(commit.clone()));
        let letters = Arc::default();
        world.reader = Some(checking(&letters));
        world.until("2026-11-23 10:00")?;
        // An open complaint of the same sender, so that merging is possible.
        world.mail(mail(
            "jan@example.nl",
            "Klacht over de lunch",
            "Ik heb een klacht over de lunch, er was te weinig.",
        ))?;
        let clear = "Ik heb een klacht over het parkeren bij de training in Utrecht.";
        let contact = |from: &str| ContactSketch {
            channel: "phone".to_owned(),
            from: from.to_owned(),
            subject: "Parkeren".to_owned(),
            by: "ontvanger@lagant.nl".to_owned(),
            ..ContactSketch::default()
        };
        match opening {
            Opening::Clear => world.mail(mail("jan@example.nl", "Klacht over parkeren in Utrecht", clear))?,
            Opening::Unclear => world.mail(mail("jan@example.nl", "", "?"))?,
            Opening::Forwarded => world.mail(mail("behandelaar@lagant.nl", "FW: Klacht", clear))?,
            Opening::Contact => world.contact(contact("jan@example.nl"))?,
            Opening::Anonymous => world.contact(contact(""))?,
        };
        let mut play = Self { world, seen, letters };
        play.check()?;
        Ok(play)
    }

    fn complaint(&self) -> &crate::complaint::Complaint {
        &self.world.players[SUBJECT].case.complaint
    }

    fn state(&self) -> String {
        self.complaint().state.to_string()
    }

    fn offered(&self, case: usize) -> Vec<OfferedAction> {
        let mut subject = self.world.players[case].case.clone();
        subject.related = self.world.related(&subject.complaint.links);
        offered(
            &Actor::System,
            (&SHIPPED.0.ruleset, self.world.calendar()),
            subject,
            self.world.now,
            unobserved(),
        )
    }

    fn take(&mut self, step: &Step) -> Result<(), Text> {
        match step {
            Step::Act { choice, answers } => {
                let offers = self.offered(SUBJECT);
                if let Some(action) = offers.get(choice % offers.len().max(1)) {
                    let input = self.answers(action, *answers);
                    // A refusal is an answer like another.
                    let actor = PEOPLE[(answers % PEOPLE.len() as u64) as usize];
                    self.late(&action.id, actor, &input, (answers % 2_000) as i64)?;
                    let _ = self.world.act(SUBJECT, actor, &action.id.clone(), input)?;
                }
            }
            Step::Wait { hours } => self.world.advance(self.world.now.plus_millis(hours * 3_600_000))?,
            Step::Reply if !self.complaint().complainant.email.is_empty() => {
                // No two mails come at one instant.
                self.world.advance(self.world.now.plus_millis(1))?;
                let state = self.state();
                self.seen.lock().expect("no panic").clear();
                self.world.reply(SUBJECT, "")?;
                let commits = self.seen.lock().expect("no panic").clone();
                let mut sent = commits.iter().flat_map(|commit| &commit.notifications);
                // Whatever the state, the mail of a person reaches a person.
                if !sent.any(|n| n.recipient != Recipient::Complainant) {
                    return Err(Text::same(format!("nobody hears of a reply in state {state}")));
                }
            }
            Step::Reply => {}
            Step::Bounce { choice } => {
                let letters: Vec<String> = self.complaint().letters.keys().map(ToString::to_string).collect();
                if let Some(letter) = letters.get(choice % letters.len().max(1)) {
                    self.world.bounce(SUBJECT, &letter.clone())?;
                }
            }
        }
        self.check()
    }

    /// Checks that an action some hours later comes to the same whether a tick comes first or it does: nothing
    /// is due now, but may be then.
    fn late(&self, id: &str, actor: &str, input: &BTreeMap<String, Value>, hours: i64) -> Result<(), Text> {
        let published = &SHIPPED.0;
        let player = &self.world.players[SUBJECT];
        let mut case = player.case.clone();
        case.related = self.world.related(&case.complaint.links);
        case.text = Some(Arc::clone(&player.text));
        let now = self.world.now.plus_millis(hours * 3_600_000);
        let roles = published.ruleset.procedure().roles.keys().cloned().collect();
        let (id, actor, input) = (id.to_owned(), actor.to_owned(), input.clone());
        let call = ActionCall { id, actor, roles, input, via: Via::Scenario };
        let (ruleset, calendar) = (&published.ruleset, self.world.calendar());
        let acted = |mut case: Case| loop {
            match act(ruleset, calendar, published.input(case.clone(), call.clone(), now), unobserved()) {
                Ok(Outcome::Needs(need)) if self.world.supply(SUBJECT, &mut case, &need) => {}
                ended => return ended,
            }
        };
        let ticked = |mut case: Case| loop {
            let input = published.input(case.clone(), Trigger::Due, now);
            match decide(ruleset, calendar, input, unobserved()) {
                Outcome::Needs(need) if self.world.supply(SUBJECT, &mut case, &need) => {}
                ended => return ended,
            }
        };
        let (Outcome::Decided(ticked), alone) = (ticked(case.clone()), acted(case)) else {
            return Err(Text::same("a late tick was not decided"));
        };
        let after = acted(Case { evaluated_under: published.stamp.clone(), ..ticked.case.clone() });
        let (alone, after) = match (alone, after) {
            (Ok(Outcome::Decided(alone)), Ok(Outcome::Decided(after))) => (alone, after),
            (Err(a), Err(b)) if a == b => return Ok(()),
            (alone, after) => return Err(Text::same(format!("{alone:?} is {after:?} after a tick"))),
        };
        let lines = |decisions: &[&Decision]| {
            let events = decisions.iter().flat_map(|d| &d.events);
            let mut lines: Vec<String> =
                events.map(|e| format!("{} {} {:?}", e.kind, e.summary, e.origin)).collect();
            lines.sort();
            lines
        };
        let (one, two) = (lines(&[&alone]), lines(&[&ticked, &after]));
        let is_same = one == two;
        if is_same {
            Ok(())
        } else {
            Err(Text::same(format!("{}\nis after a tick\n{}", one.join("\n"), two.join("\n"))))
        }
    }

    fn answers(&self, action: &OfferedAction, seed: u64) -> BTreeMap<String, Value> {
        let today = self.world.calendar().day_of(self.world.now).expect("in range");
        let mut input = BTreeMap::new();
        for (i, ask) in action.asks.iter().enumerate() {
            let n = seed.rotate_left(i as u32 * 7) as usize;
            if !ask.required && n.is_multiple_of(2) {
                continue;
            }
            let day = |offset: i64| today + chrono::Duration::days(offset);
            let text = ["1", "2", "K-2026-0001", "jan@werk.example", "een tekst"];
            let value = match &ask.kind {
                AskKind::Text | AskKind::LongText | AskKind::File => json!(text[n % text.len()]),
                AskKind::Date => json!(day((n % 130) as i64 - 30).to_string()),
                AskKind::Choice(options) => json!(options[n % options.len()]),
                AskKind::Person => json!(PEOPLE[n % PEOPLE.len()]),
                AskKind::YesNo => json!(!n.is_multiple_of(3)),
                AskKind::Number => json!(n % 120),
            };
            input.insert(ask.name.clone(), value);
        }
        input
    }

    /// Checks what holds after every step.
    fn check(&mut self) -> Result<(), Text> {
        let procedure = SHIPPED.0.ruleset.procedure();
        for player in &self.world.players {
            let c = &player.case.complaint;
            let is_merged = c.links.iter().any(|l| l.kind == LinkKind::Merged);
            let armed = player.case.deadlines.iter().any(|d| d.is_armed());
            if !procedure.is_terminal(&c.state) && !is_merged && !armed {
                return Err(Text::same(format!("{} is in state {} without a term", c.intake_id, c.state)));
            }
            if c.state.as_str() == "closed" && c.number.is_some() {
                let empty = [&c.description, &c.responsible, &c.solution].into_iter().any(Option::is_none);
                if empty || c.agreement.is_none() || c.complainant.name.is_empty() {
                    return Err(Text::same(format!(
                        "{} is closed and its register is not filled: {c:?}",
                        c.intake_id
                    )));
                }
            }
        }
        let lies = std::mem::take(&mut self.letters.lock().expect("no panic").lies);
        if let Some(lie) = lies.first() {
            return Err(Text::same(format!("a letter is not true: {lie}")));
        }
        let commits = std::mem::take(&mut *self.seen.lock().expect("no panic"));
        commits.iter().try_for_each(once_and_to_everybody)?;
        // Looking once more at the same instant changes nothing.
        for i in 0..self.world.players.len() {
            self.world.decide(i, Trigger::Due)?;
        }
        let again = std::mem::take(&mut *self.seen.lock().expect("no panic"));
        match again.iter().find(|c| !c.events.is_empty() || !c.notifications.is_empty()) {
            Some(c) => Err(Text::same(format!("looking again did something: {:?}", c.events))),
            None => Ok(()),
        }
    }

    /// Does what a willing organisation would do until the complaint is anonymised.
    fn finish(&mut self, case: usize) -> Result<(), Text> {
        for _ in 0..80 {
            let state = self.world.players[case].case.complaint.state.to_string();
            if state == "anonymised" {
                return Ok(());
            }
            if state == "merged" {
                self.finish(0)?;
                self.world.advance(self.world.now.plus_millis(1))?;
            } else if !self.assign(case) && !self.step_on(case, &willing(&state)) {
                let days = if ["archived", "not_a_complaint"].contains(&state.as_str()) { 60 } else { 10 };
                self.world.advance(self.world.now.plus_millis(days * 86_400_000))?;
            }
            self.check()?;
        }
        let offers: Vec<String> = self.offered(case).into_iter().map(|a| a.id).collect();
        let refusals = self.refusals(case);
        let c = &self.world.players[case].case.complaint;
        Err(Text::same(format!(
            "{} never ends: {} {:?}, offered {offers:?}, refused {refusals:?}",
            c.intake_id, c.state, c.flags
        )))
    }

    /// Takes the most direct step, or else every other that helps it; whether there was one.
    fn step_on(&mut self, case: usize, steps: &[(&'static str, Value)]) -> bool {
        let Some(((action, input), others)) = steps.split_first() else { return false };
        if self.try_all(case, action, input) {
            return true;
        }
        let done = others.iter().filter(|(action, input)| self.try_all(case, action, input));
        done.count() > 0
    }

    /// Returns why nobody can take a step towards the end.
    fn refusals(&mut self, case: usize) -> BTreeSet<String> {
        let state = self.world.players[case].case.complaint.state.to_string();
        let mut found = BTreeSet::new();
        for (action, input) in willing(&state) {
            let input: BTreeMap<String, Value> = input.as_object().cloned().into_iter().flatten().collect();
            for actor in PEOPLE {
                if let Ok(ActionOutcome::Refused(why)) = self.world.act(case, actor, action, input.clone()) {
                    found.insert(why.en);
                }
            }
        }
        found
    }

    /// Gives a complaint that is nobody's any more to somebody whom it is not about; whether that was needed.
    fn assign(&mut self, case: usize) -> bool {
        let c = &self.world.players[case].case.complaint;
        let is_nobodys = c.number.is_some() && c.responsible.is_none();
        let about = c.about.clone();
        let others = PEOPLE.iter().filter(|person| about.as_deref() != Some(**person));
        is_nobodys && others.into_iter().any(|who| self.try_all(case, "assign", &json!({"handler": who})))
    }

    /// Returns whether anybody can do it.
    fn try_all(&mut self, case: usize, action: &str, input: &Value) -> bool {
        let input: BTreeMap<String, Value> =
            input.as_object().cloned().unwrap_or_default().into_iter().collect();
        PEOPLE.iter().any(|actor| {
            matches!(self.world.act(case, actor, action, input.clone()), Ok(ActionOutcome::Done))
        })
    }
}

/// The complaint that is played with; the other is there to merge into.
const SUBJECT: usize = 1;

/// Steps towards the end in each state, the most direct first.
fn willing(state: &str) -> Vec<(&'static str, Value)> {
    let decision = json!({"verdict": "upheld", "reasons": "r", "solution": "s"});
    match state {
        "received" => vec![
            ("register_complaint", json!({})),
            ("register_complaint", json!({"complainant": "jan@example.nl", "description": "x"})),
        ],
        "registered" => vec![("acknowledge", json!({}))],
        "in_treatment" | "awaiting_complainant" => vec![
            ("decide", decision.clone()),
            ("decide_as_director", decision),
            ("note_consultation", json!({"consultation": "Met de planner"})),
        ],
        "decided" | "clarification" => vec![("agree", json!({}))],
        "settled" | "withdrawn" => {
            let evaluation = json!({"cause_kind": "other", "cause": "Te weinig plek", "structural": "nee"});
            vec![
                ("evaluate", evaluation),
                (
                    "correct_register",
                    json!({"reason": "x", "description": "x", "complainant_name": "x", "solution": "x"}),
                ),
            ]
        }
        "closed" => {
            let dropped = (1..30).map(|n| ("drop_measure", json!({"measure": n.to_string(), "reason": "x"})));
            let assessed = ("assess_measure", json!({"effect": "effective", "note": "x"}));
            dropped.chain([assessed, ("archive_complaint", json!({}))]).collect()
        }
        "not_taken_up" => vec![("uphold_decline", json!({"reasons": "Wij blijven erbij."}))],
        "archived" | "not_a_complaint" => {
            vec![("lift_hold", json!({"reason": "x"})), ("anonymise", json!({}))]
        }
        "with_third_party" => vec![("third_party_ruled", json!({"ruling": "x", "binding": "ja"}))],
        _ => Vec::new(),
    }
}

fn mail(from: &str, subject: &str, text: &str) -> MailSketch {
    MailSketch {
        from: from.to_owned(),
        name: String::new(),
        subject: subject.to_owned(),
        text: text.to_owned(),
        ..MailSketch::default()
    }
}

/// No rule told anybody the same thing twice for one firing; of every breach everybody entitled heard, and
/// nobody heard of it from the engine more than once.
fn once_and_to_everybody(commit: &Commit) -> Result<(), Text> {
    let mut told = BTreeSet::new();
    for n in &commit.notifications {
        let firings =
            |e: &&crate::complaint::Event| e.kind == EventKind::RuleFired && e.origin.source == n.source;
        let is_single = commit.events.iter().filter(firings).count() == 1;
        if is_single && !told.insert((&n.recipient, &n.message, &n.source)) {
            return Err(Text::same(format!(
                "{} was told {} twice by {:?}",
                n.recipient, n.message, n.source
            )));
        }
    }
    let (published, settings) = &*SHIPPED;
    let procedure = published.ruleset.procedure();
    let standing = Standing::new(settings, procedure, Some(&commit.case.complaint), commit.at);
    let breached = commit.events.iter().filter(|e| e.kind == EventKind::DeadlineBreached);
    let breached: Vec<&str> = breached.filter_map(|e| e.data["deadline"].as_str()).collect();
    let told = |address: &String, is_told: &dyn Fn(&str) -> bool| {
        let messages = commit.notifications.iter().filter(|n| n.addresses.contains(address));
        messages.filter(|n| is_told(&n.message)).count()
    };
    for role in breached.iter().flat_map(|name| &procedure.deadlines[*name].alarms) {
        for address in standing.reach(&role.clone().into(), &[]).addresses {
            let notices = told(&address, &|message| message == BREACH_MESSAGE);
            if notices > breached.len() || told(&address, &|_| true) == 0 {
                return Err(Text::same(format!("{address} hears {notices} times that {breached:?} passed")));
            }
        }
    }
    Ok(())
}

/// Lives to play: always the same ones, or as many others as are asked for.
fn config() -> ProptestConfig {
    let asked = std::env::var("REDRESS_PROCEDURE_CASES").ok().and_then(|n| n.parse().ok());
    let rng_seed = if asked.is_some() { RngSeed::Random } else { RngSeed::Fixed(2_026) };
    ProptestConfig {
        cases: asked.unwrap_or(60),
        max_shrink_iters: 200,
        rng_seed,
        ..ProptestConfig::default()
    }
}

proptest! {
    #![proptest_config(config())]

    #[test]
    fn whatever_happens_the_procedure_holds_and_ends(opening in opening(), steps in steps()) {
        let mut play = Play::start(opening).map_err(|e| TestCaseError::fail(e.to_string()))?;
        for step in &steps {
            play.take(step).map_err(|e| TestCaseError::fail(format!("{step:?}: {e}")))?;
        }
        let from = play.state();
        play.finish(SUBJECT).map_err(|e| TestCaseError::fail(format!("from {from}: {e}")))?;
    }
}
