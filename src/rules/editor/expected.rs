//! What a text can be by the place at which it stands: beside what it is compared with, as whose argument.

use super::flow::{Answers, Expected, Flows};
use super::script::PieceKind;
use super::statement::{Frame, Known, Part, Walk, walk};
use super::view::View;
use crate::rules::observe::scenario_words;
use crate::rules::words::fields;
use crate::rules::words::kind::{Items, Kind};
use crate::rules::words::vocabulary::Vocabulary;
use std::ops::Range;

impl<'w> Walk<'w> {
    /// Returns what a text can be that stands at a token; `next` is the token after it.
    pub fn expected(&self, i: usize, next: usize) -> Option<Expected> {
        if self.view.piece.kind == PieceKind::Constant {
            let vocabulary = self.known.flows.constants.get(&self.view.name()?)?;
            return Some(Expected::Names(*vocabulary));
        }
        if self.part == Part::By {
            return Some(Expected::Names(Vocabulary::Role));
        }
        let is_equality = |written: &str| ["==", "!="].contains(&written);
        if is_equality(self.view.before(i)) {
            return self.view.operand_before(i - 1).and_then(|operand| self.names_of(operand));
        }
        if is_equality(self.view.written(next)) {
            return self.view.operand_after(next + 1).and_then(|operand| self.names_of(operand));
        }
        if ["=", "in"].contains(&self.view.before(i)) {
            return self.view.operand_before(i - 1).and_then(|operand| self.names_of(operand));
        }
        let lists = self.frames.iter().rev().take_while(|f| matches!(f, Frame::List { .. })).count();
        if let Some(Frame::List { start }) = self.frames.last()
            && let Some(names) = self.of_list(*start)
        {
            return Some(names);
        }
        let is_alone = |written: &str| ["", "(", ",", "["].contains(&written);
        let ends = ["", ")", ",", "]"].contains(&self.view.written(next));
        match &self.frames[..self.frames.len() - lists] {
            [.., Frame::Call { name, receiver, argument }] if is_alone(self.view.before(i)) && ends => {
                self.of_argument(*name, receiver.is_some(), *argument)
            }
            [.., Frame::Call { name, .. }, Frame::Map { key: Some(key) }] => self.of_key(*name, *key),
            _ => None,
        }
    }

    /// Returns what stands under a key of a map that a call is handed.
    fn of_key(&self, name: usize, key: usize) -> Option<Expected> {
        let key = self.view.written(key);
        let names = |vocabulary: &Vocabulary| Expected::Names(*vocabulary);
        if self.view.written(name) == "measure" {
            return (key == "state").then_some(Expected::Names(Vocabulary::Measure));
        }
        self.known.flows.answers.get(&(self.action_of(name)?, key.to_owned())).map(names)
    }

    /// Returns the action that a call does or tries, if it is one that does.
    pub fn action_of(&self, name: usize) -> Option<String> {
        let argument = match self.view.written(name) {
            "perform" => 0,
            "act" | "refused" => 2,
            _ => return None,
        };
        self.view.argument_text(name, argument)
    }

    /// Returns what the texts of a list can be that something is looked for in: `x in […]`, `[…].contains(x)`.
    fn of_list(&self, start: usize) -> Option<Expected> {
        if self.view.before(start) == "in" {
            return self.view.operand_before(start - 1).and_then(|operand| self.names_of(operand));
        }
        let end = self.view.closing(start)?;
        let is_looked_in = self.view.written(end + 1) == "."
            && self.view.written(end + 2) == "contains"
            && self.view.written(end + 3) == "(";
        let operand = is_looked_in.then(|| self.view.operand_after(end + 4))??;
        self.names_of(operand)
    }

    fn of_argument(&self, name: usize, is_method: bool, argument: usize) -> Option<Expected> {
        let called = self.view.written(name);
        if self.known.functions.contains(called) {
            let handed = (called.to_owned(), argument);
            return self.known.flows.parameters.get(&handed).map(|vocabulary| Expected::Names(*vocabulary));
        }
        if called == "choice" && argument == 1 && self.part == Part::Asks {
            let asked = (self.view.name()?, self.asked()?.to_owned());
            return self.known.flows.answers.get(&asked).map(|vocabulary| Expected::Names(*vocabulary));
        }
        let word = self.known.word(called)?;
        if scenario_words::NOTICES.contains(&word.name) {
            let taken = word.forms.first()?.takes.get(argument)?;
            return ["notices", "notification"].contains(&taken.name).then_some(Expected::Notice);
        }
        if word.name == "expect" && argument == 2 {
            let field = self.view.argument_text(name, 1)?;
            if field == "flags" {
                return Some(Expected::Names(Vocabulary::Flag));
            }
            return fields::find(&field)?.kind.vocabulary().map(Expected::Names);
        }
        let kinds = word.forms.iter().filter_map(|f| f.takes.get(argument + usize::from(is_method)));
        kinds.map(|parameter| parameter.kind).find_map(|kind| match kind {
            Kind::Name(vocabulary) | Kind::List(Items::Names(vocabulary)) => {
                Some(Expected::Names(vocabulary))
            }
            Kind::Recipient => Some(Expected::Recipient),
            Kind::Owner => Some(Expected::Owner),
            _ => None,
        })
    }

