//! Words about other complaints that share a value: `group` for one complaint, `complaints` and `groups` for
//! schedules (docs/semantics.md 7).

use super::context::{Eval, Failure, Need, Working, fail, need, told};
use super::element::{Element, Grouped, MemberCounters, MemberFlags};
use super::groups::check;
use super::history::unknown;
use super::kind::Items;
use super::kind::Kind::{List, Name, Period, Span as SpanKind};
use super::periods::ends;
use super::vocabulary::Vocabulary::GroupField;
use super::word::{Group as Chapter, Phases, Place, Reads, Word, example, form, help, takes};
use crate::calendar::{Date, Moment, Span};
use crate::complaint::{Group, GroupBy, GroupKey, Member, Name as FieldName, Received, Words};
use crate::rules::mutants::{Mutant, compared, mutated};
use crate::rules::procedure::declared::Procedure;
use crate::script::meter;
use rhai::{Array, Dynamic, Engine, Map, NativeCallContext};
use std::collections::{BTreeMap, BTreeSet};
use std::sync::Arc;

/// The most periods that one run of a schedule looks at.
const PERIODS: usize = 20;

pub(super) const WORDS: &[Word] = &[
    Word {
        name: "group",
        forms: &[
            form(&[takes("field", Name(GroupField))], List(Items::Members)),
            form(&[takes("field", Name(GroupField)), takes("within", SpanKind)], List(Items::Members)),
        ],
        reads: Reads::Fact,
        help: help(
            "de klachten met dezelfde waarde als deze, deze erbij, nieuwste eerst: alle, of die van de laatste tijd; zonder waarde geen",
            "the complaints with the same value as this one, this one among them, newest first: all, or those of the last while; none without a value",
        ),
        example: example(Place::Condition, "group(\"about\", months(6)).len() >= 3"),
        register: |engine, name| {
            engine.register_fn(name, all);
            engine.register_fn(name, within);
        },
        ..Word::LOOKS
    },
    Word {
        name: "complaints",
        group: Chapter::Periods,
        forms: &[form(&[takes("period", Period)], List(Items::Members))],
        reads: Reads::Records,
        phases: Phases::Schedules,
        help: help(
            "de klachten die in een periode zijn ontvangen, nieuwste eerst",
            "the complaints that were received in a period, newest first",
        ),
        example: example(
            Place::Schedule,
            "let open = complaints(previous_quarter()).filter(|k| k.is_open); if open.len() > 5 { notify(\"{reporter}\", \"{report}\", #{ report: report(previous_quarter()) }); }",
        ),
        register: |engine, name| {
            engine.register_fn(name, complaints);
        },
        ..Word::LOOKS
    },
    Word {
        name: "groups",
        group: Chapter::Periods,
        forms: &[form(&[takes("field", Name(GroupField)), takes("period", Period)], List(Items::Groups))],
        reads: Reads::Records,
        phases: Phases::Schedules,
        help: help(
            "de klachten van een periode, een lijst per waarde; de grootste groep eerst",
            "the complaints of a period, a list for each value; the largest group first",
        ),
        example: example(
            Place::Schedule,
            "for groep in groups(\"cause\", previous_quarter()) { if groep.filter(|k| k.is_open).len() >= 3 { notify(\"{reporter}\", \"{report}\", #{ report: report(previous_quarter()) }); } }",
        ),
        register: |engine, name| {
            engine.register_fn(name, groups);
        },
        ..Word::LOOKS
    },
];

/// Registers what `.flags` and `.counters` of a complaint of a group hold.
pub(super) fn register(engine: &mut Engine) {
    engine.register_type_with_name::<MemberFlags>("flags");
    engine.register_indexer_get(
        |context: NativeCallContext, flags: &mut MemberFlags, name: &str| -> Result<bool, Failure> {
            let eval = Eval::of(&context)?;
            check(Words::new("markering", "flag"), &eval.procedure.flags, name)?;
            Ok(flags.0.flags.contains(name))
        },
    );
    engine.register_type_with_name::<MemberCounters>("counters");
    engine.register_indexer_get(
        |context: NativeCallContext, counters: &mut MemberCounters, name: &str| -> Result<i64, Failure> {
            let eval = Eval::of(&context)?;
            check(Words::new("teller", "counter"), &eval.procedure.counters, name)?;
            Ok(counters.0.counters.get(name).copied().unwrap_or(0))
        },
    );
}

