//! Calls: words that exist, at a place where they may stand, with arguments of the right number and kind.

use super::bodies::Body;
use super::place::Place;
use super::world::Checked;
use crate::calendar::TimeOfDay;
use crate::complaint::Recipient;
use crate::rules::diagnostics::kinds::{
    answers_in_rule, argument_count, argument_kind, computed_name, effect_in_condition, no_complaint,
    other_word, question_outside_asks, refusal_in_rule, schedule_word, time_of_day, unknown_function,
    unknown_key,
};
use crate::rules::diagnostics::{Diagnostic, Words, nearest};
use crate::rules::language::slips;
use crate::rules::language::tree::literals;
use crate::rules::words::kind::{Family, Items, Kind};
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::{Does, Parameter, Phases, Reads, Word};
use crate::rules::words::{self, measures, meetings};
use rhai::{ASTNode, Expr, FnCallExpr, Position, Stmt};

/// Checks every call in a body.
pub(super) fn check(checked: &Checked, body: &Body, found: &mut Vec<Diagnostic>) {
    body.visit(&mut |node| match node {
        ASTNode::Expr(Expr::FnCall(call, position)) | ASTNode::Stmt(Stmt::FnCall(call, position)) => {
            Call { checked, body, call, position: *position, receivers: 0 }.check(found);
        }
        ASTNode::Expr(Expr::MethodCall(call, position)) => {
            Call { checked, body, call, position: *position, receivers: 1 }.check(found);
        }
        _ => {}
    });
}

const MEASURE: Words = Words::new("een maatregel", "a measure");
const MEETING: Words = Words::new("een gesprek", "a meeting");

struct Call<'c, 'a> {
    checked: &'c Checked<'a>,
    body: &'c Body<'a>,
    call: &'c FnCallExpr,
    position: Position,
    /// 1 where a method's own value stands before the dot.
    receivers: usize,
}

impl Call<'_, '_> {
    fn check(&self, found: &mut Vec<Diagnostic>) {
        let name = self.call.name.as_str();
        // Operators are compared elsewhere; `curry` is Rhai's own call for a closure that captures something.
        if self.call.op_token.is_some() || name == "curry" {
            return;
        }
        let given = self.call.args.len();
        if let Some(arity) = self.checked.functions.get(name) {
            if *arity != given {
                found.push(argument_count::report(self.body.at(self.position), name, &[*arity], given));
            }
            return;
        }
        if self.checked.unreadable.functions.contains(name) {
            return;
        }
        let Some(word) = words::find(name) else {
            let known = words::all().map(|w| w.name).chain(self.checked.functions.keys().copied());
            let resembles = nearest(name, known);
            if let Some(meant) = slips::meant::word(name).filter(|meant| resembles != Some(meant)) {
                let told = other_word::report(self.body.at(self.position), name, meant);
                return found.push(told.replaced_by(meant));
            }
            let known = words::all().map(|w| w.name).chain(self.checked.functions.keys().copied());
            return found.push(unknown_function::report(self.body.at(self.position), name, known));
        };
        self.phase(word, found);
        match word.form(given + self.receivers) {
            Some(form) => {
                for (argument, parameter) in self.call.args.iter().zip(&form.takes[self.receivers..]) {
                    self.argument(word, argument, parameter, found);
                }
                self.own_rules(word, found);
            }
            None => {
                let counts = word.forms.iter().filter_map(|f| f.takes.len().checked_sub(self.receivers));
                let counts: Vec<usize> = counts.collect();
                found.push(argument_count::report(self.body.at(self.position), name, &counts, given));
            }
        }
    }

    /// Checks that the word may stand here.
    fn phase(&self, word: &Word, found: &mut Vec<Diagnostic>) {
        let (at, name) = (self.body.at(self.position), word.name);
        found.push(match (self.body.place, word.phases) {
            (Place::Condition | Place::Asks, _) if word.has_effect() => effect_in_condition::report(at, name),
            (Place::RuleBody, _) if word.does == Does::Refuses => refusal_in_rule::report(at),
            (Place::RuleBody, Phases::ActionBodies) => answers_in_rule::report(at, name),
            (Place::Schedule, Phases::Bodies | Phases::ActionBodies) => no_complaint::report(at, name),
            (Place::Schedule, _) if reads_complaint(word.reads) => no_complaint::report(at, name),
            (Place::Condition | Place::RuleBody | Place::ActionBody | Place::Schedule, Phases::Asks) => {
                question_outside_asks::report(at, name)
            }
            (Place::Condition | Place::RuleBody | Place::ActionBody | Place::Asks, Phases::Schedules) => {
                schedule_word::report(at, name)
            }
            _ => return,
        });
    }

