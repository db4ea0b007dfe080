//! `Work`: the rule, action or schedule whose expression is evaluated.

use crate::complaint::{Fault, FaultKind, RuleName, Source, Text};
use crate::rules::evaluate::observer::Subject;
use crate::rules::ruleset::loaded::Ruleset;
use crate::rules::statements::rule::{ActionRule, Rule, ScheduleRule};
use rhai::Position;

/// The statement at work, at whose source a failure is laid.
#[derive(Clone, Copy)]
pub(in crate::rules) enum Work<'w> {
    Rule(&'w Rule),
    Action { action: &'w ActionRule, performed_by: Option<&'w RuleName> },
    Schedule(&'w ScheduleRule),
}

impl<'w> Work<'w> {
    pub fn source(self) -> Source {
        match self {
            Self::Rule(rule) => Source::Rule(rule.name.clone()),
            Self::Action { action, performed_by } => {
                Source::Action { id: action.id.clone(), performed_by: performed_by.cloned() }
            }
            Self::Schedule(schedule) => Source::Schedule(schedule.name.clone()),
        }
    }

    pub fn subject(self) -> Subject {
        match self {
            Self::Rule(_) => Subject::Rule,
            Self::Action { .. } => Subject::Action,
            Self::Schedule(_) => Subject::Schedule,
        }
    }

    pub fn name(self) -> &'w str {
        match self {
            Self::Rule(rule) => rule.name.as_str(),
            Self::Action { action, .. } => action.id.as_str(),
            Self::Schedule(schedule) => schedule.name.as_str(),
        }
    }

    pub fn file(self) -> &'w str {
        match self {
            Self::Rule(rule) => &rule.file,
            Self::Action { action, .. } => &action.file,
            Self::Schedule(schedule) => &schedule.file,
        }
    }

    /// Returns a fault of the script at the beginning of the statement, for what no expression is to blame.
    pub fn fault(self, ruleset: &Ruleset, text: Text) -> Fault {
        let position = match self {
            Self::Rule(rule) => rule.position,
            Self::Action { .. } | Self::Schedule(_) => Position::NONE,
        };
        let place = place(self.file(), position);
        Fault {
            source: self.source(),
            ruleset: ruleset.hash().to_owned(),
            kind: FaultKind::Script,
            place,
            text,
        }
    }
}

/// Returns a place in the rules folder: `rules/30_treatment.rhai:12:7`.
pub(in crate::rules) fn place(file: &str, position: Position) -> String {
    match (position.line(), position.position()) {
        (Some(line), Some(column)) => format!("rules/{file}:{line}:{column}"),
        _ => format!("rules/{file}"),
    }
}
