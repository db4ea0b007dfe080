//! The language of scenarios: what people do and what must follow, played on a [`Stage`] that the caller
//! brings.

pub use super::stage::{
    ActionOutcome, ContactSketch, DeadlineSeen, DigestSeen, MailSketch, PeopleChange, Stage,
};

use super::scenario_days;
use crate::calendar::{Calendar, Date, Span};
use crate::complaint::{Text, Words};
use crate::rules::diagnostics::kinds::stray_in_scenarios;
use crate::rules::diagnostics::{Diagnostic, Lines, Location};
use crate::rules::language::grammar::{self, Statement, StatementKind};
use crate::rules::language::limits::RULE_STEPS;
use crate::rules::language::recovery::{self, Readable};
use crate::rules::language::run_error;
use crate::rules::language::source::ORGANISATION;
use crate::rules::machine::Machine;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::words::context::{Failure, fail, told};
use crate::rules::words::values::to_json;
use rhai::{AST, Array, Dynamic, Engine, FuncRegistration, Map};
use serde_json::Value;
use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

/// One scenario's result.
#[derive(Clone, Debug, PartialEq, Eq, serde::Serialize, serde::Deserialize)]
pub struct ScenarioOutcome {
    /// The scenario's name.
    pub name: String,
    /// The place of the scenario: `rules/tests/30_treatment.rhai:12:5`.
    pub place: String,
    /// The first expectation that did not hold, in words; none when all did.
    pub failure: Option<Text>,
}

type SharedStage = Arc<Mutex<Box<dyn Stage>>>;

#[derive(Clone)]
struct Played {
    case: usize,
    stage: SharedStage,
}

impl std::fmt::Debug for Played {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "complaint {}", self.case)
    }
}

impl Played {
    fn stage(&self) -> MutexGuard<'_, Box<dyn Stage>> {
        self.stage.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// Plays the scenarios of `files` (path to text) whose name is wanted, each on a stage of its own, made by its name.
pub fn play(
    ruleset: &Arc<Ruleset>,
    files: &BTreeMap<String, String>,
    calendar: &Arc<Calendar>,
    wanted: &dyn Fn(&str) -> bool,
    stage: impl Fn(&str) -> Box<dyn Stage>,
) -> Vec<ScenarioOutcome> {
    let mut outcomes = Vec::new();
    for (file, text) in scripts(files) {
        match parse(file, text) {
            Ok((scenarios, functions)) => {
                let scenarios = scenarios.iter().filter(|s| wanted(&s.name()));
                outcomes
                    .extend(scenarios.map(|s| run(ruleset, file, s, &functions, calendar, stage(&s.name()))));
            }
            Err(found) => outcomes.extend(found.into_iter().map(|d| ScenarioOutcome {
                name: file.clone(),
                place: format!("rules/{}", d.place()),
                failure: Some(d.message),
            })),
        }
    }
    outcomes
}

/// Returns what is wrong with the files, before any scenario is played.
pub fn mistakes(files: &BTreeMap<String, String>) -> Vec<Diagnostic> {
    scripts(files).filter_map(|(file, text)| parse(file, text).err()).flatten().collect()
}

/// Returns the names of the scenarios of `files`; a file that does not parse has none.
pub fn names(files: &BTreeMap<String, String>) -> Vec<String> {
    let parsed = scripts(files).filter_map(|(file, text)| parse(file, text).ok());
    parsed.flat_map(|(scenarios, _)| scenarios.into_iter().map(|s| s.name())).collect()
}

pub(super) fn scripts(files: &BTreeMap<String, String>) -> impl Iterator<Item = (&String, &String)> {
    files.iter().filter(|(path, _)| *path != ORGANISATION)
}

/// Parses a file into its scenarios and the functions that they share.
pub(super) fn parse(file: &str, text: &str) -> Result<(Vec<Statement>, AST), Vec<Diagnostic>> {
    let machine = Machine::new(|_| None);
    let Readable { ast, draft, mut found, .. } =
        recovery::read(file, text, &|text| machine.engine().compile(text));
    let lines = Lines::from(&draft.text);
    let at = |position| Location::token(file, &lines, position);
    let (statements, others) = grammar::statements(&ast);
    let stray = others.iter().map(|other| stray_in_scenarios::report(at(other.position())));
    let misplaced = statements.iter().filter(|s| s.kind != StatementKind::Scenario);
    let misplaced = misplaced.map(|s| stray_in_scenarios::report_statement(at(s.position), s.kind.keyword()));
    let mut wrong: Vec<Diagnostic> = stray.chain(misplaced).collect();
    recovery::moved(&mut wrong, &draft, text);
    found.extend(wrong);
    if found.is_empty() { Ok((statements, ast)) } else { Err(found) }
}

fn run(
    ruleset: &Arc<Ruleset>,
    file: &str,
    scenario: &Statement,
    functions: &AST,
    calendar: &Arc<Calendar>,
    stage: Box<dyn Stage>,
) -> ScenarioOutcome {
    let stage: SharedStage = Arc::new(Mutex::new(stage));
    let (of_rules, day) = (Arc::clone(ruleset), Arc::clone(&stage));
    let mut machine = Machine::new(move |name| match name {
        "today" => lock(&day).today().map(Dynamic::from),
        name => of_rules.constant(name),
    });
    register(machine.engine_mut(), &stage, calendar);
    machine.add_functions(functions);
    let body = scenario.body().cloned().unwrap_or_default();
    let error =
        machine.run(move |interpreter| interpreter.evaluate(&body, RULE_STEPS).outcome.err()).flatten();
    let position = error.as_ref().map_or(scenario.position, |e| e.position());
    let place = format!("rules/{file}:{}:{}", position.line().unwrap_or(0), position.position().unwrap_or(0));
    let failure = error.map(|e| run_error::worded(&e));
    ScenarioOutcome { name: scenario.name(), place, failure }
}

fn register(engine: &mut Engine, stage: &SharedStage, calendar: &Arc<Calendar>) {
    engine.register_type_with_name::<Played>("played");
    scenario_days::register(engine, calendar);
    register_events(engine, stage);
    register_organisation(engine, stage);
    register_actions(engine, calendar);
    register_terms(engine, stage, calendar);
    register_expectations(engine, stage);
}

fn lock(stage: &SharedStage) -> MutexGuard<'_, Box<dyn Stage>> {
    stage.lock().unwrap_or_else(PoisonError::into_inner)
}

