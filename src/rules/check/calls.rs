//! Calls: words that exist, at a place where they may stand, with arguments of the right number and kind.

use super::bodies::Body;
use super::names::no_complaint;
use super::place::Place;
use super::world::Checked;
use crate::calendar::TimeOfDay;
use crate::complaint::Recipient;
use crate::rules::language::diagnostic::Diagnostic;
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

struct Call<'c, 'a> {
    checked: &'c Checked<'a>,
    body: &'c Body<'a>,
    call: &'c FnCallExpr,
    position: Position,
    /// 1 where a method's own value stands before the dot.
    receivers: usize,
}

impl Call<'_, '_> {
    fn report(&self, found: &mut Vec<Diagnostic>, position: Position, text: impl Into<String>) {
        found.push(Diagnostic::at(self.body.file, position, text));
    }

    fn check(&self, found: &mut Vec<Diagnostic>) {
        let name = self.call.name.as_str();
        // Operators are compared elsewhere; `curry` is Rhai's own call for a closure that captures something.
        if self.call.op_token.is_some() || name == "curry" {
            return;
        }
        let given = self.call.args.len();
        if let Some(arity) = self.checked.functions.get(name) {
            if *arity != given {
                self.report(found, self.position, format!("`{name}` takes {arity} arguments, not {given}"));
            }
            return;
        }
        let Some(word) = words::find(name) else {
            let known = words::all().map(|w| w.name).chain(self.checked.functions.keys().copied());
            let diagnostic =
                Diagnostic::at(self.body.file, self.position, format!("unknown function `{name}`"));
            return found.push(diagnostic.suggest(name, known));
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
                let counts: Vec<String> = counts.map(|n| n.to_string()).collect();
                let text = format!("`{name}` takes {} arguments, not {given}", counts.join(" or "));
                self.report(found, self.position, text);
            }
        }
    }

    /// Checks that the word may stand here.
    fn phase(&self, word: &Word, found: &mut Vec<Diagnostic>) {
        let name = word.name;
        let text = match (self.body.place, word.phases) {
            (Place::Condition | Place::Asks, _) if word.has_effect() => {
                format!("`{name}` has an effect; a condition may only look")
            }
            (Place::RuleBody, _) if word.does == Does::Refuses => {
                "only an action can be refused; a rule has nobody to tell".to_owned()
            }
            (Place::RuleBody, Phases::ActionBodies) => {
                format!("`{name}` takes over what an action asked; a rule asks nothing")
            }
            (Place::Schedule, Phases::Bodies | Phases::ActionBodies) => {
                return found.push(no_complaint(self.body.file, self.position, name));
            }
            (Place::Schedule, _) if reads_complaint(word.reads) => {
                return found.push(no_complaint(self.body.file, self.position, name));
            }
            (Place::Condition | Place::RuleBody | Place::ActionBody | Place::Schedule, Phases::Asks) => {
                format!("`{name}` asks a question; it stands in `asks` of an action")
            }
            (Place::Condition | Place::RuleBody | Place::ActionBody | Place::Asks, Phases::Schedules) => {
                format!("`{name}` is about the procedure as a whole; only a schedule knows it")
            }
            _ => return,
        };
        self.report(found, self.position, text);
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
                    let text = format!("`{text}` is not a time of day; write it as \"09:00\"");
                    self.report(found, *position, text);
                }
                _ => self.kind(word, argument, parameter, found),
            },
            _ => self.kind(word, argument, parameter, found),
        }
    }

    /// Checks names, which are written out so that they can be checked.
    fn names(&self, argument: &Expr, vocabulary: Vocabulary, found: &mut Vec<Diagnostic>) {
        let Some(names) = literals(argument) else {
            let text =
                format!("write the {} as a text here; a computed name cannot be checked", vocabulary.word());
            return self.report(found, argument.position(), text);
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
            let text = format!(
                "`{}` takes {} as {}, not {}",
                word.name,
                parameter.kind.described(),
                parameter.name,
                given.described()
            );
            self.report(found, argument.start_position(), text);
        }
    }

    /// Checks what a word asks of its arguments beyond their kinds.
    fn own_rules(&self, word: &Word, found: &mut Vec<Diagnostic>) {
        match (word.name, &self.call.args[..]) {
            ("measure", [Expr::Map(map, _)] | [_, Expr::Map(map, _)]) => {
                for (key, value) in &map.0 {
                    self.key(&key.name, key.pos, measures::KEYS, "measure", found);
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
                for (key, _) in &map.0 {
                    self.key(&key.name, key.pos, meetings::KEYS, "meeting", found);
                }
            }
            _ => {}
        }
    }

    fn key(&self, key: &str, position: Position, known: &[&str], what: &str, found: &mut Vec<Diagnostic>) {
        if !known.contains(&key) {
            let text = format!("a {what} has no `{key}`; it has {}", known.join(", "));
            found.push(Diagnostic::at(self.body.file, position, text).suggest(key, known.iter().copied()));
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
        Kind::List(_) => match given {
            Kind::List(Items::Anything) => true,
            Kind::List(_) => given.item().family() == taken.item().family(),
            _ => false,
        },
        _ => taken.family() == Family::Unknown || family == taken.family(),
    }
}
