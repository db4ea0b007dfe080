//! Words that tie complaints together.

use super::context::{Eval, Failure, Working, fail};
use super::element::Element;
use super::kind::Kind::{Complaint, Nothing, Text};
use super::word::{Phases, Place, Word, example, form, help, takes};
use crate::complaint::{ComplaintId, EventKind, Link, LinkKind};
use rhai::NativeCallContext;
use serde_json::json;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "link",
        forms: &[form(&[takes("other", Complaint)], Nothing)],
        help: help(
            "legt vast dat deze klacht de andere herhaalt",
            "records that this complaint repeats the other",
        ),
        example: example(Place::ElementBody, "link(it);"),
        register: |engine, name| {
            engine.register_fn(name, link);
        },
        ..Word::ACTS
    },
    Word {
        name: "merge",
        forms: &[form(&[takes("number", Text)], Nothing)],
        phases: Phases::Bodies,
        help: help(
            "voegt samen met een open klacht van dezelfde afzender",
            "merges into an open complaint of the same sender",
        ),
        example: example(Place::Action, "if input.a == \"K-2026-0009\" { merge(input.a); }"),
        register: |engine, name| {
            engine.register_fn(name, merge);
        },
        ..Word::ACTS
    },
    Word {
        name: "unmerge",
        forms: &[form(&[], Nothing)],
        help: help("maakt de samenvoeging ongedaan", "undoes the merger"),
        example: example(Place::Action, "if input.a == \"los\" { unmerge(); }"),
        register: |engine, name| {
            engine.register_fn(name, unmerge);
        },
        ..Word::ACTS
    },
];

fn link(context: NativeCallContext, other: Element) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let Element::Related(other) = other else {
        return Err(fail("link vraagt een andere klacht", "link takes another complaint"));
    };
    let mut working = eval.working();
    working.case.complaint.refers_to = other.number.clone();
    relink(&mut working, other.id, LinkKind::Repeats);
    let number = other.number.map_or(other.intake_id, |n| n.to_string());
    working.record(
        EventKind::Linked,
        format!("repeats {number}"),
        json!({"kind": LinkKind::Repeats, "other": number}),
    );
    Ok(())
}

fn merge(context: NativeCallContext, number: &str) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let mut working = eval.working();
    let found = working
        .case
        .related
        .iter()
        .find(|r| r.intake_id == number || r.number.as_ref().is_some_and(|n| n.as_str() == number));
    let Some(other) = found.cloned() else {
        return Err(fail(
            format!("{number} is geen andere klacht van deze klager"),
            format!("{number} is not among the other complaints of this complainant"),
        ));
    };
    if !eval.procedure.is_open(&other.state) {
        return Err(fail(format!("{number} is niet meer open"), format!("{number} is no longer open")));
    }
    working.case.complaint.refers_to = other.number.clone();
    relink(&mut working, other.id, LinkKind::Merged);
    working.record(
        EventKind::Linked,
        format!("merged into {number}"),
        json!({"kind": LinkKind::Merged, "other": number}),
    );
    Ok(())
}

/// Undoes a merger (docs/procedure.md T7): the other is a candidate again, and this complaint stands on its
/// own.
fn unmerge(context: NativeCallContext) -> Result<(), Failure> {
    let eval = Eval::for_effects(&context)?;
    let mut working = eval.working();
    let parent = working.case.complaint.links.iter().find(|l| l.kind == LinkKind::Merged).map(|l| l.other);
    let parent = parent.ok_or_else(|| {
        fail("deze klacht is niet in een andere opgegaan", "this complaint is not merged into another")
    })?;
    relink(&mut working, parent, LinkKind::Candidate);
    let number = working.case.complaint.refers_to.take().map(|n| n.to_string());
    working.record(
        EventKind::Linked,
        "no longer merged",
        json!({"kind": LinkKind::Candidate, "other": number}),
    );
    Ok(())
}

fn relink(working: &mut Working, other: ComplaintId, kind: LinkKind) {
    let links = &mut working.case.complaint.links;
    links.retain(|l| l.other != other);
    links.push(Link { kind, other });
    for related in working.case.related.iter_mut().filter(|r| r.id == other) {
        related.kind = kind;
    }
}
