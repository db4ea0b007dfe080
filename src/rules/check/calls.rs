//! Calls: words that exist, at a place where they may stand, with arguments of the right number and kind.

use super::bodies::Body;
use super::comparisons;
use super::local::Written;
use super::place::Place;
use super::scope::required_answers;
use super::world::Checked;
use super::wrong::{Finding, Wrong};
use crate::calendar::{Date, TimeOfDay};
use crate::complaint::Recipient;
use crate::rules::diagnostics::kinds::{
    answers_in_rule, argument_count, argument_kind, computed_name, effect_in_condition, group_to_outsider,
    no_complaint, not_asked, other_word, question_outside_asks, refusal_in_rule, schedule_word, time_of_day,
    unknown_function, unknown_key,
};
use crate::rules::diagnostics::{Diagnostic, Words, nearest};
use crate::rules::language::slips;
use crate::rules::language::tree::{literals, start};
use crate::rules::words::kind::{Family, Items, Kind};
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::{Does, Phases, Reads, Word};
use crate::rules::words::{self, measures, meetings};
use rhai::{ASTNode, Expr, FnCallExpr, Ident, Position, Stmt};

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

/// Checks the methods of a body by what they are called on.
pub(super) fn kinds(body: &Body, found: &mut Vec<Finding>) {
    body.visit(&mut |node| match node {
        ASTNode::Expr(expr @ Expr::Dot(..)) => {
            for (receiver, step) in body.scope.steps(expr) {
                if let Expr::MethodCall(call, position) = step {
                    found.extend(receiver_kind(body, receiver.kind, call, *position));
                }
            }
        }
        ASTNode::Expr(Expr::FnCall(call, _)) | ASTNode::Stmt(Stmt::FnCall(call, _)) => {
            performed(body, call, found);
        }
        _ => {}
    });
}

fn receiver_kind(body: &Body, receiver: Kind, call: &FnCallExpr, position: Position) -> Option<Finding> {
    let word = words::find(&call.name)?;
    let takes = word.form(call.args.len() + 1)?.takes.first()?.kind;
    let wrong = match receiver {
        // Even its text would be a fact that changes unseen (docs/semantics.md 2.2).
        Kind::Now => Wrong::OnlyCompared { name: "now" },
        Kind::Today => Wrong::OnlyCompared { name: "today" },
        kind if !fits(kind, takes) || !has_length(word.name, kind) => {
            Wrong::NotOfThis { word: word.name, kind, takes }
        }
        _ => return None,
    };
    Some(body.finding(position, wrong))
}

/// Returns whether a value is long or short, or holds something, where a word asks for that.
fn has_length(word: &str, kind: Kind) -> bool {
    let asks = ["len", "is_empty", "contains"].contains(&word);
    !asks || matches!(kind.family(), Family::Unknown | Family::Text | Family::Compound)
}

