//! What scenarios say that people do, and how time goes: mails, contacts, actions, the clock, and who has which role.

use super::scenario_played::{Line, Played, SharedStage, hear, texts};
use super::stage::{ActionOutcome, ContactSketch, MailSketch, PeopleChange};
use crate::calendar::{Calendar, Date, Span};
use crate::rules::words::context::{Failure, fail, told};
use crate::rules::words::values::to_json;
use rhai::{Array, Dynamic, Engine, Map};
use serde_json::Value;
use std::collections::BTreeMap;
use std::sync::Arc;

pub(super) fn register_events(engine: &mut Engine, stage: &SharedStage) {
    let s = Arc::clone(stage);
    engine.register_fn("at", move |at: Line<'_>, local: &str| -> Result<(), Failure> {
        hear(&s, &at).until(local).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("wait", move |at: Line<'_>, span: Span| -> Result<(), Failure> {
        hear(&s, &at).wait(span).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("outage", move |at: Line<'_>, local: &str| -> Result<(), Failure> {
        hear(&s, &at).outage(local).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("mail", move |at: Line<'_>, sketch: Map| -> Result<Played, Failure> {
        let known = ["from", "name", "subject", "text", "triage", "passed_on_from"];
        let [from, name, subject, text, triage, passed_on_from] = keys("mail", &sketch, known)?;
        let mail = MailSketch { from, name, subject, text, triage, passed_on_from };
        let case = hear(&s, &at).mail(mail).map_err(told)?;
        Ok(Played { case, stage: Arc::clone(&s) })
    });
    let s = Arc::clone(stage);
    engine.register_fn("contact", move |at: Line<'_>, sketch: Map| -> Result<Played, Failure> {
        let known = ["channel", "from", "name", "subject", "text", "by"];
        let [channel, from, name, subject, text, by] = keys("contact", &sketch, known)?;
        let contact = ContactSketch { channel, from, name, subject, text, by };
        let case = hear(&s, &at).contact(contact).map_err(told)?;
        Ok(Played { case, stage: Arc::clone(&s) })
    });
    engine.register_fn("reply", |at: Line<'_>, k: Played| -> Result<Played, Failure> { answer(&at, &k, "") });
    engine.register_fn("reply", |at: Line<'_>, k: Played, from: &str| -> Result<Played, Failure> {
        answer(&at, &k, from)
    });
    engine.register_fn(
        "answers_invitation",
        |at: Line<'_>, k: Played, answer: &str| -> Result<(), Failure> {
            k.hear(&at).answer_invitation(k.case, answer).map_err(told)
        },
    );
    engine.register_fn(
        "recall",
        |at: Line<'_>, k: Played, who: &str, message: &str| -> Result<(), Failure> {
            k.hear(&at).recall(k.case, who, message).map_err(told)
        },
    );
    engine.register_fn("bounce", |at: Line<'_>, k: Played, message: &str| -> Result<(), Failure> {
        k.hear(&at).bounce(k.case, message).map_err(told)
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

fn answer(at: &Line<'_>, k: &Played, from: &str) -> Result<Played, Failure> {
    let case = k.hear(at).reply(k.case, from).map_err(told)?;
    Ok(Played { case, stage: Arc::clone(&k.stage) })
}

pub(super) fn register_organisation(engine: &mut Engine, stage: &SharedStage) {
    let s = Arc::clone(stage);
    engine.register_fn("person", move |at: Line<'_>, email: &str, roles: Array| -> Result<(), Failure> {
        let change = PeopleChange::Person { email: email.to_owned(), roles: texts(roles) };
        hear(&s, &at).people(change).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn(
        "absent",
        move |at: Line<'_>, email: &str, from: &str, to: &str| -> Result<(), Failure> {
            let (email, from, to) = (email.to_owned(), from.to_owned(), to.to_owned());
            hear(&s, &at).people(PeopleChange::Absent { email, from, to }).map_err(told)
        },
    );
    let s = Arc::clone(stage);
    engine.register_fn(
        "absent",
        move |at: Line<'_>, email: &str, from: Date, to: Date| -> Result<(), Failure> {
            let (email, from, to) = (email.to_owned(), from.to_string(), to.to_string());
            hear(&s, &at).people(PeopleChange::Absent { email, from, to }).map_err(told)
        },
    );
    let s = Arc::clone(stage);
    engine.register_fn("deputy", move |at: Line<'_>, email: &str, deputy: &str| -> Result<(), Failure> {
        let change = PeopleChange::Deputy { email: email.to_owned(), deputy: deputy.to_owned() };
        hear(&s, &at).people(change).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("conclude", move |at: Line<'_>, from: &str, to: &str| -> Result<(), Failure> {
        hear(&s, &at).conclude(from, to).map_err(told)
    });
    let s = Arc::clone(stage);
    engine.register_fn("recommend", move |at: Line<'_>, follow_up_on: &str| -> Result<(), Failure> {
        hear(&s, &at).recommend(follow_up_on).map_err(told)
    });
}

pub(super) fn register_actions(engine: &mut Engine, calendar: &Arc<Calendar>) {
    let c = Arc::clone(calendar);
    engine.register_fn(
        "act",
        move |at: Line<'_>, k: Played, actor: &str, action: &str, input: Map| -> Result<(), Failure> {
            let outcome = k.hear(&at).act(k.case, actor, action, inputs(&c, input)?).map_err(told)?;
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
        move |at: Line<'_>,
              k: Played,
              actor: &str,
              action: &str,
              input: Map,
              because: &str|
              -> Result<(), Failure> {
            match k.hear(&at).act(k.case, actor, action, inputs(&c, input)?).map_err(told)? {
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
