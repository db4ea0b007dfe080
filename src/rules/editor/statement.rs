//! `Walk`: a piece of a script read from left to right, with what is known at each token: the part of the
//! statement, the calls and lists that are open, and the kinds of the names in scope.
//!
//! It needs no parsed file, so it answers about a statement that is being typed. What expressions come to is
//! the checker's to say ([`Scope`]).

use super::expressions::Expressions;
use super::flow::{Expected, Flows};
use super::script::PieceKind;
use super::symbol::{Mention, Symbol};
use super::tokens::TokenKind;
use super::view::{NO_CALLS, View, unescaped};
use crate::complaint::Recipient;
use crate::rules::check::functions::Asked;
use crate::rules::check::local::Local;
use crate::rules::check::place::Place;
use crate::rules::check::scope::Scope;
use crate::rules::check::world::Checked;
use crate::rules::observe::scenario_words;
use crate::rules::words::element::PROPERTIES;
use crate::rules::words::kind::Kind;
use crate::rules::words::vocabulary::Vocabulary;
use crate::rules::words::word::Word;
use crate::rules::words::{self, fields};
use rhai::Expr;
use std::collections::BTreeSet;
use std::ops::Range;
use std::sync::Arc;

/// What a file's names can mean, beside the words of the language.
#[derive(Clone, Copy)]
pub(super) struct Known<'w> {
    pub checked: &'w Checked<'w>,
    pub expressions: &'w Expressions,
    pub constants: &'w BTreeSet<String>,
    pub functions: &'w BTreeSet<String>,
    /// The vocabularies of what is handed to functions and asked by actions.
    pub flows: &'w Flows,
    /// The file, where it holds scenarios; none for a file of rules.
    pub scenarios: Option<&'w str>,
}

impl Known<'_> {
    /// Returns the word of a name, as this file knows it.
    pub fn word(&self, name: &str) -> Option<&'static Word> {
        let of_scenarios = self.scenarios.and_then(|_| scenario_words::find(name));
        of_scenarios.or_else(|| words::find(name))
    }
}

/// What is open at a token.
#[derive(Clone, Debug)]
pub(super) enum Frame {
    Call { name: usize, receiver: Option<Range<usize>>, argument: usize },
    List { start: usize },
    Map { key: Option<usize> },
    Other,
}

/// The part of a statement at which a walk is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Part {
    Head,
    List,
    When,
    Every,
    By,
    Asks,
    Then,
}

pub(super) struct Walk<'w> {
    pub known: Known<'w>,
    pub scope: Scope<'w>,
    pub part: Part,
    pub view: View<'w>,
    pub frames: Vec<Frame>,
    found: Vec<Mention>,
}

/// Reads a piece up to a token, or to its end, and hands what is known there to `look`.
pub(super) fn walk<T>(known: Known, view: View, until: usize, look: impl FnOnce(&Walk) -> T) -> T {
    let place = match view.piece.kind {
        PieceKind::Function | PieceKind::Constant => Place::Function,
        _ => Place::Condition,
    };
    let mut scope = Scope::alone(known.checked, place);
    let list = view.part("for").and_then(|text| known.expressions.parse(text));
    scope.around.element = Some(list.map_or(Kind::Any, |list| scope.kind(&list).item()));
    let asks = view.part("asks").and_then(|text| known.expressions.parse(text));
    scope.around.asks =
        asks.as_deref().into_iter().map(|asks| Asked { file: "", written: Some(asks) }).collect();
    if let (Some(function), Some((parameters, _))) = (view.name(), view.parameters()) {
        for (i, parameter) in parameters.into_iter().enumerate() {
            if let Some(kind) = known.flows.kinds.get(&(function.clone(), i)) {
                scope.locals.insert(parameter.to_owned(), Local::of(*kind));
            }
        }
    }
    let mut walk = Walk {
        known,
        scope,
        part: match view.piece.kind {
            PieceKind::Function | PieceKind::Scenario => Part::Then,
            _ => Part::Head,
        },
        view,
        frames: Vec::new(),
        found: Vec::new(),
    };
    for i in view.piece.tokens.start..until.min(view.piece.tokens.end) {
        walk.step(i);
    }
    look(&walk)
}

impl<'w> Walk<'w> {
    /// Returns the mentions so far.
    pub fn found(&self) -> &[Mention] {
        &self.found
    }

    /// Returns whether no bracket is open.
    pub fn is_at_top(&self) -> bool {
        self.frames.is_empty()
    }

    fn step(&mut self, i: usize) {
        match self.view.tokens[i].kind {
            TokenKind::Name => self.name(i),
            TokenKind::Text => self.quoted(i),
            TokenKind::Sign => self.sign(i),
            TokenKind::Number | TokenKind::Stretch => {}
        }
    }