/// Checks the answers that `perform` gives to an action's questions.
fn performed(body: &Body, call: &FnCallExpr, found: &mut Vec<Finding>) {
    let ("perform", [Expr::StringConstant(action, _), Expr::Map(given, position)]) =
        (call.name.as_str(), &call.args[..])
    else {
        return;
    };
    let Some(asks) = body.scope.checked.asks_of(action) else { return };
    let missing =
        required_answers(asks).into_iter().filter(|name| !given.0.iter().any(|(key, _)| key.name == *name));
    for name in missing {
        let wrong = Wrong::AnswerMissing { action: action.to_string(), name: name.to_owned() };
        found.push(body.finding(*position, wrong));
    }
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
                    self.argument(word.name, argument, (parameter.name, parameter.kind), found);
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

    fn argument(&self, word: &str, argument: &Expr, parameter: (&str, Kind), found: &mut Vec<Diagnostic>) {
        match parameter.1 {
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
                let names = self.body.scope.texts(argument);
                names.iter().for_each(|name| self.recipient(name, found));
                if names.is_empty() {
                    self.kind(word, argument, parameter, found);
                }
            }
            Kind::TimeOfDay => {
                let times = self.body.scope.texts(argument);
                let wrong = times.iter().filter(|t| TimeOfDay::parse_from_str(&t.text, "%H:%M").is_err());
                found.extend(wrong.map(|wrong| {
                    time_of_day::report(self.checked.source.at(wrong.file, wrong.position), &wrong.text)
                }));
                self.kind(word, argument, parameter, found);
            }
            _ => self.kind(word, argument, parameter, found),
        }
    }

    /// Checks names, which are written out so that they can be checked.
    fn names(&self, argument: &Expr, vocabulary: Vocabulary, found: &mut Vec<Diagnostic>) {
        let Some(names) = literals(argument) else {
            // What a word gives is declared.
            let given = self.body.scope.kind(argument);
            if matches!(argument, Expr::FnCall(..)) && given == Kind::List(Items::Names(vocabulary)) {
                return;
            }
            // A declared name without quotes is told as that.
            if let Expr::Variable(x, ..) = argument
                && self.checked.is_declared(&x.1)
            {
                return;
            }
            return found.push(computed_name::report(self.body.at(start(argument)), vocabulary.word()));
        };
        for (name, position) in names {
            found.extend(self.checked.unknown_name(self.body.file, position, vocabulary, name));
        }
    }

    fn recipient(&self, to: &Written, found: &mut Vec<Diagnostic>) {
        if let Recipient::Role(role) = Recipient::from(to.text.as_str()) {
            found.extend(self.checked.unknown_name(to.file, to.position, Vocabulary::Role, role.as_str()));
        }
    }

    fn kind(&self, word: &str, argument: &Expr, (name, taken): (&str, Kind), found: &mut Vec<Diagnostic>) {
        let given = self.body.scope.kind(argument);
        if !fits(given, taken) {
            let at = self.body.at(start(argument));
            found.push(argument_kind::report(at, word, (name, taken.described()), given.described()));
        }
    }

    /// Checks what a word asks of its arguments beyond their kinds.
    fn own_rules(&self, word: &Word, found: &mut Vec<Diagnostic>) {
        match (word.name, &self.call.args[..]) {
            ("measure", [Expr::Map(map, _)] | [_, Expr::Map(map, _)]) => {
                for (key, value) in &map.0 {
                    self.key(&key.name, key.pos, measures::KEYS, MEASURE, found);
                    if let Some(kind) = measures::kind(&key.name) {
                        self.value(word.name, value, (&key.name, kind), found);
                    }
                    if key.name == "state" {
                        for state in self.body.scope.texts(value) {
                            let measure = Vocabulary::Measure;
                            let (file, position) = (state.file, state.position);
                            found.extend(self.checked.unknown_name(file, position, measure, &state.text));
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
                for (key, value) in &map.0 {
                    self.key(&key.name, key.pos, meetings::KEYS, MEETING, found);
                    if let Some(kind) = meetings::kind(&key.name) {
                        self.value(word.name, value, (&key.name, kind), found);
                    }
                }
            }
            ("notify", [to, _, Expr::Map(map, _)]) => self.handed_out(to, &map.0, found),
            ("perform", [Expr::StringConstant(action, _), Expr::Map(map, _)]) => {
                self.answers(action, &map.0, found);
            }
            _ => {}
        }
    }

    /// Checks that no complaints of others go along with what leaves the organisation (docs/semantics.md 7.3).
    fn handed_out(&self, to: &Expr, handed: &[(Ident, Expr)], found: &mut Vec<Diagnostic>) {
        let leaves = |to: &Written| {
            matches!(Recipient::from(to.text.as_str()), Recipient::Complainant | Recipient::Person(_))
        };
        if !self.body.scope.texts(to).iter().any(leaves) {
            return;
        }
        for (key, value) in handed {
            let kind = self.body.scope.kind(value);
            if matches!(kind, Kind::Member | Kind::List(Items::Members | Items::Groups)) {
                found.push(group_to_outsider::report(self.body.at(start(value)), &key.name));
            }
        }
    }

    /// Checks the answers that are given to the questions of an action.
    fn answers(&self, action: &str, given: &[(Ident, Expr)], found: &mut Vec<Diagnostic>) {
        let Some(asks) = self.checked.asks_of(action) else { return };
        let scope = self.body.scope.asking(asks);
        let Some(asked) = scope.asked_names() else { return };
        for (key, value) in given {
            if !asked.contains(key.name.as_str()) {
                found.push(not_asked::performed(
                    self.body.at(key.pos),
                    action,
                    &key.name,
                    asked.iter().copied(),
                ));
                continue;
            }
            let texts = self.body.scope.texts(value);
            if let Some(allowed) = scope.choices(&key.name) {
                comparisons::among(self.body, &texts, &allowed, found);
            }
            // An answer is read as if somebody had typed it: a day may be a text.
            let is_no_day = texts.is_empty() || texts.iter().any(|t| t.text.parse::<Date>().is_err());
            if is_no_day && scope.asked(&key.name) == Kind::Date {
                self.value("perform", value, (&key.name, Kind::Date), found);
            }
        }
    }

    /// Checks a value in a map that a word takes; one that is nothing is left out.
    fn value(&self, word: &str, value: &Expr, (name, kind): (&str, Kind), found: &mut Vec<Diagnostic>) {
        if self.body.scope.kind(value) != Kind::Nothing {
            self.argument(word, value, (name, kind), found);
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
        // A name of something else is no name of somebody.
        Kind::Recipient | Kind::Address if matches!(given, Kind::Name(v) if v != Vocabulary::Role) => false,
        Kind::Day => matches!(family, Family::Moment | Family::Date),
        Kind::Measure | Kind::Complaint | Kind::Question | Kind::ThisComplaint | Kind::Period => {
            given == taken || (taken == Kind::Period && given == Kind::Map)
        }
        Kind::Map => matches!(given, Kind::Map | Kind::Period),
        Kind::List(Items::Anything) => matches!(given, Kind::List(_)),
        Kind::List(_) => match given {
            Kind::List(Items::Anything) => true,
            Kind::List(_) => given.item().family() == taken.item().family(),
            _ => false,
        },
        _ => taken.family() == Family::Unknown || family == taken.family(),
    }
}