fn register_events(engine: &mut Engine, stage: &SharedStage) {
    let s = Arc::clone(stage);
    engine
        .register_fn("at", move |local: &str| -> Result<(), Failure> { lock(&s).until(local).map_err(told) });
    let s = Arc::clone(stage);
    engine
        .register_fn("wait", move |span: Span| -> Result<(), Failure> { lock(&s).wait(span).map_err(told) });
    let s = Arc::clone(stage);
    engine.register_fn("outage", move |local: &str| -> Result<(), Failure> {
        lock(&s).outage(local).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("mail", move |sketch: Map| -> Result<Played, Failure> {
        let known = ["from", "name", "subject", "text", "triage", "passed_on_from"];
        let [from, name, subject, text, triage, passed_on_from] = keys("mail", &sketch, known)?;
        let mail = MailSketch { from, name, subject, text, triage, passed_on_from };
        let case = lock(&s).mail(mail).map_err(told)?;
        Ok(Played { case, stage: Arc::clone(&s) })
    });
    let s = Arc::clone(stage);
    engine.register_fn("contact", move |sketch: Map| -> Result<Played, Failure> {
        let known = ["channel", "from", "name", "subject", "text", "by"];
        let [channel, from, name, subject, text, by] = keys("contact", &sketch, known)?;
        let contact = ContactSketch { channel, from, name, subject, text, by };
        let case = lock(&s).contact(contact).map_err(told)?;
        Ok(Played { case, stage: Arc::clone(&s) })
    });
    engine.register_fn("reply", |k: Played| -> Result<Played, Failure> { answer(&k, "") });
    engine.register_fn("reply", |k: Played, from: &str| -> Result<Played, Failure> { answer(&k, from) });
    engine.register_fn("answers_invitation", |k: Played, answer: &str| -> Result<(), Failure> {
        k.stage().answer_invitation(k.case, answer).map_err(told)
    });
    engine.register_fn("recall", |k: Played, who: &str, message: &str| -> Result<(), Failure> {
        k.stage().recall(k.case, who, message).map_err(told)
    });
    engine.register_fn("bounce", |k: Played, message: &str| -> Result<(), Failure> {
        k.stage().bounce(k.case, message).map_err(told)
    });
}

/// Reads the texts of a sketch, in the order of `known`; unknown keys are errors.
fn keys<const N: usize>(what: &str, sketch: &Map, known: [&str; N]) -> Result<[String; N], Failure> {
    if let Some(unknown) = sketch.keys().find(|k| !known.contains(&k.as_str())) {
        return Err(fail(
            format!("{what} heeft geen `{unknown}`; wel {}", known.join(", ")),
            format!("{what} has no `{unknown}`; it has {}", known.join(", ")),
        ));
    }
    Ok(known.map(|name| sketch.get(name).and_then(|v| v.clone().into_string().ok()).unwrap_or_default()))
}

fn answer(k: &Played, from: &str) -> Result<Played, Failure> {
    let case = k.stage().reply(k.case, from).map_err(told)?;
    Ok(Played { case, stage: Arc::clone(&k.stage) })
}

fn register_organisation(engine: &mut Engine, stage: &SharedStage) {
    let s = Arc::clone(stage);
    engine.register_fn("person", move |email: &str, roles: Array| -> Result<(), Failure> {
        let change = PeopleChange::Person { email: email.to_owned(), roles: texts(roles) };
        lock(&s).people(change).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("absent", move |email: &str, from: &str, to: &str| -> Result<(), Failure> {
        let (email, from, to) = (email.to_owned(), from.to_owned(), to.to_owned());
        lock(&s).people(PeopleChange::Absent { email, from, to }).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("absent", move |email: &str, from: Date, to: Date| -> Result<(), Failure> {
        let (email, from, to) = (email.to_owned(), from.to_string(), to.to_string());
        lock(&s).people(PeopleChange::Absent { email, from, to }).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("deputy", move |email: &str, deputy: &str| -> Result<(), Failure> {
        let change = PeopleChange::Deputy { email: email.to_owned(), deputy: deputy.to_owned() };
        lock(&s).people(change).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("conclude", move |from: &str, to: &str| -> Result<(), Failure> {
        lock(&s).conclude(from, to).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("recommend", move |follow_up_on: &str| -> Result<(), Failure> {
        lock(&s).recommend(follow_up_on).map_err(told)
    });
}

fn register_actions(engine: &mut Engine, calendar: &Arc<Calendar>) {
    let c = Arc::clone(calendar);
    engine.register_fn(
        "act",
        move |k: Played, actor: &str, action: &str, input: Map| -> Result<(), Failure> {
            let outcome = k.stage().act(k.case, actor, action, inputs(&c, input)?).map_err(told)?;
            outcome.done().map_err(|text| {
                fail(
                    format!("`{action}` is geweigerd: {}", text.nl),
                    format!("`{action}` was refused: {}", text.en),
                )
            })
        },
    );
    let c = Arc::clone(calendar);
    engine.register_fn(
        "refused",
        move |k: Played, actor: &str, action: &str, input: Map, because: &str| -> Result<(), Failure> {
            match k.stage().act(k.case, actor, action, inputs(&c, input)?).map_err(told)? {
                ActionOutcome::Done => Err(fail(
                    format!("`{action}` had geweigerd moeten worden, en is gedaan"),
                    format!("`{action}` was expected to be refused, and was done"),
                )),
                ActionOutcome::Refused(text) if text.nl.contains(because) || text.en.contains(because) => {
                    Ok(())
                }
                ActionOutcome::Refused(text) => Err(fail(
                    format!("`{action}` is geweigerd, maar om een andere reden: {}", text.nl),
                    format!("`{action}` was refused, but for another reason: {}", text.en),
                )),
            }
        },
    );
}

fn inputs(calendar: &Calendar, input: Map) -> Result<BTreeMap<String, Value>, Failure> {
    let value = to_json(calendar, &Dynamic::from(input))?;
    Ok(value.as_object().cloned().unwrap_or_default().into_iter().collect())
}

/// Registers what scenarios say of terms, by a day that is written down or by one that is reckoned.
fn register_terms(engine: &mut Engine, stage: &SharedStage, calendar: &Arc<Calendar>) {
    let s = Arc::clone(stage);
    engine.register_fn("at", move |day: Date, time: &str| -> Result<(), Failure> {
        lock(&s).until(&format!("{day} {time}")).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("just_before", move |day: Date, time: &str| -> Result<(), Failure> {
        let before = scenario_days::minute_before(day, time)?;
        lock(&s).until(&before).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("outage", move |day: Date, time: &str| -> Result<(), Failure> {
        lock(&s).outage(&format!("{day} {time}")).map_err(told)
    });
    engine.register_fn("due", |k: Played, name: &str| -> Result<Date, Failure> {
        let seen = k.stage().deadline(k.case, name);
        seen.and_then(|seen| seen.due.parse().ok()).ok_or_else(|| {
            fail(format!("termijn {name} heeft nooit gelopen"), format!("deadline {name} was never armed"))
        })
    });
    engine.register_fn("expect_deadline", |k: Played, name: &str, due: &str| expect_deadline(&k, name, due));
    let c = Arc::clone(calendar);
    engine.register_fn("expect_deadline", move |k: Played, name: &str, day: Date| {
        expect_deadline(&k, name, &scenario_days::end(&c, day)?.to_string())
    });
}

fn expect_deadline(k: &Played, name: &str, due: &str) -> Result<(), Failure> {
    match k.stage().deadline(k.case, name) {
        Some(seen) if seen.due == due && ["armed", "overdue"].contains(&seen.status.as_str()) => Ok(()),
        Some(seen) => Err(fail(
            format!("termijn {name}: verwacht lopend tot {due}, is {} met einde {}", seen.status, seen.due),
            format!(
                "deadline {name}: expected to be armed until {due}, is {} with end {}",
                seen.status, seen.due
            ),
        )),
        None => Err(fail(
            format!("termijn {name}: verwacht lopend tot {due}, heeft nooit gelopen"),
            format!("deadline {name}: expected to be armed until {due}, was never armed"),
        )),
    }
}

fn register_expectations(engine: &mut Engine, stage: &SharedStage) {
    FuncRegistration::new_getter("state").with_purity(true).register_into_engine(engine, |k: &mut Played| {
        k.stage().fact(k.case, "state").and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    });
    engine.register_fn("expect_state", |k: Played, expected: &str| -> Result<(), Failure> {
        expect_fact(&k, "state", &Value::from(expected))
    });
    engine.register_fn("expect", |k: Played, name: &str, expected: Dynamic| -> Result<(), Failure> {
        let expected = to_json(&Calendar::new(chrono_tz::UTC, []), &expected)?;
        expect_fact(&k, name, &expected)
    });
    for status in ["met", "cancelled", "overdue", "paused"] {
        engine.register_fn(format!("expect_{status}"), move |k: Played, name: &str| -> Result<(), Failure> {
            match k.stage().deadline(k.case, name).map(|d| d.status) {
                Some(is) if is == status => Ok(()),
                Some(is) => Err(fail(
                    format!("termijn {name}: verwacht {status}, is {is}"),
                    format!("deadline {name}: expected {status}, is {is}"),
                )),
                None => Err(fail(
                    format!("termijn {name}: verwacht {status}, heeft nooit gelopen"),
                    format!("deadline {name}: expected {status}, was never armed"),
                )),
            }
        });
    }
    engine.register_fn("expect_notified", |k: Played, expected: Array| -> Result<(), Failure> {
        let got = k.stage().take_notified(k.case);
        same(Words::new("berichten", "notifications"), &texts(expected), &got)
    });
    let s = Arc::clone(stage);
    engine.register_fn("expect_sent", move |expected: Array| -> Result<(), Failure> {
        let got = lock(&s).take_sent();
        same(Words::new("berichten zonder klacht", "messages of no complaint"), &texts(expected), &got)
    });
    let s = Arc::clone(stage);
    engine.register_fn("expect_digest", move |to: &str, expected: Array| -> Result<(), Failure> {
        expect_digest(&s, to, &texts(expected), &[])
    });
    let s = Arc::clone(stage);
    engine.register_fn(
        "expect_digest",
        move |to: &str, expected: Array, words: Array| -> Result<(), Failure> {
            expect_digest(&s, to, &texts(expected), &texts(words))
        },
    );
    engine.register_fn("expect_letter", |k: Played, message: &str, parts: Array| -> Result<(), Failure> {
        let letter = k.stage().letter(k.case, message);
        let letter = letter.ok_or_else(|| {
            fail(format!("bericht `{message}` is niet verstuurd"), format!("no message `{message}` was sent"))
        })?;
        let parts: Vec<String> = parts.into_iter().map(|part| as_written(&k, part)).collect();
        match parts.iter().find(|part| !letter.contains(part.as_str())) {
            Some(part) => Err(fail(
                format!("in bericht {message} staat niet \"{part}\":\n{letter}"),
                format!("message {message} does not say \"{part}\":\n{letter}"),
            )),
            None => Ok(()),
        }
    });
    engine.register_fn("expect_reached", |k: Played, notice: &str, expected: Array| -> Result<(), Failure> {
        let reached = k.stage().reached(k.case, notice);
        let reached = reached.ok_or_else(|| {
            fail(format!("`{notice}` is nooit verstuurd"), format!("`{notice}` was never sent"))
        })?;
        same(Words::new("adressen", "addresses"), &texts(expected), &reached)
    });
    engine.register_fn("expect_offered", |k: Played, action: &str| -> Result<(), Failure> {
        let offered = k.stage().offers(k.case, action);
        if offered {
            Ok(())
        } else {
            Err(fail(
                format!("actie `{action}` had mogelijk moeten zijn"),
                format!("action `{action}` was expected to be possible"),
            ))
        }
    });
    engine.register_fn("expect_not_offered", |k: Played, action: &str| -> Result<(), Failure> {
        let offered = k.stage().offers(k.case, action);
        if offered {
            Err(fail(
                format!("actie `{action}` had niet mogelijk moeten zijn"),
                format!("action `{action}` was expected not to be possible"),
            ))
        } else {
            Ok(())
        }
    });
}

/// Returns what a letter must say: a day and a term in its words, a list as the words that follow each other.
fn as_written(k: &Played, part: Dynamic) -> String {
    if let Some(day) = part.read_lock::<Date>().map(|day| *day) {
        return k.stage().day_in_words(k.case, day);
    }
    if let Some(span) = part.read_lock::<Span>().map(|span| *span) {
        return k.stage().span_in_words(k.case, span);
    }
    match part.try_cast_result::<Array>() {
        Ok(parts) => parts.into_iter().map(|part| as_written(k, part)).collect::<Vec<_>>().join(" "),
        Err(part) => part.into_string().unwrap_or_default(),
    }
}

/// Checks what the digests to somebody carried since the last look, and that words stand in them.
fn expect_digest(
    stage: &SharedStage,
    to: &str,
    expected: &[String],
    words: &[String],
) -> Result<(), Failure> {
    let seen = lock(stage).take_digests(to);
    let got: Vec<String> = seen.iter().flat_map(|digest| digest.messages.iter().cloned()).collect();
    same(Words::new("berichten in het overzicht", "messages in the digest"), expected, &got)?;
    let said = seen.iter().map(|digest| digest.words.as_str()).collect::<Vec<_>>().join("\n");
    match words.iter().find(|part| !said.contains(part.as_str())) {
        Some(part) => Err(fail(
            format!("in het overzicht staat niet \"{part}\":\n{said}"),
            format!("the digest does not say \"{part}\":\n{said}"),
        )),
        None => Ok(()),
    }
}

fn texts(array: Array) -> Vec<String> {
    array.into_iter().map(|v| v.into_string().unwrap_or_default()).collect()
}

fn expect_fact(k: &Played, name: &str, expected: &Value) -> Result<(), Failure> {
    let got = k.stage().fact(k.case, name).ok_or_else(|| {
        fail(format!("een klacht heeft geen gegeven `{name}`"), format!("a complaint has no fact `{name}`"))
    })?;
    if got == *expected || (name == "flags" && is_same_set(&got, expected)) {
        Ok(())
    } else {
        Err(fail(
            format!("{name}: verwacht {expected}, is {got}"),
            format!("{name}: expected {expected}, is {got}"),
        ))
    }
}

/// Returns whether two lists hold the same, in whatever order.
fn is_same_set(one: &Value, other: &Value) -> bool {
    let texts = |value: &Value| -> Option<BTreeSet<String>> {
        value.as_array()?.iter().map(|item| item.as_str().map(str::to_owned)).collect()
    };
    texts(one).is_some_and(|one| texts(other) == Some(one))
}

/// Checks that both lists are equal; the difference is shown line by line.
fn same(what: Words, expected: &[String], got: &[String]) -> Result<(), Failure> {
    if expected == got {
        return Ok(());
    }
    let lines = |missing: &str, surplus: &str, order: &str| {
        let lacking = expected.iter().filter(|e| !got.contains(e)).map(|e| format!("- {e}   ({missing})"));
        let more = got.iter().filter(|g| !expected.contains(g)).map(|g| format!("+ {g}   ({surplus})"));
        let lines: Vec<String> = lacking.chain(more).collect();
        if lines.is_empty() { format!("{order}: {}", got.join(", ")) } else { lines.join("\n") }
    };
    let nl = lines("verwacht, niet er", "er, niet verwacht", "de volgorde of het aantal verschilt");
    let en = lines("expected, not there", "there, not expected", "the order or number differs");
    Err(fail(format!("{} verschillen:\n{nl}", what.nl), format!("{} differ:\n{en}", what.en)))
}