    fn argument(&self, word: &Word, argument: &Expr, parameter: &Parameter, found: &mut Vec<Diagnostic>) {
        match parameter.kind {
            Kind::Name(vocabulary) | Kind::List(Items::Names(vocabulary)) => {
                self.names(argument, vocabulary, found);
            }
            Kind::Owner => {
                let names = literals(argument).unwrap_or_default();
                if names.iter().any(|(name, _)| Recipient::from(*name) == Recipient::Complainant) {
                    return;
                }
                self.names(argument, Vocabulary::Role, found);
            }
            Kind::Recipient => {
                if let Expr::StringConstant(to, position) = argument {
                    self.recipient(to, *position, found);
                } else {
                    self.kind(word, argument, parameter, found);
                }
            }
            Kind::TimeOfDay => match argument {
                Expr::StringConstant(text, position) if TimeOfDay::parse_from_str(text, "%H:%M").is_err() => {
                    found.push(time_of_day::report(self.body.at(*position), text));
                }
                _ => self.kind(word, argument, parameter, found),
            },
            _ => self.kind(word, argument, parameter, found),
        }
    }

    /// Checks names, which are written out so that they can be checked.
    fn names(&self, argument: &Expr, vocabulary: Vocabulary, found: &mut Vec<Diagnostic>) {
        let Some(names) = literals(argument) else {
            // A declared name without quotes is told as that.
            if let Expr::Variable(x, ..) = argument
                && self.checked.is_declared(&x.1)
            {
                return;
            }
            return found.push(computed_name::report(self.body.at(argument.position()), vocabulary.word()));
        };
        for (name, position) in names {
            found.extend(self.checked.unknown_name(self.body.file, position, vocabulary, name));
        }
    }

    fn recipient(&self, to: &str, position: Position, found: &mut Vec<Diagnostic>) {
        if let Recipient::Role(role) = Recipient::from(to) {
            let file = self.body.file;
            found.extend(self.checked.unknown_name(file, position, Vocabulary::Role, role.as_str()));
        }
    }

    fn kind(&self, word: &Word, argument: &Expr, parameter: &Parameter, found: &mut Vec<Diagnostic>) {
        let given = self.body.scope.kind(argument);
        if !fits(given, parameter.kind) {
            let taken = (parameter.name, parameter.kind.described());
            let at = self.body.at(argument.start_position());
            found.push(argument_kind::report(at, word.name, taken, given.described()));
        }
    }

    /// Checks what a word asks of its arguments beyond their kinds.
    fn own_rules(&self, word: &Word, found: &mut Vec<Diagnostic>) {
        match (word.name, &self.call.args[..]) {
            ("measure", [Expr::Map(map, _)] | [_, Expr::Map(map, _)]) => {
                for (key, value) in &map.0 {
                    self.key(&key.name, key.pos, measures::KEYS, MEASURE, found);
                    if key.name == "state" {
                        for (state, position) in self.body.scope.texts(value) {
                            let file = self.body.file;
                            let known =
                                self.checked.unknown_name(file, position, Vocabulary::Measure, &state);
                            found.extend(known);
                        }
                    }
                }
            }
            ("measure", [_, Expr::StringConstant(state, position)]) => {
                found.extend(self.checked.unknown_name(
                    self.body.file,
                    *position,
                    Vocabulary::Measure,
                    state,
                ));
            }
            ("meet", [Expr::Map(map, _)]) => {
                for (key, _) in &map.0 {
                    self.key(&key.name, key.pos, meetings::KEYS, MEETING, found);
                }
            }
            _ => {}
        }
    }

    fn key(&self, key: &str, position: Position, known: &[&str], what: Words, found: &mut Vec<Diagnostic>) {
        if !known.contains(&key) {
            found.push(unknown_key::report(self.body.at(position), what, key, known));
        }
    }
}

fn reads_complaint(reads: Reads) -> bool {
    matches!(reads, Reads::TermRuns | Reads::TermEnd | Reads::Letter | Reads::MailText | Reads::Fact)
}

/// Returns whether a value of one kind can stand where another is taken, as far as the text tells.
fn fits(given: Kind, taken: Kind) -> bool {
    let family = given.family();
    if family == Family::Unknown || taken == Kind::Any {
        return true;
    }
    match taken {
        Kind::Day => matches!(family, Family::Moment | Family::Date),
        Kind::Measure | Kind::Complaint | Kind::Question | Kind::ThisComplaint | Kind::Period => {
            given == taken || (taken == Kind::Period && given == Kind::Map)
        }
        Kind::Map => matches!(given, Kind::Map | Kind::Period),
        Kind::List(Items::Anything) => matches!(given, Kind::List(_)),
        Kind::List(items) => match given {
            Kind::List(given) => given == items || given == Items::Anything,
            _ => false,
        },
        _ => taken.family() == Family::Unknown || family == taken.family(),
    }
}