    fn sign(&mut self, i: usize) {
        match self.view.written(i) {
            "(" => {
                let is_call = i.checked_sub(1).is_some_and(|name| {
                    self.view.kind_of_token(name) == Some(TokenKind::Name)
                        && !NO_CALLS.contains(&self.view.written(name))
                });
                let frame = match i.checked_sub(1).filter(|_| is_call) {
                    Some(name) => {
                        let dotted = self.view.before(name) == ".";
                        let receiver = if dotted { self.view.operand_before(name - 1) } else { None };
                        Frame::Call { name, receiver, argument: 0 }
                    }
                    None => Frame::Other,
                };
                self.frames.push(frame);
            }
            "[" => {
                let before = i.checked_sub(1).and_then(|b| self.view.kind_of_token(b));
                let indexes = match before {
                    Some(TokenKind::Name) => !NO_CALLS.contains(&self.view.before(i)),
                    Some(TokenKind::Sign) => [")", "]"].contains(&self.view.before(i)),
                    _ => false,
                };
                self.frames.push(if indexes { Frame::Other } else { Frame::List { start: i } });
            }
            "#{" => self.frames.push(Frame::Map { key: None }),
            "{" | "${" | "?[" => self.frames.push(Frame::Other),
            ")" | "]" | "}" => {
                self.frames.pop();
            }
            "," => match self.frames.last_mut() {
                Some(Frame::Call { argument, .. }) => *argument += 1,
                Some(Frame::Map { key }) => *key = None,
                _ => {}
            },
            ":" => {
                if let Some(Frame::Map { key }) = self.frames.last_mut() {
                    *key = i.checked_sub(1);
                }
            }
            "|" => self.closure(i),
            _ => {}
        }
    }

    /// Notes the parameter of a closure: an item of the list whose method it is handed to.
    fn closure(&mut self, i: usize) {
        let (name, Some(Frame::Call { receiver: Some(receiver), .. })) = (i + 1, self.frames.last()) else {
            return;
        };
        if self.view.before(i) == "(" && self.view.written(i + 2) == "|" {
            let item = self.local(receiver.clone()).item();
            self.scope.locals.insert(self.view.written(name).to_owned(), item);
        }
    }

    fn name(&mut self, i: usize) {
        let (name, next) = (self.view.written(i), self.view.written(i + 1));
        if i == self.view.piece.tokens.start {
            let known = crate::rules::observe::reference::statement(name);
            return self.push(known.map(|s| Symbol::Statement(s.name)), i);
        }
        if i == self.view.piece.tokens.start + 1 {
            return self.push_declared(i);
        }
        if [".", "?."].contains(&self.view.before(i)) {
            let symbol = self.member(i);
            return self.push(symbol, i);
        }
        if next == ":" && matches!(self.frames.last(), Some(Frame::Map { .. })) {
            return self.key(i);
        }
        if self.frames.is_empty() && self.keyword(name) {
            return;
        }
        match name {
            "let" => return self.bound(i, "=", ";"),
            "for" => return self.bound(i, "in", "{"),
            _ => {}
        }
        let symbol = if next == "(" && self.known.functions.contains(name) {
            Some(self.function(name))
        } else if next == "(" {
            self.known.word(name).map(|word| Symbol::Word(word.name))
        } else if self.known.constants.contains(name) {
            Some(Symbol::Constant(name.to_owned()))
        } else {
            None
        };
        self.push(symbol, i);
    }

    /// Goes on to the part of the statement that a word begins; returns whether it is one.
    fn keyword(&mut self, name: &str) -> bool {
        let body = match self.view.piece.kind {
            PieceKind::Action => Place::ActionBody,
            PieceKind::Schedule => Place::Schedule,
            _ => Place::RuleBody,
        };
        let (part, place) = match name {
            "for" if self.part == Part::Head => (Part::List, Place::Condition),
            "when" => (Part::When, Place::Condition),
            "every" => (Part::Every, Place::Condition),
            "by" => (Part::By, Place::Condition),
            "asks" => (Part::Asks, Place::Asks),
            "then" => (Part::Then, body),
            _ => return false,
        };
        self.part = part;
        self.scope = Scope { around: self.scope.around.clone(), ..Scope::alone(self.known.checked, place) };
        true
    }

    fn function(&self, name: &str) -> Symbol {
        Symbol::Function { scenarios: self.known.scenarios.map(str::to_owned), name: name.to_owned() }
    }

    fn push_declared(&mut self, i: usize) {
        let Some(range) = self.view.piece.name(self.view.text, self.view.tokens) else { return };
        if !(self.view.tokens[i].range.start..=self.view.tokens[i].range.end).contains(&range.start) {
            return;
        }
        let name = unescaped(self.view.text.get(range.clone()).unwrap_or_default());
        let symbol = match self.view.piece.kind {
            PieceKind::Rule => Symbol::Rule(name),
            PieceKind::Action => Symbol::Name(Vocabulary::Action, name),
            PieceKind::Schedule => Symbol::Schedule(name),
            PieceKind::Scenario => Symbol::Scenario(name),
            PieceKind::Function => self.function(&name),
            PieceKind::Constant => Symbol::Constant(name),
        };
        self.found.push(Mention::declares(symbol, range));
    }

    fn push(&mut self, symbol: Option<Symbol>, i: usize) {
        self.found.extend(symbol.map(|symbol| Mention::uses(symbol, self.view.tokens[i].range.clone())));
    }