fn declared(eval: &Eval, name: &str) -> Result<GroupBy, Failure> {
    let known = eval.procedure.group_fields();
    match known.contains(&name) {
        true => Ok(GroupBy::named(name)),
        false => {
            Err(unknown(Words::new("veld om op te groeperen", "field to group by"), name, known.into_iter()))
        }
    }
}

/// Returns the group that a complaint is in by a field. An own field that holds what no longer fits its
/// declaration counts as empty.
fn key_of(by: &GroupBy, working: &Working, procedure: &Procedure) -> Option<GroupKey> {
    if let GroupBy::Own(name) = by {
        let value = working.case.complaint.extra.get(name)?;
        procedure.extra.get(name).filter(|field| field.fits(value))?;
    }
    GroupKey::of(by, &working.case.complaint)
}

fn all(context: NativeCallContext, field: &str) -> Result<Array, Failure> {
    let eval = Eval::of(&context)?;
    list(&eval, field, |_| Ok(true), "")
}

/// Lists those that were received no longer ago than a span. Each falls out the instant after its own end.
fn within(context: NativeCallContext, field: &str, span: Span) -> Result<Array, Failure> {
    let eval = Eval::of(&context)?;
    if span.at_least_hours() < 1 {
        return Err(fail(
            "group vraagt een duur van een uur of langer",
            "group takes a span of an hour or longer",
        ));
    }
    let is_within = |member: &Member| {
        let last = eval.calendar.add(member.received_at, span).map_err(told)?;
        compared(last);
        if !mutated(Mutant::FallsOutUnrecorded) {
            eval.turns_at(last.next());
        }
        Ok(eval.now <= last)
    };
    list(&eval, field, is_within, &format!(", {span}"))
}

fn received_on(eval: &Eval, at: Moment) -> Result<Date, Failure> {
    eval.calendar.day_of(at).map_err(told)
}

fn list(
    eval: &Eval,
    field: &str,
    is_within: impl Fn(&Member) -> Result<bool, Failure>,
    asked: &str,
) -> Result<Array, Failure> {
    let by = declared(eval, field)?;
    let Some((group, about)) = loaded(eval, &by)? else {
        eval.working().note(|| format!("group(\"{field}\"{asked}) is empty: it has no {field}"));
        return Ok(Array::new());
    };
    meter::charge(2 * group.members.len() as u64);
    let mut found = Vec::new();
    // What is older than one that has fallen out has fallen out before it; all are looked at for their instants.
    let mut is_oldest_within = false;
    for member in &group.members {
        is_oldest_within = is_within(member)?;
        if is_oldest_within {
            found.push(Arc::clone(member));
        }
    }
    if group.is_cut && is_oldest_within {
        return Err(fail(
            format!(
                "er zijn meer dan {} klachten met dit gegeven `{field}`; kijk over een kortere tijd",
                Group::MOST
            ),
            format!("more than {} complaints share this `{field}`; look at a shorter time", Group::MOST),
        ));
    }
    note(eval, field, asked, &found);
    let this = eval.working().case.id;
    let shows_number = |m: &Member| m.about.is_none() || m.about == about;
    let elements = found.into_iter().enumerate().map(|(place, member)| {
        let grouped = Grouped {
            received_on: received_on(eval, member.received_at)?,
            is_open: eval.procedure.is_open(&member.state),
            is_this: member.id == this,
            is_newest: place == 0,
            shows_number: shows_number(&member),
            member,
        };
        Ok(Dynamic::from(Element::Member(grouped)))
    });
    elements.collect()
}

/// Returns the group as it is now: the others as they were loaded and this complaint as it stands; and the
/// employee complained of.
fn loaded(eval: &Eval, by: &GroupBy) -> Result<Option<(Group, Option<String>)>, Failure> {
    let working = eval.working();
    let Some(key) = key_of(by, &working, &eval.procedure) else { return Ok(None) };
    let Some(group) = working.case.groups.get(&key) else { return Err(need(Need::Group(key))) };
    let this = Arc::new(Member::of(working.case.id, &working.case.complaint));
    let others = group.members.iter().filter(|m| m.id != this.id).cloned();
    let mut members: Vec<Arc<Member>> = others.collect();
    let place = members.partition_point(|m| m.newest_first() < this.newest_first());
    members.insert(place, this);
    Ok(Some((Group { members, is_cut: group.is_cut }, working.case.complaint.about.clone())))
}

