//! `complaint.flags` and `complaint.counters`: yes or no, and numbers, under names of the procedure's own.

use super::context::{ComplaintHandle, Eval, Failure};
use super::history::unknown;
use crate::complaint::{EventKind, Name, Words};
use crate::rules::procedure::label::Label;
use rhai::{Engine, FuncRegistration};
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;

/// `complaint.flags`.
#[derive(Clone, Debug)]
struct Flags(Arc<Eval>);

/// `complaint.counters`.
#[derive(Clone, Debug)]
struct Counters(Arc<Eval>);

/// Registers both groups.
pub(super) fn register(engine: &mut Engine) {
    register_flags(engine);
    register_counters(engine);
}

pub(super) fn check(what: Words, known: &BTreeMap<Name, Label>, name: &str) -> Result<(), Failure> {
    if known.contains_key(name) {
        return Ok(());
    }
    Err(unknown(what, name, known.keys().map(Name::as_str)))
}

fn register_flags(engine: &mut Engine) {
    engine.register_type_with_name::<Flags>("flags");
    FuncRegistration::new_getter("flags")
        .with_purity(true)
        .register_into_engine(engine, |c: &mut ComplaintHandle| Flags(Arc::clone(&c.0)));
    engine.register_indexer_get(|flags: &mut Flags, name: &str| -> Result<bool, Failure> {
        check(Words::new("markering", "flag"), &flags.0.procedure.flags, name)?;
        let mut working = flags.0.working();
        let set = working.case.complaint.flags.contains(name);
        working.note(|| format!("complaint.flags.{name} is {set}"));
        Ok(set)
    });
    engine.register_indexer_set(|flags: &mut Flags, name: &str, value: bool| -> Result<(), Failure> {
        check(Words::new("markering", "flag"), &flags.0.procedure.flags, name)?;
        flags.0.require_effects("complaint.flags")?;
        let mut working = flags.0.working();
        let set = &mut working.case.complaint.flags;
        let changed = if value { set.insert(name.into()) } else { set.remove(name) };
        if changed {
            let data = json!({"flag": name, "to": value});
            working.record(
                EventKind::FactChanged,
                format!("flag {name} {}", if value { "set" } else { "cleared" }),
                data,
            );
        }
        Ok(())
    });
}

fn register_counters(engine: &mut Engine) {
    engine.register_type_with_name::<Counters>("counters");
    FuncRegistration::new_getter("counters")
        .with_purity(true)
        .register_into_engine(engine, |c: &mut ComplaintHandle| Counters(Arc::clone(&c.0)));
    engine.register_indexer_get(|counters: &mut Counters, name: &str| -> Result<i64, Failure> {
        check(Words::new("teller", "counter"), &counters.0.procedure.counters, name)?;
        let mut working = counters.0.working();
        let count = working.case.complaint.counters.get(name).copied().unwrap_or(0);
        working.note(|| format!("complaint.counters.{name} is {count}"));
        Ok(count)
    });
    engine.register_indexer_set(|counters: &mut Counters, name: &str, value: i64| -> Result<(), Failure> {
        check(Words::new("teller", "counter"), &counters.0.procedure.counters, name)?;
        counters.0.require_effects("complaint.counters")?;
        let mut working = counters.0.working();
        if working.case.complaint.counters.insert(name.into(), value) != Some(value) {
            let data = json!({"counter": name, "to": value});
            working.record(EventKind::FactChanged, format!("counter {name} is {value}"), data);
        }
        Ok(())
    });
}
