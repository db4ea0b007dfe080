//! What scenarios say that must follow: states and facts, terms, letters and other messages, actions that are offered.

use super::scenario_days;
use super::scenario_played::{Line, Played, SharedStage, hear, texts};
use super::stage::{Expected, Stage};
use crate::calendar::{Calendar, Date, Span};
use crate::complaint::Words;
use crate::rules::words::context::{Failure, fail, told};
use crate::rules::words::values::to_json;
use rhai::{Array, Dynamic, Engine, FuncRegistration};
use serde_json::Value;
use std::collections::BTreeSet;
use std::sync::Arc;

/// Checks an expectation on the stage, which hears of it and whether it holds.
fn expect(
    stage: &SharedStage,
    at: &Line<'_>,
    expected: Expected<'_>,
    check: impl FnOnce(&mut dyn Stage) -> Result<(), Failure>,
) -> Result<(), Failure> {
    let mut stage = hear(stage, at);
    stage.expects(expected);
    check(&mut **stage)?;
    stage.holds();
    Ok(())
}

/// Registers what scenarios say of terms, by a day that is written down or by one that is reckoned.
pub(super) fn register_terms(engine: &mut Engine, stage: &SharedStage, calendar: &Arc<Calendar>) {
    let s = Arc::clone(stage);
    engine.register_fn("at", move |at: Line<'_>, day: Date, time: &str| -> Result<(), Failure> {
        hear(&s, &at).until(&format!("{day} {time}")).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("just_before", move |at: Line<'_>, day: Date, time: &str| -> Result<(), Failure> {
        let before = scenario_days::minute_before(day, time)?;
        hear(&s, &at).until(&before).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("outage", move |at: Line<'_>, day: Date, time: &str| -> Result<(), Failure> {
        hear(&s, &at).outage(&format!("{day} {time}")).map_err(told)
    });
    engine.register_fn("due", |k: Played, name: &str| -> Result<Date, Failure> {
        let seen = k.stage().deadline(k.case, name);
        seen.and_then(|seen| seen.due.parse().ok()).ok_or_else(|| {
            fail(format!("termijn {name} heeft nooit gelopen"), format!("deadline {name} was never armed"))
        })
    });
    engine.register_fn("expect_deadline", |at: Line<'_>, k: Played, name: &str, due: &str| {
        expect_deadline(&at, &k, name, due)
    });
    let c = Arc::clone(calendar);
    engine.register_fn("expect_deadline", move |at: Line<'_>, k: Played, name: &str, day: Date| {
        expect_deadline(&at, &k, name, &scenario_days::end(&c, day)?.to_string())
    });
    for status in ["met", "cancelled", "overdue", "paused"] {
        engine.register_fn(
            format!("expect_{status}"),
            move |at: Line<'_>, k: Played, name: &str| -> Result<(), Failure> {
                expect_status(&at, &k, name, status)
            },
        );
    }
}

fn expect_deadline(at: &Line<'_>, k: &Played, name: &str, due: &str) -> Result<(), Failure> {
    let expected = Expected::Runs { case: k.case, name, due };
    expect(&k.stage, at, expected, |stage| match stage.deadline(k.case, name) {
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
    })
}

fn expect_status(at: &Line<'_>, k: &Played, name: &str, status: &str) -> Result<(), Failure> {
    let expected = Expected::Term { case: k.case, name, status };
    expect(&k.stage, at, expected, |stage| match stage.deadline(k.case, name).map(|d| d.status) {
        Some(is) if is == status => Ok(()),
        Some(is) => Err(fail(
            format!("termijn {name}: verwacht {status}, is {is}"),
            format!("deadline {name}: expected {status}, is {is}"),
        )),
        None => Err(fail(
            format!("termijn {name}: verwacht {status}, heeft nooit gelopen"),
            format!("deadline {name}: expected {status}, was never armed"),
        )),
    })
}

pub(super) fn register_expectations(engine: &mut Engine, stage: &SharedStage) {
    FuncRegistration::new_getter("state").with_purity(true).register_into_engine(engine, |k: &mut Played| {
        k.stage().fact(k.case, "state").and_then(|v| v.as_str().map(str::to_owned)).unwrap_or_default()
    });
    engine.register_fn("expect_state", |at: Line<'_>, k: Played, expected: &str| -> Result<(), Failure> {
        expect_fact(&at, &k, "state", &Value::from(expected))
    });
    engine.register_fn(
        "expect",
        |at: Line<'_>, k: Played, name: &str, expected: Dynamic| -> Result<(), Failure> {
            let expected = to_json(&Calendar::new(chrono_tz::UTC, []), &expected)?;
            expect_fact(&at, &k, name, &expected)
        },
    );
    register_messages(engine, stage);
    for (word, offered) in [("expect_offered", true), ("expect_not_offered", false)] {
        engine.register_fn(word, move |at: Line<'_>, k: Played, action: &str| -> Result<(), Failure> {
            expect_offer(&at, &k, action, offered)
        });
    }
}