/// Notes how many there are; which they are identifies other complaints.
fn note(eval: &Eval, field: &str, asked: &str, found: &[Arc<Member>]) {
    let what = format!("group(\"{field}\"{asked})");
    let line = || {
        let named =
            found.iter().take(10).map(|m| m.number.as_ref().map_or(m.intake_id.as_str(), |n| n.as_str()));
        let named: Vec<&str> = named.collect();
        format!("{what} has {}: {}", found.len(), named.join(", "))
    };
    let mut working = eval.working();
    if found.is_empty() {
        working.note(|| format!("{what} has 0"));
    } else {
        working.note_withheld(format!("{what} has {}", found.len()), line);
    }
}

fn complaints(context: NativeCallContext, period: Map) -> Result<Array, Failure> {
    let eval = Eval::of(&context)?;
    let received = received(&eval, "complaints", &period)?;
    received.iter().enumerate().map(|(place, r)| seen(&eval, &r.member, place)).collect()
}

fn groups(context: NativeCallContext, field: &str, period: Map) -> Result<Array, Failure> {
    let eval = Eval::of(&context)?;
    let by = declared(&eval, field)?;
    let mut found: BTreeMap<&GroupKey, Array> = BTreeMap::new();
    let received = received(&eval, "groups", &period)?;
    for r in &*received {
        if let Some(key) = r.groups.iter().find(|key| key.by == by) {
            let group = found.entry(key).or_default();
            group.push(seen(&eval, &r.member, group.len())?);
        }
    }
    // As large ones as they are found by value: one order, whatever the values are.
    let mut groups: Vec<Array> = found.into_values().collect();
    groups.sort_by_key(|group| std::cmp::Reverse(group.len()));
    Ok(groups.into_iter().map(Dynamic::from).collect())
}

fn received(eval: &Eval, word: &str, period: &Map) -> Result<Arc<[Received]>, Failure> {
    let (from, to) = ends(word, period)?;
    let working = eval.working();
    let Some(found) = working.schedule.received.get(&(from, to)) else {
        if working.schedule.received.len() >= PERIODS {
            return Err(fail(
                format!("een planning kijkt naar ten hoogste {PERIODS} perioden"),
                format!("a schedule looks at no more than {PERIODS} periods"),
            ));
        }
        return Err(need(Need::Received(from, to)));
    };
    if found.len() > Received::MOST {
        return Err(fail(
            format!("in deze periode zijn meer dan {} klachten ontvangen; kies een kortere", Received::MOST),
            format!(
                "more than {} complaints were received in this period; take a shorter one",
                Received::MOST
            ),
        ));
    }
    meter::charge(2 * found.len() as u64);
    Ok(Arc::clone(found))
}

/// Makes the element of a complaint that no complaint looks at, at a place of its list.
fn seen(eval: &Eval, member: &Arc<Member>, place: usize) -> Result<Dynamic, Failure> {
    let grouped = Grouped {
        received_on: received_on(eval, member.received_at)?,
        is_open: eval.procedure.is_open(&member.state),
        is_this: false,
        is_newest: place == 0,
        shows_number: member.about.is_none(),
        member: Arc::clone(member),
    };
    Ok(Dynamic::from(Element::Member(grouped)))
}

/// Returns whether a member shows itself otherwise than before in anything that scripts read by these names.
pub(in crate::rules) fn is_shown_otherwise(
    names: &BTreeSet<String>,
    before: &Member,
    after: &Member,
) -> bool {
    let is_read = |name: &str| names.contains(name);
    let differs = |name: &str, is_other: bool| is_other && is_read(name);
    let is_named = |name: &&FieldName| is_read(name.as_str());
    differs("state", before.state != after.state)
        || differs("is_open", before.state != after.state)
        || differs("decided_on", before.decided_on != after.decided_on)
        || differs("verdict", before.verdict != after.verdict)
        || differs("ground", before.ground != after.ground)
        || differs("cause", before.cause != after.cause)
        || differs("agreement", before.agreement != after.agreement)
        || differs("escalation", before.escalation != after.escalation)
        || differs("channel", before.channel != after.channel)
        || before.flags.symmetric_difference(&after.flags).any(|name| is_named(&name))
        || after.counters.iter().any(|(name, n)| is_named(&name) && before.counters.get(name) != Some(n))
        || before.received_at != after.received_at
}