    fn names_of(&self, operand: Range<usize>) -> Option<Expected> {
        if self.known.scenarios.is_some() {
            // `k.state` is all that scenarios read so.
            let is_state = operand.len() == 3 && self.view.written(operand.end - 1) == "state";
            return is_state.then_some(Expected::Names(Vocabulary::State));
        }
        if let Some(vocabulary) = self.answered(&operand) {
            return Some(Expected::Names(vocabulary));
        }
        let expr = self.expression(operand)?;
        if let Some(vocabulary) = self.scope.kind(&expr).vocabulary() {
            return Some(Expected::Names(vocabulary));
        }
        let allowed = self.scope.allowed(&expr)?;
        Some(Expected::Choice(allowed.names))
    }

    /// Returns what the answer to a question is taken for: `input.verdict`.
    fn answered(&self, operand: &Range<usize>) -> Option<Vocabulary> {
        if operand.len() != 3 || self.view.written(operand.start) != "input" {
            return None;
        }
        let answer = (self.view.name()?, self.view.written(operand.end - 1).to_owned());
        self.known.flows.of_answers(self.view.piece.kind)?.get(&answer).copied()
    }

    /// Returns the name of the question whose words are open.
    fn asked(&self) -> Option<&'w str> {
        match self.frames.first()? {
            Frame::Map { key: Some(key) } => Some(self.view.written(*key)),
            _ => None,
        }
    }
}

/// Notes where the names come from that a piece compares and was handed.
pub(super) fn learn(flows: &mut Flows, known: Known, view: View) {
    let Some(name) = view.name() else { return };
    let expected = |start, end| match walk(known, view, start, |walk| walk.expected(start, end)) {
        Some(Expected::Names(vocabulary)) => Some(vocabulary),
        _ => None,
    };
    if view.piece.kind == PieceKind::Constant {
        return;
    }
    for i in view.piece.tokens.clone().filter(|i| known.constants.contains(view.written(*i))) {
        if let Some(vocabulary) = expected(i, i + 1) {
            flows.constants.insert(view.written(i).to_owned(), vocabulary);
        }
    }
    learn_handed(flows, known, view);
    if let Some((names, end)) = view.parameters() {
        for i in end..view.piece.tokens.end {
            let parameter = names.iter().position(|name| *name == view.written(i));
            if let Some(parameter) = parameter
                && let Some(vocabulary) = expected(i, i + 1)
            {
                flows.parameters.insert((name.clone(), parameter), vocabulary);
            }
        }
    }
    learn_inputs(flows, known, view, &name);
}

/// Notes what the answers are taken for that a piece reads, or a function that it calls; what one of them knows, the
/// other does.
fn learn_inputs(flows: &mut Flows, known: Known, view: View, name: &str) {
    let Some(own) = known.flows.of_answers(view.piece.kind) else { return };
    let of = |answers: &Answers, name: &str| -> Vec<(String, Vocabulary)> {
        let own = answers.iter().filter(|((owner, _), _)| owner == name);
        own.map(|((_, question), vocabulary)| (question.clone(), *vocabulary)).collect()
    };
    let (own, mut learnt) = (of(own, name), Vec::new());
    for i in view.piece.tokens.clone() {
        let (written, next) = (view.written(i), view.written(i + 1));
        if written == "input" && next == "." {
            let expected = walk(known, view, i, |walk| walk.expected(i, i + 3));
            if let Some(Expected::Names(vocabulary)) = expected {
                learnt.push((view.written(i + 2).to_owned(), vocabulary));
            }
        } else if next == "(" && known.functions.contains(written) {
            learnt.extend(of(&known.flows.inputs, written));
            let handed = own.iter().map(|(question, known)| ((written.to_owned(), question.clone()), *known));
            flows.inputs.extend(handed);
        }
    }
    let learnt = learnt.into_iter().map(|(question, known)| ((name.to_owned(), question), known));
    match view.piece.kind {
        PieceKind::Action => flows.answers.extend(learnt),
        _ => flows.inputs.extend(learnt),
    }
}

/// Notes of what kind a piece hands things to functions.
fn learn_handed(flows: &mut Flows, known: Known, view: View) {
    let tokens = view.piece.tokens.clone().skip(2);
    for name in tokens.filter(|i| view.written(i + 1) == "(" && known.functions.contains(view.written(*i))) {
        let handed: Vec<Kind> = walk(known, view, name, |walk| {
            view.arguments(name + 1).into_iter().map(|argument| walk.kind(argument)).collect()
        });
        // What cannot be told of one call is told by the others.
        for (i, kind) in handed.into_iter().enumerate().filter(|(_, kind)| *kind != Kind::Any) {
            flows.hand((view.written(name).to_owned(), i), kind);
        }
    }
}