fn register_messages(engine: &mut Engine, stage: &SharedStage) {
    engine.register_fn(
        "expect_notified",
        |at: Line<'_>, k: Played, expected: Array| -> Result<(), Failure> {
            let notices = texts(expected);
            expect(&k.stage, &at, Expected::Notified { case: k.case, notices: &notices }, |stage| {
                same(Words::new("berichten", "notifications"), &notices, &stage.take_notified(k.case))
            })
        },
    );
    let s = Arc::clone(stage);
    engine.register_fn("expect_sent", move |at: Line<'_>, expected: Array| -> Result<(), Failure> {
        let notices = texts(expected);
        expect(&s, &at, Expected::Sent { notices: &notices }, |stage| {
            same(
                Words::new("berichten zonder klacht", "messages of no complaint"),
                &notices,
                &stage.take_sent(),
            )
        })
    });
    let s = Arc::clone(stage);
    engine.register_fn(
        "expect_digest",
        move |at: Line<'_>, to: &str, expected: Array| -> Result<(), Failure> {
            expect_digest(&s, &at, to, (&texts(expected), &[]))
        },
    );
    let s = Arc::clone(stage);
    engine.register_fn(
        "expect_digest",
        move |at: Line<'_>, to: &str, expected: Array, words: Array| -> Result<(), Failure> {
            expect_digest(&s, &at, to, (&texts(expected), &texts(words)))
        },
    );
    engine.register_fn(
        "expect_letter",
        |at: Line<'_>, k: Played, message: &str, parts: Array| -> Result<(), Failure> {
            let parts: Vec<String> = parts.into_iter().map(|part| as_written(&k, part)).collect();
            expect_letter(&at, &k, message, &parts)
        },
    );
    engine.register_fn(
        "expect_reached",
        |at: Line<'_>, k: Played, notice: &str, expected: Array| -> Result<(), Failure> {
            let addresses = texts(expected);
            let expected = Expected::Reached { case: k.case, notice, addresses: &addresses };
            expect(&k.stage, &at, expected, |stage| {
                let reached = stage.reached(k.case, notice).ok_or_else(|| {
                    fail(format!("`{notice}` is nooit verstuurd"), format!("`{notice}` was never sent"))
                })?;
                same(Words::new("adressen", "addresses"), &addresses, &reached)
            })
        },
    );
}

fn expect_letter(at: &Line<'_>, k: &Played, message: &str, parts: &[String]) -> Result<(), Failure> {
    expect(&k.stage, at, Expected::Letter { case: k.case, message, words: parts }, |stage| {
        let letter = stage.letter(k.case, message).ok_or_else(|| {
            fail(format!("bericht `{message}` is niet verstuurd"), format!("no message `{message}` was sent"))
        })?;
        match parts.iter().find(|part| !letter.contains(part.as_str())) {
            Some(part) => Err(fail(
                format!("in bericht {message} staat niet \"{part}\":\n{letter}"),
                format!("message {message} does not say \"{part}\":\n{letter}"),
            )),
            None => Ok(()),
        }
    })
}

/// Checks whether an action is possible, where it is expected to be or not to be.
fn expect_offer(at: &Line<'_>, k: &Played, action: &str, is_expected: bool) -> Result<(), Failure> {
    expect(&k.stage, at, Expected::Offer { case: k.case, action, is_expected }, |stage| {
        match (stage.offers(k.case, action), is_expected) {
            (false, true) => Err(fail(
                format!("actie `{action}` had mogelijk moeten zijn"),
                format!("action `{action}` was expected to be possible"),
            )),
            (true, false) => Err(fail(
                format!("actie `{action}` had niet mogelijk moeten zijn"),
                format!("action `{action}` was expected not to be possible"),
            )),
            _ => Ok(()),
        }
    })
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
    at: &Line<'_>,
    to: &str,
    (messages, words): (&[String], &[String]),
) -> Result<(), Failure> {
    expect(stage, at, Expected::Digest { to, messages, words }, |stage| {
        let seen = stage.take_digests(to);
        let got: Vec<String> = seen.iter().flat_map(|digest| digest.messages.iter().cloned()).collect();
        same(Words::new("berichten in het overzicht", "messages in the digest"), messages, &got)?;
        let said = seen.iter().map(|digest| digest.words.as_str()).collect::<Vec<_>>().join("\n");
        match words.iter().find(|part| !said.contains(part.as_str())) {
            Some(part) => Err(fail(
                format!("in het overzicht staat niet \"{part}\":\n{said}"),
                format!("the digest does not say \"{part}\":\n{said}"),
            )),
            None => Ok(()),
        }
    })
}

fn expect_fact(at: &Line<'_>, k: &Played, name: &str, expected: &Value) -> Result<(), Failure> {
    expect(&k.stage, at, Expected::Fact { case: k.case, name, value: expected }, |stage| {
        let got = stage.fact(k.case, name).ok_or_else(|| {
            fail(
                format!("een klacht heeft geen gegeven `{name}`"),
                format!("a complaint has no fact `{name}`"),
            )
        })?;
        if got == *expected || (name == "flags" && is_same_set(&got, expected)) {
            Ok(())
        } else {
            Err(fail(
                format!("{name}: verwacht {expected}, is {got}"),
                format!("{name}: expected {expected}, is {got}"),
            ))
        }
    })
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