    /// Notes what `let` or `for` names, and what it is.
    fn bound(&mut self, i: usize, sign: &str, end: &str) {
        if self.view.written(i + 2) != sign {
            return;
        }
        let (from, mut to, mut depth) = (i + 3, i + 3, 0_usize);
        while self.view.piece.tokens.contains(&to) && (depth > 0 || self.view.written(to) != end) {
            match self.view.written(to) {
                "(" | "[" | "{" | "#{" => depth += 1,
                ")" | "]" | "}" => depth = depth.saturating_sub(1),
                _ => {}
            }
            to += 1;
        }
        let local = self.local(from..to);
        let local = if sign == "in" { local.item() } else { local };
        self.scope.locals.insert(self.view.written(i + 1).to_owned(), local);
    }

    /// Returns what an expression is, as far as it can be told.
    fn local(&self, tokens: Range<usize>) -> Local<'w> {
        self.expression(tokens).map_or_else(Local::unknown, |expr| self.scope.local(&expr))
    }

    /// Returns the kind of what some tokens come to.
    pub fn kind(&self, tokens: Range<usize>) -> Kind {
        self.local(tokens).kind
    }

    pub fn expression(&self, tokens: Range<usize>) -> Option<Arc<Expr>> {
        let start = self.view.tokens.get(tokens.start)?.range.start;
        let end = self.view.tokens.get(tokens.end.checked_sub(1)?)?.range.end;
        self.known.expressions.parse(self.view.text.get(start..end)?)
    }

    /// Returns what stands before a dot that is followed by a token.
    pub fn receiver(&self, i: usize) -> Option<Kind> {
        let receiver = self.view.operand_before(i.checked_sub(1)?)?;
        if self.known.scenarios.is_some() {
            return Some(Kind::Any);
        }
        Some(self.local(receiver).kind)
    }

    fn member(&self, i: usize) -> Option<Symbol> {
        let name = self.view.written(i);
        if self.view.written(i + 1) == "(" {
            return self.known.word(name).map(|word| Symbol::Word(word.name));
        }
        let name = name.to_owned();
        match self.receiver(i)? {
            Kind::ThisComplaint => {
                fields::find(&name)?;
                Some(Symbol::Name(Vocabulary::Field, name))
            }
            Kind::Flags => Some(Symbol::Name(Vocabulary::Flag, name)),
            Kind::Counters => Some(Symbol::Name(Vocabulary::Counter, name)),
            Kind::OwnFields => Some(Symbol::Name(Vocabulary::ExtraField, name)),
            Kind::Input => Some(Symbol::Answer { action: self.view.name()?, name }),
            Kind::Measure | Kind::Complaint | Kind::Member | Kind::Any => {
                PROPERTIES.iter().find(|p| p.name == name).map(|p| Symbol::Property(p.name))
            }
            _ => None,
        }
    }

    /// Notes a key of a map: a question where an action asks, an answer where one is performed, a counter where a
    /// scenario expects them.
    fn key(&mut self, i: usize) {
        let name = self.view.written(i).to_owned();
        let range = self.view.tokens[i].range.clone();
        if self.part == Part::Asks && self.frames.len() == 1 {
            let Some(action) = self.view.name() else { return };
            return self.found.push(Mention::declares(Symbol::Answer { action, name }, range));
        }
        let [.., Frame::Call { name: word, .. }, Frame::Map { .. }] = self.frames[..] else { return };
        if let Some(action) = self.action_of(word) {
            self.found.push(Mention::uses(Symbol::Answer { action, name }, range));
        } else if self.view.written(word) == "expect"
            && self.view.argument_text(word, 1).as_deref() == Some("counters")
        {
            self.found.push(Mention::uses(Symbol::Name(Vocabulary::Counter, name), range));
        }
    }

    fn quoted(&mut self, i: usize) {
        if i == self.view.piece.tokens.start + 1 {
            return self.push_declared(i);
        }
        let range = self.view.tokens[i].inside(self.view.text);
        let Some(name) = self.view.text.get(range.clone()).map(str::to_owned) else { return };
        let role = |name: &str| match Recipient::from(name) {
            Recipient::Role(role) => Some(Symbol::Name(Vocabulary::Role, role.as_str().to_owned())),
            _ => None,
        };
        let symbol = match self.expected(i, i + 1) {
            Some(Expected::Names(vocabulary)) => Some(Symbol::Name(vocabulary, name)),
            Some(Expected::Recipient | Expected::Owner) => role(&name),
            Some(Expected::Notice) => {
                let Some((to, message)) = name.split_once(' ') else { return };
                let blank = range.start + to.len();
                self.found.extend(role(to).map(|role| Mention::uses(role, range.start..blank)));
                let message = Symbol::Name(Vocabulary::Message, message.to_owned());
                return self.found.push(Mention::uses(message, blank + 1..range.end));
            }
            Some(Expected::Choice(_)) | None => None,
        };
        self.found.extend(symbol.map(|symbol| Mention::uses(symbol, range)));
    }
}
