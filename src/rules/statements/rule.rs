//! `Rule`, `ActionRule`, `ScheduleRule`: the statements of the files as values.

use super::plain::{Conjunct, Defined, field_of_list};
use crate::complaint::{ActionId, Role, RuleName, ScheduleName};
use crate::rules::diagnostics::kinds::{scenario_among_rules, schedule_time};
use crate::rules::diagnostics::{Diagnostic, Location};
use crate::rules::language::grammar::{Statement, StatementKind};
use crate::rules::language::source::RulesetSource;
use crate::rules::language::tree::literals;
use crate::rules::words::field::Field;
use rhai::{Expr, Position};
use std::str::FromStr;

#[derive(Debug)]
pub(in crate::rules) struct Rule {
    pub name: RuleName,
    pub file: String,
    pub position: Position,
    pub list: Option<Expr>,
    /// The field that the list is, where it is one.
    pub list_field: Option<&'static Field>,
    /// The whole condition.
    pub when: Expr,
    /// Its parts, in order.
    pub conjuncts: Vec<Conjunct>,
    pub every: Option<Expr>,
    pub then: Expr,
    /// The statement without its name, to recognise it under another.
    pub text: String,
}

#[derive(Debug)]
pub(in crate::rules) struct ActionRule {
    pub id: ActionId,
    pub label: String,
    pub file: String,
    pub by: Vec<Role>,
    pub asks: Option<Expr>,
    pub when: Conjunct,
    pub then: Expr,
    /// The statement without its id.
    pub text: String,
}

/// A schedule of the ruleset: when it runs is for the workflow, what it sends is in its body.
#[derive(Debug)]
pub(in crate::rules) struct ScheduleRule {
    pub name: ScheduleName,
    pub file: String,
    pub cron: cron::Schedule,
    pub then: Expr,
    /// The statement without its name.
    pub text: String,
}

/// The rules, actions and schedules of all files, in order.
#[derive(Debug, Default)]
pub(in crate::rules) struct Statements {
    pub rules: Vec<Rule>,
    pub actions: Vec<ActionRule>,
    pub schedules: Vec<ScheduleRule>,
}

impl Statements {
    /// Adds one statement of a file; what cannot be a statement of a rule file is an error with its place.
    pub fn add(
        &mut self,
        source: &RulesetSource,
        file: &str,
        s: &Statement,
        defined: Defined<'_>,
    ) -> Result<(), Vec<Diagnostic>> {
        let part = |part: Option<&Expr>| part.cloned().unwrap_or_default();
        match s.kind {
            StatementKind::Rule => self.rules.push(Rule {
                name: s.name().into(),
                file: file.to_owned(),
                position: s.position,
                list: s.list().cloned(),
                list_field: s.list().and_then(field_of_list),
                when: part(s.condition()),
                conjuncts: Conjunct::all(&part(s.condition()), defined),
                every: s.every().cloned(),
                then: part(s.body()),
                text: s.text.clone(),
            }),
            StatementKind::Action => self.actions.push(ActionRule {
                id: s.name().into(),
                label: s.label(),
                file: file.to_owned(),
                by: literals(&part(s.by())).into_iter().flatten().map(|(t, _)| Role::from(t)).collect(),
                asks: s.asks().cloned(),
                when: Conjunct::of(&part(s.condition()), defined),
                then: part(s.body()),
                text: s.text.clone(),
            }),
            StatementKind::Schedule => self.schedules.push(ScheduleRule {
                name: s.name().into(),
                file: file.to_owned(),
                cron: parse_cron(&s.cron(), || source.at(file, s.position))?,
                then: part(s.body()),
                text: s.text.clone(),
            }),
            StatementKind::Scenario => {
                return Err(vec![scenario_among_rules::report(source.at(file, s.position))]);
            }
        }
        Ok(())
    }
}

/// Reads the six fields of a cron text; days of the week by name, because the cron crate counts Sunday as 1.
fn parse_cron(text: &str, at: impl Fn() -> Location) -> Result<cron::Schedule, Vec<Diagnostic>> {
    let fields: Vec<&str> = text.split_whitespace().collect();
    if fields.len() != 6 {
        return Err(vec![schedule_time::report_fields(at(), text, fields.len())]);
    }
    if fields[0].parse::<u8>().is_err() {
        return Err(vec![schedule_time::report_seconds(at(), text)]);
    }
    if fields[5].chars().any(|c| c.is_ascii_digit()) {
        return Err(vec![schedule_time::report_weekday(at(), text)]);
    }
    let schedule = cron::Schedule::from_str(text);
    let schedule = schedule.map_err(|e| vec![schedule_time::report_unreadable(at(), text, &e)])?;
    // A leap day comes within eight years of any day.
    let any_day = chrono::DateTime::UNIX_EPOCH;
    match schedule.after(&any_day).next() {
        Some(_) => Ok(schedule),
        None => Err(vec![schedule_time::report_never(at(), text)]),
    }
}
